import { raw, type Sql, sql } from '../database/sql.ts';

/**
 * Returns the join of the commune that holds a point on the surface of a geometry, as `unit` with its code, `valid_from`
 * and `full_name`; NULL if there is none.
 * @param isPresent communes in force; otherwise former ones
 */
export function unitAround(
  geom: Sql,
  { srid, isPresent }: { readonly srid: number; readonly isPresent: boolean },
): Sql {
  const point = sql`ST_PointOnSurface(${geom})`;
  const there = srid === 9210 ? point : sql`ST_Transform(${point}, 9210)`;
  return sql`LEFT JOIN LATERAL (
    SELECT code, valid_from, full_name FROM base.unit CROSS JOIN (SELECT ${there} AS point) AS at
    WHERE level = 'commune' AND valid_to IS ${isPresent ? raw('NULL') : raw('NOT NULL')} AND unit.geom && at.point AND ST_Intersects(unit.geom, at.point)
    ORDER BY code, valid_from LIMIT 1) AS unit ON TRUE`;
}
