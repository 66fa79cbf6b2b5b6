type Corner = readonly [x: number, y: number];
/** Closed rings. */
export type Polygon = readonly (readonly Corner[])[];

const ACROSS = 12;
const SIDE = 30;
/** Metres by which corners of all neighbours differ by rounding. */
const NOISE = [0, 0, 0.0003, 0.0006];
/** Metres by which those of single parcels differ by mistakes. */
const MISTAKES = [0.0012, 0.003, 0.007, 0.012, 0.05];
/** Share of parcels with a fault. */
const FAULTS = 0.08;

/**
 * Returns a block of parcels with faults of every kind: gaps, overlaps, doubles, slivers, bow ties, and corners that
 * differ. Some have holes, with and without a parcel in them. A second layer may lie over a part of the first.
 * @param random numbers from 0 to 1
 */
export function randomCoverage(random: () => number, { x, y }: { x: number; y: number }): readonly Polygon[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const noise = pick(NOISE);
  const shake = ([px, py]: Corner, by: number): Corner => [
    px + (random() - 0.5) * 2 * by,
    py + (random() - 0.5) * 2 * by,
  ];
  const box = (left: number, low: number, width: number, height: number): Corner[] => [
    [left, low],
    [left + width, low],
    [left + width, low + height],
    [left, low + height],
  ];
  const ring = (corners: readonly Corner[], by: number): readonly Corner[] => {
    const shaken = corners.map((corner) => shake(corner, by));
    return [...shaken, shaken[0] as Corner];
  };
  const polygons: Polygon[] = [];
  for (let cell = 0; cell < ACROSS * ACROSS; cell++) {
    const left = x + (cell % ACROSS) * SIDE;
    const low = y + Math.floor(cell / ACROSS) * SIDE;
    const corners = box(left, low, SIDE, SIDE);
    const isFaulty = random() < FAULTS;
    const by = random() < FAULTS ? pick(MISTAKES) : noise;
    // A whole parcel, or two beside a third, if there is no fault.
    const kind = isFaulty ? random() : random() < 0.3 ? 0.3 : 1;
    if (kind < 0.04) continue;
    if (kind < 0.08) polygons.push([ring(box(left, low, SIDE - random() * 2, SIDE), by)]);
    else if (kind < 0.12) polygons.push([ring(box(left, low, SIDE + random(), SIDE), by)]);
    else if (kind < 0.16) polygons.push([ring(corners, 0)], [ring(corners, 0)]);
    else if (kind < 0.5) {
      // A corner of two parcels meets the side of a third.
      const part = 4 + 22 * random();
      polygons.push([ring(box(left, low, SIDE, part), by)], [ring(box(left, low + part, SIDE, SIDE - part), by)]);
    } else if (kind < 0.7) {
      const hole = box(left + 5, low + 5, 8, 8);
      polygons.push([ring(corners, by), ring(hole, by).toReversed()]);
      if (random() < 0.7) polygons.push([ring(random() < 0.5 ? hole : box(left + 5, low + 5, 7.5, 8), by)]);
    } else if (kind < 0.75) {
      // A hole too large for a gap, around a parcel that leaves less.
      polygons.push([ring(box(left, low, SIDE, SIDE), by), ring(box(left + 1, low + 1, 28, 28), 0).toReversed()]);
      polygons.push([ring(box(left + 2, low + 2, 26, 26), 0)]);
    } else if (kind < 0.9) {
      const sliver = 0.001 + random() * 0.03;
      polygons.push([ring(corners, by)], [ring(box(left + SIDE - sliver / 2, low, sliver, SIDE), 0)]);
    } else if (kind < 0.95) polygons.push([ring([corners[0], corners[2], corners[1], corners[3]] as Corner[], by)]);
    else polygons.push([ring(corners, by)]);
  }
  if (random() < 0.5)
    for (let cell = 0; cell < 9; cell++)
      polygons.push([ring(box(x + 33 + (cell % 3) * SIDE, y + 47 + Math.floor(cell / 3) * SIDE, SIDE, SIDE), 0)]);
  return polygons;
}
