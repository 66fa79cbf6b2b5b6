import { cutRing, type FlatRing, reach, ringArea } from './convex.ts';
import { bisect, lineAt, sliceRow } from './cuts.ts';
import type { Block, Subdivision } from './lot.ts';
import type { Random } from './random.ts';

/** Parcels of open country: [use, square metres of a usual parcel, irregularity]. */
const FIELDS: Readonly<Record<string, readonly (readonly [use: string, target: number, weight: number])[]>> = {
  rubber: [['CLN', 22_000, 1]],
  orchard: [
    ['CLN', 4600, 0.86],
    ['NTS', 2600, 0.05],
    ['HNK', 2600, 0.09],
  ],
  crop: [
    ['HNK', 4200, 0.7],
    ['CLN', 4800, 0.22],
    ['CNT', 5000, 0.08],
  ],
  rice: [
    ['LUC', 2500, 0.8],
    ['LUK', 2500, 0.1],
    ['NTS', 2300, 0.1],
  ],
  forest: [
    ['RSX', 30_000, 0.7],
    ['RPH', 60_000, 0.3],
  ],
  grass: [
    ['DTT', 9000, 0.3],
    ['DKV', 9000, 0.3],
    ['NTD', 6000, 0.4],
  ],
  bare: [
    ['SKX', 12_000, 0.5],
    ['SKS', 25_000, 0.3],
    ['BCS', 8000, 0.2],
  ],
};

export function cutCountry(block: Block, result: Subdivision): void {
  const { random, front, cover } = block;
  const fields = FIELDS[cover] ?? FIELDS.crop!;
  result.pieces.push(block.ring);
  let rest: FlatRing = block.ring;
  const [low, high] = reach(rest, front);
  // Every other block has a row of farmhouses along its main side.
  if (cover !== 'forest' && cover !== 'bare' && high - low > 150 && random.chance(0.3 + block.density * 2)) {
    const depth = random.between(38, 60);
    const [row, behind] = cutRing(rest, lineAt(rest, front, high - low - depth));
    if (row.length && behind.length) {
      cutFarmhouses(block, row, result);
      rest = behind;
    }
  }
  const size = random.between(0.75, 1.35);
  const main = pickField(fields, random);
  for (const piece of bisect(rest, main[1] * size, random, cover === 'rubber' ? 0.03 : 0.13)) {
    const [use] = random.chance(0.9) ? main : pickField(fields, random);
    result.lots.push({ ring: piece, use: random.chance(0.004) ? 'NTD' : use });
  }
}

function pickField(
  fields: readonly (readonly [string, number, number])[],
  random: Random,
): readonly [string, number, number] {
  let chance = random.next();
  for (const field of fields) {
    chance -= field[2];
    if (chance < 0) return field;
  }
  return fields[0]!;
}

function cutFarmhouses({ random, front, urban }: Block, row: FlatRing, result: Subdivision): void {
  const home = urban ? 'ODT' : 'ONT';
  const usual = random.between(9, 24);
  sliceRow(
    row,
    front + Math.PI / 2,
    () => usual * random.between(0.6, 1.6),
    random,
    (ring) => {
      const chance = random.next();
      if (chance < 0.3) result.lots.push({ ring, use: 'CLN' });
      else if (chance < 0.31) result.lots.push({ ring, use: 'TIN', building: 'religious' });
      else {
        const part = Math.max(0.2, (ringArea(ring) - random.between(150, 300)) / ringArea(ring));
        result.lots.push({ ring, use: home, second: ['CLN', Math.min(0.9, part)], building: 'house' });
      }
    },
  );
}

export function cutIndustry({ random }: Block, ring: FlatRing, result: Subdivision): void {
  const target = random.pick([6000, 12_000, 20_000, 40_000]);
  result.pieces.push(ring);
  for (const piece of bisect(ring, target, random, 0)) {
    const chance = random.next();
    if (chance < 0.06) result.lots.push({ ring: piece, use: 'DKV' });
    else if (chance < 0.1) result.lots.push({ ring: piece, use: 'DCT', building: 'factory' });
    else result.lots.push({ ring: piece, use: 'SKK', ...(chance < 0.86 ? { building: 'factory' as const } : {}) });
  }
}

/** Uses of blocks in one hand: projects and institutions in towns, gardens around them. */
const ESTATES: Readonly<Record<string, readonly string[]>> = {
  town: ['ODT', 'ODT', 'TMD', 'DGD', 'DKV', 'TSC', 'CLN', 'DYT'],
  suburb: ['CLN', 'CLN', 'CLN', 'HNK', 'ODT', 'TMD', 'SKC', 'DGD'],
  industry: ['SKK', 'SKK', 'SKK', 'DKV'],
};

/** Cuts a block that is one site, or has only a few owners, into large parcels. */
export function cutEstate({ cover, site, urban, random }: Block, ring: FlatRing, result: Subdivision): void {
  result.pieces.push(ring);
  if (site) {
    result.lots.push({ ring, use: site });
    return;
  }
  const uses = ESTATES[cover] ?? (FIELDS[cover] ?? FIELDS.crop!).map(([use]) => use).slice(0, 1);
  for (const piece of bisect(ring, cover in ESTATES ? 45_000 : 250_000, random, 0.05)) {
    const use = random.pick(uses);
    result.lots.push({ ring: piece, use: use === 'ODT' && !urban ? 'ONT' : use });
  }
}
