import { area, cut, inset, longestSide, type Ring, reach } from './convex.ts';
import { type Lane, lineAt } from './cuts.ts';
import type { Cover } from './land-use.ts';
import type { Random } from './random.ts';

/** A parcel before it has a number. */
export interface Lot {
  readonly ring: Ring;
  /** The main use, and the second with its part of the area (0 to 1). */
  readonly use: string;
  readonly second?: readonly [code: string, part: number];
  /** What stands on it. */
  readonly building?: BuildingKind;
  /** Whether the lot before it, in the same row, was one with it until lately. */
  readonly split?: boolean;
}

export type BuildingKind = 'house' | 'factory' | 'school' | 'office' | 'market' | 'religious' | 'hospital';

export interface Subdivision {
  readonly lots: Lot[];
  readonly lanes: Lane[];
}

export interface Block {
  /** The cell without the land of its streets. */
  readonly ring: Ring;
  readonly cover: Cover;
  /** 0 to 1. */
  readonly density: number;
  /** Whether houses stand on ODT (a ward) or ONT (a commune). */
  readonly urban: boolean;
  /** Direction from the middle of the block to its main street, radians. */
  readonly front: number;
  /** Whether that street is one that houses want to stand on. */
  readonly busy: boolean;
  readonly random: Random;
}

/** The outline of what stands on a lot; empty where it is too small. */
export function footprint({ ring, building }: Lot, random: Random): Ring {
  const size = area(ring);
  if (building === 'house') {
    const yard = Math.min(6, Math.sqrt(size) * 0.07);
    const shape = inset(ring, () => random.between(0.15, 0.5) + (size > 160 ? yard : 0));
    return trim(shape, size > 420 ? random.between(110, 190) : size * 0.8, random);
  }
  return trim(
    inset(ring, () => Math.sqrt(size) * random.between(0.08, 0.16)),
    size * 0.6,
    random,
  );
}

/** Cuts the end off until what is left is no larger than `most`. */
function trim(ring: Ring, most: number, random: Random): Ring {
  const size = area(ring);
  if (ring.length < 6 || size < 16) return [];
  if (size <= most) return ring;
  const along = longestSide(ring) + (random.chance(0.5) ? Math.PI : 0);
  const [low, high] = reach(ring, along);
  return cut(ring, lineAt(ring, along, (high - low) * (1 - most / size)))[0];
}
