import { coordAll } from '@turf/meta';
import type { Geometry, Position } from 'geojson';
import { domainOf, geometryOf, lonLatBox, straightened, touches } from '../catalog/geometry-sql.ts';
import type { Layer } from '../catalog/layer.ts';
import type { Expression, Operand, SpatialOperator } from '../cql2/expression.ts';
import { wrongFilter } from '../cql2/literal.ts';
import { type Sql, sql } from '../database/sql.ts';
import type { Crs } from '../geo/crs.ts';

type Spatial = Extract<Expression, { kind: 'spatial' }>;

const FUNCTIONS: Readonly<Record<Exclude<SpatialOperator, 's_intersects' | 's_disjoint'>, Sql>> = {
  s_equals: sql`ST_Equals`,
  s_touches: sql`ST_Touches`,
  s_within: sql`ST_Within`,
  s_overlaps: sql`ST_Overlaps`,
  s_crosses: sql`ST_Crosses`,
  s_contains: sql`ST_Contains`,
};

/**
 * A spatial predicate as a condition: in the layer's own system, so that its index answers.
 * @param crs of the coordinates in the filter
 */
export function spatialCondition({ op, left, right }: Spatial, layer: Layer, crs: Crs): Sql {
  const operands = [left, right].map((operand) => shapeOf(operand, layer, crs));
  const [a, b] = operands as [Shape, Shape];
  if (op === 's_intersects') return intersection(a, b, layer);
  if (op === 's_disjoint') return sql`(NOT ${intersection(a, b, layer)})`;
  if (a.isCollection || b.isCollection) {
    throw wrongFilter(
      `${op} với hình học đơn loại; GEOMETRYCOLLECTION chỉ dùng với S_INTERSECTS và S_DISJOINT`,
      `${op} with geometries of one kind; a GEOMETRYCOLLECTION is for S_INTERSECTS and S_DISJOINT`,
    );
  }
  return sql`${FUNCTIONS[op]}(${a.sql}, ${b.sql})`;
}

interface Shape {
  readonly sql: Sql;
  readonly isProperty: boolean;
  readonly isCollection: boolean;
}

function intersection(a: Shape, b: Shape, { geometry }: Layer): Sql {
  const literal = a.isProperty ? b : a;
  if (a.isProperty !== b.isProperty) return touches(geometry, literal.sql);
  return sql`ST_Intersects(${a.sql}, ${b.sql})`;
}

function shapeOf(operand: Operand, layer: Layer, crs: Crs): Shape {
  const { geometry } = layer;
  if (operand.kind === 'property') {
    requireGeometry(operand.name, layer);
    return { sql: straightened(geometry) ?? geometryOf(geometry), isProperty: true, isCollection: false };
  }
  const literal = literalOf(operand, crs);
  requireInside(literal, crs);
  const isCollection = literal.type === 'GeometryCollection';
  return { sql: inSystemOf(layer, literal, crs), isProperty: false, isCollection };
}

/** The geometry column by its name, or as `geometry`. */
export function isGeometryName(name: string, { geometry }: Layer): boolean {
  return name === geometry.column || name === 'geometry';
}

function requireGeometry(name: string, layer: Layer): void {
  if (isGeometryName(name, layer)) return;
  const { column } = layer.geometry;
  throw wrongFilter(
    `S_... với thuộc tính "${column}" (không phải "${name.slice(0, 60)}")`,
    `S_... with the property "${column}" (not "${name.slice(0, 60)}")`,
  );
}

function literalOf(operand: Operand, crs: Crs): Geometry {
  if (operand.kind === 'geometry') return operand.geometry;
  if (operand.kind === 'bbox') return boxOf(operand.bbox, crs);
  throw wrongFilter(
    'S_... với một thuộc tính hình học và một hình học (WKT, BBOX hoặc GeoJSON)',
    'S_... of a geometry property and a geometry (WKT, BBOX or GeoJSON)',
  );
}

/** In CRS84 a box whose west lies east of its east crosses the antimeridian: it is two. */
function boxOf(bbox: readonly number[], crs: Crs): Geometry {
  const [west = 0, south = 0, east = 0, north = 0] = bbox.length === 6 ? [0, 1, 3, 4].map((at) => bbox[at]) : bbox;
  const ring = (x0: number, x1: number): Position[][] => [
    [
      [x0, south],
      [x1, south],
      [x1, north],
      [x0, north],
      [x0, south],
    ],
  ];
  if (crs.srid !== 4326 || crs.axes !== 'east-north' || west <= east) {
    return { type: 'Polygon', coordinates: ring(west, east) };
  }
  return { type: 'MultiPolygon', coordinates: [ring(west, 180), ring(-180, east)] };
}

/** Metres beyond which PROJ gives up on a system, generously: its own unit, east and north of the false origin. */
const FAR_METRES = 20_037_509;

function requireInside(geometry: Geometry, crs: Crs): void {
  for (const [first = 0, second = 0] of coordAll(geometry)) {
    const [east, north] = crs.axes === 'east-north' ? [first, second] : [second, first];
    const isInside =
      crs.unit === 'degree'
        ? Math.abs(east) <= 180 && Math.abs(north) <= 90
        : crs.srid === 3857
          ? Math.max(Math.abs(east), Math.abs(north)) <= FAR_METRES
          : Math.abs(east - 500_000) <= 2_000_000 && north >= -1_000_000 && north <= 4_000_000;
    if (isInside) continue;
    const order = crs.axes === 'east-north' ? ['đông trước', 'east first'] : ['bắc trước', 'north first'];
    throw wrongFilter(
      `hình học theo ${crs.name}, ${order[0]} (ở đây có [${first}, ${second}])`,
      `a geometry in ${crs.name}, ${order[1]} (here is [${first}, ${second}])`,
    );
  }
}

/** The literal in the layer's system: mended, and without what lies where PROJ fails and no row can be. */
function inSystemOf({ geometry: column }: Layer, literal: Geometry, crs: Crs): Sql {
  const given = sql`ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(literal)}::text), ${crs.srid}::int)`;
  const east = crs.axes === 'east-north' ? given : sql`ST_FlipCoordinates(${given})`;
  const isArea = literal.type === 'Polygon' || literal.type === 'MultiPolygon';
  const shape = isArea ? sql`ST_CollectionExtract(ST_MakeValid(${east}), 3)` : east;
  if (crs.srid === column.srid) return shape;
  const lonLat = crs.srid === 4326 ? shape : sql`ST_Transform(${shape}, 4326)`;
  const domain = domainOf(column);
  const near = domain && column.srid !== 4326 ? sql`ST_Intersection(${lonLat}, ${lonLatBox(domain, 4326)})` : lonLat;
  return column.srid === 4326 ? near : sql`ST_Transform(${near}, ${column.srid}::int)`;
}
