import type { Crs } from '../geo/crs.ts';

/** Decimals of coordinates that were transformed: 0.1 mm on the ground, ten times what VN-2000 is surveyed to. */
export const DIGITS = { degree: 9, metre: 4 } as const;

/** Decimals of coordinates in the system they are stored in: every digit that a double has, so that they go out as they are. */
const STORED_DIGITS = 15;

/** Decimals of a column's coordinates in a system. */
export function shownDigits({ srid }: { readonly srid: number }, crs: Pick<Crs, 'srid' | 'unit'>): number {
  return crs.srid === srid ? STORED_DIGITS : DIGITS[crs.unit];
}
