import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSheets } from '../../src/analysis/buffer/buffer-sheets.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { bufferAsking, CENTRE, expectNear, point, RADIUS, SIZE } from './buffer-asking.ts';
import { testBufferEnds } from './buffer-ends.ts';
import { testBufferRules } from './buffer-rules.ts';
import { testBufferZones } from './buffer-zones.ts';
import { areaInCircle, EAST_UNIT, fillGrid, GRID, reachOf, squares, usesOf, WEST_UNIT } from './grid.ts';

const ALL = squares(SIZE);

describeEngines('buffer analysis', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, SIZE);
    await engine.db.script(`TRUNCATE base.road, base.waterway, base.place RESTART IDENTITY;
      INSERT INTO base.road (name, kind, width_m, geom) VALUES
        ('một', 'district', 20, ST_GeomFromText('MULTILINESTRING((600500 1222000, 603500 1222000))', 9210)),
        ('hai', 'local', NULL, ST_GeomFromText('MULTILINESTRING((600500 1222500, 603500 1222500))', 9210));
      INSERT INTO base.place (name, kind, rank, geom) SELECT 'p' || i, 'hamlet', 5, ST_SetSRID(ST_MakePoint(602037 + i * 100, 1222041), 9210) FROM generate_series(0, 9) AS i`);
    // A former commune on the ground of a present one, which must not be counted with it.
    await engine.db.query(sql`UPDATE base.unit SET geom = (SELECT geom FROM base.unit WHERE code = ${EAST_UNIT} AND valid_to IS NULL)
      WHERE (code, valid_from) = (SELECT code, valid_from FROM base.unit WHERE level = 'commune' AND valid_to IS NOT NULL ORDER BY 1 LIMIT 1)`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const asking = bufferAsking(engine, () => test.app);
  const { run } = asking;

  it('makes a circle of the right area, measured in VN-2000', async () => {
    const body = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS });
    expectNear(body.buffer.properties.areaM2, Math.PI * RADIUS ** 2);
    expect(body.buffer.properties.srid).toBe(9210);
    expect(body.buffer.geometry.type).toBe('Polygon');
  });

  it('makes a rounded rectangle of the right area, in whichever CRS it is given', async () => {
    const corners = [
      [601_000, 1_221_000],
      [602_000, 1_221_000],
      [602_000, 1_221_600],
      [601_000, 1_221_600],
      [601_000, 1_221_000],
    ];
    const expected = 1000 * 600 + 2 * 1600 * 50 + Math.PI * 50 ** 2;
    for (const srid of [9210, 4326, 3857, 32648, 3405]) {
      const [row] = await engine.db.query<{ g: object }>(
        sql`SELECT ST_AsGeoJSON(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify({ type: 'Polygon', coordinates: [corners] })}), 9210), ${srid}::int), 9, 0)::jsonb AS g`,
      );
      const body = await run({ geometry: row?.g, crs: `EPSG:${srid}`, distance: 50 });
      expectNear(body.buffer.properties.areaM2, expected);
      expectNear(body.layers[0].areaM2, expected);
    }
  });

  it('intersecting: counts what touches, areas of what is inside, by use and by unit', async () => {
    const {
      layers: [parcels],
      units,
    } = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS });
    const hit = ALL.filter((square) => reachOf(square, CENTRE).nearest <= RADIUS);
    expect(parcels.count).toBe(hit.length);
    const byUse: Record<string, number> = {};
    for (const square of hit) {
      const area = areaInCircle(square, CENTRE, RADIUS);
      for (const [code, share] of Object.entries(usesOf(square))) byUse[code] = (byUse[code] ?? 0) + share * area;
    }
    expect(parcels.byLandUse.map(({ code }: { code: string }) => code).sort()).toEqual(['CLN', 'ODT']);
    for (const { code, areaM2, count } of filled(parcels.byLandUse)) {
      expectNear(areaM2, byUse[code] as number);
      expect(count).toBe(hit.filter((square) => code in usesOf(square)).length);
    }
    const sum = (list: { areaM2: number }[]) => list.reduce((total, { areaM2 }) => total + areaM2, 0);
    expect(sum(parcels.byLandUse)).toBeCloseTo(parcels.areaM2, 1);
    expect(sum(parcels.byUnit)).toBeCloseTo(parcels.areaM2, 1);
    // A use of unknown area takes an equal share, so the uses still add up.
    await engine.db.query(
      sql`INSERT INTO land.parcel_use SELECT parcel_id, 'BHK', NULL FROM land.parcel_use WHERE code = 'ODT'`,
    );
    const { layers } = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS });
    await engine.db.query(sql`DELETE FROM land.parcel_use WHERE code = 'BHK'`);
    const mixed = hit.filter(({ column }) => column % 4 === 0);
    const third = mixed.reduce((total, square) => total + areaInCircle(square, CENTRE, RADIUS), 0) / 3;
    expectNear(layers[0].byLandUse.find(({ code }: { code: string }) => code === 'BHK').areaM2, third);
    expect(sum(layers[0].byLandUse)).toBeCloseTo(parcels.areaM2, 1);
    expect(sum(units)).toBeCloseTo(parcels.areaM2, 0);
    const west = hit.filter(({ column }) => column < SIZE / 2);
    expect(parcels.byUnit.find(({ code }: { code: string }) => code === WEST_UNIT)).toMatchObject({
      count: west.length,
      validFrom: '2025-07-01',
    });
    expectNear(
      units.find(({ code }: { code: string }) => code === EAST_UNIT).areaM2,
      hit
        .filter(({ column }) => column >= SIZE / 2)
        .reduce((total, square) => total + areaInCircle(square, CENTRE, RADIUS), 0),
    );
  });

  it('agrees with SQL that is put otherwise: what is left after cutting the circle away', async () => {
    const {
      layers: [parcels],
    } = await run({ geometry: point, crs: 'EPSG:9210', distance: 777 });
    const [row] = await engine.db.query<{ area: number; count: number }>(sql`
      SELECT sum(ST_Area(geom) - ST_Area(ST_Difference(geom, circle))) AS area, count(*) FILTER (WHERE ST_DWithin(geom, p, 777)) AS count
      FROM land.parcel, (SELECT ST_Buffer(p, 777, 512) AS circle, p FROM (SELECT ST_SetSRID(ST_MakePoint(602037, 1222041), 9210) AS p) AS q) AS c`);
    expectNear(parcels.areaM2, row?.area as number);
    expect(parcels.count).toBe(row?.count);
  });

  it('within: only what lies wholly inside, with whole areas', async () => {
    const {
      layers: [parcels],
    } = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS, relation: 'within' });
    const inside = ALL.filter((square) => reachOf(square, CENTRE).farthest <= RADIUS);
    expect(parcels).toMatchObject({ count: inside.length, areaM2: inside.length * GRID.side ** 2 });
  });

  it('clipped: features come back cut, and their areas are those reported', async () => {
    const body = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS, relation: 'clipped' });
    const page = await request(test.app).get(`/collections/result.${body.job}_land_parcel/items?limit=1000`);
    const [row] = await engine.db.query<{ area: number; inside: boolean }>(sql`
      SELECT sum(ST_Area(g)) AS area, bool_and(ST_DWithin(g, ST_SetSRID(ST_MakePoint(602037, 1222041), 9210), 500)) AS inside FROM (
        SELECT ST_Transform(ST_GeomFromGeoJSON(f ->> 'geometry'), 9210) AS g
        FROM jsonb_array_elements(${JSON.stringify(page.body.features)}::jsonb) AS f) AS features`);
    expect(page.body.features).toHaveLength(body.layers[0].count);
    expectNear(row?.area as number, body.layers[0].areaM2);
    expect(row?.inside).toBe(true);
  });

  it('measures lines and counts points', async () => {
    const { layers } = await run({
      geometry: { type: 'Point', coordinates: [602_000, 1_222_000] },
      crs: 'EPSG:9210',
      distance: 300,
      layers: ['base.road', 'base.place'],
    });
    expect(layers[0]).toMatchObject({ layer: 'base.road', count: 1 });
    expectNear(layers[0].lengthM, 600);
    expect(layers[1]).toMatchObject({ layer: 'base.place', count: 3 });
    expect(layers[1]).not.toHaveProperty('areaM2');
  });

  it('buffers features by id and by filter', async () => {
    const rectangle = (length: number, distance: number) => length * 2 * distance + Math.PI * distance ** 2;
    const byId = await run({ features: { layer: 'base.road', ids: [1] }, distance: 100 });
    expectNear(byId.buffer.properties.areaM2, rectangle(3000, 100));
    const both = await run({
      features: { layer: 'base.road', filter: { op: 'like', args: [{ property: 'name' }, '%'] } },
      distance: 100,
    });
    expectNear(both.buffer.properties.areaM2, 2 * rectangle(3000, 100));
    const place = {
      type: 'Polygon',
      coordinates: [
        [
          [106.6, 11],
          [106.8, 11],
          [106.8, 11.2],
          [106.6, 11.2],
          [106.6, 11],
        ],
      ],
    };
    const spatial = await run({
      features: {
        layer: 'land.parcel',
        filter: {
          op: 'and',
          args: [
            { op: 's_intersects', args: [{ property: 'geom' }, place] },
            { op: 'in', args: [{ property: 'id' }, [1, 2, 41, 42]] },
          ],
        },
      },
      distance: 10,
    });
    expectNear(spatial.buffer.properties.areaM2, 200 ** 2 + 4 * 200 * 10 + Math.PI * 100);
  });

  it('takes ids of a key of two columns', async () => {
    const body = await run({ features: { layer: 'base.unit', ids: [`${WEST_UNIT}:2025-07-01`] }, distance: 10 });
    expectNear(body.buffer.properties.areaM2, 2000 * 4000 + 2 * 6000 * 10 + Math.PI * 100);
  });

  it('buffers hundreds of features in several statements to one geometry', async () => {
    const body = await run({
      features: { layer: 'land.parcel', filter: { op: '<=', args: [{ property: 'id' }, SIZE * SIZE] } },
      distance: 10,
    });
    expectNear(body.buffer.properties.areaM2, 4000 ** 2 + 4 * 4000 * 10 + Math.PI * 100);
    expect(body.buffer.geometry.coordinates).toHaveLength(1);
    expect(body.layers[0].count).toBe(SIZE * SIZE);
  });

  it('has a workbook of sums, uses, units, features and basis, in both languages', async () => {
    const values = await run({
      features: { layer: 'land.parcel', ids: [50] },
      distance: 10,
      layers: ['land.parcel', 'base.road'],
    });
    const { areaM2 } = values.buffer.properties;
    const [summary, uses, units, coverage] = bufferSheets(values, 'vi');
    expect([summary, uses, units, coverage].map((sheet) => sheet?.title)).toEqual([
      'Tổng hợp',
      'Theo loại đất',
      'Theo đơn vị',
      'Độ phủ dữ liệu',
    ]);
    expect(summary?.rows.slice(0, 2)).toEqual([
      ['Khoảng cách (m)', 10],
      ['Diện tích vùng đệm (m²)', areaM2],
    ]);
    const sum = (rows: readonly (readonly unknown[])[] | undefined, column: number) =>
      (rows ?? []).reduce((total, row) => total + Number(row[column]), 0);
    expect(sum(uses?.rows, 3)).toBeCloseTo(areaM2, 1);
    expect([sum(units?.rows, 2), sum(units?.rows, 4)]).toEqual([expect.closeTo(areaM2, 1), expect.closeTo(areaM2, 1)]);
    for (const sheet of bufferSheets(values, 'en')) {
      for (const row of sheet.rows) expect(row).toHaveLength(sheet.columns.length);
    }
  });

  it('says how much of the buffer has data', async () => {
    const whole = await run({ geometry: point, crs: 'EPSG:9210', distance: 100 });
    expect(whole.coverage).toEqual([expect.objectContaining({ layer: 'land.parcel', percent: 100, measure: 'area' })]);
    const edge = { type: 'Point', coordinates: [GRID.x, GRID.y + 2000] };
    const half = await run({ geometry: edge, crs: 'EPSG:9210', distance: 100 });
    expect(half.coverage[0].percent).toBeCloseTo(50, 1);
    expect(half.coverage[0].sentence.vi).toMatch(/^Chỉ (49|50)% vùng này có dữ liệu thửa: 0 thửa/);
  });

  testBufferEnds(asking);
  testBufferRules(asking);
  testBufferZones(asking);

  it('measures in the zone of the place', async () => {
    const body = await run({ geometry: { type: 'Point', coordinates: [105.84, 21.03] }, distance: 1000 });
    expect(body.buffer.properties.srid).toBe(9210);
    const centre = await run({ geometry: { type: 'Point', coordinates: [108.21, 16.06] }, distance: 1000 });
    expect(centre.buffer.properties.srid).toBe(9217);
    expectNear(centre.buffer.properties.areaM2, Math.PI * 1000 ** 2);
    expect(centre.layers[0]).toMatchObject({ count: 0, areaM2: 0, byLandUse: [], byUnit: [] });
  });

  it('takes an invalid parcel for what it covers', async () => {
    await engine.db.query(sql`INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, geom) VALUES
      (90001, '25747', '2025-07-01', '9', 1, 'ODT', ST_GeomFromText('MULTIPOLYGON(((590000 1220000, 590100 1220100, 590100 1220000, 590000 1220100, 590000 1220000)))', 9210))`);
    const body = await run({
      geometry: { type: 'Point', coordinates: [590_050, 1_220_050] },
      crs: 'EPSG:9210',
      distance: 200,
    });
    expect(body.layers[0]).toMatchObject({ count: 1, areaM2: 5000 });
  });
});

describe('squares', () => {
  it('fill a circle that lies among them', () => {
    const total = ALL.reduce((sum, square) => sum + areaInCircle(square, CENTRE, RADIUS), 0);
    expect(total / (Math.PI * RADIUS ** 2)).toBeCloseTo(1, 4);
  });
});
