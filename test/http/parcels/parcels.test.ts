import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { importFile } from '../../../src/transfer/import/import.ts';
import { describeEngines } from '../../engine.ts';
import { polygonFeature, square } from '../../transfer/files.ts';
import { temporaryFolder } from '../../transfer/temporary-files.ts';
import { openApp, type TestApp } from '../app.ts';

interface Known {
  readonly id: number;
  readonly sheet: string;
  readonly number: number;
  readonly unit_code: string;
  readonly unit: string;
  readonly national_id: string;
  readonly old_sheet: string;
  readonly old_number: number;
  readonly old_code: string;
  readonly old_unit: string;
  readonly east: number;
  readonly north: number;
}

const folder = temporaryFolder('parcels');

describeEngines('parcel lookup', (engine) => {
  let test: TestApp;
  let known: Known;
  beforeAll(async () => {
    test = await openApp(engine.db);
    [known] = (await engine.db.query<Known>(sql`
      SELECT p.id, p.sheet, p.number, p.unit_code, u.full_name AS unit, p.national_id, a.sheet AS old_sheet, a.number AS old_number,
        a.unit_code AS old_code, o.full_name AS old_unit, ST_X(c) AS east, ST_Y(c) AS north
      FROM land.parcel p
      JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
      JOIN land.parcel_alias a ON a.parcel_id = p.id
      JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
      CROSS JOIN LATERAL (SELECT ST_PointOnSurface(p.geom) AS c) AS centre
      WHERE (a.sheet, a.number) <> (p.sheet, p.number) AND a.unit_code <> p.unit_code AND p.national_id IS NOT NULL ORDER BY p.id LIMIT 1`)) as [
      Known,
    ];
  });
  afterAll(() => test.close());

  const ask = async (path: string, query: Record<string, string | number> = {}) =>
    (await request(test.app).get(path).query(query)).body;
  const ids = (body: { features: { id: number }[] }) => body.features.map(({ id }) => id);

  it('finds by unit, sheet and number; unit by code and by name, with tone marks or without', async () => {
    const { sheet, number } = known;
    for (const unit of [
      known.unit_code,
      known.unit,
      known.unit
        .replace(/^\S+ /, '')
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, ''),
    ]) {
      expect(ids(await ask('/parcels', { unit, sheet, number })), unit).toContain(known.id);
    }
  });

  it('finds a parcel by the former number that an import gave it', async () => {
    const ring = square(known.east, known.north, 10);
    const file = join(folder, `${engine.name}.geojson`);
    const crs = { type: 'name', properties: { name: 'EPSG:9210' } };
    const feature = polygonFeature(ring, { to: '9871', thua: 11, 'Tờ cũ': '9872', 'Thửa cũ': '12' });
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', crs, features: [feature] }));
    await importFile(engine.db, {
      ...{ file, layer: 'land.parcel', anywhere: true, map: { sheet: 'to', number: 'thua' } },
      set: { unit_code: known.unit_code, main_use: 'ONT' },
    });
    const unit = known.unit_code;
    const now = ids(await ask('/parcels', { unit, sheet: '9871', number: 11 }));
    expect(now).toHaveLength(1);
    expect(ids(await ask('/parcels', { unit, sheet: '9872', number: 12 }))).toEqual(now);
  });

  it('answers sheets that no integer holds as any other miss', async () => {
    const asked = { sheet: '9999999999', number: 1 };
    for (const query of [asked, { ...asked, unit: known.unit_code }]) {
      const body = await ask('/parcels', query);
      expect(body).toMatchObject({ type: 'FeatureCollection', features: [] });
      expect(body.message.en).toContain('There is no sheet 9999999999');
    }
  });

  it('tells all of a parcel and not who holds it', async () => {
    const body = await ask('/parcels', { unit: known.unit_code, sheet: known.sheet, number: known.number });
    const feature = body.features.find(({ id }: { id: number }) => id === known.id);
    expect(feature).toMatchObject({
      type: 'Feature',
      geometry: { type: 'MultiPolygon' },
      properties: {
        sheet: known.sheet,
        number: known.number,
        nationalId: known.national_id,
        unit: { code: known.unit_code, validFrom: '2025-07-01' },
        matched: 'current',
      },
    });
    expect(feature.properties.formerly).toContainEqual(
      expect.objectContaining({ sheet: known.old_sheet, number: known.old_number }),
    );
    expect(feature.properties.uses[0]).toMatchObject({
      code: expect.any(String),
      nameVi: expect.any(String),
      areaM2: expect.any(Number),
    });
    expect(feature.properties.measuredAreaM2).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/Người sử dụng đất|holder/);
  });

  it.each([
    ['12 345 in one go', (k: Known) => `${k.sheet} ${k.number} ${k.unit}`],
    ['in words', (k: Known) => `tờ ${k.sheet} thửa ${k.number} ${k.unit}`],
    ['turned round', (k: Known) => `thửa đất số ${k.number}, tờ bản đồ số ${k.sheet}, ${k.unit}`],
    ['by the national identifier', (k: Known) => k.national_id],
  ])('finds by free text: %s', async (_title, q) => {
    expect(ids(await ask('/parcels', { q: q(known) }))).toContain(known.id);
  });

  it('finds by what an old certificate says', async () => {
    const body = await ask('/parcels', { q: `tờ ${known.old_sheet} thửa ${known.old_number} ${known.old_unit}` });
    const feature = body.features.find(({ id }: { id: number }) => id === known.id);
    expect(feature?.properties.matched).toBe('former');
  });

  it('finds by point, in every system and either order, and tells which was understood', async () => {
    const [place] = await engine.db.query<{ lon: number; lat: number; x: number; y: number }>(sql`
      SELECT ST_X(g) AS lon, ST_Y(g) AS lat, ST_X(m) AS x, ST_Y(m) AS y FROM (SELECT ST_SetSRID(ST_MakePoint(${known.east}::float8, ${known.north}::float8), 9210) AS p) AS t,
      LATERAL (SELECT ST_Transform(p, 4326) AS g, ST_Transform(p, 3857) AS m) AS s`);
    const { lon, lat, x, y } = place as { lon: number; lat: number; x: number; y: number };
    const cases: [Record<string, string | number>, string][] = [
      [{ x: known.east, y: known.north, crs: 'EPSG:9210' }, 'east-north'],
      [{ x: known.north, y: known.east, crs: 'EPSG:9210' }, 'north-east'],
      [{ x: known.north, y: known.east }, 'north-east'],
      [{ x: lon, y: lat }, 'east-north'],
      [{ x: lat, y: lon, crs: 'EPSG:4326' }, 'north-east'],
      [{ x, y, crs: 'EPSG:3857' }, 'east-north'],
    ];
    for (const [query, order] of cases) {
      const body = await ask('/parcels/at', query);
      expect([ids(body)[0], body.understood.point.order], JSON.stringify(query)).toEqual([known.id, order]);
    }
    const swapped = await ask('/parcels/at', { x: known.north, y: known.east });
    expect(swapped.message.vi).toContain('số đầu là tọa độ bắc');
  });

  it('lists a use of unknown area last', async () => {
    const [use] = await engine.db.query<{
      code: string;
    }>(sql`INSERT INTO land.parcel_use SELECT ${known.id}::bigint, code, NULL
      FROM land.land_use_type WHERE code NOT IN (SELECT code FROM land.parcel_use WHERE parcel_id = ${known.id}::bigint) LIMIT 1 RETURNING code`);
    const { uses } = (await ask(`/parcels/${known.id}`)).properties;
    expect(uses.at(-1)).toMatchObject({ code: use?.code, areaM2: null });
    expect(uses.length).toBeGreaterThan(1);
    await engine.db.query(sql`DELETE FROM land.parcel_use WHERE parcel_id = ${known.id}::bigint AND area_m2 IS NULL`);
  });

  it('finds one by id and by national identifier, in the CRS asked for', async () => {
    const { body, headers } = await request(test.app).get(`/parcels/${known.id}?crs=EPSG:9210`);
    expect(headers['content-crs']).toBe('<http://www.opengis.net/def/crs/EPSG/0/9210>');
    expect(body.bbox[0]).toBeLessThan(known.east);
    expect(body.bbox[2]).toBeGreaterThan(known.east);
    expect((await ask(`/parcels/${known.national_id}`)).id).toBe(known.id);
  });

  describe('a miss explains itself', () => {
    it('with the nearest numbers on the sheet, the unit and the date of the data', async () => {
      const body = await ask('/parcels', { unit: known.unit_code, sheet: known.sheet, number: 99_999 });
      expect(body.features).toEqual([]);
      expect(body.message.vi).toMatch(
        /Không thấy tờ .* thửa 99999 ở .* \(dữ liệu đến \d\d\/\d\d\/\d{4}\).*số gần nhất trên tờ/,
      );
      expect(body.suggestions.length).toBeGreaterThan(0);
      const [first] = body.suggestions;
      const { pathname, search } = new URL(first.href);
      expect(ids(await ask(pathname + search)).length).toBeGreaterThan(0);
    });

    it('with the nearest sheets', async () => {
      const body = await ask('/parcels', { unit: known.unit_code, sheet: '9999', number: 1 });
      expect(body.message.vi).toMatch(/Không có tờ 9999\. Các tờ gần nhất: \d/);
    });

    it('with the unit that it does not know', async () => {
      expect((await ask('/parcels', { unit: 'Atlantis', sheet: '1', number: 1 })).message.en).toMatch(
        /No ward or commune is named .*"atlantis"/i,
      );
    });

    it('with what is missing', async () => {
      expect((await ask('/parcels', { q: 'phú lợi' })).message.vi).toContain('Cần thêm số tờ và số thửa');
      expect((await ask('/parcels', { q: 'thửa 5' })).message.vi).toContain('Cần thêm số tờ bản đồ');
    });

    it('with a point outside of Vietnam', async () => {
      expect((await ask('/parcels/at', { x: 2.35, y: 48.85 })).message.vi).toContain('không nằm trong Việt Nam');
    });
  });

  it.each([
    ['/parcels', 'invalid-parameter'],
    ['/parcels?sheet=1', 'invalid-parameter'],
    ['/parcels?number=1', 'invalid-parameter'],
    ['/parcels?sheet=1&number=x', 'invalid-parameter'],
    ['/parcels?sheet=1&number=0', 'invalid-parameter'],
    ['/parcels?sheet=1&number=-1', 'invalid-parameter'],
    ['/parcels?sheet=1&number=1e3', 'invalid-parameter'],
    ['/parcels?sheet=1&number=99999999999999999999', 'invalid-parameter'],
    ['/parcels?sheet=1&sheet=2&number=1', 'invalid-parameter'],
    ['/parcels?sheet=&number=1', 'invalid-parameter'],
    [`/parcels?sheet=${'1'.repeat(11)}&number=1`, 'invalid-parameter'],
    ['/parcels?q=', 'invalid-parameter'],
    ['/parcels?q=%00', 'invalid-parameter'],
    [`/parcels?q=${'a'.repeat(201)}`, 'invalid-parameter'],
    ['/parcels?q=1+2&sheet=1', 'invalid-parameter'],
    ['/parcels?q=1+2&limit=0', 'invalid-parameter'],
    ['/parcels?q=1+2&limit=1000', 'invalid-parameter'],
    ['/parcels?q=1+2&crs=EPSG:1', 'unknown-crs'],
    ['/parcels?q=1+2&owner=x', 'unknown-parameter'],
    ['/parcels?q[a]=1', 'unknown-parameter'],
    ['/parcels/at', 'invalid-parameter'],
    ['/parcels/at?x=1', 'invalid-parameter'],
    ['/parcels/at?x=NaN&y=1', 'invalid-parameter'],
    ['/parcels/at?x=Infinity&y=1', 'invalid-parameter'],
    ['/parcels/at?x=1e400&y=1', 'invalid-parameter'],
    ['/parcels/at?x=106,65&y=10,98', 'invalid-parameter'],
    ['/parcels/at?x=106&y=11&crs=vn2000', 'unknown-crs'],
    ['/parcels/999999999', 'not-found'],
    ['/parcels/99999999999999999999', 'not-found'],
    ['/parcels/abc', 'not-found'],
    ["/parcels/1'%20OR%20'1'='1", 'not-found'],
  ])('refuses %s as %s', async (path, type) => {
    const { body, status } = await request(test.app).get(path);
    expect(body.type).toBe(`urn:diaba:problem:${type}`);
    expect(status).toBe(type === 'not-found' ? 404 : 400);
  });

  it('takes injected SQL for the text that it is', async () => {
    const body = await ask('/parcels', { unit: "x'; DROP TABLE land.parcel; --", sheet: "1' OR 1=1", number: 1 });
    expect(body.features).toEqual([]);
    expect((await engine.db.query(sql`SELECT count(*) > 0 AS there FROM land.parcel`))[0]).toEqual({ there: true });
  });
});
