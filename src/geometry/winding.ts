import { type Sql, sql } from '../database/sql.ts';
import type { Dimension } from './column.ts';

/**
 * Winds outer rings counter-clockwise. `ST_ForcePolygonCCW` of PostGIS 3.3 also reverses lines, so
 * a mixed column is reversed twice.
 */
export function wind(dimension: Dimension, geometry: Sql): Sql {
  if (dimension === 'mixed') return sql`ST_Reverse(ST_ForcePolygonCW(ST_Reverse(${geometry})))`;
  return dimension === 'polygon' ? sql`ST_ForcePolygonCCW(${geometry})` : geometry;
}
