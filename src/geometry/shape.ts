import { raw, type Sql, sql } from '../database/sql.ts';
import { type GeometryColumn, geometryOf } from './column.ts';

/** Types whose rows are whole, or nothing: they have no part that can be EMPTY. */
const SINGLE: Readonly<Record<string, (column: Sql) => Sql>> = {
  POINT: (column) => sql`abs(ST_X(${column})) + abs(ST_Y(${column})) + coalesce(abs(ST_Z(${column})), 0) < 'Infinity'`,
  LINESTRING: (column) => sql`ST_3DLength(${column}) < 'Infinity' AND ST_NPoints(${column}) > 1`,
  POLYGON: (column) => sql`ST_3DPerimeter(${column}) < 'Infinity' AND ST_NPoints(${column}) > 1`,
};

/**
 * The geometry of a row as every answer gives it: finite coordinates, arcs as lines, no EMPTY part, no collection in another,
 * faces as polygons. NULL where it has a coordinate x or y that is none (NaN, ±Infinity), and where it is EMPTY; such a z or m
 * leaves all of its kind out. Everything else is as it is stored.
 *
 * What finds rows by an index, or looks at their boxes only, takes {@link geometryOf}: the planner knows the bare column.
 */
export function shapeOf(geometry: Pick<GeometryColumn, 'column' | 'type' | 'isGeography' | 'isTyped'>): Sql {
  return shapeIn(geometryOf(geometry), geometry.isTyped ? geometry.type : undefined);
}

/**
 * The same of any expression. Plain rows are told by their length: NaN and Infinity make it so, and PostgreSQL sorts NaN last.
 * That takes 0.5 µs a row; the function that knows all cases takes 8 (PostGIS 3.3, polygons of 9 vertices).
 * @param type of every row, without M; undefined: rows can be of any
 */
export function shapeIn(column: Sql, type?: string): Sql {
  return sql`CASE WHEN ${isPlain(column, type)} THEN ${column} ELSE catalog.shape(${column}) END`;
}

function isPlain(column: Sql, type: string | undefined): Sql {
  if (type === undefined) {
    return sql`GeometryType(${column}) IN ('LINESTRING', 'POLYGON', 'MULTILINESTRING', 'MULTIPOLYGON')
      AND ST_Zmflag(${column}) IN (0, 2) AND ST_NumGeometries(${column}) = 1 AND ST_NPoints(${column}) > 1 AND ST_3DLength(${column}) + ST_3DPerimeter(${column}) < 'Infinity'`;
  }
  const single = SINGLE[type.replace(/^MULTI(?!POINT)/, '')];
  if (!single) return raw('FALSE');
  return type.startsWith('MULTI') ? sql`ST_NumGeometries(${column}) = 1 AND ${single(column)}` : single(column);
}
