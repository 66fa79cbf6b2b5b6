import { setImmediate } from 'node:timers/promises';
import Flatbush from 'flatbush';
import type { Geometry, Position } from 'geojson';

/**
 * Budget of comparisons between sides whose boxes overlap, after which counting ends. Each side adds
 * `COMPARISONS_PER_SIDE`.
 */
const MAX_COMPARISONS = 50_000;
const COMPARISONS_PER_SIDE = 16;

/** Number of places in which the lines and rings of a geometry meet themselves and each other. */
export interface Crossings {
  /** Pairs of sides that share more than an end: they cross, touch, or overlap in part. */
  readonly found: number;
  /** Counting ended early: there are more, or more sides lie side by side than in any real map. */
  readonly isMore: boolean;
}

/**
 * Counts pairs of sides that meet, up to `most`. The time is bounded by the number of sides: 5 ms for 5000. Sides that
 * coincide from end to end do not count, since neighbours share them.
 */
export function countCrossings(geometry: Geometry, most: number): Crossings {
  const steps = walkCrossings(geometry, most);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Counts like {@link countCrossings}, in turns of a few milliseconds between which the event loop serves other
 * requests.
 */
export async function countCrossingsInTurns(geometry: Geometry, most: number): Promise<Crossings> {
  const steps = walkCrossings(geometry, most);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await setImmediate();
  }
}

/** Sides compared in one turn: 2 to 5 ms. */
const TURN = 1000;

function* walkCrossings(geometry: Geometry, most: number): Generator<undefined, Crossings> {
  const sides = indexSides(geometry);
  const boxes = indexOf(sides);
  if (!boxes) return { found: 0, isMore: false };
  yield;
  let found = 0;
  let comparisons = MAX_COMPARISONS + COMPARISONS_PER_SIDE * sides.count;
  for (let side = 0; side < sides.count; side++) {
    const isTooMuch = (other: number): boolean => {
      if (other <= side) return false;
      if (meetBeyondEnds(sides.ends, 4 * side, 4 * other)) found++;
      return --comparisons < 0 || found > most;
    };
    if (boxes.collides(...sideBox(sides, side), isTooMuch)) return { found, isMore: true };
    if (side % TURN === TURN - 1) yield;
  }
  return { found, isMore: false };
}

/**
 * Returns the depth to which rings are nested, judged by their boxes, up to `most`. A hole in an outline gives 2; a
 * ring within the hole gives more.
 */
export function countNested(geometry: Geometry, most: number): number {
  const rings = ringsOf(geometry);
  if (rings.length < 2) return rings.length;
  const boxes = new Flatbush(rings.length);
  for (const ring of rings) boxes.add(...ringExtent(ring));
  boxes.finish();
  let deepest = 1;
  for (const ring of rings) {
    const [west, south, east, north] = ringExtent(ring);
    let depth = 0;
    boxes.collides(west, south, east, north, (_, x0, y0, x1, y1) => {
      if (x0 <= west && y0 <= south && x1 >= east && y1 >= north) depth++;
      return depth >= most;
    });
    deepest = Math.max(deepest, depth);
    if (deepest >= most) break;
  }
  return deepest;
}

function ringsOf(geometry: Geometry): readonly Position[][] {
  if (geometry.type === 'Polygon') return geometry.coordinates;
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(ringsOf) : [];
}

function ringExtent(ring: readonly Position[]): [number, number, number, number] {
  const extent: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of ring) {
    extent[0] = Math.min(extent[0], x);
    extent[1] = Math.min(extent[1], y);
    extent[2] = Math.max(extent[2], x);
    extent[3] = Math.max(extent[3], y);
  }
  return extent;
}

/** The sides of all lines and rings, as four numbers each: x and y of the start, x and y of the end. */
interface Sides {
  readonly ends: Float64Array;
  readonly count: number;
}

