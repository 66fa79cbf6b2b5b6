import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { areaInCircle, EAST_UNIT, fillGrid, GRID, reachOf, squares, usesOf, WEST_UNIT } from './grid.ts';

const SIZE = 40;
const CENTRE = [602_037, 1_222_041] as const;
const RADIUS = 500;
const ALL = squares(SIZE);
const point = { type: 'Point', coordinates: CENTRE };
const about = (value: number) => ({ low: value * 0.999, high: value * 1.001 });

describeEngines('buffer analysis', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, SIZE);
    await engine.db.script(`TRUNCATE base.road, base.waterway, base.place RESTART IDENTITY;
      INSERT INTO base.road (name, kind, width_m, geom) VALUES
        ('một', 'district', 20, ST_GeomFromText('MULTILINESTRING((600500 1222000, 603500 1222000))', 9210)),
        ('hai', 'local', NULL, ST_GeomFromText('MULTILINESTRING((600500 1222500, 603500 1222500))', 9210));
      INSERT INTO base.place (name, kind, rank, geom) SELECT 'p' || i, 'hamlet', 5, ST_SetSRID(ST_MakePoint(602037 + i * 100, 1222041), 9210) FROM generate_series(0, 9) AS i`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const run = async (inputs: object) => {
    const { body, status } = await request(test.app).post('/processes/buffer/execution').send({ inputs });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const between = (value: number, expected: number) => {
    expect(value).toBeGreaterThan(about(expected).low);
    expect(value).toBeLessThan(about(expected).high);
  };

  it('makes a circle of the right area, measured in VN-2000', async () => {
    const body = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS });
    between(body.buffer.properties.areaM2, Math.PI * RADIUS ** 2);
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
      between(body.buffer.properties.areaM2, expected);
      between(body.layers[0].areaM2, expected);
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
      between(areaM2, byUse[code] as number);
      expect(count).toBe(hit.filter((square) => code in usesOf(square)).length);
    }
    const sum = (list: { areaM2: number }[]) => list.reduce((total, { areaM2 }) => total + areaM2, 0);
    expect(sum(parcels.byLandUse)).toBeCloseTo(parcels.areaM2, 1);
    expect(sum(parcels.byUnit)).toBeCloseTo(parcels.areaM2, 1);
    expect(sum(units)).toBeCloseTo(parcels.areaM2, 0);
    const west = hit.filter(({ column }) => column < SIZE / 2);
    expect(parcels.byUnit.find(({ code }: { code: string }) => code === WEST_UNIT)).toMatchObject({
      count: west.length,
      validFrom: '2025-07-01',
    });
    between(
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
    between(parcels.areaM2, row?.area as number);
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
    const page = await request(test.app).get(`/jobs/${body.job}/features?limit=1000`);
    const [row] = await engine.db.query<{ area: number; inside: boolean }>(sql`
      SELECT sum(ST_Area(g)) AS area, bool_and(ST_DWithin(g, ST_SetSRID(ST_MakePoint(602037, 1222041), 9210), 500)) AS inside FROM (
        SELECT ST_Transform(ST_GeomFromGeoJSON(f ->> 'geometry'), 9210) AS g
        FROM jsonb_array_elements(${JSON.stringify(page.body.features)}::jsonb) AS f) AS features`);
    expect(page.body.features).toHaveLength(body.layers[0].count);
    between(row?.area as number, body.layers[0].areaM2);
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
    between(layers[0].lengthM, 600);
    expect(layers[1]).toMatchObject({ layer: 'base.place', count: 3 });
    expect(layers[1]).not.toHaveProperty('areaM2');
  });

  it('buffers features by id and by filter', async () => {
    const rectangle = (length: number, distance: number) => length * 2 * distance + Math.PI * distance ** 2;
    const byId = await run({ features: { layer: 'base.road', ids: [1] }, distance: 100 });
    between(byId.buffer.properties.areaM2, rectangle(3000, 100));
    const both = await run({
      features: { layer: 'base.road', filter: { op: 'like', args: [{ property: 'name' }, '%'] } },
      distance: 100,
    });
    between(both.buffer.properties.areaM2, 2 * rectangle(3000, 100));
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
    between(spatial.buffer.properties.areaM2, 200 ** 2 + 4 * 200 * 10 + Math.PI * 100);
  });

  it('takes ids of a key of two columns', async () => {
    const body = await run({ features: { layer: 'base.unit', ids: [`${WEST_UNIT}:2025-07-01`] }, distance: 10 });
    between(body.buffer.properties.areaM2, 2000 * 4000 + 2 * 6000 * 10 + Math.PI * 100);
  });

  it('buffers hundreds of features in several statements to one geometry', async () => {
    const body = await run({
      features: { layer: 'land.parcel', filter: { op: '<=', args: [{ property: 'id' }, SIZE * SIZE] } },
      distance: 10,
    });
    between(body.buffer.properties.areaM2, 4000 ** 2 + 4 * 4000 * 10 + Math.PI * 100);
    expect(body.buffer.geometry.coordinates).toHaveLength(1);
    expect(body.layers[0].count).toBe(SIZE * SIZE);
  });

  it('measures a rule from the edge: half the width is added to a centre line, and said', async () => {
    const body = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'road_9' });
    const reach = 9 + 20 / 2;
    between(body.buffer.properties.areaM2, 3000 * 2 * reach + Math.PI * reach ** 2);
    expect(body.buffer.properties).toMatchObject({
      distanceM: 9,
      halfWidthM: { min: 10, max: 10 },
      preset: { id: 'road_9' },
    });
    expect(body.buffer.properties.preset.legalBasis).toMatch(/NĐ 11\/2010/);
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(
      /half the width.*has not been fully checked/s,
    );
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(/not confirmed that "road_9" is in force/);
    const polygon = await run({ features: { layer: 'land.parcel', ids: [1] }, preset: 'road_9' });
    between(polygon.buffer.properties.areaM2, 100 ** 2 + 400 * 9 + Math.PI * 81);
    expect(polygon.buffer.properties).not.toHaveProperty('halfWidthM');
  });

  it('measures no rule from a point or the middle of a line', async () => {
    const [west, east] = [600_500, 603_500];
    const line = {
      type: 'LineString',
      coordinates: [
        [west, 1_222_000],
        [east, 1_222_000],
      ],
    };
    const drawn = { geometry: line, crs: 'EPSG:9210', preset: 'road_9' };
    const refused = async (inputs: object) => {
      const { body } = await request(test.app).post('/processes/buffer/execution').send({ inputs }).expect(400);
      return body.details.en;
    };
    expect(await refused(drawn)).toMatch(/measured from the edge.*the width of the line \("width", metres\)/);
    expect(await refused({ geometry: point, crs: 'EPSG:9210', preset: 'road_9' })).toMatch(/not from a point/);
    expect(await refused({ features: { layer: 'base.road', ids: [1, 2] }, preset: 'road_9' })).toMatch(
      /^1 of the selected features have no width/,
    );
    expect(await refused({ features: { layer: 'base.place', ids: [1] }, preset: 'road_9' })).toMatch(/Give the area/);
    expect(await refused({ ...drawn, preset: undefined, distance: 9, width: 20 })).toMatch(/"width" goes with/);
    const body = await run({ ...drawn, width: 20 });
    const reach = 9 + 20 / 2;
    between(body.buffer.properties.areaM2, 3000 * 2 * reach + Math.PI * reach ** 2);
    expect(body.buffer.properties).toMatchObject({ distanceM: 9, halfWidthM: { min: 10, max: 10 } });
    const free = await run({ ...drawn, preset: undefined, distance: 9 });
    between(free.buffer.properties.areaM2, 3000 * 2 * 9 + Math.PI * 81);
  });

  it('says of a superseded rule that it is, and lists it only where it is asked for', async () => {
    const ids = async (query: string) =>
      (await request(test.app).get(`/processes/buffer/presets${query}`).expect(200)).body.presets;
    const old = 'road_expressway_47_old';
    expect((await ids('')).find(({ id }: { id: string }) => id === old)).toBeUndefined();
    expect((await ids('')).find(({ id }: { id: string }) => id === 'bridge_150').validity).toBe('in_force');
    const all = await ids('?superseded=true');
    expect(all.find(({ id }: { id: string }) => id === old).validity).toBe('superseded');
    const body = await run({ features: { layer: 'base.road', ids: [1] }, preset: old });
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(/superseded and is no longer in force/);
  });

  it('lists areas of planning zones by plan, which have no sum', async () => {
    await engine.db.script(`TRUNCATE land.planning_zone RESTART IDENTITY;
      INSERT INTO land.planning_zone (plan, zone_code, name, period, decision, geom)
      SELECT plan, 'Z' || x, 'z', '2021-2030', decision, ST_Multi(ST_MakeEnvelope(602000 + x, 1222000, 602010 + x, 1222010, 9210))
      FROM (VALUES ('land_use', 'QĐ 1'), ('construction', NULL)) AS given (plan, decision), generate_series(0, 20, 10) AS x
      WHERE plan = 'land_use' OR x < 20`);
    const body = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS, layers: ['land.planning_zone'] });
    expect(body.layers[0]).toMatchObject({ count: 5 });
    expect(body.layers[0]).not.toHaveProperty('areaM2');
    expect(body.layers[0].byPlan).toEqual([
      { plan: 'land_use', decision: 'QĐ 1', period: '2021-2030', count: 3, areaM2: 300 },
      { plan: 'construction', decision: null, period: '2021-2030', count: 2, areaM2: 200 },
    ]);
  });

  it('measures in the zone of the place', async () => {
    const body = await run({ geometry: { type: 'Point', coordinates: [105.84, 21.03] }, distance: 1000 });
    expect(body.buffer.properties.srid).toBe(9210);
    const centre = await run({ geometry: { type: 'Point', coordinates: [108.21, 16.06] }, distance: 1000 });
    expect(centre.buffer.properties.srid).toBe(9217);
    between(centre.buffer.properties.areaM2, Math.PI * 1000 ** 2);
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
