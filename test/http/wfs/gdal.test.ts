/** GDAL's own WFS driver against the server on loopback. */
import { execFile, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/principal.ts';
import type { Database } from '../../../src/database/database.ts';
import { sql } from '../../../src/database/sql.ts';
import { borrowEmbedded, giveBack } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

const hasGdal = spawnSync('ogr2ogr', ['--version']).status === 0;
if (!hasGdal)
  process.stdout.write('Skipped: WFS through GDAL. There is no ogr2ogr (Debian: apt-get install gdal-bin).\n');
const run = promisify(execFile);

describe.skipIf(!hasGdal)('WFS through GDAL', () => {
  let db: Database;
  let test: TestApp;
  let server: Server;
  let source: string;
  beforeAll(async () => {
    db = await borrowEmbedded();
    test = await openApp(db);
    server = createServer(test.app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    source = `WFS:http://127.0.0.1:${(server.address() as AddressInfo).port}/wfs`;
  });
  afterAll(async () => {
    server?.close();
    await test?.close();
    if (db) await giveBack(db);
  });

  it.each(['2.0.0', '1.1.0'])('reads every layer of version %s', async (version) => {
    const { stdout } = await run('ogrinfo', ['-ro', '-q', `${source}?VERSION=${version}`]);
    expect(stdout).toContain('diaba:land.parcel');
    expect(stdout.match(/^\d+: diaba:/gm)).toHaveLength(test.services.catalogFor(PUBLIC).layers.length);
  });

  it('reads in EPSG:9210 the coordinates that are stored, and filters as the database does', async () => {
    const arguments_ = [
      '-f',
      'GeoJSONSeq',
      '/vsistdout/',
      source,
      'diaba:land.parcel',
      '-lco',
      'RS=NO',
      '-lco',
      'COORDINATE_PRECISION=6',
    ];
    const { stdout } = await run('ogr2ogr', [...arguments_, '-a_srs', 'EPSG:4326', '-where', 'number < 5'], {
      maxBuffer: 1e8,
    });
    const read = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const stored = await db.query<{ id: number; x: number }>(sql`
      SELECT id, ST_XMax(geom) AS x FROM land.parcel WHERE number < 5`);
    expect(stored.length).toBeGreaterThan(10);
    expect(read).toHaveLength(stored.length);
    const byId = new Map(read.map((feature) => [feature.properties.id, feature]));
    for (const { id, x } of filled(stored)) {
      const xs = byId
        .get(id)
        .geometry.coordinates.flat(2)
        .map(([east]: number[]) => east);
      expect(Math.max(...xs)).toBeCloseTo(x, 4);
    }
  });
});