function indexSides(geometry: Geometry): Sides {
  const lines = linesOf(geometry);
  const ends = new Float64Array(4 * lines.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const line of lines) {
    for (let index = 1; index < line.length; index++) {
      const [x0 = 0, y0 = 0] = line[index - 1] ?? [];
      const [x1 = 0, y1 = 0] = line[index] ?? [];
      if (x0 === x1 && y0 === y1) continue;
      ends.set([x0, y0, x1, y1], at);
      at += 4;
    }
  }
  return { ends, count: at / 4 };
}

/** Returns all lines and rings of a geometry. */
export function linesOf(geometry: Geometry): readonly Position[][] {
  switch (geometry.type) {
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
      return geometry.coordinates;
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf);
    default:
      return ringsOf(geometry);
  }
}

function sideBox({ ends }: Sides, side: number): [number, number, number, number] {
  const at = 4 * side;
  const [x0, y0, x1, y1] = [ends[at], ends[at + 1], ends[at + 2], ends[at + 3]] as [number, number, number, number];
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

function indexOf(sides: Sides): Flatbush | undefined {
  if (sides.count < 2) return undefined;
  const boxes = new Flatbush(sides.count);
  for (let side = 0; side < sides.count; side++) boxes.add(...sideBox(sides, side));
  boxes.finish();
  return boxes;
}

/** Returns true if the sides that start at `a` and `b` share a point that is not an end of both. */
function meetBeyondEnds(ends: Float64Array, a: number, b: number): boolean {
  const b0 = signedTurn(ends, a, b);
  const b1 = signedTurn(ends, a, b + 2);
  if (b0 * b1 > 0) return false;
  const a0 = signedTurn(ends, b, a);
  const a1 = signedTurn(ends, b, a + 2);
  if (a0 * a1 > 0) return false;
  if (b0 === 0 && b1 === 0) return !areSame(ends, a, b) && overlapOnLine(ends, a, b);
  if (b0 !== 0 && b1 !== 0 && a0 !== 0 && a1 !== 0) return true;
  return (
    (b0 === 0 && isInside(ends, a, b)) ||
    (b1 === 0 && isInside(ends, a, b + 2)) ||
    (a0 === 0 && isInside(ends, b, a)) ||
    (a1 === 0 && isInside(ends, b, a + 2))
  );
}

/**
 * Returns twice the signed area of the triangle of a side and a point. It is positive if the point lies to the left.
 */
function signedTurn(ends: Float64Array, side: number, point: number): number {
  const x = ends[side] as number;
  const y = ends[side + 1] as number;
  const dx = (ends[side + 2] as number) - x;
  const dy = (ends[side + 3] as number) - y;
  return dx * ((ends[point + 1] as number) - y) - dy * ((ends[point] as number) - x);
}

/** Returns true if a point on the line of a side lies between its ends. */
function isInside(ends: Float64Array, side: number, point: number): boolean {
  const axis = mainAxis(ends, side);
  const from = ends[side + axis] as number;
  const to = ends[side + 2 + axis] as number;
  const at = ends[point + axis] as number;
  return from < to ? at > from && at < to : at > to && at < from;
}

/** Returns true if two collinear sides share more than a point. */
function overlapOnLine(ends: Float64Array, a: number, b: number): boolean {
  const axis = mainAxis(ends, a);
  const at = (index: number) => ends[index + axis] as number;
  const start = Math.max(Math.min(at(a), at(a + 2)), Math.min(at(b), at(b + 2)));
  return start < Math.min(Math.max(at(a), at(a + 2)), Math.max(at(b), at(b + 2)));
}

function areSame(ends: Float64Array, a: number, b: number): boolean {
  const is = (at: number, to: number) => ends[at] === ends[to] && ends[at + 1] === ends[to + 1];
  return (is(a, b) && is(a + 2, b + 2)) || (is(a, b + 2) && is(a + 2, b));
}

/** Returns the axis along which a side is longer: 0 for x, 1 for y. */
function mainAxis(ends: Float64Array, side: number): 0 | 1 {
  const dx = (ends[side + 2] as number) - (ends[side] as number);
  const dy = (ends[side + 3] as number) - (ends[side + 1] as number);
  return Math.abs(dx) >= Math.abs(dy) ? 0 : 1;
}
