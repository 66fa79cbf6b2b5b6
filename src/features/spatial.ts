import { coordAll } from '@turf/meta';
import { domainOf, geometryOf, lonLatBox, straightened } from '../catalog/geometry-sql.ts';
import type { GeometryColumn } from '../catalog/layer.ts';
import { raw, type Sql, sql } from '../database/sql.ts';
import { intersectBBox } from '../geo/bbox.ts';
import { SUPPORTED_CRS } from '../geo/crs.ts';
import type { Place, SpatialOperator } from './expression.ts';

const FUNCTIONS: Readonly<Record<Exclude<SpatialOperator, 'disjoint'>, string>> = {
  intersects: 'ST_Intersects',
  equals: 'ST_Equals',
  touches: 'ST_Touches',
  crosses: 'ST_Crosses',
  within: 'ST_Within',
  contains: 'ST_Contains',
  overlaps: 'ST_Overlaps',
};

/** How a row lies to a place, in the layer's own system. */
export function spatialCondition(op: SpatialOperator, place: Place, column: GeometryColumn): Sql {
  if (op === 'disjoint') return sql`(NOT ${spatialCondition('intersects', place, column)})`;
  const there = inSystemOf(column, place);
  const stored = geometryOf(column);
  const test = sql`${raw(FUNCTIONS[op])}(${straightened(column) ?? stored}, ${there})`;
  // GEOS tells of a collection only whether it intersects.
  const isSimple = column.dimension === 'mixed' && op !== 'intersects';
  const answer = isSimple
    ? sql`CASE WHEN GeometryType(${stored}) <> 'GEOMETRYCOLLECTION' THEN ${test} ELSE FALSE END`
    : test;
  return sql`(${stored} && ${there} AND ${answer})`;
}

/** Whether a row lies within a distance. */
export function nearCondition(place: Place, metres: number, column: GeometryColumn): Sql {
  const shape = straightened(column) ?? geometryOf(column);
  const there = inSystemOf(column, place);
  if (isTrueToScale(column.srid)) return sql`ST_DWithin(${shape}, ${there}, ${metres}::float8)`;
  const ground = (geometry: Sql) =>
    column.srid === 4326 ? sql`${geometry}::geography` : sql`ST_Transform(${geometry}, 4326)::geography`;
  return sql`ST_DWithin(${ground(shape)}, ${ground(there)}, ${metres}::float8)`;
}

/** Metres of Web Mercator are no metres of the ground: 2 % off at 11° N. */
function isTrueToScale(srid: number): boolean {
  return srid !== 3857 && SUPPORTED_CRS.find((crs) => crs.srid === srid)?.unit === 'metre';
}

/** The place as valid geometry in the layer's system; of one in another system what both can hold, its edges bent as they are there. */
function inSystemOf(column: GeometryColumn, { geometry, srid }: Place): Sql {
  const valid = sql`ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), ${srid}::int))`;
  // What was no collection must not have become one: predicates take none.
  const literal = geometry.type === 'GeometryCollection' ? valid : sql`ST_CollectionExtract(${valid})`;
  if (srid === column.srid) return sql`(SELECT ${literal})`;
  const area = SUPPORTED_CRS.find((crs) => crs.srid === srid)?.area;
  const domain = domainOf(column);
  const reach = area && domain ? intersectBBox(area, domain) : (area ?? domain);
  if (reach === null) return sql`(SELECT ST_SetSRID('POLYGON EMPTY'::geometry, ${column.srid}::int))`;
  const held = reach ? sql`ST_Intersection(${literal}, ${lonLatBox(reach, srid)})` : literal;
  return sql`(SELECT ST_Transform(ST_Segmentize(${held}, ${longestStep(geometry)}::float8), ${column.srid}::int))`;
}

/** A sixteenth of the geometry's size. */
function longestStep(geometry: Place['geometry']): number {
  const size = (axis: 0 | 1) => {
    const values = coordAll(geometry).map((position) => position[axis] ?? 0);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  };
  return Math.max(size(0) / 16, size(1) / 16, 1e-9);
}
