import { cutRing, type FlatRing, lineThrough, longestSide, middle, reach, ringArea } from './convex.ts';
import { bisect, cutStrips, lineAt, sliceRow } from './cuts.ts';
import type { Block, BuildingKind, Lot, Subdivision } from './lot.ts';
import type { Random } from './random.ts';

/** Public institutions that take a whole block. */
const INSTITUTIONS: readonly (readonly [part: number, use: string, building?: BuildingKind])[] = [
  [0.014, 'DGD', 'school'],
  [0.02, 'DCH', 'market'],
  [0.038, 'DKV'],
  [0.044, 'TSC', 'office'],
  [0.052, 'TON', 'religious'],
  [0.056, 'DYT', 'hospital'],
  [0.075, 'TMD', 'office'],
  [0.078, 'DSH', 'office'],
  [0.09, 'CLN'],
  [0.097, 'CSD'],
];

function institution(ring: FlatRing, random: Random): Lot | undefined {
  const chance = random.next();
  const size = ringArea(ring);
  if (size < 900 || size > 14_000) return undefined;
  const found = INSTITUTIONS.find(([part]) => chance < part);
  return found && { ring, use: found[1], ...(found[2] ? { building: found[2] } : {}) };
}

/** Returns the direction of rows of houses: along the main street, else along the longest side. */
function rowDirection({ busy, front }: Block, ring: FlatRing): number {
  return busy ? front + Math.PI / 2 : longestSide(ring);
}

export function cutTown(block: Block, ring: FlatRing, result: Subdivision): void {
  const { random, density } = block;
  const along = rowDirection(block, ring);
  const across = along + Math.PI / 2;
  const [low, high] = reach(ring, across);
  const depth = random.between(18, 25) + 9 * (1 - density);
  const count = Math.max(1, Math.round((high - low) / (2 * depth + 4)));
  for (const strip of cutStrips(ring, across, count, random.pick([3.5, 4, 5]), result.lanes)) {
    const [from, to] = reach(strip, along);
    const pieces = Math.max(1, Math.round((to - from) / random.between(95, 150)));
    for (const piece of cutStrips(strip, along, pieces, random.pick([3.5, 4, 5]), result.lanes)) {
      result.pieces.push(piece);
      const whole = institution(piece, random);
      if (whole) result.lots.push(whole);
      else cutHouses(block, piece, along, result);
    }
  }
}

/** Cuts two rows of houses back to back, each on its own street. */
function cutHouses({ random, density, urban }: Block, ring: FlatRing, along: number, result: Subdivision): void {
  const [x, y] = middle(ring);
  const [low, high] = reach(ring, along + Math.PI / 2);
  const back = lineThrough(x, y, along + Math.PI / 2 + random.between(-0.02, 0.02));
  const rows = high - low > 27 ? cutRing(ring, back) : [ring];
  for (const row of rows) {
    if (!row.length) continue;
    const usual = random.pick([4.5, 5, 5, 5, 6, 7, 9, 12]) + (1 - density) * 13;
    sliceRow(
      row,
      along,
      () => usual * (random.chance(0.15) ? random.between(1.5, 2.6) : random.between(0.92, 1.12)),
      random,
      (lot, index) => {
        result.lots.push(house({ ring: lot, random, density, urban, index }));
      },
    );
  }
}

interface HouseLot {
  readonly ring: FlatRing;
  readonly random: Random;
  readonly density: number;
  readonly urban: boolean;
  readonly index: number;
}

function house({ ring, random, density, urban, index }: HouseLot): Lot {
  const home = urban ? 'ODT' : 'ONT';
  const chance = random.next();
  const size = ringArea(ring);
  if (chance < 0.035) return { ring, use: 'TMD', building: 'office' };
  if (chance < 0.06 && size > 150) return { ring, use: 'SKC', building: 'factory' };
  if (chance < 0.064) return { ring, use: 'TIN', building: 'religious' };
  // Every new plot was a garden before. One not registered as housing retains that use.
  if (size > 240 || chance > 1 - 0.16 * (1.5 - density)) {
    if (random.chance(0.22)) return { ring, use: random.chance(0.8) ? 'CLN' : 'BHK' };
    const part = Math.min(0.85, Math.max(0.15, (size - random.between(60, 160)) / size));
    return { ring, use: home, second: [random.chance(0.85) ? 'CLN' : 'HNK', part], building: 'house' };
  }
  const lot: Lot = { ring, use: home };
  return {
    ...lot,
    ...(random.chance(0.93) ? { building: 'house' as const } : {}),
    ...(index > 0 && random.chance(0.012)
      ? { split: true }
      : size > 150 && random.chance(0.03)
        ? { merged: true }
        : {}),
  };
}

/** Cuts houses with gardens along the streets, and plots behind them that are still gardens. */
export function cutSuburb(block: Block, ring: FlatRing, result: Subdivision): void {
  const { random } = block;
  const along = rowDirection(block, ring);
  const across = along + Math.PI / 2;
  const [low, high] = reach(ring, across);
  const count = Math.max(1, Math.round((high - low) / random.between(115, 175)));
  for (const strip of cutStrips(ring, across, count, random.pick([4, 5, 6]), result.lanes)) {
    result.pieces.push(strip);
    const [from, to] = reach(strip, across);
    const width = to - from;
    const depth = Math.min(random.between(26, 38), width / 2);
    const [upper, lowerPart] = cutRing(strip, lineAt(strip, across, width - depth));
    const [core, lower] = lowerPart.length ? cutRing(lowerPart, lineAt(lowerPart, across, depth)) : [[], []];
    for (const row of [upper, lower]) if (row.length) cutGardenHouses(block, row, along, result);
    if (core.length) cutGardens(block, core, random.between(1500, 4200), result);
  }
}

function cutGardenHouses({ random, density, urban }: Block, row: FlatRing, along: number, result: Subdivision): void {
  let run = 0;
  let usual = 8;
  const width = () => {
    // Runs of narrow plots that one owner sold, between wider ones not yet divided.
    if (run-- <= 0) [run, usual] = [random.integer(2, 9), random.pick([5.5, 7, 9, 12, 16, 24]) + 19 * (0.8 - density)];
    return usual * random.between(0.88, 1.15);
  };
  sliceRow(row, along, width, random, (ring, index) =>
    result.lots.push(house({ ring, random, density: density * 0.6, urban, index })),
  );
}

function cutGardens({ random }: Block, ring: FlatRing, target: number, result: Subdivision): void {
  const usual = random.pick(['CLN', 'CLN', 'CLN', 'HNK', 'BHK']);
  for (const piece of bisect(ring, target, random, 0.1)) {
    result.lots.push({
      ring: piece,
      use: random.chance(0.8) ? usual : random.pick(['CLN', 'HNK', 'ODT', 'NTS', 'NTD', 'CSD'] as const),
    });
  }
}
