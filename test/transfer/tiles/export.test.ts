import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tileIdToZxy, zxyToTileId } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import type { TileAddress } from '../../../src/geo/tile.ts';
import { type ExportRequest, exportTiles } from '../../../src/transfer/tiles/export.ts';
import { finishPmtiles } from '../../../src/transfer/tiles/pmtiles.ts';
import { TilePyramid } from '../../../src/transfer/tiles/tile-pyramid.ts';
import { TileSpool } from '../../../src/transfer/tiles/tile-spool.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { openPmtiles, readMbtiles, readPmtiles } from './archives.ts';

const folder = temporaryFolder('tiles');

let files = 0;
const newFile = (extension = 'pmtiles') => join(folder, `${files++}.${extension}`);

const info = {
  name: 'Thử',
  description: 'Thử',
  attribution: 'Sở',
  vector_layers: [],
  bounds: [106.25, 10.86, 106.97, 11.5],
  center: [106.6, 11.1, 3],
  minzoom: 0,
  maxzoom: 6,
} as const;
const pyramid = new TilePyramid({ area: { fromZoom: 0 }, minZoom: 0, maxZoom: 6 });

/**
 * Renders a test tile. Every third of the curve is empty, each seventh and its neighbour have a content of their own,
 * the others share one.
 */
async function render(tile: TileAddress): Promise<Uint8Array | undefined> {
  const id = zxyToTileId(tile.z, tile.x, tile.y);
  if (id % 3 === 0) return undefined;
  return Buffer.from(id % 7 < 2 ? `tile ${id}` : 'sea');
}

const request = (file: string, more: Partial<ExportRequest> = {}): ExportRequest => ({
  file,
  format: 'pmtiles',
  pyramid,
  info,
  request: 'a',
  render,
  concurrency: 4,
  ...more,
});

/** Stops an export after some tiles, as Ctrl-C does. */
function stopAfter(count: number): Partial<ExportRequest> {
  const stop = new AbortController();
  return { signal: stop.signal, onProgress: (done, _, before) => done - before >= count && stop.abort() };
}

const left = (file: string) => readdirSync(folder).filter((name) => name.startsWith(file.slice(folder.length + 1)));

describe('an archive', () => {
  it.each([
    ['pmtiles', readPmtiles],
    ['mbtiles', readMbtiles],
  ] as const)('of 5 461 tiles in %s gives back each of them, and none where it is empty', async (format, read) => {
    const file = newFile(format);
    const report = await exportTiles(request(file, { format }));
    const tiles = [...pyramid.tiles()];
    const rendered = await Promise.all(tiles.map(render));
    const different = new Set(rendered.map(String)).size - 1;
    expect(report).toMatchObject({ isWhole: true, tiles: rendered.filter(Boolean).length, contents: different });
    const archive = await read(file);
    for (let index = 0; index < tiles.length; index += 11) {
      const [tile, content] = [await archive.tile(tiles[index]!), rendered[index]];
      expect(tile && Buffer.from(tile).toString()).toBe(content?.toString());
    }
    expect(archive.metadata).toMatchObject({ name: 'Thử', attribution: 'Sở', vector_layers: [] });
    expect(left(file)).toHaveLength(1);
  });

  it('of PMTiles says of itself what is true, its root where a client looks first, its zooms those that have tiles', async () => {
    const file = newFile();
    const { contents } = await exportTiles(request(file));
    const header = await openPmtiles(file).getHeader();
    expect(header).toMatchObject({ specVersion: 3, clustered: true, tileType: 1, minZoom: 1, maxZoom: 6 });
    expect(header).toMatchObject({ minLon: 106.25, maxLat: 11.5, centerLon: 106.6, centerZoom: 3 });
    expect(header.rootDirectoryOffset + header.rootDirectoryLength).toBeLessThanOrEqual(16_384);
    expect(header.leafDirectoryLength).toBeGreaterThan(0);
    expect(header.numTileContents).toBe(contents);
    expect(header.numTileEntries).toBeLessThan(header.numAddressedTiles);
  });

  it('of many tiles has several leaf directories, and of none more than its root can name', async () => {
    const file = newFile();
    const spool = await TileSpool.open(`${file}.partial`, 'a');
    for (let id = 0; id < 9000; id++) await spool.add(id * 2, gzipSync(`${id % 100}`));
    await finishPmtiles(spool, { ...info, maxzoom: 7 });
    await spool.moveTo(file);
    await spool.close();
    const archive = openPmtiles(file);
    const header = await archive.getHeader();
    expect(header).toMatchObject({ numTileEntries: 9000, numTileContents: 100 });
    const { rootDirectoryOffset: start, rootDirectoryLength: length } = header;
    const root = gunzipSync(readFileSync(file).subarray(start, start + length));
    expect(root[0]).toBe(Math.ceil(9000 / 4096));
    for (const id of [0, 8190, 8192, 17_998]) {
      const tile = await archive.getZxy(...tileIdToZxy(id));
      expect(Buffer.from(tile!.data).toString()).toBe(`${(id / 2) % 100}`);
    }
    expect(await archive.getZxy(...tileIdToZxy(8191))).toBeUndefined();
  });

  it('of few tiles has no leaf directories', async () => {
    const file = newFile();
    const few = new TilePyramid({ area: { fromZoom: 0 }, minZoom: 1, maxZoom: 3 });
    await exportTiles(request(file, { pyramid: few }));
    const archive = openPmtiles(file);
    expect((await archive.getHeader()).leafDirectoryLength).toBe(0);
    expect(Buffer.from((await archive.getZxy(1, 0, 0))!.data).toString()).toBe('tile 1');
  });
});

