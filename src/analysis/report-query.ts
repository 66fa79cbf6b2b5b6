import type { Layer } from '../catalog/layer.ts';
import { EMPTY, ident, join, type Query, raw, sql } from '../database/sql.ts';
import { boxOf } from '../geometry/box.ts';
import { intersection } from '../geometry/overlay.ts';
import { shapeOf } from '../geometry/shape.ts';
import { foundProperties } from './found-rows.ts';
import { inCell, type LayerCell, plainGeometry, tableOf } from './layer-sql.ts';
import type { Relation } from './relation.ts';

/**
 * Selects the box of the buffer in the layer's SRID, `{box}`. Its edges are curves there, so they are cut into 16
 * before the transformation. The remaining error of a sixteenth is far below the thousandth that is added.
 */
export function boxQuery(buffer: string, { geometry }: Layer): Query {
  const sides = sql`greatest(ST_XMax(b) - ST_XMin(b), ST_YMax(b) - ST_YMin(b))`;
  return sql`
    SELECT ${boxOf(raw('e'))} AS box FROM (
      SELECT ST_Transform(ST_Segmentize(ST_Expand(b, ${sides} / 1000), ${sides} / 16), ${geometry.srid}::int) AS e
      FROM (SELECT ST_Envelope(${buffer}::text::geometry) AS b) AS given) AS there`;
}

/** Vertices up to which a buffer is not worth cutting. */
const SMALL = 512;

/**
 * Counts the features of a cell, and selects the part of the buffer that they can touch: `{count, near}`, `near` null
 * if none.
 *
 * Each cell cuts the part of its parent cell. Otherwise a corridor of 100 000 vertices would be read and compared
 * whole, 0.1 s a statement. The cut extends a metre beyond the features, so that they never meet its edge.
 */
export function probeQuery(layer: Layer, cell: LayerCell, { buffer, zone }: { buffer: string; zone: number }): Query {
  const { srid } = layer.geometry;
  const sides = raw('greatest(ST_XMax(extent) - ST_XMin(extent), ST_YMax(extent) - ST_YMin(extent), 1e-9)');
  const there =
    srid === zone
      ? raw('extent')
      : sql`ST_Envelope(ST_Transform(ST_Segmentize(ST_Expand(extent, ${sides} / 1000), ${sides} / 16), ${zone}::int))`;
  return sql`
    SELECT count, CASE WHEN NOT ST_IsEmpty(near) THEN near::text END AS near FROM (
      SELECT count, CASE WHEN count = 0 THEN NULL WHEN ST_NPoints(buffer) <= ${SMALL}::int THEN buffer
        ELSE ST_CollectionExtract(${intersection(raw('buffer'), sql`ST_Expand(${there}, 1)`)}, 3) END AS near
      FROM (SELECT ${buffer}::text::geometry AS buffer) AS given CROSS JOIN (
        SELECT count(*) AS count, ST_SetSRID(ST_Extent(${shapeOf(layer.geometry)})::geometry, ${srid}::int) AS extent
        FROM ${tableOf(layer)} WHERE ${inCell(layer, cell)}) AS found) AS probed`;
}

/** Returns true if areas of the layer are split by land use and by unit. */
export function isParcels({ id }: Layer): boolean {
  return id === 'land.parcel';
}

/** Returns true if areas of the layer belong to plans. Plans cover the same ground, so their areas have no sum. */
export function isPlans({ id }: Layer): boolean {
  return id === 'land.planning_zone';
}

export interface ReportPart {
  readonly layer: Layer;
  readonly cell: LayerCell;
  /** The part of the buffer that the cell's features can touch: hexadecimal EWKB in the measuring zone. */
  readonly buffer: string;
  readonly zone: number;
  readonly relation: Relation;
  /** Most features returned; figures include all. */
  readonly keep: number;
}

/** Figures of one cell. */
export interface PartTotals {
  readonly count: number;
  readonly area: number;
  readonly length: number;
  readonly uses: readonly { code: string; count: number; area: number }[] | null;
  readonly units: readonly { code: string; validFrom: string; count: number; area: number }[] | null;
  readonly plans: readonly (PlanKey & { readonly count: number; readonly area: number })[] | null;
}

/** The plan of a zone. */
export interface PlanKey {
  readonly plan: string;
  readonly decision: string | null;
  readonly period: string;
}

/**
 * Selects one row `{totals}` with the figures of a cell, and rows `{geom, properties}`: hexadecimal EWKB in the measuring
 * zone, and JSON text.
 *
 * ST_Covers finds the features wholly inside, with a buffer prepared once for all rows; only those on the edge are cut.
 */
