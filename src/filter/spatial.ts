import { coordAll } from '@turf/meta';
import type { Geometry } from 'geojson';
import type { Layer } from '../catalog/layer.ts';
import type { Expression, Operand, SpatialOperator } from '../cql2/expression.ts';
import { wrongFilter } from '../cql2/literal.ts';
import { raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, boxGeometry, intersectBBox, ringOf } from '../geo/bbox.ts';
import { linesOf } from '../geo/crossings.ts';
import { type Crs, crsOfSrid } from '../geo/crs.ts';
import { countVertices } from '../geo/tangle.ts';
import { type GeometryColumn, geometryOf } from '../geometry/column.ts';
import { domainOf, lonLatBox } from '../geometry/domain.ts';
import { intersection, sound, soundOf } from '../geometry/overlay.ts';
import { shapeOf } from '../geometry/shape.ts';
import { PREPARED } from './bounds.ts';

type Spatial = Extract<Expression, { kind: 'spatial' }>;
type NearExpression = Extract<Expression, { kind: 'near' }>;

/** A geometry in a supported CRS, x = east. */
interface PlacedGeometry {
  readonly geometry: Geometry;
  readonly srid: number;
}

const FUNCTIONS: Readonly<Record<SpatialOperator, string>> = {
  s_intersects: 'ST_Intersects',
  s_disjoint: 'NOT ST_Intersects',
  s_equals: 'ST_Equals',
  s_touches: 'ST_Touches',
  s_crosses: 'ST_Crosses',
  s_within: 'ST_Within',
  s_contains: 'ST_Contains',
  s_overlaps: 'ST_Overlaps',
};

/**
 * Returns a spatial predicate as a condition, in the layer's own CRS so that its index is used.
 * @param crs of the coordinates in the filter
 */
export function spatialCondition({ op, left, right }: Spatial, layer: Layer, crs: Crs): Sql {
  const column = layer.geometry;
  const [a, b] = [left, right].map((operand) => compareSide(operand, layer, { crs, isPlain: !PREPARED.has(op) })) as [
    ComparedSide,
    ComparedSide,
  ];
  const takesCollections = op === 's_intersects' || op === 's_disjoint';
  if (!takesCollections && (a.isCollection || b.isCollection)) throw noCollection(op);
  const test = sql`${raw(FUNCTIONS[op])}(${a.sql}, ${b.sql})`;
  // For collections GEOS supports only `intersects`.
  const isSafe = takesCollections || column.dimension !== 'mixed' || !(a.isColumn || b.isColumn);
  const answer = isSafe
    ? test
    : sql`CASE WHEN GeometryType(${geometryOf(column)}) <> 'GEOMETRYCOLLECTION' THEN ${test} ELSE FALSE END`;
  // The index holds the bare column.
  const there = a.isColumn ? b : a;
  const isIndexed = a.isColumn !== b.isColumn && op !== 's_disjoint';
  return isIndexed ? sql`(${geometryOf(column)} && ${there.sql} AND ${answer})` : sql`(${answer})`;
}

/** True where a row lies within a distance on the ground. */
export function nearCondition({ place, metres }: NearExpression, { geometry: column }: Layer, crs: Crs): Sql {
  const shape = shapeOf(column);
  const there = inSystemOf(column, placeOperand(place, crs), true);
  if (isTrueToScale(column.srid)) {
    // The index holds the bare column.
    return sql`(${geometryOf(column)} && ST_Expand(${there}, ${metres}::float8) AND ST_DWithin(${shape}, ${there}, ${metres}::float8))`;
  }
  const ground = (geometry: Sql) =>
    column.srid === 4326 ? sql`${geometry}::geography` : sql`ST_Transform(${geometry}, 4326)::geography`;
  return sql`ST_DWithin(${ground(shape)}, ${ground(there)}, ${metres}::float8)`;
}

/** Returns true if a property is the geometry column, by its name or as `geometry`. */
export function isGeometryName(name: string, { geometry }: Layer): boolean {
  return name === geometry.column || name === 'geometry';
}

interface ComparedSide {
  readonly sql: Sql;
  readonly isColumn: boolean;
  readonly isCollection: boolean;
}

