import type { Geometry } from 'geojson';
import type { Layer } from '../../catalog/layer.ts';
import type { BoundFilter } from '../../filter/filter.ts';
import type { Crs } from '../../geo/crs.ts';

/** Limits of the place that a request asks about. Beyond them the problem gives the number and the limit. */
export const SOURCE_LIMITS = {
  /** Vertices of a geometry, or of all selected features together. */
  vertices: 20_000,
  featureVertices: 200_000,
  ids: 1000,
  /** Features of a layer in one request. */
  features: 5000,
} as const;

/** A geometry in GeoJSON order, east first, whatever the axis order of the CRS. Every position lies in Vietnam. */
export interface GeometrySource {
  readonly kind: 'geometry';
  readonly geometry: Geometry;
  readonly crs: Crs;
}

/** Features that have one of the ids and match the filter, if given. */
export interface FeatureSource {
  readonly kind: 'features';
  readonly layer: Layer;
  readonly ids?: readonly (string | number)[] | undefined;
  readonly filter?: BoundFilter | undefined;
}

export type AskedPlace = GeometrySource | FeatureSource;

/** Returns true if queries of such a source always have the same text, so without a filter. */
export function hasOneText(source: AskedPlace): boolean {
  return source.kind === 'geometry' || source.filter === undefined;
}
