import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { EAST_UNIT, fillGrid, GRID, WEST_UNIT } from './grid.ts';

describeEngines('sums of a layer', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, 10);
    await engine.db.script('TRUNCATE base.place RESTART IDENTITY');
    // A third of the grid is a former unit; one place lies in it, one beside every unit.
    await engine.db.query(sql`UPDATE base.unit SET geom = ST_Multi(ST_MakeEnvelope(${GRID.x}::float8, ${GRID.y}::float8, ${GRID.x + 300}::float8, ${GRID.y + 1000}::float8, 9210))
      WHERE code = '25741' AND valid_to IS NOT NULL`);
    await engine.db.query(sql`INSERT INTO base.place (name, kind, rank, population, geom)
      SELECT 'p', 'hamlet', 5, 100, ST_SetSRID(ST_MakePoint(${GRID.x}::float8 + dx, ${GRID.y + 50}::float8), 9210) FROM (VALUES (50), (950), (5000)) AS p (dx)`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const post = (inputs: object) =>
    request(test.app)
      .post('/processes/summarise/execution')
      .set('accept-language', 'en')
      .send({ inputs, response: 'document' });
  const groups = async (inputs: object) => {
    const { body, status } = await post(inputs);
    expect([status, body.detail]).toEqual([200, undefined]);
    return body.groups;
  };

  it.each([
    ['everything', {}, [[null, 100, 1e6, 1e6]]],
    [
      'units in force',
      { by: 'unit' },
      [
        [WEST_UNIT, 50, 5e5, 5e5],
        [EAST_UNIT, 50, 5e5, 5e5],
      ],
    ],
    [
      'former units, by place',
      { by: 'old_unit' },
      [
        [null, 70, 7e5, 7e5],
        ['25741', 30, 3e5, 3e5],
      ],
    ],
    [
      'a field',
      { by: 'main_use' },
      [
        ['CLN', 50, 5e5, 5e5],
        ['ODT', 50, 5e5, 5e5],
      ],
    ],
    [
      'a filter',
      { by: 'main_use', filter: { op: '<=', args: [{ property: 'number' }, 3] } },
      [
        ['CLN', 2, 2e4, 2e4],
        ['ODT', 1, 1e4, 1e4],
      ],
    ],
  ])('are given by %s', async (_, inputs, expected) => {
    const found = await groups({ layer: 'land.parcel', sums: ['legal_area_m2'], ...inputs });
    const figures = found.map(
      (group: { key: string; count: number; areaM2: number; sums: { legal_area_m2: number } }) => [
        group.key,
        group.count,
        group.areaM2,
        group.sums.legal_area_m2,
      ],
    );
    expect(figures).toEqual(expected);
  });

  it('puts what names no unit into that of its place, and the rest apart', async () => {
    const found = await groups({ layer: 'base.place', by: 'unit', sums: ['population'] });
    expect(
      found.map(({ key, count, areaM2, sums }: { key: string; count: number; areaM2: number; sums: object }) => [
        key,
        count,
        areaM2,
        sums,
      ]),
    ).toEqual([
      [WEST_UNIT, 1, null, { population: 100 }],
      [EAST_UNIT, 1, null, { population: 100 }],
      [null, 1, null, { population: 100 }],
    ]);
  });

  it.each([
    ['a sum of text', { layer: 'land.parcel', sums: ['sheet'] }, /"sums" cannot be "sheet".*legal_area_m2/],
    ['an unknown group', { layer: 'land.parcel', by: 'colour' }, /"by" cannot be "colour".*old_unit.*main_use/],
    ['an unknown layer', { layer: 'land.nothing' }, /land.nothing/],
    [
      'a filter with an unknown field',
      { layer: 'land.parcel', filter: { op: '=', args: [{ property: 'x1' }, 1] } },
      /x1/,
    ],
  ])('refuses %s', async (_, inputs, detail) => {
    const { body, status } = await post(inputs);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
  });
});
