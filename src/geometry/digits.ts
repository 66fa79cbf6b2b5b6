import type { Crs } from '../geo/crs.ts';

/** Decimals of transformed coordinates: 0.1 mm on the ground, ten times finer than VN-2000 surveys. */
export const DIGITS = { degree: 9, metre: 4 } as const;

/** Decimals of coordinates in the stored CRS: every digit of a double, so that they are returned unchanged. */
const STORED_DIGITS = 15;

/** Returns the number of decimals for a column's coordinates in a CRS. */
export function shownDigits({ srid }: { readonly srid: number }, crs: Pick<Crs, 'srid' | 'unit'>): number {
  return crs.srid === srid ? STORED_DIGITS : DIGITS[crs.unit];
}
