import { cutRing, type FlatRing, inset, longestSide, reach, ringArea } from './convex.ts';
import { type BlockLane, lineAt } from './cuts.ts';
import type { Cover } from './land-use.ts';
import type { Random } from './random.ts';

/** A parcel before it has a number. */
export interface Lot {
  readonly ring: FlatRing;
  /** The main use, and the second with its share of the area (0 to 1). */
  readonly use: string;
  readonly second?: readonly [code: string, part: number];
  /** The building on it. */
  readonly building?: BuildingKind;
  /** True if this lot and the previous one in the row were one until lately. */
  readonly split?: boolean;
  /** True if this lot was two until lately. */
  readonly merged?: boolean;
}

export type BuildingKind = 'house' | 'factory' | 'school' | 'office' | 'market' | 'religious' | 'hospital';

export interface Subdivision {
  readonly lots: Lot[];
  readonly lanes: BlockLane[];
  /** Rings that the lots cover without gaps. Between them lie lanes. */
  readonly pieces: FlatRing[];
}

export interface Block {
  /** The cell without the land of its streets. */
  readonly ring: FlatRing;
  readonly cover: Cover;
  /** 0 to 1. */
  readonly density: number;
  /** True if houses stand on ODT (a ward), false for ONT (a commune). */
  readonly urban: boolean;
  /** Direction from the middle of the block to its main street, radians. */
  readonly front: number;
  /** True if houses prefer to stand on that street. */
  readonly busy: boolean;
  readonly random: Random;
  /** False for a block that is still one estate, project or institution. */
  readonly divided: boolean;
  /** The only use of the block, if it is one site. */
  readonly site: string | undefined;
}

/** Returns the outline of the building on a lot; empty if the lot is too small. */
export function footprint({ ring, building }: Lot, random: Random): FlatRing {
  const size = ringArea(ring);
  if (building === 'house') {
    const yard = Math.min(6, Math.sqrt(size) * 0.07);
    const shape = inset(ring, () => random.between(0.15, 0.5) + (size > 160 ? yard : 0));
    return cutToArea(shape, size > 420 ? random.between(110, 190) : size * 0.8, random);
  }
  return cutToArea(
    inset(ring, () => Math.sqrt(size) * random.between(0.08, 0.16)),
    size * 0.6,
    random,
  );
}

/** Cuts off the end until the rest is no larger than `most`. */
function cutToArea(ring: FlatRing, most: number, random: Random): FlatRing {
  const size = ringArea(ring);
  if (ring.length < 6 || size < 16) return [];
  if (size <= most) return ring;
  const along = longestSide(ring) + (random.chance(0.5) ? Math.PI : 0);
  const [low, high] = reach(ring, along);
  return cutRing(ring, lineAt(ring, along, (high - low) * (1 - most / size)))[0];
}
