import type { Mesh } from './mesh.ts';
import { mix, noise } from './random.ts';
import { RESERVOIR_ID } from './seeds.ts';

/** Land cover of a whole cell. */
export type Cover =
  | 'town'
  | 'suburb'
  | 'industry'
  | 'rubber'
  | 'orchard'
  | 'crop'
  | 'rice'
  | 'forest'
  | 'grass'
  | 'bare'
  | 'water';

/** The value of base.land_cover for each cover. */
export const COVER_KIND: Readonly<Record<Exclude<Cover, 'water'>, string>> = {
  town: 'built_up',
  suburb: 'built_up',
  industry: 'industry',
  rubber: 'rubber',
  orchard: 'orchard',
  crop: 'crop',
  rice: 'rice',
  forest: 'forest',
  grass: 'grass',
  bare: 'bare',
};

export interface CoverInput {
  readonly mesh: Mesh;
  readonly density: (x: number, y: number) => number;
  /** Returns true if a river or lake is within some 900 m. */
  readonly nearWater: (x: number, y: number) => boolean;
  readonly seed: number;
}

/**
 * Returns the cover of a cell. The country consists of patches of one or two kilometres: rubber on the grey soils of
 * the north, rice and orchards by the rivers.
 */
export function coverOf({ mesh, density, nearWater, seed }: CoverInput, cell: number): Cover {
  const { seeds } = mesh;
  const [x, y] = [seeds.x[cell]!, seeds.y[cell]!];
  if (seeds.water[cell]) return 'water';
  if (seeds.park[cell]! >= 0) return 'industry';
  const built = density(x, y);
  if (built > 0.87) return 'town';
  if (built > 0.47) return 'suburb';
  const chance = mix(seed, 51, cell) / 4_294_967_296;
  if (built > 0.33 && chance < 0.45) return 'suburb';
  if (chance > 0.985) return chance > 0.993 ? 'bare' : 'grass';
  const field = noise(x / 2600, y / 2600, seed + 52);
  if (nearWater(x, y)) return field > 0.12 ? 'rice' : field > -0.35 ? 'orchard' : 'crop';
  const north = (y - 1_215_000) / 40_000;
  const hills = noise(x / 5200, y / 5200, seed + 53);
  if (north > 0.75 && hills > 0.66) return 'forest';
  if (field < north * 1.3 - 0.35) return 'rubber';
  return field > 0.45 ? 'crop' : 'orchard';
}

/** Returns a test for water within 900 m, on a grid of 300 m. */
export function waterNeighbourhood(mesh: Mesh): (x: number, y: number) => boolean {
  const wet = new Set<number>();
  const key = (column: number, row: number) => column * 100_000 + row;
  for (let cell = 0; cell < mesh.count; cell++) {
    if (!mesh.seeds.water[cell] || mesh.seeds.water[cell] === RESERVOIR_ID) continue;
    const [column, row] = [Math.floor(mesh.seeds.x[cell]! / 300), Math.floor(mesh.seeds.y[cell]! / 300)];
    for (let dc = -3; dc <= 3; dc++) for (let dr = -3; dr <= 3; dr++) wet.add(key(column + dc, row + dr));
  }
  return (x, y) => wet.has(key(Math.floor(x / 300), Math.floor(y / 300)));
}