function compareSide(operand: Operand, layer: Layer, { crs, isPlain }: { crs: Crs; isPlain: boolean }): ComparedSide {
  const column = layer.geometry;
  if (operand.kind !== 'property') {
    const place = placeOperand(operand, crs);
    const isCollection = place.geometry.type === 'GeometryCollection';
    return { sql: inSystemOf(column, place, isPlain), isColumn: false, isCollection };
  }
  if (!isGeometryName(operand.name, layer)) {
    throw wrongFilter(
      `S_... với thuộc tính "${column.column}" (không phải "${operand.name.slice(0, 60)}")`,
      `S_... with the property "${column.column}" (not "${operand.name.slice(0, 60)}")`,
    );
  }
  return { sql: soundOf(column), isColumn: true, isCollection: false };
}

function placeOperand(operand: Operand, crs: Crs): PlacedGeometry {
  if (operand.kind === 'geometry' && operand.srid !== undefined) {
    requireOnEarth(operand.geometry);
    return { geometry: operand.geometry, srid: operand.srid };
  }
  const given = operand.kind === 'geometry' ? operand.geometry : boxOperand(operand, crs);
  const geometry = crs.axes === 'east-north' ? given : swapAxes(given);
  if (crs.unit === 'degree') requireDegrees(geometry, crs);
  else requireOnEarth(geometry);
  return { geometry, srid: crs.srid };
}

/**
 * Returns a box as a geometry. A CRS84 box whose west lies east of its east crosses the antimeridian and becomes two.
 */
function boxOperand(operand: Operand, crs: Crs): Geometry {
  if (operand.kind !== 'bbox') {
    throw wrongFilter(
      'S_... với một thuộc tính hình học và một hình học (WKT, BBOX hoặc GeoJSON)',
      'S_... of a geometry property and a geometry (WKT, BBOX or GeoJSON)',
    );
  }
  const { bbox } = operand;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = bbox.length === 6 ? [0, 1, 3, 4].map((at) => bbox[at]) : bbox;
  const isTwo = crs.unit === 'degree' && crs.axes === 'east-north' && x0 > x1;
  if (!isTwo) return boxGeometry([x0, y0, x1, y1]);
  const [west, east]: [BBox, BBox] = [
    [x0, y0, 180, y1],
    [-180, y0, x1, y1],
  ];
  if (y0 < y1) return { type: 'MultiPolygon', coordinates: [[ringOf(west)], [ringOf(east)]] };
  return { type: 'MultiLineString', coordinates: [ringOf(west).slice(0, 2), ringOf(east).slice(0, 2)] };
}

type NestedNumbers = readonly (number | NestedNumbers)[];

function swapAxes(geometry: Geometry): Geometry {
  if (geometry.type === 'GeometryCollection') return { ...geometry, geometries: geometry.geometries.map(swapAxes) };
  const swap = (list: NestedNumbers): NestedNumbers =>
    typeof list[0] === 'number' ? [list[1] as number, list[0]] : list.map((each) => swap(each as NestedNumbers));
  return { ...geometry, coordinates: swap(geometry.coordinates as NestedNumbers) } as Geometry;
}

function requireDegrees(geometry: Geometry, crs: Crs): void {
  for (const [lon = 0, lat = 0] of coordAll(geometry)) {
    if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) continue;
    const [vi, en] =
      crs.axes === 'east-north' ? ['kinh độ trước', 'longitude first'] : ['vĩ độ trước', 'latitude first'];
    throw wrongFilter(
      `hình học bằng độ, ${vi} (ở đây có kinh độ ${lon}, vĩ độ ${lat})`,
      `a geometry in degrees, ${en} (here is longitude ${lon}, latitude ${lat})`,
    );
  }
}

/** Twice round the Earth, in metres. Beyond it doubles are too coarse for GEOS. */
export const FARTHEST_METRES = 80_000_000;

function requireOnEarth(geometry: Geometry): void {
  const far = coordAll(geometry).find(
    ([x = 0, y = 0]) => Math.abs(x) > FARTHEST_METRES || Math.abs(y) > FARTHEST_METRES,
  );
  if (!far) return;
  throw wrongFilter(
    `hình học có tọa độ từ -${FARTHEST_METRES} đến ${FARTHEST_METRES} (ở đây có [${far}])`,
    `a geometry with coordinates from -${FARTHEST_METRES} to ${FARTHEST_METRES} (here is [${far}])`,
  );
}

