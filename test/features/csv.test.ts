import { parse } from 'csv-parse/sync';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { epsgUri } from '../../src/geo/crs.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const ROWS = 3000;

describeBareEngines('CSV and schema', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.place (id integer PRIMARY KEY, name varchar(40) NOT NULL, level integer, share numeric(8,2), at timestamptz, ok boolean,
        tags text[], twice integer GENERATED ALWAYS AS (level * 2) STORED, cccd text, geom geometry(Point, 9210));
      COMMENT ON TABLE odd.place IS 'Địa điểm / Place';
      COMMENT ON COLUMN odd.place.name IS 'Tên gọi / Name';
      INSERT INTO odd.place (id, name, level, share, at, ok, tags, cccd, geom) SELECT i, 'Điểm ' || i, -i, -i / 4.0, '2025-07-01T07:00:00+07', i % 2 = 0, ARRAY['a', 'b'], '012345678901',
        ST_SetSRID(ST_Point(600000 + i, 1230000), 9210) FROM generate_series(1, ${ROWS}) AS i;
      UPDATE odd.place SET name = '=HYPERLINK("http://x","y")', at = NULL, geom = NULL WHERE id = 2;
      UPDATE odd.place SET name = '+84 (0)9, "nháy"' || chr(10) || 'dòng hai' WHERE id = 3;
      UPDATE odd.place SET name = '' WHERE id = 4;
      CREATE TABLE odd.area (id integer PRIMARY KEY, geom geometry(MultiPolygon, 4326));
      INSERT INTO odd.area VALUES (1, ST_Multi(ST_MakeEnvelope(106, 11, 107, 12, 4326)));
      CREATE VIEW odd.shown AS SELECT * FROM odd.place;`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_PUBLIC_URL: 'https://diaba.test' });
  });
  afterAll(() => test?.close());
  const get = (path: string) => request(test.app).get(`/collections/${path}`);
  const read = async (path: string): Promise<Record<string, string>[]> =>
    parse((await get(path).expect(200)).text, { bom: true, columns: true });

  it('gives a whole layer, as a spreadsheet reads it', async () => {
    const { text, headers } = await get('odd.place/items?f=csv').expect(200);
    expect(text.startsWith('\ufeffid,name,')).toBe(true);
    expect(headers['content-type']).toMatch(/^text\/csv; ?charset=utf-8/);
    expect(headers['content-disposition']).toContain('odd.place.csv');
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(ROWS);
    expect(Object.keys(rows[0]!)).toEqual(['id', 'name', 'level', 'share', 'at', 'ok', 'tags', 'twice', 'lon', 'lat']);
    expect(rows[0]).toMatchObject({
      id: '1',
      name: 'Điểm 1',
      level: '-1',
      share: '-0.25',
      at: '2025-07-01T00:00:00Z',
      ok: 'false',
    });
    expect(Number(rows[0]?.lon)).toBeCloseTo(106.668, 2);
    expect(Number(rows[0]?.lat)).toBeCloseTo(11.12, 2);
    expect(text).not.toContain('012345678901');
  });

  it('lets no cell become a formula, and keeps what is in it', async () => {
    const rows = await read('odd.place/items?f=csv&limit=4');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatchObject({ name: '\'=HYPERLINK("http://x","y")', at: '', lon: '', lat: '' });
    expect(rows[2]?.name).toBe('\'+84 (0)9, "nháy"\ndòng hai');
    expect((await get('odd.place/items?f=csv&id=4')).text).toContain('4,"",');
  });

  it('filters, sorts, chooses and names columns as it is asked', async () => {
    const rows = await read(
      'odd.place/items?f=csv&ok=true&sortby=-id&properties=name&skipGeometry=true&headers=vi&limit=2',
    );
    expect(rows).toEqual([
      { id: '3000', 'Tên gọi': 'Điểm 3000' },
      { id: '2998', 'Tên gọi': 'Điểm 2998' },
    ]);
    const [metres] = await read(`odd.place/items?f=csv&limit=1&crs=${epsgUri(9210)}`);
    expect(metres).toMatchObject({ easting: '600001', northing: '1230000' });
    const [flipped] = await read(`odd.area/items?f=csv&crs=${epsgUri(4326)}`);
    expect(flipped?.wkt).toContain('11 106');
    const accepted = await get('odd.place/items?limit=1').set('accept', 'text/csv').expect(200);
    expect(accepted.headers['content-type']).toMatch('text/csv');
  });

  it('answers bad questions with a problem, and HEAD without a body', async () => {
    const { body } = await get('odd.place/items?f=csv&level=99999999999999999999').expect(400);
    expect(body.type).toMatch(/^urn:diaba:problem/);
    const { headers } = await get('odd.place/items?f=csv&datetime=9999999-01-01').expect(400);
    expect(headers['content-disposition']).toBeUndefined();
    const head = await request(test.app).head('/collections/odd.place/items?f=csv').expect(200);
    expect(head.text ?? '').toBe('');
  });

  it('describes a layer in JSON Schema', async () => {
    const { body, headers } = await get('odd.place/schema').expect(200);
    expect(headers['content-type']).toMatch('application/schema+json');
    expect(body.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(body.$id).toMatch(/\/collections\/odd\.place\/schema$/);
    expect(body.properties).toMatchObject({
      id: { type: 'integer', 'x-ogc-role': 'id' },
      name: { type: 'string', maxLength: 40, title: 'Tên gọi' },
      at: { type: 'string', format: 'date-time', 'x-ogc-role': 'primary-instant' },
      tags: { type: 'array' },
      twice: { type: 'integer', readOnly: true },
      geom: { format: 'geometry-point', 'x-ogc-role': 'primary-geometry' },
    });
    expect(body.properties).not.toHaveProperty('cccd');
    expect(body.properties.name).not.toHaveProperty('readOnly');
    expect(body.required).toEqual(['id', 'name']);
    expect((await get('odd.shown/schema')).body.properties.name.readOnly).toBe(true);
    const links = (await get('odd.place')).body.links as { rel: string; href: string; type: string }[];
    expect(links.find(({ type }) => type === 'application/schema+json')?.href).toBe(body.$id);
  });
});
