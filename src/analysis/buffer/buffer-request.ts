import type { Geometry } from 'geojson';
import type { Layer } from '../../catalog/layer.ts';
import type { Expression } from '../../cql2/expression.ts';
import type { Crs } from '../../geo/crs.ts';
import type { Relation } from '../relation.ts';
import type { Preset } from './preset-schema.ts';

/** Limits of one request. Beyond them the problem gives the number and the limit. */
export const LIMITS = {
  /** Metres. The buffer of a point with less than a centimetre has no area after rounding to 8 decimals of a degree. */
  minDistance: 0.01,
  distance: 50_000,
  width: 1000,
  /** Vertices of a geometry, or of all selected features together. */
  vertices: 20_000,
  featureVertices: 200_000,
  ids: 1000,
  /** Features of a layer in one buffer. */
  features: 5000,
  /** Vertices of the buffer: 100 000 are 3 MB of GeoJSON. */
  bufferVertices: 100_000,
  layers: 20,
  /** Features stored for paging and tiles, over all layers of a result. Counts and areas include all features. */
  stored: 20_000,
} as const;

/** Segments a quarter circle: a circle's area is 1 - sin(2π/256)/(2π/256) = 0.01 % too small. */
export const QUARTER_SEGMENTS = 64;

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
  readonly filter?: Expression | undefined;
}

export interface BufferRequest {
  readonly source: GeometrySource | FeatureSource;
  /** Metres, in VN-2000. */
  readonly distance: number;
  readonly preset?: Preset | undefined;
  /** Width of a given line in metres. Its edges, from which a preset measures, are half of it away. */
  readonly width?: number | undefined;
  /** Layers to report, narrowed to what the principal may see. */
  readonly layers: readonly Layer[];
  readonly relation: Relation;
}
