import { chamfer, ringArea } from './convex.ts';
import { cutCountry, cutEstate, cutIndustry } from './country-lots.ts';
import type { Block, Subdivision } from './lot.ts';
import { cutSuburb, cutTown } from './town-lots.ts';

/** Square metres of a sliver that rounding leaves, which is no parcel. */
const SLIVER = 1;

/** Cuts a block into parcels and lanes that cover it without overlap. */
export function subdivide(block: Block): Subdivision {
  const result: Subdivision = { lots: [], lanes: [], pieces: [] };
  const { ring, cover } = block;
  if (ring.length < 6 || ringArea(ring) < 60) return result;
  if (block.site || !block.divided) cutEstate(block, chamfer(ring, 3), result);
  else if (cover === 'town') cutTown(block, chamfer(ring, 2.5), result);
  else if (cover === 'suburb') cutSuburb(block, chamfer(ring, 3), result);
  else if (cover === 'industry') cutIndustry(block, chamfer(ring, 8), result);
  else cutCountry(block, result);
  return { ...result, lots: result.lots.filter((lot) => ringArea(lot.ring) >= SLIVER) };
}
