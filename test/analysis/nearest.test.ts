import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { fillGrid, GRID } from './grid.ts';

const [X, Y] = [GRID.x, GRID.y];

describeEngines('nearest features', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, 10);
    await engine.db.script('TRUNCATE base.place RESTART IDENTITY');
    await engine.db.query(sql`INSERT INTO base.place (name, kind, rank, geom)
      SELECT name, 'hamlet', 5, ST_SetSRID(ST_MakePoint(${X}::float8 + dx, ${Y}::float8 + dy), 9210)
      FROM (VALUES ('north', 0, 100), ('east', 200, 0), ('south', 0, -300), ('west', -400, 0), ('here', 0, 0)) AS p (name, dx, dy)`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const post = (inputs: object) =>
    request(test.app).post('/processes/nearest/execution').set('accept-language', 'en').send({ inputs });
  const point = { geometry: { type: 'Point', coordinates: [X, Y] }, crs: 'EPSG:9210' };

  it('gives distance and bearing from grid north, the nearest first', async () => {
    const { body } = await post({ ...point, layer: 'base.place', k: 5 }).expect(200);
    expect(body.srid).toBe(9210);
    expect(
      body.features.map(
        ({ properties, distanceM, bearing }: { properties: { name: string }; distanceM: number; bearing: number }) => [
          properties.name,
          distanceM,
          bearing,
        ],
      ),
    ).toEqual([
      ['here', 0, null],
      ['north', 100, 0],
      ['east', 200, 90],
      ['south', 300, 180],
      ['west', 400, 270],
    ]);
    const { body: items } = await request(test.app).get(`/collections/result.${body.job}_base_place/items`).expect(200);
    expect(items.features).toHaveLength(5);
  });

  it('is bounded by k and by a distance', async () => {
    const few = await post({ ...point, layer: 'base.place', k: 2 }).expect(200);
    expect(few.body.features.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2]);
    const near = await post({ ...point, layer: 'base.place', within: 250 }).expect(200);
    expect(near.body.features).toHaveLength(3);
  });

  it('does not find a feature near itself, and equals plain SQL', async () => {
    const { body } = await post({ features: { layer: 'land.parcel', ids: [55] }, layer: 'land.parcel', k: 20 }).expect(
      200,
    );
    const rows = await engine.db.query<{
      distance: number;
    }>(sql`SELECT ST_Distance(a.geom, b.geom) AS distance FROM land.parcel a, land.parcel b
      WHERE a.id = 55 AND b.id <> 55 ORDER BY 1 LIMIT 20`);
    expect(body.features.map(({ distanceM }: { distanceM: number }) => distanceM)).toEqual(
      rows.map(({ distance }) => distance),
    );
    expect(body.features.map(({ id }: { id: string }) => id)).not.toContain('55');
  });

  it.each([
    ['k that is too large', { ...point, layer: 'base.place', k: 101 }, /≤ 100/],
    ['an unknown layer', { ...point, layer: 'base.nothing' }, /base.nothing/],
    ['no layer', point, /"inputs.layer" must/],
    [
      'a place outside of Vietnam',
      { geometry: { type: 'Point', coordinates: [0, 0] }, layer: 'base.place' },
      /outside Vietnam/,
    ],
  ])('refuses %s', async (_, inputs, detail) => {
    const { body, status } = await post(inputs);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
  });
});
