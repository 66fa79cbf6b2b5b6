import { raw, type Sql, sql } from '../database/sql.ts';
import type { GeometryColumn } from './column.ts';
import { shapeOf } from './shape.ts';

/**
 * Overlays round vertices to cells of this size, 1 µm on the ground. The area of a polygon of 100 km² with 100 000
 * vertices changes by less than 0.01 m².
 *
 * With cells, GEOS joins edges that nearly coincide in one pass. Without them it fails and retries in other ways. The
 * WebAssembly build cannot retry, and the whole statement is lost.
 */
const CELL = { metre: raw('1e-6'), degree: raw('1e-11') } as const;

type AreaUnit = keyof typeof CELL;

/** Returns the geometry with valid polygons, as overlays and predicates need it. A valid geometry stays as it is. */
export function sound(geometry: Sql): Sql {
  return sql`catalog.sound(${geometry})`;
}

/** Returns the {@link shapeOf} of a row, with valid polygons. */
export function soundOf(geometry: GeometryColumn): Sql {
  const { dimension } = geometry;
  const shape = shapeOf(geometry);
  return dimension === 'polygon' || dimension === 'mixed' ? sound(shape) : shape;
}

/**
 * Returns the intersection of two valid geometries. Neither may be a collection.
 * @param unit of their CRS
 */
export function intersection(a: Sql, b: Sql, unit: AreaUnit = 'metre'): Sql {
  return sql`ST_Intersection(${a}, ${b}, ${CELL[unit]})`;
}

/** Returns the part of a valid geometry outside of another, in a CRS in metres. Neither may be a collection. */
export function difference(a: Sql, b: Sql): Sql {
  return sql`ST_Difference(${a}, ${b}, ${CELL.metre})`;
}

/** Returns the aggregate that unites valid geometries of a CRS in metres. */
export function union(geometry: Sql): Sql {
  return sql`ST_Union(${geometry}, ${CELL.metre})`;
}

/**
 * Returns the aggregate that unites valid geometries of several dimensions, in a CRS in metres. A polygon thinner than a
 * cell would vanish, and counts as its boundary.
 */
export function unaryUnion(geometry: Sql): Sql {
  const isThin = sql`ST_Dimension(${geometry}) = 2 AND ST_Area(${geometry}) <= ${CELL.metre} * ST_Perimeter(${geometry})`;
  return sql`ST_UnaryUnion(ST_Collect(CASE WHEN ${isThin} THEN ST_Boundary(${geometry}) ELSE ${geometry} END), ${CELL.metre})`;
}