describe('an export that was stopped', () => {
  it.each(['pmtiles', 'mbtiles'] as const)('is continued, and %s is the same to the byte', async (format) => {
    const [whole, file] = [newFile(format), newFile(format)];
    await exportTiles(request(whole, { format }));
    expect(await exportTiles(request(file, { format, ...stopAfter(3000) }))).toMatchObject({ isWhole: false });
    expect(existsSync(file)).toBe(false);
    let begun = 0;
    const counted = (tile: TileAddress) => {
      begun++;
      return render(tile);
    };
    await exportTiles(request(file, { format, render: counted }));
    expect(begun).toBeLessThan(pyramid.count() - 2990);
    expect(readFileSync(file).equals(readFileSync(whole))).toBe(true);
    expect(left(file)).toHaveLength(1);
  });

  it('is continued where the machine went down: contents cut short, half a record, a write that was not logged', async () => {
    const [whole, file] = [newFile(), newFile()];
    await exportTiles(request(whole));
    for (const harm of [
      () => truncateSync(`${file}.partial`, statSync(`${file}.partial`).size - 100),
      () => truncateSync(`${file}.partial.log`, statSync(`${file}.partial.log`).size - 20),
      () => writeFileSync(`${file}.partial`, 'not logged', { flag: 'a' }),
    ]) {
      await exportTiles(request(file, stopAfter(1000)));
      harm();
    }
    await exportTiles(request(file));
    expect(readFileSync(file).equals(readFileSync(whole))).toBe(true);
  });

  it('is continued after a tile that failed', async () => {
    const file = newFile();
    const failing = async (tile: TileAddress) => {
      if (tile.z === 4) throw new Error('no memory');
      return render(tile);
    };
    await expect(exportTiles(request(file, { render: failing }))).rejects.toThrow('no memory');
    expect(await exportTiles(request(file))).toMatchObject({ isWhole: true });
  });

  it('is not continued by another request, nor while another process writes it', async () => {
    const file = newFile();
    await exportTiles(request(file, stopAfter(100)));
    await expect(exportTiles(request(file, { request: 'b' }))).rejects.toThrow(/another command/);
    const spool = await TileSpool.open(`${file}.partial`, 'a');
    await expect(exportTiles(request(file))).rejects.toThrow(/is writing/);
    await spool.close();
    expect(await exportTiles(request(file))).toMatchObject({ isWhole: true });
  });
});

describe('a file that is there', () => {
  it('stays, unless it is to be replaced', async () => {
    const file = newFile();
    writeFileSync(file, 'mine');
    await expect(exportTiles(request(file))).rejects.toMatchObject({ type: 'conflict' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await exportTiles(request(file, { overwrite: true }));
    expect(readFileSync(file, 'utf8').startsWith('PMTiles')).toBe(true);
  });

  it('is not written where there is nothing to draw, or no folder', async () => {
    const file = newFile();
    await expect(exportTiles(request(file, { render: async () => undefined }))).rejects.toThrow(/nothing to draw/);
    expect(left(file)).toEqual([]);
    await expect(exportTiles(request(join(folder, 'none', 'a.pmtiles')))).rejects.toThrow(/cannot be written.*ENOENT/);
  });
});
