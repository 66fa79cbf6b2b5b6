import type { Layer } from '../../catalog/layer.ts';
import type { CAPS } from '../corridor/corridor.ts';
import type { Relation } from '../relation.ts';
import type { AskedPlace } from '../source/source.ts';
import type { Preset } from './preset-schema.ts';

/** Limits of one request. Beyond them the problem gives the number and the limit. */
export const LIMITS = {
  /** Metres around points and lines. With less there is no area after rounding to 8 decimals of a degree. */
  minDistance: 0.01,
  distance: 50_000,
  width: 1000,
  /** Vertices of the buffer: 100 000 are 3 MB of GeoJSON. */
  bufferVertices: 100_000,
  /** Vertices of lines that end flat: each side and each bend is a piece of its own. */
  flatVertices: 20_000,
  layers: 20,
  /** Features stored for paging and tiles, over all layers of a result. Counts and areas include all features. */
  stored: 20_000,
} as const;

/** Segments a quarter circle: a circle's area is 1 - sin(2π/256)/(2π/256) = 0.01 % too small. */
export const QUARTER_SEGMENTS = 64;

export interface BufferRequest {
  readonly source: AskedPlace;
  /** Metres, in VN-2000. */
  readonly distance: number;
  readonly preset?: Preset | undefined;
  /** Width of a given line in metres. Its edges, from which a preset measures, are half of it away. */
  readonly width?: number | undefined;
  /** Form of the ends of lines. */
  readonly caps: (typeof CAPS)[number];
  /** Leaves out the source itself: areas, or lines as wide as they are. */
  readonly ring: boolean;
  /** Layers to report, narrowed to what the principal may see. */
  readonly layers: readonly Layer[];
  readonly relation: Relation;
}
