import type { Crs } from './crs.ts';

/** A pair of coordinates as it was understood. */
export interface UnderstoodPoint {
  readonly easting: number;
  readonly northing: number;
  /** What the caller wrote first. Vietnamese documents write X = north first. */
  readonly order: 'east-north' | 'north-east';
}

type Range = readonly [min: number, max: number];

/** Where Vietnam lies in the units of a CRS. */
function vietnamIn(crs: Crs): { east: Range; north: Range } {
  if (crs.unit === 'degree') return { east: [100, 120], north: [4, 25] };
  if (crs.srid === 3857) return { east: [11_100_000, 13_400_000], north: [440_000, 2_900_000] };
  // TM-3 and UTM: false easting 500 000 m, northing counted from the equator.
  return { east: [0, 1_100_000], north: [440_000, 2_770_000] };
}

const within = (value: number, [min, max]: Range) => value >= min && value <= max;

/**
 * Reads a pair in whichever order fits Vietnam: as written where that fits, swapped where only that does.
 * @returns undefined where neither order lies in Vietnam
 */
export function understandPoint(first: number, second: number, crs: Crs): UnderstoodPoint | undefined {
  const { east, north } = vietnamIn(crs);
  const readings: UnderstoodPoint[] = [
    { easting: first, northing: second, order: 'east-north' },
    { easting: second, northing: first, order: 'north-east' },
  ];
  const fitting = readings.filter(({ easting, northing }) => within(easting, east) && within(northing, north));
  // Both fit only in a strip of a projected system; there the smaller number is the easting (105°45' ± 3°: 170-830 km).
  return fitting.length === 2 && crs.unit === 'metre'
    ? fitting.find(({ easting, northing }) => easting <= northing)
    : fitting[0];
}

/** Which CRS a pair without one must be in: degrees, Web Mercator, or the province's VN-2000 zone. */
export function guessSrid(first: number, second: number, homeSrid: number): number {
  const largest = Math.max(Math.abs(first), Math.abs(second));
  if (largest <= 180) return 4326;
  return largest > 5_000_000 ? 3857 : homeSrid;
}
