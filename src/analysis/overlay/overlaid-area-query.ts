import { type Query, raw, sql } from '../../database/sql.ts';
import { boxOf } from '../../geometry/box.ts';
import { union } from '../../geometry/overlay.ts';

/**
 * Selects the place as one area, for its coverage: `{geom, box, areaM2}`, the box in degrees. A point becomes a disc of
 * one metre, since a share of it is asked for.
 */
export function overlaidAreaQuery(geoms: readonly string[]): Query {
  return sql`
    SELECT geom::text AS geom, ${boxOf(raw('ST_Transform(geom, 4326)'))} AS bbox, ST_Area(geom) AS "areaM2" FROM (
      SELECT ${union(raw('CASE WHEN ST_Dimension(part) = 0 THEN ST_Buffer(part, 1) ELSE part END'))} AS geom
      FROM (SELECT geom::geometry AS part FROM unnest(${geoms}::text[]) AS given (geom)) AS parts) AS place`;
}
