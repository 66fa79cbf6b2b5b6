import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readReference } from '../../../src/database/reference.ts';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from './file-bytes.ts';

const hasGdal = spawnSync('ogrinfo', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: reading KML back. GDAL is not installed (Debian: gdal-bin).\n');

const folder = mkdtempSync(join(tmpdir(), 'diaba-kml-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeEngines('a layer as KML', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const get = async (layer: string, query: Record<string, string> = {}) => {
    const { status, headers, body } = await bytesOf(
      request(test.app)
        .get(`/collections/${layer}/items`)
        .query({ f: 'kml', ...query }),
    );
    return { status, headers, body: String(body) };
  };

  it('is in longitude and latitude whatever is asked, and its colours are those of the map', async () => {
    const { status, headers, body } = await get('land.parcel', {
      crs: 'EPSG:9210',
      filter: "main_use = 'ODT'",
      limit: '3',
    });
    expect([status, headers['content-type'], headers['content-crs']]).toEqual([
      200,
      'application/vnd.google-earth.kml+xml',
      '<http://www.opengis.net/def/crs/OGC/1.3/CRS84>',
    ]);
    expect(body.match(/<Placemark>/g)).toHaveLength(3);
    expect(body).toMatch(/<coordinates>106\.\d+,1[01]\.\d+ /);
    const [, id] = /<styleUrl>#(style-\d+)</.exec(body) ?? [];
    const [, blue, green, red] =
      new RegExp(`<Style id="${id}">.*?<PolyStyle><color>[0-9a-f]{2}(..)(..)(..)</color>`).exec(body) ?? [];
    const colour = readReference('land_use_type').find(({ code }) => code === 'ODT')?.colour;
    expect(`#${red}${green}${blue}`).toBe(colour?.toLowerCase());
    expect(body).toMatch(/<LineStyle><color>[0-9a-f]{8}<\/color><width>[\d.]+<\/width><\/LineStyle>/);
  });

  it.each(['base.road', 'base.place', 'environment.station_status', 'land.planning_zone'])(
    '%s: every style that a placemark names is there',
    async (layer) => {
      const { body } = await get(layer, { limit: '200' });
      const named = new Set([...body.matchAll(/<styleUrl>#([^<]+)</g)].map(([, id]) => id));
      const defined = new Set([...body.matchAll(/<Style id="([^"]+)"/g)].map(([, id]) => id));
      expect([...named].filter((id) => !defined.has(id))).toEqual([]);
      expect(body.match(/<Placemark>/g)?.length).toBeGreaterThan(0);
    },
  );

  it.skipIf(!hasGdal)('is read by GDAL: every feature, and the types of its fields', async () => {
    const file = join(folder, `${engine.name}.kml`);
    writeFileSync(file, (await get('land.parcel')).body);
    const { stdout } = spawnSync('ogrinfo', ['-al', '-so', file], { encoding: 'utf8' });
    const [row] = await engine.db.query<{ count: number }>(sql`SELECT count(*)::int AS count FROM land.parcel`);
    expect(stdout).toContain(`Feature Count: ${row?.count}`);
    expect(stdout).toMatch(/legal_area_m2: Real/);
    expect(stdout).toMatch(/main_use: String/);
  });

  it('is refused for a wrong question, and whole without any feature', async () => {
    expect((await get('land.parcel', { filter: 'nothing = 1' })).status).toBe(400);
    const { body } = await get('land.parcel', { filter: 'id = -1' });
    expect(body).toMatch(/^<\?xml[\s\S]*<\/Document><\/kml>\n$/);
  });
});
