import { type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Crs } from '../geo/crs.ts';
import { type GeometryColumn, geometryOf } from './column.ts';
import { domainOf, lonLatBox } from './domain.ts';
import { envelope, segmentOf, transformable } from './envelope.ts';
import { shapeOf } from './shape.ts';

/**
 * A box of another system in the layer's: its edges are cut into short pieces first, and what lies where the layer's system
 * is not defined is cut off. Its numbers must be such as the system has (`numbersOf` of geo/crs).
 */
export function boxIn(box: BBox, { srid, area, unit }: Crs, geometry: GeometryColumn): Sql {
  if (srid === geometry.srid) return envelope(box, srid);
  // Cut in its own system first: outside of its area there are numbers that stand for no place, or for two.
  const inArea = sql`ST_Intersection(${envelope(transformable(box, unit), srid)}, ${lonLatBox(area, srid)})`;
  const lonLat = sql`ST_Transform(ST_Segmentize(${inArea}, ${segmentOf(box)}::float8), 4326)`;
  const domain = domainOf(geometry);
  const cut = domain ? sql`ST_Intersection(${lonLat}, ${lonLatBox(domain, 4326)})` : lonLat;
  return geometry.srid === 4326 ? cut : sql`ST_Transform(${cut}, ${geometry.srid}::int)`;
}

/** `[west, south, east, north]` of a geometry as JSON, in the geometry's own system. */
export function boxOf(geometry: Sql): Sql {
  return sql`jsonb_build_array(ST_XMin(${geometry}), ST_YMin(${geometry}), ST_XMax(${geometry}), ST_YMax(${geometry}))`;
}

/** Whether a row touches an area of its own system. The index answers for the column; what it finds is compared as it is shown. */
export function touches(geometry: GeometryColumn, area: Sql): Sql {
  return sql`(${geometryOf(geometry)} && ${area} AND ST_Intersects(${shapeOf(geometry)}, ${area}))`;
}
