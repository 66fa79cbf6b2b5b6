import type { Geometry, Position } from 'geojson';
import type { Dimension } from '../../geometry/column.ts';

/** A shapefile holds geometries of one kind. */
export type Kind = Exclude<Dimension, 'mixed'>;
export const SHAPE_KINDS: readonly Kind[] = ['point', 'line', 'polygon'];

/** Lines, rings or lists of points, of one feature. */
export type Parts = readonly (readonly Position[])[];

/**
 * Splits a geometry by the kinds of its parts, of which a collection can have several. Rings are wound as in
 * shapefiles.
 */
export function partsByKind(geometry: Geometry): ReadonlyMap<Kind, Parts> {
  switch (geometry.type) {
    case 'Point':
      return new Map([['point', [[geometry.coordinates]]]]);
    case 'MultiPoint':
      return new Map([['point', [geometry.coordinates]]]);
    case 'LineString':
      return new Map([['line', [geometry.coordinates]]]);
    case 'MultiLineString':
      return new Map([['line', geometry.coordinates]]);
    case 'Polygon':
      return new Map([['polygon', clockwise(geometry.coordinates)]]);
    case 'MultiPolygon':
      return new Map([['polygon', geometry.coordinates.flatMap(clockwise)]]);
    case 'GeometryCollection':
      return gatherParts(geometry.geometries.map(partsByKind));
  }
}

/** Winds rings. The exterior ring of GeoJSON runs counterclockwise, that of a shapefile clockwise. */
function clockwise(rings: readonly Position[][]): Position[][] {
  return rings.map((ring) => ring.toReversed());
}

function gatherParts(each: readonly ReadonlyMap<Kind, Parts>[]): ReadonlyMap<Kind, Parts> {
  const all = new Map<Kind, Parts>();
  for (const parts of each) {
    for (const [kind, more] of parts) {
      const joined = [...(all.get(kind) ?? []), ...more];
      // All points become one list.
      all.set(kind, kind === 'point' ? [joined.flat()] : joined);
    }
  }
  return all;
}
