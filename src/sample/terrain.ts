import { sampleMetres } from './curve.ts';
import { TOWNS } from './province.ts';
import { noise } from './random.ts';

const CENTRES = TOWNS.map(({ at, reach, density }) => ({ at: sampleMetres(at), reach, density }));

/** Additional centres, those of wards: `[easting, northing, metres, density]`. */
export type Centre = readonly [x: number, y: number, reach: number, density: number];

/** Returns the density of buildings at a point, 0 to 1. */
export function builtUp(x: number, y: number, centres: readonly Centre[]): number {
  let empty = 1;
  for (const { at, reach, density } of CENTRES) empty *= 1 - fall(x - at[0], y - at[1], reach, density);
  for (const [cx, cy, reach, density] of centres) empty *= 1 - fall(x - cx, y - cy, reach, density);
  return 1 - empty;
}

function fall(dx: number, dy: number, reach: number, density: number): number {
  return density * Math.exp(-(dx * dx + dy * dy) / (2 * reach * reach));
}

/**
 * Returns metres above sea. The plain rises from the rivers in the south (2 m) to the grey hills of the north (80 m, a
 * few higher).
 */
export function height(x: number, y: number, seed: number): number {
  const north = Math.max(0, Math.min(1, (y - 1_200_000) / 72_000));
  const roll = noise(x / 6000, y / 6000, seed) + 0.45 * noise(x / 2100, y / 2100, seed + 1);
  const hills = Math.max(0, noise(x / 9000, y / 9000, seed + 2) - 0.35) * 150 * north;
  return Math.max(1, 6 + 58 * north ** 0.8 + roll * (5 + 11 * north) + hills);
}
