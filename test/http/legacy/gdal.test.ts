import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { lonLatToMercator } from '../../../src/geo/tile.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { describeEngines } from '../../engine.ts';

const run = promisify(execFile);
const hasGdal = spawnSync('gdalinfo', ['--version']).status === 0;
if (!hasGdal) process.stderr.write('gdalinfo is not installed: WMTS and WMS are not tried with GDAL.\n');

/** Phú Lợi: west, north, east, south, as GDAL wants it. */
const DEGREES = [106.676, 10.99, 106.684, 10.982];
const METRES = [...lonLatToMercator(106.676, 10.99), ...lonLatToMercator(106.684, 10.982)];

describeEngines('GDAL as a client', (engine) => {
  let server: RunningServer;
  let folder: string;
  beforeAll(async () => {
    server = await startServer(readConfig({ PORT: '0' }), engine.db, pino({ level: 'silent' }));
    folder = await mkdtemp(join(tmpdir(), 'diaba-gdal-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const gdal = async (program: string, args: readonly string[]): Promise<string> => {
    const env = { ...process.env, GDAL_DEFAULT_WMS_CACHE_PATH: folder, GDAL_PAM_ENABLED: 'NO', no_proxy: '*' };
    const { stdout } = await run(program, [...args], { env, timeout: 60_000 });
    return stdout;
  };
  const subdatasets = (info: string) => [...info.matchAll(/SUBDATASET_\d+_NAME=(.+)/g)].map(([, name]) => name ?? '');
  const draw = async (source: string, [west, north, east, south]: readonly number[]) => {
    const file = join(folder, 'map.png');
    const window = ['-projwin', west, north, east, south].map(String);
    await gdal('gdal_translate', ['-q', '-of', 'PNG', '-outsize', '400', '400', ...window, source, file]);
    return sharp(file).stats();
  };

  it.skipIf(!hasGdal)('reads WMTS and draws a map of it', { timeout: 90_000 }, async () => {
    const info = await gdal('gdalinfo', [`WMTS:${server.url}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities`]);
    const layers = subdatasets(info);
    expect(layers.map((name) => /layer=(\w+)/.exec(name)?.[1])).toEqual(
      expect.arrayContaining(['base', 'land', 'environment', 'all']),
    );
    const land = `WMTS:${server.url}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities,layer=land`;
    expect(await gdal('gdalinfo', [land])).toMatch(/WGS 84 \/ Pseudo-Mercator/);
    expect((await draw(land, METRES)).entropy).toBeGreaterThan(1);
  });

  it.skipIf(!hasGdal)('reads WMS and draws a map of it', { timeout: 90_000 }, async () => {
    const layers = subdatasets(await gdal('gdalinfo', [`WMS:${server.url}/wms`]));
    const land = layers.find((name) => name.includes('LAYERS=land&')) ?? '';
    expect(await gdal('gdalinfo', [land])).toContain('Size is');
    expect((await draw(land, DEGREES)).entropy).toBeGreaterThan(1);
  });
});
