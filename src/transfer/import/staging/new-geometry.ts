import type { Session } from '../../../database/database.ts';
import { sql } from '../../../database/sql.ts';
import type { Dimensions, TargetGeometry } from '../plan/target.ts';
import { ROW } from './staged.ts';

/** Returns the geometry type of a new table: one MULTI type if all rows are alike, POINT for points, else GEOMETRY. */
export async function newGeometry(session: Session, srid: number): Promise<TargetGeometry> {
  // Shapefiles of type PolygonZ mostly have heights of 0, which are dropped. So are measures that are 0 or absent
  // (NaN).
  const measured = sql`EXISTS (SELECT FROM ST_DumpPoints(g) AS p WHERE ST_M(p.geom) <> 0 AND ST_M(p.geom) <> 'NaN')`;
  const found = await session.query<{ name: string; has_z: boolean | null; has_m: boolean | null }>(sql`
    SELECT kind AS name, bool_or(ST_Zmflag(g) IN (2, 3) AND (ST_ZMin(g) <> 0 OR ST_ZMax(g) <> 0)) AS has_z,
      bool_or(ST_Zmflag(g) IN (1, 3) AND ${measured}) AS has_m
    FROM ${ROW} WHERE kind IS NOT NULL AND NOT coalesce(ST_IsEmpty(g), FALSE) GROUP BY 1 ORDER BY 1`);
  // Some versions of PostGIS name the type with its M.
  const [kind = '', other] = [...new Set(found.map(({ name }) => name.replace('MULTI', '').replace(/M$/, '')))];
  const isMulti = found.some(({ name }) => name.startsWith('MULTI'));
  const has = (ordinate: 'has_z' | 'has_m') => found.some((each) => each[ordinate]);
  const simple = !other && /^(POINT|LINESTRING|POLYGON)$/.test(kind);
  const type = !simple ? 'GEOMETRY' : kind === 'POINT' && !isMulti ? 'POINT' : `MULTI${kind}`;
  const dimensions = `${has('has_z') ? 'Z' : ''}${has('has_m') ? 'M' : ''}` as Dimensions;
  return { name: 'geom', type, dimensions, srid, notNull: true };
}
