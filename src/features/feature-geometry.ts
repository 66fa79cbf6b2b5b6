import { commonDomain, geometryOf, isWithin, straightened } from '../catalog/geometry-sql.ts';
import type { Dimension, GeometryColumn, Layer } from '../catalog/layer.ts';
import { raw, type Sql, sql } from '../database/sql.ts';
import type { Crs } from '../geo/crs.ts';

/** 1 mm on the ground, and what VN-2000 coordinates are surveyed to. */
const DIGITS = { degree: 8, metre: 4 };
/** Every digit that a double has: what is stored goes out as it is. */
const ALL_DIGITS = 15;

/**
 * The geometry of a row as GeoJSON in a system: axes in the order that its URI says, exterior rings counterclockwise seen
 * from above, no arcs. NULL where there is nothing to show, or where the row lies outside of what the system can say.
 */
export function geoJsonIn(layer: Layer, crs: Crs): Sql {
  const { geometry } = layer;
  const isStored = crs.srid === geometry.srid && crs.unit === 'metre';
  const wound = wind(geometry.dimension, featureGeometry(layer, crs));
  const shape = crs.axes === 'north-east' ? sql`ST_FlipCoordinates(${wound})` : wound;
  const digits = isStored ? ALL_DIGITS : DIGITS[crs.unit];
  return sql`CASE WHEN ${isShown(geometry, crs)} THEN ST_AsGeoJSON(${shape}, ${raw(String(digits))}, 0)::json END`;
}

/** The geometry of a row in a system, longitude or easting first; what is stored in it is not transformed. */
export function featureGeometry({ geometry }: Layer, { srid }: Crs): Sql {
  const shape = straightened(geometry) ?? geometryOf(geometry);
  return geometry.srid === srid ? shape : sql`ST_Transform(${shape}, ${raw(String(srid))})`;
}

/** Whether a row has a geometry that the system can say: one that does not must not make a whole page fail. */
export function isShown(geometry: GeometryColumn, crs: Crs): Sql {
  const isStored = crs.srid === geometry.srid && crs.unit === 'metre';
  const condition = isStored ? raw('TRUE') : isWithin(geometry, commonDomain(geometry, crs.srid));
  return sql`(NOT ST_IsEmpty(${geometryOf(geometry)}) AND ${condition})`;
}

/** `ST_ForcePolygonCCW` of PostGIS 3.3 turns lines round as well; this way they are turned twice. */
export function wind(dimension: Dimension, geometry: Sql): Sql {
  if (dimension === 'mixed') return sql`ST_Reverse(ST_ForcePolygonCW(ST_Reverse(${geometry})))`;
  return dimension === 'polygon' ? sql`ST_ForcePolygonCCW(${geometry})` : geometry;
}