/** Returns true if the CRS's metres are metres on the ground. Those of Web Mercator are not: 2 % off at 11° N. */
function isTrueToScale(srid: number): boolean {
  return srid !== 3857 && crsOfSrid(srid)?.unit === 'metre';
}

/**
 * Returns the place as a valid geometry in the layer's CRS. From another CRS, its edges are bent, and only the part
 * that both systems can hold remains.
 */
function inSystemOf(column: GeometryColumn, { geometry, srid }: PlacedGeometry, isPlain: boolean): Sql {
  const given = sql`ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), ${srid}::int)`;
  const hasAreas = /Polygon|Collection/.test(geometry.type);
  const literal = hasAreas ? sound(given) : given;
  if (srid === column.srid) return sql`(SELECT ${literal})`;
  requireFewPieces(geometry, column.srid, isPlain);
  const area = crsOfSrid(srid)?.area;
  const domain = domainOf(column);
  const reach = area && domain ? intersectBBox(area, domain) : (area ?? domain);
  if (reach === null) return sql`(SELECT ST_SetSRID('POLYGON EMPTY'::geometry, ${column.srid}::int))`;
  const held = reach ? cutTo(lonLatBox(reach, srid), literal, { geometry, srid }) : literal;
  const there = sql`ST_Transform(ST_Segmentize(${held}, ${longestStep(geometry)}::float8), ${column.srid}::int)`;
  return sql`(SELECT ${hasAreas ? sound(there) : there})`;
}

/** Clips a valid place to an area of the same CRS. Overlays accept no collections, so each of their parts is clipped. */
function cutTo(area: Sql, literal: Sql, { geometry, srid }: PlacedGeometry): Sql {
  const cut = (part: Sql) => intersection(part, area, crsOfSrid(srid)?.unit);
  if (geometry.type !== 'GeometryCollection') return cut(literal);
  return sql`(SELECT ST_Collect(${cut(raw('part.geom'))}) FROM ST_Dump(${literal}) AS part)`;
}

/** Returns a sixteenth of the geometry's size. */
function longestStep(geometry: Geometry): number {
  const size = (axis: 0 | 1) => {
    const values = coordAll(geometry).map((position) => position[axis] ?? 0);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  };
  return Math.max(size(0) / 16, size(1) / 16, 1e-9);
}

/** Most pieces into which the sides of a geometry are cut, if GEOS indexes them. */
const MAX_PIECES = 8000;

/** @param isPlain without an index, 2 µs a piece and row: a box has up to 64 pieces */
function requireFewPieces(geometry: Geometry, srid: number, isPlain: boolean): void {
  const step = longestStep(geometry);
  let pieces = 0;
  for (const line of linesOf(geometry)) {
    for (const [index, [x1 = 0, y1 = 0]] of line.entries()) {
      const [x0 = x1, y0 = y1] = line[index - 1] ?? [];
      pieces += Math.ceil(Math.hypot(x1 - x0, y1 - y0) / step);
    }
  }
  const most = isPlain ? 2 * countVertices(geometry) + 128 : MAX_PIECES;
  if (pieces <= most) return;
  throw wrongFilter(
    `hình học ít cạnh dài hơn: để chuyển sang EPSG:${srid} các cạnh phải cắt thành ${pieces} đoạn, nhiều nhất là ${most}; hoặc cho hình học bằng hệ đó (filter-crs=EPSG:${srid})`,
    `a geometry of fewer long sides: cut into pieces to be taken to EPSG:${srid} they are ${pieces}, and the most is ${most}; or give it in that system (filter-crs=EPSG:${srid})`,
  );
}

function noCollection(op: string) {
  return wrongFilter(
    `${op} với hình học đơn loại; GEOMETRYCOLLECTION chỉ dùng với S_INTERSECTS và S_DISJOINT`,
    `${op} with geometries of one kind; a GEOMETRYCOLLECTION is for S_INTERSECTS and S_DISJOINT`,
  );
}