export function reportQuery({ layer, cell, buffer, zone, relation, keep }: ReportPart): Query {
  const parcels = isParcels(layer);
  const shown = ident(relation === 'clipped' ? 'inside' : 'feature_geom');
  const own = [
    ...(parcels ? [raw('id AS parcel_id, main_use, unit_code AS of_unit, unit_valid_from AS of_unit_from')] : []),
    ...(isPlans(layer) ? [raw('plan AS of_plan, decision AS of_decision, period AS of_period')] : []),
  ];
  const groups = parcels
    ? sql`, 'uses', ${BY_USE}, 'units', ${BY_UNIT}`
    : isPlans(layer)
      ? sql`, 'plans', ${BY_PLAN}`
      : EMPTY;
  return sql`
    WITH area AS MATERIALIZED (SELECT ${buffer}::text::geometry AS geom),
    candidate AS MATERIALIZED (
      SELECT ${foundProperties(layer)} AS properties, ${plainGeometry(layer, zone)} AS feature_geom${own.length ? sql`, ${join(own, ', ')}` : EMPTY}
      FROM ${tableOf(layer)} WHERE ${inCell(layer, cell)}),
    hit AS MATERIALIZED (
      SELECT candidate.*, CASE WHEN is_within THEN feature_geom
        ELSE ST_CollectionExtract(${intersection(raw('feature_geom'), raw('area.geom'))}, ST_Dimension(feature_geom) + 1) END AS inside
      FROM candidate CROSS JOIN area CROSS JOIN LATERAL (SELECT ST_Covers(area.geom, feature_geom) AS is_within OFFSET 0) AS relation
      WHERE ${relation === 'within' ? raw('is_within') : raw('(is_within OR ST_Intersects(area.geom, feature_geom))')}),
    kept AS MATERIALIZED (
      SELECT *, ST_Area(inside) AS inside_area FROM hit${relation === 'clipped' ? raw(' WHERE NOT ST_IsEmpty(inside)') : EMPTY})
    SELECT jsonb_build_object('count', count(*), 'area', coalesce(sum(inside_area), 0),
      'length', coalesce(sum(ST_Length(inside)), 0)${groups}) AS totals, NULL::text AS geom, NULL::text AS properties FROM kept
    UNION ALL (SELECT NULL, ${shown}::text, properties::text FROM kept LIMIT ${keep}::int)`;
}

/**
 * Splits the part inside among a parcel's uses in proportion to their areas on the certificate; equally if one is unknown
 * or all are 0.
 */
const BY_USE = sql`(SELECT jsonb_agg(each) FROM (
  SELECT coalesce(shares.code, main_use) AS code, count(*) AS count, sum(inside_area * coalesce(shares.share, 1)) AS area
  FROM kept LEFT JOIN LATERAL (
    SELECT code, CASE WHEN bool_and(area_m2 IS NOT NULL) OVER () AND sum(area_m2) OVER () > 0
      THEN (area_m2 / sum(area_m2) OVER ())::float8 ELSE 1.0 / count(*) OVER () END AS share
    FROM land.parcel_use WHERE parcel_use.parcel_id = kept.parcel_id) AS shares ON TRUE
  GROUP BY 1) AS each)`;

const BY_PLAN = sql`(SELECT jsonb_agg(each) FROM (
  SELECT of_plan AS plan, of_decision AS decision, of_period AS period, count(*) AS count, sum(inside_area) AS area
  FROM kept GROUP BY 1, 2, 3) AS each)`;

const BY_UNIT = sql`(SELECT jsonb_agg(each) FROM (
  SELECT of_unit AS code, of_unit_from AS "validFrom", count(*) AS count, sum(inside_area) AS area
  FROM kept GROUP BY 1, 2) AS each)`;

/** Selects names and colours for the codes in a report. */
export function namesQuery(uses: readonly string[], units: readonly { code: string; validFrom: string }[]): Query {
  return sql`
    SELECT 'use' AS kind, code, NULL AS "validFrom", name_vi AS name, name_en AS "nameEn", colour
    FROM land.land_use_type WHERE code = ANY(${uses}::text[])
    UNION ALL SELECT 'unit', code, valid_from::text, full_name, NULL, NULL FROM base.unit
    WHERE (code, valid_from) IN (SELECT * FROM unnest(${units.map(({ code }) => code)}::text[], ${units.map(({ validFrom }) => validFrom)}::date[]))`;
}
