import { cutRing, type FlatRing, type HalfPlane, lineThrough, longestSide, middle, reach, ringArea } from './convex.ts';
import type { Random } from './random.ts';

/** A lane inside a block: both ends, metres. */
export interface BlockLane {
  readonly line: readonly [number, number, number, number];
  readonly width: number;
}

/** Returns the line across a ring, perpendicular to `angle`, at a distance from its low end along `angle`. */
export function lineAt(ring: FlatRing, angle: number, distance: number): HalfPlane {
  const [low] = reach(ring, angle);
  return { nx: Math.cos(angle), ny: Math.sin(angle), c: low + distance };
}

/** Adds the lane in the gap between two strips: the chord of the ring on its middle line. */
function addLane(ring: FlatRing, line: HalfPlane, width: number, lanes: BlockLane[]): void {
  const chord = cutRing(ring, line)[0].length ? chordOf(ring, line) : undefined;
  if (chord) lanes.push({ line: chord, width });
}

function chordOf(ring: FlatRing, { nx, ny, c }: HalfPlane): [number, number, number, number] | undefined {
  const points: number[] = [];
  for (let index = 0; index < ring.length; index += 2) {
    const next = (index + 2) % ring.length;
    const a = nx * ring[index]! + ny * ring[index + 1]! - c;
    const b = nx * ring[next]! + ny * ring[next + 1]! - c;
    if (a < 0 === b < 0) continue;
    const t = a / (a - b);
    points.push(
      ring[index]! + t * (ring[next]! - ring[index]!),
      ring[index + 1]! + t * (ring[next + 1]! - ring[index + 1]!),
    );
  }
  return points.length === 4 ? (points as [number, number, number, number]) : undefined;
}

/** Cuts the ring into `count` strips across `angle`, with a lane of `lane` metres between them. */
export function cutStrips(ring: FlatRing, angle: number, count: number, lane: number, lanes: BlockLane[]): FlatRing[] {
  const [low, high] = reach(ring, angle);
  const step = (high - low) / count;
  const strips: FlatRing[] = [];
  let rest: FlatRing = ring;
  for (let index = 1; index < count && rest.length; index++) {
    const line = { nx: Math.cos(angle), ny: Math.sin(angle), c: low + index * step };
    if (lane) addLane(ring, line, lane, lanes);
    const [beyond] = cutRing(rest, { ...line, c: line.c + lane / 2 });
    const [, before] = cutRing(rest, { ...line, c: line.c - lane / 2 });
    if (before.length) strips.push(before);
    rest = beyond;
  }
  if (rest.length) strips.push(rest);
  return strips;
}

/** Slices a row of houses, each slice within a degree or two of perpendicular to the street. */
export function sliceRow(
  row: FlatRing,
  along: number,
  width: () => number,
  random: Random,
  each: (ring: FlatRing, index: number) => void,
): void {
  const [low, high] = reach(row, along);
  const skew = random.between(-0.05, 0.05);
  let rest: FlatRing = row;
  let position = low;
  for (let index = 0; rest.length && index < 400; index++) {
    position += width();
    if (high - position < 4) break;
    const [x, y] = middle(rest);
    const shift = position - (x * Math.cos(along) + y * Math.sin(along));
    const line = lineThrough(
      x + shift * Math.cos(along),
      y + shift * Math.sin(along),
      along + skew + random.between(-0.012, 0.012),
    );
    const [beyond, before] = cutRing(rest, line);
    if (!before.length || ringArea(before) < 38) continue;
    if (!beyond.length || ringArea(beyond) < 30) break;
    each(before, index);
    rest = beyond;
  }
  if (rest.length) each(rest, 999);
}

/**
 * Halves a ring repeatedly until its pieces are near the target size.
 * @param slant radians by which a cut may turn
 */
export function bisect(ring: FlatRing, target: number, random: Random, slant: number): FlatRing[] {
  const size = ringArea(ring);
  if (size < target * random.between(1.1, 1.9)) return [ring];
  const along = longestSide(ring);
  const [a, b] = [reach(ring, along), reach(ring, along + Math.PI / 2)];
  const direction = a[1] - a[0] >= b[1] - b[0] ? along : along + Math.PI / 2;
  const [low, high] = direction === along ? a : b;
  const [x, y] = middle(ring);
  const shift = low + (high - low) * random.between(0.36, 0.64) - (x * Math.cos(direction) + y * Math.sin(direction));
  const line = lineThrough(
    x + shift * Math.cos(direction),
    y + shift * Math.sin(direction),
    direction + random.between(-slant, slant),
  );
  const [one, two] = cutRing(ring, line);
  if (!one.length || !two.length) return [ring];
  return [...bisect(one, target, random, slant), ...bisect(two, target, random, slant)];
}
