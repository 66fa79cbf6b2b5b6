import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Layer } from '../../../src/catalog/layer.ts';
import { readConfig } from '../../../src/config.ts';
import { type TileAddress, tileAt } from '../../../src/geo/tile.ts';
import { Encoder } from '../../../src/tiles/encoder.ts';
import { tileJson, vectorLayer } from '../../../src/tiles/tilejson.ts';
import { Tiles } from '../../../src/tiles/tiles.ts';
import { ARCHIVE_FORMATS, type ArchiveFormat, exportTiles } from '../../../src/transfer/tiles/export.ts';
import { readTileset } from '../../../src/transfer/tiles/tileset.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { readMbtiles, readPmtiles } from './archives.ts';

const hasGdal = spawnSync('ogrinfo', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: MBTiles read by GDAL. Install it (Debian: apt-get install gdal-bin).\n');

const LAYERS = ['base.road', 'land.parcel', 'environment.station'];

describeEngines('tiles of layers', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-test-tileset-'));
  const encoder = new Encoder();
  let layers: Layer[];
  beforeAll(async () => {
    const { layers: all } = await discover(engine.db, readConfig({}).schemas);
    layers = LAYERS.map((id) => all.get(id) as Layer);
  });
  afterAll(async () => {
    await encoder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const render = async (tile: TileAddress) => (await new Tiles(engine.db, encoder).render(layers, tile, {})).body;
  const tileset = (more: Partial<Parameters<typeof readTileset>[1]> = {}) =>
    readTileset(engine.db, { layers, attribution: 'Sở', ...more });
  /** Returns each tile between two corners, empty or not. */
  const block = (min: TileAddress, max: TileAddress) =>
    Array.from({ length: max.x - min.x + 1 }, (_, column) =>
      Array.from({ length: max.y - min.y + 1 }, (_, row) => ({ z: min.z, x: min.x + column, y: min.y + row })),
    ).flat();

  it('are written whole, as they are served', async () => {
    const bounds = [106.67, 10.98, 106.69, 11.0] as const;
    const { pyramid, info } = await tileset({ bounds, minZoom: 9, maxZoom: 14 });
    const archives = await Promise.all(
      ARCHIVE_FORMATS.map(async (format: ArchiveFormat) => {
        const file = join(folder, `a.${format}`);
        await exportTiles({ file, format, pyramid, info, request: 'a', render, concurrency: 4 });
        return format === 'pmtiles' ? readPmtiles(file) : readMbtiles(file);
      }),
    );
    const [west, south, east, north] = bounds;
    for (let z = 9; z <= 14; z++) {
      for (const tile of filled(block(tileAt(z, west, north), tileAt(z, east, south)))) {
        const bytes = await render(tile);
        const served = bytes && new Uint8Array(bytes);
        for (const archive of archives) expect(await archive.tile(tile)).toEqual(served);
      }
    }
    const { vector_layers } = tileJson({
      ...{ layers: layers.map(vectorLayer), extents: [], url: '' },
      ...{ attribution: '', language: 'vi' },
    });
    for (const { metadata } of archives) expect(metadata).toMatchObject({ attribution: 'Sở', vector_layers });
    if (hasGdal) {
      const read = execFileSync('ogrinfo', ['-ro', '-so', join(folder, 'a.mbtiles'), 'land.parcel'], {
        encoding: 'utf8',
      });
      expect(read).toContain("using driver `MBTiles' successful");
      expect(Number(/Feature Count: (\d+)/.exec(read)?.[1])).toBeGreaterThan(10);
    }
  }, 240_000);

  it('are looked for where rows are, and nowhere else; none is missed beyond an edge', async () => {
    const { pyramid } = await tileset({ minZoom: 11, maxZoom: 11 });
    const found = new Set([...pyramid.tiles()].map(({ x, y }) => `${x}/${y}`));
    const extent = block(tileAt(11, 106.1, 11.7), tileAt(11, 107.2, 10.7));
    const drawn: string[] = [];
    for (const tile of extent) if (await render(tile)) drawn.push(`${tile.x}/${tile.y}`);
    expect(drawn.filter((tile) => !found.has(tile))).toEqual([]);
    expect(found.size).toBeLessThan(extent.length);
  }, 240_000);

  it('are not asked for where there is nothing, and zooms are first and last', async () => {
    await expect(tileset({ bounds: [0, 0, 1, 1] })).rejects.toMatchObject({ type: 'not-found' });
    await expect(tileset({ minZoom: 12, maxZoom: 9 })).rejects.toMatchObject({ type: 'invalid-parameter' });
  });
});
