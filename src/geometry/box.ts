import { type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Crs } from '../geo/crs.ts';
import { type GeometryColumn, geometryOf } from './column.ts';
import { domainOf, lonLatBox } from './domain.ts';
import { envelope, segmentOf, transformable } from './envelope.ts';
import { intersection, soundOf } from './overlay.ts';

/**
 * Returns a box of one CRS in the layer's CRS. Its edges are first cut into short pieces, and parts outside of the
 * layer's domain are cut off. The numbers must be valid in the box's CRS (`coordinateRange` of geo/crs).
 */
export function boxIn(box: BBox, { srid, area, unit }: Crs, geometry: GeometryColumn): Sql {
  if (srid === geometry.srid) return envelope(box, srid);
  // The box is first clipped in its own CRS. Outside of the CRS's area, coordinates denote no place, or two.
  const inArea = intersection(envelope(transformable(box, unit), srid), lonLatBox(area, srid), unit);
  const lonLat = sql`ST_Transform(ST_Segmentize(${inArea}, ${segmentOf(box)}::float8), 4326)`;
  const domain = domainOf(geometry);
  const cut = domain ? intersection(lonLat, lonLatBox(domain, 4326), 'degree') : lonLat;
  return geometry.srid === 4326 ? cut : sql`ST_Transform(${cut}, ${geometry.srid}::int)`;
}

/** Returns `[west, south, east, north]` of a geometry as JSON, in the geometry's own CRS. */
export function boxOf(geometry: Sql): Sql {
  return sql`jsonb_build_array(ST_XMin(${geometry}), ST_YMin(${geometry}), ST_XMax(${geometry}), ST_YMax(${geometry}))`;
}

/**
 * True where a row intersects an area of its own CRS. The index compares the bare column; the rows it finds are
 * compared by their shape.
 */
export function intersectsArea(geometry: GeometryColumn, area: Sql): Sql {
  return sql`(${geometryOf(geometry)} && ${area} AND ST_Intersects(${soundOf(geometry)}, ${area}))`;
}
