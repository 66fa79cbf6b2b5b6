import { integerKey } from '../../catalog/key.ts';
import { all, ident, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { boxOf } from '../../geometry/box.ts';
import { geometryOf } from '../../geometry/column.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { idText, tableOf } from '../layer-sql.ts';
import type { FeatureSource, GeometrySource } from './source.ts';

/** Returns the geometry of a source, in its own CRS. */
export function given({ geometry, crs }: GeometrySource): Sql {
  return sql`ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), ${crs.srid}::int)`;
}

/**
 * Checks the validity of a geometry, with the reason and the place (its own CRS), and returns its box: `{valid, reason,
 * x, y, box}` (box: degrees).
 */
export function checkQuery(source: GeometrySource): Query {
  return sql`
    SELECT (detail).valid, (detail).reason, ST_X((detail).location) AS x, ST_Y((detail).location) AS y,
      ${boxOf(raw('ST_Transform(geom, 4326)'))} AS box
    FROM (SELECT geom, ST_IsValidDetail(geom) AS detail FROM (SELECT ${given(source)} AS geom) AS given) AS checked`;
}

/**
 * Counts the selected features and their vertices, with their box (degrees), and the ids that exist.
 * @param width column of the width; features without a width are counted too
 */
export function selectionQuery(source: FeatureSource, width?: string): Query {
  const { layer, ids } = source;
  const extent = sql`ST_Transform(ST_SetSRID(ST_Extent(${shapeOf(layer.geometry)})::geometry, ${layer.geometry.srid}::int), 4326)`;
  return sql`
    SELECT count, vertices, found, widthless, CASE WHEN extent IS NOT NULL THEN ${boxOf(raw('extent'))} END AS box FROM (
      SELECT count(*) AS count, coalesce(sum(ST_NPoints(${geometryOf(layer.geometry)})), 0)::int8 AS vertices, ${extent} AS extent,
        ${width === undefined ? raw('0') : sql`count(*) FILTER (WHERE ${ident(width)} IS NULL)`} AS widthless,
        ${ids ? sql`jsonb_agg(${idText(layer)})` : raw('NULL')} AS found
      FROM ${tableOf(layer)} WHERE ${selected(source)}) AS selection`;
}

/** Returns the condition on the layer's rows. */
export function selected({ layer, ids, filter }: FeatureSource): Sql {
  const conditions = [sql`${shapeOf(layer.geometry)} IS NOT NULL`];
  if (ids) {
    const column = integerKey(layer);
    const texts = sql`${ids.map(String)}::text[]`;
    conditions.push(
      column === undefined ? sql`${idText(layer)} = ANY(${texts})` : sql`${ident(column)} = ANY(${texts}::int8[])`,
    );
  }
  if (filter) conditions.push(filter);
  return all(conditions);
}
