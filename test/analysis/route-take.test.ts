import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RouteValues } from '../../src/analysis/route-take/outputs.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { EAST_UNIT, WEST_UNIT } from './grid.ts';
import { at, expectSameAsSql, expectSums, LINES, layOutLand, line, X, Y } from './route-land.ts';

describeEngines('land taken by a route', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await layOutLand(engine.db);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const post = (inputs: object) =>
    request(test.app).post('/processes/route-take/execution').set('accept-language', 'en').send({ inputs });
  const take = async (inputs: object): Promise<RouteValues & { job: string }> => {
    const { body, status } = await post({ crs: 'EPSG:9210', left: 12, right: 12, ...inputs });
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  };

  const expectSame = async (inputs: { geometry: object; [input: string]: unknown }, distance: number, style: string) =>
    expectSameAsSql(engine.db, await take(inputs), { geometry: inputs.geometry, distance, style });

  it.each(Object.entries(LINES))('equals plain SQL: %s', async (_, geometry) => {
    await expectSame({ geometry }, 12, 'endcap=flat quad_segs=64');
  });

  it('equals plain SQL with round caps', async () => {
    const geometry = LINES['many bends'];
    await expectSame({ geometry, caps: 'round' }, 12, 'endcap=round quad_segs=64');
  });

  it.each([
    ['left', 'the left side only', [20, 0]],
    ['right', 'the right side only', [0, 20]],
  ] as const)('equals plain SQL: %s (%s)', async (side, _, [left, right]) => {
    // GEOS's buffer of one side is right for lines that turn by less than 90°.
    const geometry = line([50, 250], [300, 420], [700, 400], [1000, 700], [1010, 1100]);
    await expectSame({ geometry, left, right }, 20, `side=${side} quad_segs=64`);
  });

  it('gives unequal sides and their round caps the area computed by hand', async () => {
    const values = await take({ geometry: line([600, 300], [600, 500]), left: 10, right: 30, caps: 'round' });
    const corridor = 200 * 40 + (Math.PI / 2) * (10 ** 2 + 30 ** 2);
    expect(Math.abs(values.summary.corridorM2 - corridor)).toBeLessThan(1e-4 * corridor);
    // The line runs north, so that its left is west.
    const west = values.byUnit.find(({ code }) => code === WEST_UNIT)?.takenM2 ?? 0;
    expect(west).toBeCloseTo(200 * 10 + (Math.PI / 2) * 10 ** 2, -1);
    expect(values.byUnit.find(({ code }) => code === EAST_UNIT)?.takenM2).toBeCloseTo(
      200 * 30 + (Math.PI / 2) * 30 ** 2,
      -1,
    );
  });

  it('lists parcels in the order of the line, with chainage, uses, what is left, and buildings', async () => {
    const { parcels, summary, byUse, byZone } = await take({
      geometry: line([430, 450], [1030, 450]),
      left: 10,
      right: 10,
    });
    expect(parcels.map(({ number }) => number)).toEqual([53, 54, 55, 56, 57, 58, 59]);
    expect(parcels[0]).toMatchObject({
      ...{ fromM: 0, toM: 70, sheet: '1', former: [], legalAreaM2: 10000, areaM2: 10000 },
      unit: { code: WEST_UNIT, validFrom: '2025-07-01' },
      uses: [
        { code: 'CLN', areaM2: 70, takenM2: 980 },
        { code: 'ODT', areaM2: 30, takenM2: 420 },
      ],
      ...{ takenM2: 1400, takenPercent: 14, leftM2: 8600, leftPieces: 1, buildings: 2, remnants: [] },
    });
    expect(parcels[1]).toMatchObject({ fromM: 70, toM: 170, leftPieces: 2, leftM2: 8000, buildings: 0 });
    expect(summary).toMatchObject({
      lengthM: 600,
      corridorM2: 12000,
      parcels: 7,
      takenM2: 12000,
      outsideUnitsM2: 0,
      buildings: 2,
    });
    expect(byUse.map(({ code, takenM2 }) => [code, takenM2])).toEqual([
      ['ODT', 420 + 2000 * 3 + 600],
      ['CLN', 980 + 2000 + 1400 + 600],
    ]);
    expect(byZone.map(({ plan, zoneCode, areaM2 }) => [plan, zoneCode, areaM2])).toEqual([
      ['construction', 'ALL', 3400],
      ['land_use', 'TWO', 10600],
      ['land_use', 'ONE', 1400],
    ]);
  });

  it('shares equally among uses if the area of one is unknown, which is listed last', async () => {
    await engine.db.query(sql`INSERT INTO land.parcel_use VALUES (53, 'BHK', NULL)`);
    const { parcels } = await take({ geometry: line([430, 450], [470, 450]), left: 10, right: 5 });
    expect(parcels[0]?.uses).toEqual([
      { code: 'CLN', areaM2: 70, takenM2: 200 },
      { code: 'ODT', areaM2: 30, takenM2: 200 },
      { code: 'BHK', areaM2: null, takenM2: 200 },
    ]);
    await engine.db.query(sql`DELETE FROM land.parcel_use WHERE (parcel_id, code) = (53, 'BHK')`);
  });

  it('flags pieces that are too small, and names former numbers', async () => {
    const { parcels } = await take({ geometry: line([-50, 50], [99.5, 50]), left: 49.7, right: 49.7 });
    const ring = parcels.find(({ id }) => id === 1001);
    expect(ring).toMatchObject({ leftPieces: 1, remnants: [], former: [{ sheet: '27', number: 280 }] });
    expect(ring?.leftM2).toBeCloseTo(109.7, 1);
    // A strip of 0.2 m stays on one side; on the other, a strip of 0.1 m belongs to the rest of the comb.
    const { summary, ...narrow } = await take({ geometry: line([104, 0], [104, 100]), left: 3.8, right: 35.9 });
    expect(narrow.parcels.map(({ id, remnants }) => [id, remnants])).toEqual([
      [1002, [{ areaM2: 20, thresholdM2: 36, use: 'ODT' }]],
    ]);
    expect(summary.remnants).toBe(1);
    // The rule of a unit comes before that of its kind.
    await engine.db.query(
      sql`INSERT INTO land.remnant_threshold (unit, use_code, min_area_m2, status) VALUES (${WEST_UNIT}, 'ODT', 20.5, 'default')`,
    );
    const own = await take({ geometry: line([104, 0], [104, 100]), left: 3.8, right: 35.9 });
    expect(own.parcels[0]?.remnants[0]?.thresholdM2).toBe(20.5);
    await engine.db.query(sql`DELETE FROM land.remnant_threshold WHERE unit = ${WEST_UNIT}`);
  });

  it('sums excluded uses apart', async () => {
    const geometry = LINES['one straight side'];
    const [all, some] = [await take({ geometry }), await take({ geometry, excludeUses: ['CLN'] })];
    const only = all.parcels.filter(({ uses }) => uses.every(({ code }) => code === 'CLN'));
    expect(some.parcels).toHaveLength(all.parcels.length - filled(only).length);
    expect(some.summary.excludedM2).toBeCloseTo(
      only.reduce((sum, { takenM2 }) => sum + takenM2, 0),
      1,
    );
    expect(some.summary.excludedParcels).toBe(only.length);
    expectSums(some);
  });

  it('counts overlapping parcels for each, and says so', async () => {
    const { summary } = await take({ geometry: LINES['one over overlapping parcels'] });
    expect(summary.countedTwiceM2).toBeCloseTo(10 * 24, 1);
  });

  it('tells land without a parcel from land outside of the units', async () => {
    const inside = await take({ geometry: line([410, 50], [590, 50]) });
    expect(inside.summary.outsideUnitsM2).toBe(0);
    const { summary } = await take({ geometry: LINES['one that leaves the units'] });
    expect(summary.outsideUnitsM2).toBeCloseTo(500 * 24, 1);
    expect(summary.withoutParcelM2).toBe(0);
  });

  it('gives land without a parcel and land outside of the units as rows, in the order of the line', async () => {
    const { gaps, byUnit } = await take({ geometry: LINES['one through a hole'] });
    const unit = { code: WEST_UNIT, validFrom: '2025-07-01' };
    expect(gaps).toMatchObject([
      { kind: 'outside_units', fromM: 0, toM: 50, unit: null, areaM2: 1200, isSliver: false },
      { kind: 'without_parcel', fromM: 70, toM: 130, unit, areaM2: 1440, isSliver: false },
      { kind: 'without_parcel', fromM: 190, toM: 200, unit, areaM2: 240, isSliver: false },
    ]);
    expect(byUnit).toMatchObject([{ code: WEST_UNIT, withoutParcelM2: 1680 }]);
  });

  it('joins a gap across the stretches of the line, and divides it at the border of the units', async () => {
    const whole = await take({ geometry: line([1000, 650], [1700, 650]) });
    expect(whole.gaps).toMatchObject([{ kind: 'outside_units', fromM: 200, toM: 700, areaM2: 12000 }]);
    await engine.db.script('DELETE FROM land.parcel WHERE id BETWEEN 121 AND 132');
    const { gaps } = await take({ geometry: line([-100, 1050], [1300, 1050]) });
    expect(gaps.map(({ fromM, toM, unit, areaM2 }) => [fromM, toM, unit?.code, areaM2])).toEqual([
      [0, 100, undefined, 2400],
      [100, 700, WEST_UNIT, 14400],
      [700, 1300, EAST_UNIT, 14400],
      [1300, 1400, undefined, 2400],
    ]);
  });

  it('sums slivers of a unit in one row of their own', async () => {
    const values = await take({ geometry: line([650, 1150], [850, 1150]) });
    expect(values.gaps).toMatchObject([
      { kind: 'without_parcel', fromM: 50, toM: 150, unit: { code: EAST_UNIT }, areaM2: 2.4, isSliver: true },
    ]);
    expectSums(values);
  });

  it('fills the corridor with the shapes of its layers', async () => {
    const { job, summary, gaps } = await take({ geometry: LINES['one through a hole'] });
    const layers = await engine.db.query<{ layer: string; count: number; area: number; stated: number | null }>(sql`
      SELECT layer, count(*), sum(ST_Area(geom)) AS area, sum((properties->>'area_m2')::float8) AS stated
      FROM result.feature WHERE job = ${job} AND layer IN ('taken', 'gaps', 'corridor') GROUP BY layer ORDER BY layer`);
    const [corridor, free, taken] = filled(layers);
    expect([corridor?.count, free?.count, taken?.count]).toEqual([1, gaps.length, 2]);
    expect(free?.area).toBeCloseTo(free?.stated ?? 0, 1);
    expect((taken?.area ?? 0) + (free?.area ?? 0)).toBeCloseTo(corridor?.area ?? 0, 1);
    expect(corridor?.area).toBeCloseTo(summary.corridorM2, 1);
  });

  it.each([
    [
      'X first, with numbers of the points',
      `1\t${Y + 450},00\t${X + 430},00\r\n2\t${Y + 450},00\t${X + 1030},00`,
      'north-east',
    ],
    ['Y first', `${X + 430}.0; ${Y + 450}.0\n${X + 1030}.0; ${Y + 450}.0`, 'east-north'],
    ['a title and edge lengths', `Bảng tọa độ\n1 ${Y + 450} ${X + 430} 600,00\n2 ${Y + 450} ${X + 1030}`, 'north-east'],
  ])('reads the line out of a list of corners: %s', async (_, corners, order) => {
    const { line: read, notes, ...asList } = await take({ corners, crs: undefined });
    expect(read).toEqual({
      ...{ corners: 2, order, isNamed: false, isClosed: false },
      ...{ crs: 'EPSG:9210', crsName: "VN-2000 / TM-3 105°45'" },
    });
    expect(notes[0]?.en).toMatch(
      /2 points, (north|east) first, VN-2000 \/ TM-3 105°45' \(EPSG:9210\); the list names no system/,
    );
    const drawn = await take({ geometry: line([430, 450], [1030, 450]) });
    expect([drawn.line, asList.summary, asList.parcels]).toEqual([null, drawn.summary, drawn.parcels]);
  });

  it('reads a list in the zone that it names, and a closed one as a ring', async () => {
    const corners = await engine.db.query<{ text: string }>(sql`
      SELECT string_agg(round(ST_Y(geom)::numeric, 4) || ' ' || round(ST_X(geom)::numeric, 4), E'\n' ORDER BY path) AS text
      FROM (SELECT (ST_DumpPoints(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(LINES['a ring'])}::text), 9210), 9211))).*) AS point`);
    const {
      line: read,
      notes,
      summary,
    } = await take({ corners: `Kinh tuyến trục 106°00'\n${corners[0]?.text}`, crs: undefined });
    expect(read).toMatchObject({ corners: 4, crs: 'EPSG:9211', isNamed: true, isClosed: true });
    expect(notes[0]?.vi).toMatch(
      /4 điểm, nối về điểm đầu, số đầu là X \(bắc\), VN-2000 \/ TM-3 106°00' \(EPSG:9211\)\.$/,
    );
    expect(summary.lengthM).toBeCloseTo(1600, 2);
    const drawn = await take({ geometry: LINES['a ring'] });
    expect(Math.abs(summary.takenM2 - drawn.summary.takenM2)).toBeLessThan(1);
  });

  it.each([
    ['of one point', `${Y} ${X}`, 400, /at least two points/],
    [
      'with a line that is no pair',
      `${Y} ${X}\n${Y} 99999999\n${Y} ${X + 50}`,
      400,
      /1 lines of "corners" were not understood: "1220000 99999999"/,
    ],
    ['in an unknown system', `EPSG:1234\n${Y} ${X}\n${Y} ${X + 50}`, 400, /system that the list names is unknown/],
    ['outside of Vietnam', `EPSG:3857\n${Y} ${X}\n${Y} ${X + 50}`, 400, /not in Vietnam in Web Mercator/],
    ['of no length', `${Y} ${X}\n${Y} ${X}`, 400, /no length|valid/],
    [
      'of too many points',
      Array.from({ length: 501 }, (_, at) => `${Y} ${X + at}`).join('\n'),
      422,
      /501 points; the most is 500/,
    ],
    ['that is too long', ' '.repeat(40_001), 400, /40000/],
  ])('refuses a list %s', async (_, corners, status, detail) => {
    const answer = await post({ corners, left: 5, right: 5 });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(detail)]);
  });

  it('refuses a list with "crs", and beside a shape', async () => {
    const corners = `${Y} ${X}\n${Y} ${X + 50}`;
    const [withCrs, withShape] = [
      await post({ corners, crs: 'EPSG:9210', left: 5, right: 5 }),
      await post({ corners, geometry: LINES['a ring'], left: 5, right: 5 }),
    ];
    expect([withCrs.status, withCrs.body.detail]).toEqual([
      400,
      expect.stringMatching(/write the system into the list/),
    ]);
    expect([withShape.status, withShape.body.detail]).toEqual([
      400,
      expect.stringMatching(/exactly one of: "geometry", "features" or "corners"/),
    ]);
  });

  it('joins features of a layer where they meet', async () => {
    const filter = { op: '=', args: [{ property: 'name' }, 'A'] };
    const { body } = await post({ features: { layer: 'base.road', filter }, left: 5, right: 5 });
    expect(body.summary).toMatchObject({ lengthM: 800, corridorM2: 8000 });
    expect(body.parcels).toHaveLength(8);
  });

  it.each([
    ['no width at all', { geometry: LINES['a ring'], left: 0, right: 0 }, 400, /must not both be 0/],
    ['a negative width', { geometry: LINES['a ring'], left: -1, right: 0 }, 400, /"inputs.left" must be/],
    ['too wide a side', { geometry: LINES['a ring'], left: 501, right: 0 }, 400, /≤ 500/],
    ['a point', { geometry: { type: 'Point', coordinates: at([0, 0])[0] } }, 400, /must be a line/],
    ['features that are areas', { features: { layer: 'land.parcel', ids: [10] } }, 400, /must be a line/],
    ['a line of no length', { geometry: line([5, 5], [5, 5]) }, 400, /valid|no length/],
    ['too long a line', { geometry: line([0, 0], [0, 200_001]) }, 422, /200001 m long; the most is 200000 m/],
    ['a use that is no code', { geometry: LINES['a ring'], excludeUses: ['road'] }, 400, /excludeUses/],
    [
      'axes swapped',
      {
        geometry: {
          type: 'LineString',
          coordinates: [
            [Y, X],
            [Y, X + 1],
          ],
        },
      },
      400,
      /only when swapped/,
    ],
  ])('refuses %s', async (_, inputs, status, detail) => {
    const crs = 'features' in inputs ? {} : { crs: 'EPSG:9210' };
    const answer = await post({ ...crs, left: 5, right: 5, ...inputs });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(detail)]);
  });
});
