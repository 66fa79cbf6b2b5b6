import type { Layer } from '../catalog/layer.ts';
import { raw, type Sql, sql } from '../database/sql.ts';
import type { Crs } from '../geo/crs.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import { shownDigits } from '../geometry/digits.ts';
import { commonDomain, isWithin } from '../geometry/domain.ts';
import { shapeOf } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';

/**
 * Returns the geometry of a row as GeoJSON in a CRS: axes in the order of its URI, exterior rings counterclockwise, no
 * arcs. NULL if the row has no geometry to show, or lies outside of the CRS's domain.
 */
export function geoJsonIn(layer: Layer, crs: Crs): Sql {
  const { geometry } = layer;
  const wound = wind(geometry.dimension, featureGeometry(layer, crs));
  const shape = crs.axes === 'north-east' ? sql`ST_FlipCoordinates(${wound})` : wound;
  const digits = raw(String(shownDigits(geometry, crs)));
  return sql`CASE WHEN ${isShown(geometry, crs)} THEN ST_AsGeoJSON(${shape}, ${digits}, 0)::json END`;
}

/** Returns the geometry of a row in a CRS, longitude or easting first. In the stored CRS it is not transformed. */
export function featureGeometry({ geometry }: Layer, { srid }: Crs): Sql {
  const shape = shapeOf(geometry);
  return geometry.srid === srid ? shape : sql`ST_Transform(${shape}, ${raw(String(srid))})`;
}

/** True where the CRS can represent the row. A single row outside of its domain must not make a whole page fail. */
export function isShown(geometry: GeometryColumn, crs: Crs): Sql {
  const isStored = crs.srid === geometry.srid && crs.unit === 'metre';
  return isStored ? raw('TRUE') : isWithin(geometry, commonDomain(geometry, crs.srid));
}
