import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raw, sql } from '../../src/database/sql.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { sound } from '../../src/geometry/overlay.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import { createOddTables } from '../catalog/odd-tables.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { decodeTile } from '../tiles/decode.ts';

/** m² of each row of test/fixtures/tangled.sql as PostgreSQL's own ST_MakeValid has it, and of its western 40 m. */
const AREAS: Readonly<Record<number, readonly [whole: number, west: number]>> = {
  1: [3200, 1600],
  2: [6400, 3200],
  3: [5200, 2000],
  4: [4000, 2000],
  5: [4200, 2100],
  6: [6400, 3200],
  7: [1222.677, 611.338],
  8: [3200, 1600],
  9: [0, 0],
  10: [0, 0],
  11: [0, 0],
  12: [100, 100],
  13: [6400, 3200],
};
const IDS = Object.keys(AREAS).map(Number);
const SUM = IDS.reduce((sum, id) => sum + (AREAS[id]?.[0] ?? 0), 0);
/** A square around all of them, in EPSG:9210. */
const BOX = '599900,1231900,601400,1232200';
const FRAME = `POLYGON((599900 1231900,601400 1231900,601400 1232200,599900 1232200,599900 1231900))`;

describeEngines('tangled polygons', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-test-tangled-'));
  let test: TestApp;
  beforeAll(async () => {
    await createOddTables(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd,base,land,environment' });
  });
  afterAll(async () => {
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const buffer = async (inputs: object) => {
    const { body, status } = await request(test.app).post('/processes/buffer/execution').send({ inputs });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const idsOf = async (layer: string, query: Record<string, string>) => {
    const parameters = new URLSearchParams({ limit: '100', skipGeometry: 'true', ...query });
    const { body, status } = await request(test.app).get(`/collections/${layer}/items?${parameters}`);
    expect(status, `${parameters} ${JSON.stringify(body).slice(0, 200)}`).toBe(200);
    return (body as FeatureCollection).features.map(({ id }) => Number(id)).sort((a, b) => a - b);
  };

  it('are mended to what they cover, and no further', async () => {
    const rows = await engine.db.query<{ id: number; isSound: boolean; area: number; isSame: boolean }>(sql`
      SELECT id, ST_IsValid(sound) AS "isSound", ST_Area(sound) AS area, (sound = geom) AS "isSame"
      FROM (SELECT id, geom, ${sound(raw('geom'))} AS sound FROM odd.tangled) AS mended ORDER BY id`);
    expect(rows.filter(({ isSound }) => !isSound)).toEqual([]);
    for (const { id, area } of rows) expect(area, `${id}`).toBeCloseTo(AREAS[id]?.[0] ?? Number.NaN, 2);
    expect(rows.filter(({ isSame }) => isSame).map(({ id }) => id)).toEqual([10, 13]);
  });

  it('keep what has no area as the line or the point that it is', async () => {
    const [row] = await engine.db.query(sql`SELECT
      GeometryType(${sound(raw(`'POLYGON((0 0, 4000 0, 8000 0, 0 0))'::geometry`))}) AS line,
      GeometryType(${sound(raw(`'POLYGON((5000 0, 5000.00001 0, 5000 0, 5000 0.00001, 5000 0))'::geometry`))}) AS point,
      GeometryType(${sound(raw(`'GEOMETRYCOLLECTION(POLYGON((0 0, 8000 8000, 8000 0, 0 8000, 0 0)), POINT(1 1))'::geometry`))}) AS collection`);
    expect(row).toEqual({ line: 'MULTILINESTRING', point: 'POINT', collection: 'GEOMETRYCOLLECTION' });
  });

  it('are closed where a ring is open, as the WKB of a file can have it', async () => {
    const open = raw(
      `'0103000020FA230000010000000400000000000000804F2241000000000CCC324100000000D04F2241000000000CCC324100000000D04F2241000000005CCC324100000000804F2241000000005CCC3241'::geometry`,
    );
    const [row] = await engine.db.query(sql`SELECT ST_Area(${sound(open)}) AS one, ST_IsValid(${sound(open)}) AS valid,
      ST_Area(${sound(sql`ST_Collect(ARRAY[${open}])`)}) AS several`);
    expect(row).toEqual({ one: 3200, valid: true, several: 3200 });
  });

  it('are mended at vertices rounded to 0.1 mm, in metres and in degrees', async () => {
    for (const [size, digits] of [
      [8000.12342, 4],
      [80.1234567894, 9],
    ] as const) {
      const bowtie = raw(`'POLYGON((0 0, ${size} ${size}, ${size} 0, 0 ${size}, 0 0))'::geometry`);
      const [row] = await engine.db.query<{ east: number }>(sql`SELECT ST_XMax(${sound(bowtie)}) AS east`);
      expect(row?.east).toBeCloseTo(Number(size.toFixed(digits)), digits + 1);
    }
  });

  it('are measured inside a buffer, whole and cut', async () => {
    const polygon = (west: number, east: number) => ({
      type: 'Polygon',
      coordinates: [
        [
          [west, 1_231_900],
          [east, 1_231_900],
          [east, 1_232_200],
          [west, 1_232_200],
          [west, 1_231_900],
        ],
      ],
    });
    const layers = ['odd.tangled', 'odd.tangled_view'];
    const all = await buffer({ geometry: polygon(599_900, 601_400), crs: 'EPSG:9210', distance: 1, layers });
    for (const { count, areaM2 } of all.layers) {
      expect(count).toBe(IDS.length);
      expect(areaM2).toBeCloseTo(SUM, 1);
    }
    for (const id of IDS) {
      const west = 600_000 + 100 * (id - 1);
      const body = await buffer({ geometry: polygon(west - 15, west + 39), crs: 'EPSG:9210', distance: 1, layers });
      for (const { areaM2 } of body.layers) expect(areaM2, `${id}`).toBeCloseTo(AREAS[id]?.[1] ?? Number.NaN, 1);
    }
    const degrees = await buffer({
      geometry: polygon(599_900, 601_400),
      crs: 'EPSG:9210',
      distance: 1,
      layers: ['odd.tangled_mixed'],
    });
    expect(degrees.layers[0].count).toBe(2 * IDS.length);
    expect(degrees.layers[0].areaM2).toBeCloseTo(2 * SUM, 0);
  });

  it('are buffered, one by one and together', async () => {
    for (const layer of ['odd.tangled', 'odd.tangled_mixed']) {
      const one = await buffer({ features: { layer, ids: [1] }, distance: 10, layers: ['odd.tangled'] });
      // Two triangles, 10 m beside each of their sides, less what two sides have in common, and four corners of 135 degrees.
      const expected = 3200 + 10 * (160 + 4 * Math.hypot(40, 40)) - 200 + 4 * 0.375 * Math.PI * 100;
      expect(Math.abs(one.buffer.properties.areaM2 - expected)).toBeLessThan(0.5);
      const all = await buffer({ features: { layer, ids: IDS }, distance: 10, layers: ['odd.tangled'] });
      expect(all.layers[0]).toMatchObject({ count: IDS.length });
      expect(all.layers[0].areaM2).toBeCloseTo(SUM, 0);
    }
    const wide = await buffer({ features: { layer: 'odd.tangled', ids: IDS }, distance: 60, layers: ['odd.tangled'] });
    expect(wide.buffer.geometry.type).toBe('Polygon');
  });

  it('are found by every predicate and box, and lose no other row', async () => {
    const star = 'POLYGON((600600 1231990,600700 1231990,600650 1232090,600600 1231990))';
    const find = (filter: string, layer = 'odd.tangled') => idsOf(layer, { filter, 'filter-crs': 'EPSG:9210' });
    for (const layer of ['odd.tangled', 'odd.tangled_view']) {
      expect(await find(`S_INTERSECTS(geom, ${FRAME})`, layer)).toEqual(IDS);
      expect(await find(`S_WITHIN(geom, ${FRAME})`, layer)).toEqual(IDS);
      expect(await find(`S_DISJOINT(geom, ${star})`, layer)).toEqual(IDS.filter((id) => id !== 7));
    }
    expect(await find(`S_OVERLAPS(geom, ${star})`)).toEqual([7]);
    expect(await find(`S_INTERSECTS(geom, ${star}) AND NOT S_CONTAINS(geom, ${star})`)).toEqual([7]);
    expect(await find('S_TOUCHES(geom, LINESTRING(600000 1231990,600000 1232090))')).toEqual([1]);
    expect(await find('S_CROSSES(geom, LINESTRING(599990 1232010,600090 1232012))')).toEqual([1]);
    expect(
      await find(
        'S_EQUALS(geom, POLYGON((601200 1232000,601280 1232000,601280 1232080,601200 1232080,601200 1232000)))',
      ),
    ).toEqual([13]);
    // The given geometry is a bow-tie as well.
    const bowtie = 'POLYGON((599990 1231990,600290 1232090,600290 1231990,599990 1232090,599990 1231990))';
    expect(await find(`S_INTERSECTS(geom, ${bowtie})`)).toEqual([1, 2, 3]);
    expect(await find(`S_INTERSECTS(geom, GEOMETRYCOLLECTION(${bowtie}, POINT(600640 1232070)))`)).toEqual([
      1, 2, 3, 7,
    ]);
    const mixed = await find(`S_INTERSECTS(geom, ${FRAME})`, 'odd.tangled_mixed');
    expect(mixed).toEqual([...IDS, ...IDS.map((id) => 100 + id)]);
    for (const crs of ['EPSG:9210', 'EPSG:3857', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84']) {
      const srid = crs === 'EPSG:9210' ? 9210 : crs === 'EPSG:3857' ? 3857 : 4326;
      const [row] = await engine.db.query<{ box: number[] }>(sql`
        SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] AS box
        FROM (SELECT ST_Transform(ST_GeomFromText(${FRAME}, 9210), ${srid}::int) AS e) AS frame`);
      expect(await idsOf('odd.tangled', { bbox: String(row?.box), 'bbox-crs': crs }), crs).toEqual(IDS);
    }
    expect(await idsOf('odd.tangled', { bbox: BOX, 'bbox-crs': 'EPSG:9210' })).toEqual(IDS);
  });

  it('are one with neighbours that all but touch: in a mosaic, in a buffer, and in the transaction of an edit', async () => {
    const dissolved = raw('tile.dissolve(ST_Collect(ST_Transform(geom, 3857)))');
    const [row] = await engine.db.query<{ area: number; sum: number }>(
      sql`SELECT ST_Area(${dissolved}) AS area, sum(ST_Area(ST_Transform(geom, 3857))) AS sum FROM odd.neighbours`,
    );
    expect(row?.area).toBeCloseTo(row?.sum ?? Number.NaN, 1);
    const all = { layer: 'odd.neighbours', ids: [1, 2, 3, 4] };
    const body = await buffer({ features: all, distance: 10, layers: ['odd.neighbours'] });
    expect(Math.abs(body.buffer.properties.areaM2 - (400 + 4 * 20 * 10 + Math.PI * 100))).toBeLessThan(1);
    expect(body.layers[0]).toMatchObject({ count: 4, areaM2: 400.1 });
    await engine.db.query(sql`INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT '25747', '2025-07-01', 'tangled', id, 'ODT', ST_Multi(geom) FROM odd.neighbours`);
    await engine.db.query(sql`UPDATE land.parcel SET main_use = 'CLN' WHERE sheet = 'tangled' AND number = 2`);
    const [{ count } = { count: 0 }] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM land.parcel WHERE sheet = 'tangled'`,
    );
    expect(count).toBe(4);
  });

  it('are in the tiles of every zoom', async () => {
    for (let zoom = 0; zoom <= 20; zoom++) {
      const [row] = await engine.db.query<{ lon: number; lat: number }>(sql`
        SELECT ST_X(p) AS lon, ST_Y(p) AS lat
        FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(600640, 1232030), 9210), 4326) AS p) AS t`);
      const { x, y } = tileAt(zoom, row?.lon ?? 0, row?.lat ?? 0);
      const answer = await request(test.app)
        .get(`/xyz/odd.tangled,odd.tangled_view,odd.tangled_mixed/${zoom}/${x}/${y}.mvt`)
        .responseType('blob');
      expect([200, 204], `${zoom} ${answer.body}`).toContain(answer.status);
      if (zoom < 16) continue;
      const layers = decodeTile(answer.body);
      expect(
        layers['odd.tangled']?.map(({ id }) => id),
        `${zoom}`,
      ).toContain(7);
      expect(
        layers['odd.tangled_view']?.some(({ properties }) => properties.id === 7),
        `${zoom}`,
      ).toBe(true);
      expect(
        layers['odd.tangled_mixed']?.map(({ id }) => id),
        `${zoom}`,
      ).toContain(7);
    }
  });

  it('are imported where they are to be mended, and refused one by one where not', async () => {
    const { body } = await request(test.app).get('/collections/odd.tangled/items?limit=100&crs=EPSG:9210');
    const file = join(folder, 'tangled.geojson');
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: body.features }));
    const given = { file, layer: 'land.tangled', srid: 9210 };
    const strict = await importFile(engine.db, { ...given, skipRefused: true });
    expect(strict).toMatchObject({ read: 13, written: 2, refused: 11 });
    await engine.db.script('DROP TABLE land.tangled');
    const mended = await importFile(engine.db, { ...given, skipRefused: true, repair: true });
    // Two have no area to retain.
    expect(mended).toMatchObject({ read: 13, written: 11, repaired: 9, refused: 2 });
    const [row] = await engine.db.query<{ area: number }>(sql`SELECT sum(ST_Area(geom)) AS area FROM land.tangled`);
    expect(row?.area).toBeCloseTo(SUM, 1);
  });
});
