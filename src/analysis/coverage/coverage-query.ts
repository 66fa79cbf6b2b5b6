import type { Layer } from '../../catalog/layer.ts';
import { ident, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { geometryOf } from '../../geometry/column.ts';
import { intersection, sound, soundOf } from '../../geometry/overlay.ts';
import { inCell, type LayerCell, plainGeometry, tableOf } from '../layer-sql.ts';
import type { CoverageTarget } from './coverage-target.ts';

/** Data in a part of the area. Dates are ISO 8601; null: no row has one. */
export interface CoveredRow {
  /** m² with data, for each plan period; one entry for other layers. */
  readonly covered: Readonly<Record<string, number>>;
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** Returns the day of a row; NULL if the layer has no field with one. */
function dayOf({ timeField }: Layer): Sql {
  return timeField === undefined ? raw('NULL::date') : sql`${ident(timeField)}::date`;
}

export interface GroundPart {
  readonly cell: LayerCell;
  /** The part of the area that the cell's features can touch: hexadecimal EWKB in the zone. */
  readonly near: string;
  readonly zone: number;
}

/**
 * Measures the ground of a cell that the layer's areas cover, as one {@link CoveredRow}. Periods of a plan cover the
 * same ground, and are summed apart.
 */
export function groundQuery({ layer, plan, where }: CoverageTarget, { cell, near, zone }: GroundPart): Query {
  return sql`
    WITH area AS MATERIALIZED (SELECT ${near}::text::geometry AS geom),
    found AS MATERIALIZED (
      SELECT period, day, ST_Area(CASE WHEN ST_Covers(geom, shape) THEN shape ELSE ${intersection(raw('shape'), raw('geom'))} END) AS inside
      FROM (
        SELECT ${plan === undefined ? raw(`''`) : ident('period')} AS period, ${dayOf(layer)} AS day, ${plainGeometry(layer, zone)} AS shape
        FROM ${tableOf(layer)} AS source WHERE ${inCell(layer, cell)} AND ${where} OFFSET 0) AS candidate CROSS JOIN area
      WHERE ST_Intersects(geom, shape))
    SELECT coalesce((SELECT jsonb_object_agg(period, covered) FROM (SELECT period, sum(inside) AS covered FROM found GROUP BY period) AS sums), '{}') AS covered,
      (SELECT min(day)::text FROM found WHERE inside > 0) AS oldest, (SELECT max(day)::text FROM found WHERE inside > 0) AS newest`;
}

/** Measures the part of the area in the communes where the layer has a row, as one {@link CoveredRow}. */
export function unitsWithRowsQuery({ layer, where }: CoverageTarget, area: string, zone: number): Query {
  const { srid } = layer.geometry;
  const there = sql`ST_Expand(ST_Transform(ST_Envelope(area), 9210), 1000)`;
  return sql`
    WITH unit AS MATERIALIZED (
      SELECT ST_Area(${intersection(raw('geom'), raw('area'))}) AS inside, unit_there FROM (
        SELECT ${sound(sql`ST_Transform(geom, ${zone}::int)`)} AS geom, ${sound(sql`ST_Transform(geom, ${srid}::int)`)} AS unit_there, area
        FROM base.unit CROSS JOIN (SELECT ${area}::text::geometry AS area) AS given
        WHERE level = 'commune' AND valid_to IS NULL AND geom && ${there}) AS near WHERE ST_Intersects(geom, area)),
    held AS MATERIALIZED (
      SELECT inside, unit_there FROM unit WHERE inside > 0 AND EXISTS (
        SELECT FROM ${tableOf(layer)} AS source WHERE ${geometryOf(layer.geometry)} && unit_there AND ${where} AND ST_Intersects(${soundOf(layer.geometry)}, unit_there)))
    SELECT jsonb_build_object('', (SELECT coalesce(sum(inside), 0) FROM held)) AS covered, dates.* FROM (${datesOf(layer, where)}) AS dates`;
}

function datesOf(layer: Layer, where: Sql): Sql {
  if (layer.timeField === undefined) return raw('SELECT NULL::text AS oldest, NULL::text AS newest');
  return sql`
    SELECT min(day)::text AS oldest, max(day)::text AS newest FROM held CROSS JOIN LATERAL (
      SELECT ${dayOf(layer)} AS day FROM ${tableOf(layer)} AS source WHERE ${geometryOf(layer.geometry)} && unit_there AND ${where}) AS dated`;
}

/** Measures the part of the area in the box of all the layer's rows, as one {@link CoveredRow}. */
export function extentQuery({ layer, where }: CoverageTarget, area: string, zone: number): Query {
  const box = sql`ST_Transform(ST_SetSRID(ST_Extent(${plainGeometry(layer, layer.geometry.srid)})::geometry, ${layer.geometry.srid}::int), ${zone}::int)`;
  return sql`
    SELECT jsonb_build_object('', coalesce(ST_Area(CASE WHEN ST_Dimension(box) = 2 THEN ${intersection(raw('box'), sql`${area}::text::geometry`)} END), 0)) AS covered, oldest, newest
    FROM (SELECT ${box} AS box, min(${dayOf(layer)})::text AS oldest, max(${dayOf(layer)})::text AS newest FROM ${tableOf(layer)} AS source WHERE ${where}) AS rows`;
}
