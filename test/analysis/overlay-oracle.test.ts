import { beforeAll, expect, it } from 'vitest';
import { type PreparedOverlay, prepareOverlay, runOverlay } from '../../src/analysis/overlay/overlay-analysis.ts';
import { type Cut, cutByLayer } from '../../src/analysis/parts/cut.ts';
import { isSliver } from '../../src/analysis/parts/part-rows.ts';
import { type CountRow, cutByLayerQuery } from '../../src/analysis/parts/parts-query.ts';
import { MOST_PAIR_VERTICES, type Subject } from '../../src/analysis/parts/subject.ts';
import { defaultLayers, treatmentOf } from '../../src/analysis/parts/treatment.ts';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';

/** Parcels that cross zones, some with a hole, some of several parts, some both. */
const MANY = 200;
/** Grid of the plain SQL in metres, without which GEOS fails on the embedded engine. */
const GRID = 1e-6;

describeEngines('overlay beside plain SQL', (engine) => {
  let layers: readonly Layer[];
  const ids: number[] = [];
  beforeAll(async () => {
    // A table of their own: an update of parcels would also renew their tiles, 9 s on the embedded engine.
    await engine.db.script(
      'CREATE TABLE land.odd_parcel (id bigint PRIMARY KEY, geom geometry(MultiPolygon, 9210) NOT NULL)',
    );
    const rows = await engine.db.query<{ id: number }>(sql`
      INSERT INTO land.odd_parcel SELECT id, ST_Multi(CASE id % 4
        WHEN 0 THEN ST_Difference(geom, ST_Buffer(ST_PointOnSurface(geom), 1.5))
        WHEN 1 THEN ST_Union(ARRAY[geom, ST_Translate(geom, 300, 40), ST_Translate(geom, -250, 90), ST_Translate(geom, 30, 700)])
        WHEN 2 THEN ST_Difference(ST_Union(geom, ST_Translate(geom, 900, 0)), ST_Buffer(ST_PointOnSurface(geom), 2))
        ELSE geom END) FROM land.parcel WHERE id IN (
          SELECT p.id FROM land.parcel AS p JOIN land.planning_zone AS z ON ST_Intersects(z.geom, p.geom) AND NOT ST_Covers(z.geom, p.geom)
          GROUP BY p.id ORDER BY p.id LIMIT ${MANY}::int)
      RETURNING id`);
    ids.push(...rows.map(({ id }) => id));
    const { layers: found } = await discover(engine.db, ['base', 'land', 'environment']);
    layers = [...found.values()];
  });

  const prepare = (asked: readonly number[], some: readonly Layer[]): Promise<PreparedOverlay> => {
    const layer = layers.find(({ id }) => id === 'land.odd_parcel') as Layer;
    return prepareOverlay(
      engine.db,
      { source: { kind: 'features', layer, ids: asked }, layers: some, within: 500 },
      9210,
      {},
    );
  };

  it(`gives each of ${MANY} odd parcels the m² of each zone that plain SQL gives, and the uncovered rest`, async () => {
    expect(ids).toHaveLength(MANY);
    const plans = layers.filter(({ id }) => id === 'land.planning_zone');
    const { pieces } = await runOverlay(engine.db, await prepare(ids, plans), {});
    const ours: Record<string, number> = {};
    for (const { subject, plan, zones, areaM2 } of filled(pieces)) {
      // Ground that two zones claim counts for both, as in plain SQL.
      for (const zone of zones.length ? zones.map((each) => each.zone) : ['rest']) {
        const key = `${subject.id} ${plan} ${zone}`;
        ours[key] = (ours[key] ?? 0) + areaM2;
      }
    }
    const theirs = await engine.db.query<{ key: string; area: number }>(sql`
      WITH cut AS MATERIALIZED (
        SELECT p.id, z.plan, z.id AS zone, ST_CollectionExtract(ST_Intersection(p.geom, z.geom, ${GRID}), 3) AS geom
        FROM land.odd_parcel AS p JOIN land.planning_zone AS z ON ST_Intersects(p.geom, z.geom))
      SELECT id || ' ' || plan || ' ' || zone AS key, ST_Area(geom) AS area FROM cut
      UNION ALL
      SELECT p.id || ' ' || plan || ' rest', ST_Area(p.geom) - coalesce((SELECT ST_Area(ST_UnaryUnion(ST_Collect(cut.geom), ${GRID}))
        FROM cut WHERE (cut.id, cut.plan) = (p.id, kind.plan)), 0)
      FROM land.odd_parcel AS p CROSS JOIN (SELECT DISTINCT plan FROM land.planning_zone) AS kind`);
    const wrong = filled(theirs).filter(({ key, area }) => Math.abs(area - (ours[key] ?? 0)) > 0.01);
    expect(wrong).toEqual([]);
    const known = new Set(theirs.map(({ key }) => key));
    expect(Object.keys(ours).filter((key) => !known.has(key))).toEqual([]);
  });

  it('adds up to the parcel in each plan and in units, slivers included', async () => {
    const some = layers.filter(({ id }) => id === 'land.planning_zone' || id === 'base.unit');
    const { pieces, subjects } = await runOverlay(engine.db, await prepare(ids, some), {});
    const sums: Record<string, number> = {};
    for (const { subject, layer, plan, period, areaM2 } of pieces) {
      const key = `${subject.id} ${layer.id} ${plan} ${period}`;
      sums[key] = (sums[key] ?? 0) + areaM2;
    }
    const keys = Object.keys(sums);
    expect(keys).toHaveLength(MANY * 3);
    const areas = new Map(subjects.map(({ id, areaM2 }) => [String(id), areaM2]));
    for (const key of keys) {
      const area = areas.get(key.split(' ')[0] as string) as number;
      expect(Math.abs((sums[key] as number) - area), key).toBeLessThan(Math.max(0.1, area / 10_000));
    }
    expect(pieces.some(isSliver)).toBe(true);
  });

  it('divides asked features that are too much for one statement, and refuses what is too much for one run', async () => {
    const subjects = await engine.db.query<Subject>(sql`
      SELECT number AS id, geom::text AS geom, ST_Area(geom) AS "areaM2", 2 AS dimension
      FROM (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 9210) AS box FROM land.parcel) AS whole CROSS JOIN generate_series(1, 2) AS number
      CROSS JOIN LATERAL (SELECT ST_Buffer(ST_Centroid(box), number * 500 + sqrt(ST_Area(box)), 'quad_segs=50') AS geom) AS circle`);
    const parcels = layers.find(({ id }) => id === 'land.parcel') as Layer;
    const together = {
      layer: parcels,
      treatment: treatmentOf(parcels),
      zone: 9210,
      geoms: subjects.map(({ geom }) => geom),
    };
    const [weighed, ...cut] = await engine.db.query<CountRow>(cutByLayerQuery(together));
    expect(weighed?.vertices).toBeGreaterThan(MOST_PAIR_VERTICES);
    expect(cut).toEqual([]);
    const cuts: Cut[] = [];
    for await (const cut of cutByLayer(engine.db, parcels, { subjects, zone: 9210, within: 0 }, {})) cuts.push(cut);
    expect(cuts).toHaveLength(2);
    const theirs = await engine.db.query<{ area: number; pieces: number }>(sql`
      SELECT sum(ST_Area(ST_Intersection(p.geom, c.geom, ${GRID}))) AS area, count(*) AS pieces
      FROM unnest(${subjects.map(({ geom }) => geom)}::text[]) WITH ORDINALITY AS given (geom, number)
      CROSS JOIN LATERAL (SELECT given.geom::geometry AS geom) AS c JOIN land.parcel AS p ON ST_Intersects(p.geom, c.geom)
      GROUP BY given.number ORDER BY given.number`);
    for (const [index, { pieces, vertices }] of cuts.entries()) {
      expect(vertices).toBeLessThanOrEqual(MOST_PAIR_VERTICES);
      expect(pieces).toHaveLength(theirs[index]?.pieces ?? 0);
      const area = pieces.reduce((sum, { areaM2 }) => sum + areaM2, 0);
      expect(Math.abs(area - (theirs[index]?.area ?? 0))).toBeLessThan(0.01 * pieces.length);
    }
    const run = runOverlay(engine.db, await prepare(ids, defaultLayers(layers)), { most: 100_000 });
    await expect(run).rejects.toThrow(/too-much.*100000/);
  });

  it('gives one of several parcels the rows that it has alone', async () => {
    const [first, second] = ids as [number, number];
    const of = async (asked: number[]) =>
      (await runOverlay(engine.db, await prepare(asked, defaultLayers(layers)), {})).pieces;
    const both = await of([first, second]);
    const alone = await of([first]);
    const shown = (pieces: typeof both) =>
      pieces.map(({ layer, plan, zones, areaM2 }) => JSON.stringify([layer.id, plan, zones, areaM2.toFixed(6)])).sort();
    expect(shown(both.filter(({ subject }) => Number(subject.id) === first))).toEqual(shown(alone));
  });
});
