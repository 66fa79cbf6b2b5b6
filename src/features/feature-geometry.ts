import type { Layer } from '../catalog/layer.ts';
import { raw, type Sql, sql } from '../database/sql.ts';
import type { Crs } from '../geo/crs.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import { shownDigits } from '../geometry/digits.ts';
import { commonDomain, isWithin } from '../geometry/domain.ts';
import { shapeOf } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';

/**
 * The geometry of a row as GeoJSON in a system: axes in the order that its URI says, exterior rings counterclockwise seen
 * from above, no arcs. NULL where there is nothing to show, or where the row lies outside of what the system can say.
 */
export function geoJsonIn(layer: Layer, crs: Crs): Sql {
  const { geometry } = layer;
  const wound = wind(geometry.dimension, featureGeometry(layer, crs));
  const shape = crs.axes === 'north-east' ? sql`ST_FlipCoordinates(${wound})` : wound;
  const digits = raw(String(shownDigits(geometry, crs)));
  return sql`CASE WHEN ${isShown(geometry, crs)} THEN ST_AsGeoJSON(${shape}, ${digits}, 0)::json END`;
}

/** The geometry of a row in a system, longitude or easting first; what is stored in it is not transformed. */
export function featureGeometry({ geometry }: Layer, { srid }: Crs): Sql {
  const shape = shapeOf(geometry);
  return geometry.srid === srid ? shape : sql`ST_Transform(${shape}, ${raw(String(srid))})`;
}

/** Whether the system can say where a row is: one that it cannot must not make a whole page fail. */
export function isShown(geometry: GeometryColumn, crs: Crs): Sql {
  const isStored = crs.srid === geometry.srid && crs.unit === 'metre';
  return isStored ? raw('TRUE') : isWithin(geometry, commonDomain(geometry, crs.srid));
}
