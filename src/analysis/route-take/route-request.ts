import type { Layer } from '../../catalog/layer.ts';
import type { Profile } from '../corridor/corridor.ts';
import type { AskedPlace } from '../source/source.ts';

/** Limits of one request. Beyond them the problem gives the number and the limit. */
export const ROUTE_LIMITS = {
  /** Metres from the line to each side. */
  side: 500,
  /** Metres of the line. */
  length: 200_000,
  vertices: 20_000,
  /** Parcels that one corridor may touch. */
  parcels: 20_000,
  /** Parcels in the answer; the layer of the result has all of them. */
  shown: 2000,
  uses: 100,
} as const;

/** Layers that the principal may see; the answer lacks the columns of the others. */
export interface RouteLayers {
  readonly parcels: Layer;
  readonly buildings: Layer | undefined;
  readonly zones: Layer | undefined;
}

/** A line that was read out of a list of corners. */
export interface LineReading {
  readonly corners: number;
  /** The axis that the list has first. */
  readonly order: 'east-north' | 'north-east';
  readonly crs: string;
  readonly crsName: string;
  /** True if the list names its system; else it was chosen by the size of the numbers. */
  readonly isNamed: boolean;
  readonly isClosed: boolean;
}

export interface RouteRequest {
  readonly source: AskedPlace;
  /** Null if the line was not given as a list. */
  readonly reading: LineReading | null;
  readonly profile: Profile;
  /** Codes of uses; a parcel that has no other use is not taken. */
  readonly excludedUses: readonly string[];
  readonly layers: RouteLayers;
}
