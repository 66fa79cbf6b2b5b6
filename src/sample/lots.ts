import { area, chamfer } from './convex.ts';
import { cutCountry, cutIndustry } from './country-lots.ts';
import type { Block, Subdivision } from './lot.ts';
import { cutSuburb, cutTown } from './town-lots.ts';

/** Square metres below which a piece gets no number and stays part of the street. */
const SMALLEST = 14;

/** Cuts a block into parcels and lanes that cover it without overlap. */
export function subdivide(block: Block): Subdivision {
  const result: Subdivision = { lots: [], lanes: [] };
  const { ring, cover } = block;
  if (ring.length < 6 || area(ring) < 60) return result;
  if (cover === 'town') cutTown(block, chamfer(ring, 2.5), result);
  else if (cover === 'suburb') cutSuburb(block, chamfer(ring, 3), result);
  else if (cover === 'industry') cutIndustry(block, chamfer(ring, 8), result);
  else cutCountry(block, result);
  return { lots: result.lots.filter((lot) => area(lot.ring) >= SMALLEST), lanes: result.lanes };
}
