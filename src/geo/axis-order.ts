import type { Crs } from './crs.ts';

/** A pair of coordinates, and the order in which it was read. */
export interface UnderstoodPoint {
  readonly easting: number;
  readonly northing: number;
  /** The axis that the caller wrote first. Vietnamese documents write X, which is north, first. */
  readonly order: 'east-north' | 'north-east';
}

type NumberRange = readonly [min: number, max: number];

/** Returns the ranges of coordinates that Vietnam spans in a CRS, in its units. */
function vietnamIn(crs: Crs): { east: NumberRange; north: NumberRange } {
  if (crs.unit === 'degree') return { east: [100, 120], north: [4, 25] };
  if (crs.srid === 3857) return { east: [11_100_000, 13_400_000], north: [440_000, 2_900_000] };
  // TM-3 and UTM have a false easting of 500 000 m and count northings from the equator.
  return { east: [0, 1_100_000], north: [440_000, 2_770_000] };
}

const isInRange = (value: number, [min, max]: NumberRange) => value >= min && value <= max;

/**
 * Reads a pair of coordinates in the order that places it in Vietnam. The order as written is tried first.
 * @returns undefined if neither order lies in Vietnam
 */
export function understandPoint(first: number, second: number, crs: Crs): UnderstoodPoint | undefined {
  return fittingPoints(first, second, crs)[0];
}

/** Returns each order in which a pair lies in Vietnam, the likelier one first. */
export function fittingPoints(first: number, second: number, crs: Crs): UnderstoodPoint[] {
  const { east, north } = vietnamIn(crs);
  const readings: UnderstoodPoint[] = [
    { easting: first, northing: second, order: 'east-north' },
    { easting: second, northing: first, order: 'north-east' },
  ];
  const fitting = readings.filter(({ easting, northing }) => isInRange(easting, east) && isInRange(northing, north));
  // Both orders fit only in a strip of a projected system. There the smaller number is the easting (105°45' ± 3°:
  // 170-830 km).
  const isTurned = fitting.length === 2 && crs.unit === 'metre' && first > second;
  return isTurned ? fitting.reverse() : fitting;
}

/** Returns the SRID in which a pair without one must be: degrees, Web Mercator, or the province's VN-2000 zone. */
export function guessSrid(first: number, second: number, homeSrid: number): number {
  const largest = Math.max(Math.abs(first), Math.abs(second));
  if (largest <= 180) return 4326;
  return largest > 5_000_000 ? 3857 : homeSrid;
}
