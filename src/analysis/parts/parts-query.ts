import type { Layer } from '../../catalog/layer.ts';
import { ident, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { featureId } from '../../features/row-key.ts';
import { geometryOf } from '../../geometry/column.ts';
import { difference, intersection, union } from '../../geometry/overlay.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import { ASKED_WEIGHT, MOST_PAIR_VERTICES, MOST_PAIRS } from './subject.ts';
import type { Treatment } from './treatment.ts';

/** Returns the id of a feature as JSON, as in `/collections/…/items`; NULL if the layer has no key. */
export function idJson(layer: Layer): Sql {
  return layer.key.kind === 'none' ? raw('NULL::json') : sql`to_json(${featureId(layer)})`;
}

/** Selects the kinds of plan and their periods: rows `{plan, period}`. */
export function plansQuery(layer: Layer, { plan, period, where }: Treatment): Query {
  return sql`SELECT DISTINCT ${plan} AS plan, ${period} AS period FROM ${tableOf(layer)} AS source WHERE ${where} ORDER BY 1, 2`;
}

export interface PartsBatch {
  readonly layer: Layer;
  readonly treatment: Treatment;
  /** SRID of the measuring zone. */
  readonly zone: number;
  /** Hexadecimal EWKB in the zone. */
  readonly geoms: readonly string[];
}

/** One feature of a layer in a row. */
export interface PlanZoneRow {
  readonly zone: string | number | null;
  readonly code: string | null;
  readonly name: string | null;
  readonly decision: string | null;
  readonly rule: { readonly text: string | null; readonly status: string; readonly validity: string } | null;
}

/** A part of an asked feature. */
export interface PieceRow {
  /** Place of the asked feature in the batch, from 1. */
  readonly ordinal: number;
  readonly plan: string | null;
  readonly period: string | null;
  /** Features that hold the part: none for the uncovered rest, several where they overlap. */
  readonly zones: readonly PlanZoneRow[];
  readonly areaM2: number;
  readonly lengthM: number;
  readonly perimeterM: number;
  /** True if the part is the whole asked feature. */
  readonly isWhole: boolean;
  /** Hexadecimal EWKB in the zone; null if it is the whole asked feature. */
  readonly geom: string | null;
}

/**
 * The row that every statement has; without it the embedded engine gave up silently. Beyond {@link MOST_PAIRS} or
 * {@link MOST_PAIR_VERTICES} nothing is cut.
 */
export interface CountRow {
  readonly pairs: number;
  /** As {@link MOST_PAIR_VERTICES} counts them. */
  readonly vertices: number;
}

/**
 * Cuts the asked features by those of a layer that need not tile the ground: rows of {@link PieceRow}, and one of
 * {@link CountRow}.
 */
export function cutByLayerQuery(batch: PartsBatch): Query {
  return sql`${hits(batch)}, ${parts(batch.layer)},
    piece AS (SELECT ordinal, plan, period, jsonb_build_array(zone) AS zones, is_whole, geom FROM part)
    ${result()}`;
}

/**
 * Overlaps of this size and more are separated: a fifth of the error that a sum may have. Below are the neighbours'
 * edges, drawn twice.
 */
const OVERLAP = raw('greatest(0.02, subject_area / 50000)');

/**
 * Divides the asked features by a layer that tiles the ground. The parts of each plan are disjoint, and with the
 * uncovered rest add up to the asked feature. Ground that several zones of a plan claim is a part of its own, which
 * names them all.
 * @param plans all kinds of plan and periods, so that one which is absent here leaves the whole uncovered
 */
export function partitionQuery(
  batch: PartsBatch,
  plans: readonly { plan: string | null; period: string | null }[],
): Query {
  return sql`${hits(batch)}, ${parts(batch.layer)},
    plan AS (SELECT * FROM unnest(${plans.map(({ plan }) => plan)}::text[], ${plans.map(({ period }) => period)}::text[]) AS given (plan, period)),
    covered AS MATERIALIZED (
      SELECT grouped.*, count > 1 AND total - ST_Area(union_geom) > ${OVERLAP} AS is_claimed_twice FROM (
        SELECT ordinal, plan, period, bool_or(is_whole) AS is_whole, count(*) AS count, sum(ST_Area(geom)) AS total, ${union(raw('geom'))} AS union_geom
        FROM part GROUP BY ordinal, plan, period) AS grouped JOIN subject USING (ordinal)),
    face AS (
      SELECT ordinal, plan, period, row_number() OVER () AS face_number, faces.geom
      FROM covered CROSS JOIN LATERAL (
        SELECT (ST_Dump(ST_Polygonize(lines))).geom FROM (
          SELECT ${union(raw('ST_Boundary(part.geom)'))} AS lines FROM part
          WHERE part.ordinal = covered.ordinal AND ${same('part', 'covered')}) AS noded) AS faces
      WHERE is_claimed_twice),
    claim AS (
      SELECT face.ordinal, face.plan, face.period, face.geom, array_agg(part.number ORDER BY part.number) AS numbers
      FROM face JOIN part ON part.ordinal = face.ordinal AND ${same('part', 'face')}
        AND ST_Intersects(part.geom, ST_PointOnSurface(face.geom))
      GROUP BY face.ordinal, face.plan, face.period, face_number, face.geom),
    piece AS (
      SELECT part.ordinal, part.plan, part.period, jsonb_build_array(zone) AS zones, part.is_whole, geom
      FROM part JOIN covered ON covered.ordinal = part.ordinal AND ${same('covered', 'part')} WHERE NOT is_claimed_twice
      UNION ALL
      SELECT ordinal, plan, period, (SELECT jsonb_agg(zone ORDER BY number) FROM part WHERE part.number = ANY(numbers)), FALSE, ${union(raw('geom'))}
      FROM claim GROUP BY ordinal, plan, period, numbers
      UNION ALL
      SELECT subject.ordinal, plan.plan, plan.period, '[]', covered.ordinal IS NULL,
        CASE WHEN covered.ordinal IS NULL THEN subject_geom
          ELSE ST_CollectionExtract(${difference(raw('subject_geom'), raw('union_geom'))}, ST_Dimension(subject_geom) + 1) END
      FROM subject CROSS JOIN plan LEFT JOIN covered ON covered.ordinal = subject.ordinal AND ${same('covered', 'plan')}
      WHERE covered.is_whole IS NOT TRUE)
    ${result()}`;
}

/** True where two rows are of the same plan. */
function same(a: string, b: string): Sql {
  return raw(`(${a}.plan, ${a}.period) IS NOT DISTINCT FROM (${b}.plan, ${b}.period)`);
}

/** A site near the asked features, or under them. */
export interface NearRow extends PlanZoneRow {
  /** Asked features that lie within the distance. */
  readonly subjects: number;
  /** Metres from the nearest asked feature; 0 within it. */
  readonly distanceM: number;
  readonly areaM2: number;
}

/** Selects the features of a layer within a distance of the asked ones: rows of {@link NearRow}, and a {@link CountRow}. */
export function nearQuery(batch: PartsBatch, within: number): Query {
  return sql`${hits(batch, within)}, near AS MATERIALIZED (
      SELECT zone, count(*) AS subjects, min(distance) AS distance, sum(ST_Area(CASE WHEN distance = 0 AND ST_Dimension(shape) = 2 AND ST_Dimension(subject_geom) = 2
        THEN ${intersection(raw('subject_geom'), raw('shape'))} END)) AS area
      FROM pair CROSS JOIN LATERAL (SELECT ST_Distance(subject_geom, shape) AS distance OFFSET 0) AS measured
      WHERE distance <= ${within}::float8 GROUP BY zone)
    SELECT pairs, vertices, NULL::jsonb AS zone, NULL::int8 AS subjects, NULL::float8 AS "distanceM", NULL::float8 AS "areaM2" FROM work
    UNION ALL (SELECT NULL, NULL, zone, subjects, distance, coalesce(area, 0) FROM near ORDER BY distance)`;
}

/**
 * `subject`, and `pair`: those whose boxes meet, by the features of the layer, since PostGIS prepares one geometry at a
 * time. Each is repaired once, in `solid`, unless `work` is too much.
 */
function hits({ layer, treatment, zone, geoms }: PartsBatch, within = 0): Sql {
  const { plan, period, code, name, decision, rule, where } = treatment;
  const column = geometryOf(layer.geometry);
  const attributes = sql`jsonb_build_object('zone', ${idJson(layer)}, 'code', ${code}, 'name', ${name}, 'decision', ${decision}, 'rule', ${rule})`;
  return sql`
    WITH subject AS MATERIALIZED (
      SELECT ordinal::int, geom::geometry AS subject_geom, ST_Area(geom::geometry) AS subject_area
      FROM unnest(${geoms}::text[]) WITH ORDINALITY AS given (geom, ordinal)),
    hit AS MATERIALIZED (
      SELECT ordinal, subject_geom, found.* FROM subject CROSS JOIN LATERAL (
        SELECT ${plan} AS plan, ${period} AS period, ${attributes} AS zone, ${rowKey(layer)} AS key, ${column} AS raw
        FROM ${tableOf(layer)} AS source WHERE ${column} && ${boxAroundFeature(layer, zone, within)} AND ${where}) AS found
      LIMIT ${MOST_PAIRS + 1}::int),
    feature AS MATERIALIZED (SELECT DISTINCT ON (key) key, raw AS ${ident(layer.geometry.column)}, ST_NPoints(raw) AS vertices FROM hit),
    work AS MATERIALIZED (
      SELECT count(*) AS pairs, coalesce(sum(${ASKED_WEIGHT}::int8 * ST_NPoints(subject_geom) + vertices), 0)::int8 AS vertices FROM hit JOIN feature USING (key)),
    solid AS MATERIALIZED (
      SELECT key, ${plainGeometry(layer, zone)} AS shape FROM feature AS source
      WHERE (SELECT pairs <= ${MOST_PAIRS}::int AND vertices <= ${MOST_PAIR_VERTICES}::int FROM work)),
    pair AS (
      SELECT sorted.*, shape FROM (SELECT ordinal, subject_geom, plan, period, zone, key FROM hit ORDER BY key OFFSET 0) AS sorted JOIN solid USING (key))`;
}

/** Measures a place: `{features, vertices, areaM2}`, the features of a layer whose boxes meet its box, `most` + 1 at most. */
export function crowdQuery(layer: Layer, place: string, { zone, most }: { zone: number; most: number }): Query {
  return sql`
    SELECT (SELECT count(*) FROM (SELECT FROM ${tableOf(layer)} AS source
        WHERE ${geometryOf(layer.geometry)} && ${boxAroundFeature(layer, zone, 0)} LIMIT ${most + 1}::int) AS met) AS features,
      ST_NPoints(subject_geom) AS vertices, ST_Area(subject_geom) AS "areaM2"
    FROM (SELECT ${place}::text::geometry AS subject_geom) AS given`;
}

/** Divides an area at the middle of its box: rows `{geom}`, one to four. */
export function quartersQuery(place: string): Query {
  return sql`
    WITH given AS (SELECT geom, ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north
      FROM (SELECT ${place}::text::geometry AS geom) AS place),
    halved AS (SELECT given.*, (west + east) / 2 AS x, (south + north) / 2 AS y FROM given)
    SELECT geom::text AS geom FROM (
      SELECT ST_CollectionExtract(${intersection(raw('geom'), raw('ST_MakeEnvelope(box.west, box.south, box.east, box.north, ST_SRID(geom))'))}, 3) AS geom
      FROM halved CROSS JOIN LATERAL (VALUES (west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)) AS box (west, south, east, north)) AS quarter
    WHERE NOT ST_IsEmpty(geom)`;
}

/** Returns what distinguishes the rows of a layer; of a view, their geometry, which is all that it is used for. */
function rowKey({ isTable, geometry }: Layer): Sql {
  return isTable ? raw('source.ctid::text') : sql`md5(ST_AsEWKB(${geometryOf(geometry)}))`;
}

/** Returns the box of an asked feature, and `within` metres around it, in the layer's SRID. */
function boxAroundFeature({ geometry }: Layer, zone: number, within: number): Sql {
  if (geometry.srid === zone) return sql`ST_Expand(subject_geom, ${within}::float8)`;
  // Its edges are curves there: they are cut into 16, and the box is a thousandth larger than the rest of the error.
  const side = raw(
    'greatest(ST_XMax(subject_geom) - ST_XMin(subject_geom), ST_YMax(subject_geom) - ST_YMin(subject_geom), 1)',
  );
  const wide = sql`ST_Expand(ST_Envelope(subject_geom), ${within}::float8 + 1 + ${side} / 1000)`;
  return sql`ST_Envelope(ST_Transform(ST_Segmentize(${wide}, (${within}::float8 + ${side}) / 16), ${geometry.srid}::int))`;
}

/**
 * The parts of the asked features: `ST_Covers` finds those that lie wholly inside, and only the others are cut, once each
 * (OFFSET).
 */
function parts({ geometry }: Layer): Sql {
  const isArea = geometry.dimension === 'polygon' || geometry.dimension === 'mixed';
  const whole = isArea ? raw('ST_Covers(shape, subject_geom)') : raw('FALSE');
  return sql`part AS MATERIALIZED (
      SELECT row_number() OVER () AS number, * FROM (
        SELECT ordinal, plan, period, zone, is_whole, CASE WHEN is_whole THEN subject_geom
          ELSE ST_CollectionExtract(${intersection(raw('subject_geom'), raw('shape'))}, least(ST_Dimension(subject_geom), ST_Dimension(shape)) + 1) END AS geom
        FROM pair CROSS JOIN LATERAL (SELECT ${whole} AS is_whole OFFSET 0) AS relation
        WHERE is_whole OR ST_Intersects(shape, subject_geom) OFFSET 0) AS cut
      WHERE NOT ST_IsEmpty(geom))`;
}

function result(): Sql {
  return sql`
    SELECT pairs, vertices, NULL::int AS ordinal, NULL AS plan, NULL AS period, NULL::jsonb AS zones,
      NULL::float8 AS "areaM2", NULL::float8 AS "lengthM", NULL::float8 AS "perimeterM", NULL::boolean AS "isWhole", NULL AS geom FROM work
    UNION ALL
    SELECT NULL, NULL, ordinal, plan, period, zones, ST_Area(geom), ST_Length(geom), ST_Perimeter(geom), is_whole, CASE WHEN NOT is_whole THEN geom::text END
    FROM piece WHERE NOT ST_IsEmpty(geom)`;
}
