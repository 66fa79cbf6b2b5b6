import type { Layer } from '../../catalog/layer.ts';
import type { AskedPlace } from '../source/source.ts';

/** Limits of one request. Beyond them the problem gives the number and the limit. */
export const PLACE_LIMITS = {
  layers: 30,
  /** Metres around the place in which sites are listed. */
  within: 5000,
  /** Vertices that are compared in all layers, as one statement counts them: ten of the most expensive. */
  pairVertices: 50_000_000,
} as const;

export interface OverlayRequest {
  readonly source: AskedPlace;
  /** Narrowed to what the principal may see. */
  readonly layers: readonly Layer[];
  /** Metres around the place in which sites are listed. */
  readonly within: number;
}
