/** Gaps and overlaps of parcels and of communes, seen as a whole. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import { type Sql, sql } from '../../src/database/sql.ts';
import { checkAll } from '../../src/quality/check.ts';
import { findingsQuery } from '../../src/quality/check-query.ts';
import { Quality } from '../../src/quality/quality.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { findGround, type Ground, leaveFew } from './planting.ts';
import { randomNumbers } from './random-edits.ts';

type Corner = readonly [x: number, y: number];

describeEngines('the coverage', (engine) => {
  let quality: Quality;
  let ground: Ground;
  const run = async (id: string) => {
    for (const bound of quality.rules) if (bound.rule.id === id) await checkAll(engine.db, bound);
  };
  const findings = (rule: string) =>
    engine.db.query<{ measure: number; vi: string; en: string; wkt: string }>(sql`
      SELECT measure, words_vi AS vi, words_en AS en,
        ST_AsText(ST_Translate(ST_Envelope(geom), ${-ground.x}::float8, ${-ground.y}::float8), 2) AS wkt
      FROM quality.finding WHERE rule = ${rule} AND closed_at IS NULL ORDER BY measure, key`);
  let next = 940_000;
  /** Inserts a parcel with corners in metres from the ground. */
  const insert = (corners: readonly Corner[], hole: readonly Corner[] = []) => {
    const ring = (list: readonly Corner[]) =>
      `(${[...list, list[0] as Corner].map(([x, y]) => `${ground.x + x} ${ground.y + y}`).join()})`;
    const text = `MULTIPOLYGON((${[corners, hole]
      .filter((list) => list.length)
      .map(ring)
      .join()}))`;
    next++;
    return engine.db.query(sql`
      INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, geom)
      VALUES (${next}::bigint, ${ground.unit.code}, ${ground.unit.from}::date, '998', ${next - 940_000}::int, ${ground.codes.present}, ST_GeomFromText(${text}, 9210))`);
  };
  const box = (x: number, y: number, width: number, height: number): readonly Corner[] => [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];

  beforeAll(async () => {
    quality = new Quality(engine.db, await discover(engine.db, readConfig({}).schemas));
    ground = await findGround(engine.db);
    await leaveFew(engine.db, { parcels: 400 });
  });

  it('of the sample has no gap', async () => {
    await run('parcel-gap');
    expect(await findings('parcel-gap')).toEqual([]);
  });

  it.each(['parcel-overlap', 'parcel-gap'])('is looked at by several cores where there are such: %s', async (id) => {
    const bound = quality.rules.find(({ rule }) => rule.id === id);
    if (!bound) throw new Error(`there is no rule ${id}`);
    const text = await engine.db.transaction(async (session) => {
      // Few parcels, for which starting a worker would cost more than it saves.
      await session.script(`SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0;
        SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL min_parallel_index_scan_size = 0`);
      const rows = await session.query<{ 'QUERY PLAN': unknown }>(
        sql`EXPLAIN (VERBOSE, FORMAT JSON) ${findingsQuery(bound)}`,
      );
      return JSON.stringify(gatheredIn(rows[0]?.['QUERY PLAN']));
    });
    expect(text).toContain({ 'parcel-overlap': 'st_subdivide', 'parcel-gap': 'parcel_gaps' }[id]);
  });

  it('of parcels has the gaps that were planted, and no slit that rounding leaves', async () => {
    // A frame of 40 m around a hole of 30 m; beside it one of 20 m, filled but for 0.5 m by 20 m.
    await insert(box(0, 0, 40, 40), box(5, 5, 30, 30));
    await insert(box(50, 0, 30, 30), box(55, 5, 20, 20));
    await insert(box(55.5, 5, 19.5, 20));
    // A hole of 0.3 m by 0.3 m, one of 0.4 m by 0.3 m, and a slit of 9 mm along 30 m.
    await insert(box(100, 0, 10, 10), box(105, 5, 0.3, 0.3));
    await insert(box(110, 0, 10, 10), box(115, 5, 0.4, 0.3));
    await insert(box(140, 0, 30, 10));
    await insert([
      [140, 10],
      [141, 10.009],
      [169, 10.009],
      [170, 10],
      [170, 20],
      [140, 20],
    ]);
    // Neighbours whose corners differ by some micrometres, and a gap of 1 m² that such a slit joins to the open land.
    await insert([
      [200, 0],
      [210.000_003, 0],
      [209.999_998, 5],
      [210.000_004, 10],
      [200, 10],
    ]);
    await insert([
      [210, 0],
      [220, 0],
      [220, 10],
      [210, 10],
      [210.000_002, 7],
      [211, 7],
      [211, 6],
      [210.000_002, 6],
    ]);
    // Holes of 12 m and of 40 m around parcels that are 1 m smaller; what those cover is no gap.
    await insert(box(230, 0, 20, 20), box(234, 4, 12, 12));
    await insert(box(234.5, 4.5, 11, 11));
    await insert(box(260, 0, 50, 50), box(265, 5, 40, 40));
    await insert(box(265.5, 5.5, 39, 39));
    // On the edge of two squares, of 800 m and of 3200 m: a hole of 40 m by 1 m amid four parcels, and an alley of 1 m that is open 150 m farther.
    const edge = 3200 * Math.ceil(ground.x / 3200) - ground.x;
    const middle = 800 * Math.floor(ground.y / 800) + 400 - ground.y;
    await insert(box(edge - 25, middle, 50, 5));
    await insert(box(edge - 25, middle + 6, 50, 5));
    await insert(box(edge - 25, middle + 5, 5, 1));
    await insert(box(edge + 20, middle + 5, 5, 1));
    await insert(box(edge - 55, middle + 100, 5, 11));
    await insert(box(edge - 50, middle + 100, 200, 5));
    await insert(box(edge - 50, middle + 106, 200, 5));
    await run('parcel-gap');
    const found = await findings('parcel-gap');
    expect(found.map(({ measure, wkt }) => [measure, wkt])).toEqual([
      [0.12, 'POINT(115.2 5.15)'],
      [1, 'POLYGON((210 6,210 7,211 7,211 6,210 6))'],
      [10, 'POLYGON((55 5,55 25,55.5 25,55.5 5,55 5))'],
      [23, 'POLYGON((234 4,234 16,246 16,246 4,234 4))'],
      [
        40,
        `POLYGON((${edge - 20} ${middle + 5},${edge - 20} ${middle + 6},${edge + 20} ${middle + 6},${edge + 20} ${middle + 5},${edge - 20} ${middle + 5}))`,
      ],
      [79, 'POLYGON((265 5,265 45,305 45,305 5,265 5))'],
    ]);
    // The alley is cut 5 mm before a whole metre, which boxes of PostGIS round up.
    const west = ground.x + edge - 160.005;
    const cut = await engine.db.query(sql`
      SELECT ST_AsText(quality.parcel_gaps(ST_MakeEnvelope(${west}::float8, ${ground.y + middle + 120}::float8, ${west + 100}::float8, ${ground.y + middle + 130}::float8, 9210)))`);
    expect(cut).toEqual([]);
    expect(found[2]?.vi).toMatch(/^(Phường|Xã) .*: khe hở 10 m² giữa các thửa đất$/);
    expect(found[2]?.en).toMatch(/: a gap of 10 m² between parcels$/);
    const [tally] = (await quality.scores()).units.filter(({ code }) => code === ground.unit.code);
    expect(JSON.stringify(tally)).toContain('parcel-gap');
    await insert(box(55, 5, 0.5, 20));
    await run('parcel-gap');
    expect((await findings('parcel-gap')).map(({ measure }) => measure)).toEqual([0.12, 1, 23, 40, 79]);
  });

  it('has the faults that were planted at seeded sides, as the check of coverages of the engine sees them where it has one', async () => {
    const random = randomNumbers(33);
    const [across, side] = [8, 20];
    // Neighbours in a row have a corner in the middle of their common side. In one plot of three it is moved.
    const shifts = Array.from({ length: across * across }, () =>
      random() < 1 / 3 ? (random() < 0.5 ? -1 : 1) * (0.5 + random()) : 0,
    );
    const first = next + 1;
    for (const [plot, shift] of shifts.entries()) {
      const [x, y] = [2000 + (plot % across) * side, Math.floor(plot / across) * side];
      const [one, two, three, four] = box(x, y, side, side) as [Corner, Corner, Corner, Corner];
      await insert([one, two, [x + side + shift, y + side / 2], three, four, [x, y + side / 2]]);
    }
    await run('parcel-overlap');
    await run('parcel-gap');
    const ids = async (query: Sql) => (await engine.db.query<{ id: number }>(query)).map(({ id }) => id - first);
    const plots = sql`SELECT id, geom FROM land.parcel WHERE id BETWEEN ${first}::bigint AND ${next}::bigint`;
    const found = await ids(sql`
      WITH plot AS (${plots})
      SELECT plot.id FROM plot JOIN quality.finding AS f ON rule = 'parcel-overlap' AND closed_at IS NULL AND key = plot.id::text
      UNION SELECT plot.id FROM plot JOIN quality.finding AS f ON rule = 'parcel-gap' AND closed_at IS NULL
        AND ST_Length(ST_Intersection(ST_Boundary(plot.geom), ST_Buffer(f.geom, 0.02))) > 0.2 ORDER BY id`);
    // The last plot of a row has no neighbour to the east.
    const planted = [...shifts.keys()].filter(
      (plot) => (shifts[plot] && plot % across < across - 1) || (plot % across > 0 && shifts[plot - 1]),
    );
    expect(found).toEqual(filled(planted));
    const [has] = await engine.db.query<{ check: boolean }>(
      sql`SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'st_coverageinvalidedges') AS check`,
    );
    if (!has?.check) return;
    // The second argument is the width of the gaps that it looks for.
    const invalid = await ids(sql`
      SELECT id FROM (SELECT id, ST_CoverageInvalidEdges(geom, 3) OVER () AS edges FROM (${plots}) AS plot) AS checked
      WHERE NOT ST_IsEmpty(edges) ORDER BY id`);
    expect(invalid).toEqual(found);
  });

  it('of communes has the overlap and the gap that were planted, on both sides, and none before', async () => {
    await run('unit-boundary');
    expect(await findings('unit-boundary')).toEqual([]);
    // Two places on a common boundary, more than 2 km apart.
    const [pair] = await engine.db.query<{ one: string; two: string; gap: string; overlap: string }>(sql`
      WITH unit AS (SELECT code, geom FROM base.unit WHERE level = 'commune' AND valid_to IS NULL),
      line AS (
        SELECT a.code AS one, b.code AS two, ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)) AS geom
        FROM unit AS a JOIN unit AS b ON a.code < b.code AND a.geom && b.geom)
      SELECT one, two, ST_AsEWKT(ST_LineInterpolatePoint(geom, 0.25)) AS gap, ST_AsEWKT(ST_LineInterpolatePoint(geom, 0.75)) AS overlap
      FROM line WHERE GeometryType(geom) = 'LINESTRING' AND ST_Length(geom) > 4000 ORDER BY one, two LIMIT 1`);
    if (!pair) throw new Error('no communes have a long common boundary');
    await engine.db.query(sql`
      UPDATE base.unit SET geom = ST_Multi(ST_Union(ST_Difference(geom, ST_Expand(${pair.gap}::geometry, 5)), ST_Expand(${pair.overlap}::geometry, 10)))
      WHERE code = ${pair.one} AND valid_to IS NULL`);
    await run('unit-boundary');
    const found = await engine.db.query<{ unit: string; measure: number; en: string }>(sql`
      SELECT unit_code AS unit, measure, words_en AS en FROM quality.finding WHERE rule = 'unit-boundary' AND closed_at IS NULL ORDER BY measure, unit_code`);
    expect(found.map(({ unit }) => unit)).toEqual([pair.one, pair.two, pair.one, pair.two]);
    expect(found[0]?.en).toMatch(/: a gap of [\d.]+ m² towards its neighbours$/);
    expect(found[2]?.en).toMatch(/: overlaps .+ by [\d.]+ m²$/);
    expect(found[0]?.measure).toBeGreaterThan(20);
    expect(found[0]?.measure).toBeLessThan(80);
    expect(found[2]?.measure).toBeGreaterThan(80);
    expect(found[2]?.measure).toBeLessThan(320);
    // A moat of 5 m around a part of a commune.
    await engine.db.query(sql`
      UPDATE base.unit SET geom = ST_Multi(ST_Difference(geom, ST_Difference(ST_Expand(point, 20), ST_Expand(point, 15))))
      FROM (SELECT ST_SetSRID(ST_MakePoint(${ground.x}::float8, ${ground.y}::float8), 9210) AS point) AS middle
      WHERE code = ${ground.unit.code} AND valid_to IS NULL`);
    await run('unit-boundary');
    expect((await findings('unit-boundary')).map(({ measure }) => measure)).toContain(700);
    // Lines that differ by a centimetre are the same.
    await engine.db.query(
      sql`UPDATE base.unit SET geom = ST_Translate(geom, 0.01, 0) WHERE code = ${ground.other.code} AND valid_to IS NULL`,
    );
    await run('unit-boundary');
    expect((await findings('unit-boundary')).length).toBe(5);
  });
});

/** Returns the parts of a plan that several processes work on. */
function gatheredIn(plan: unknown): readonly unknown[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  if (String(node['Node Type']).startsWith('Gather')) return [node];
  return Object.values(node).flatMap((part) => gatheredIn(part));
}
