import type { Position } from 'geojson';

export const CAPS = ['flat', 'round'] as const;

/** Widths of a corridor in metres, seen in the direction of the line, and the form of its ends. */
export interface Profile {
  readonly left: number;
  readonly right: number;
  readonly caps: (typeof CAPS)[number];
}

/** Metres of a side up to which one piece reaches; longer sides are cut, so that pieces stay local. */
const STEP = 250;
/** A stretch ends after these metres, or after this number of pieces. */
const STRETCH = { length: 250, pieces: 24 } as const;
/** Largest angle of an arc's side: 64 a quarter circle, as in a buffer. */
const ARC_STEP = Math.PI / 2 / 64;

/** A thinner arc in metres would be no polygon. */
const THINNEST = 1e-6;

type Vector = readonly [number, number];
/** A closed ring, counter-clockwise or clockwise. */
export type CorridorRing = readonly Vector[];

/** A short part of the line, and the pieces whose union is the corridor along it. */
export interface Stretch {
  /** Metres along the whole line. */
  readonly from: number;
  readonly to: number;
  readonly line: readonly Vector[];
  readonly pieces: readonly CorridorRing[];
}

interface Step {
  readonly start: Vector;
  readonly end: Vector;
  readonly direction: Vector;
  readonly length: number;
  /** Joint with the step before, and caps. */
  readonly arcs: readonly CorridorRing[];
}

/**
 * Returns the corridor of lines in stretches: a rectangle along every side, an arc on the outer side of every bend, and
 * the caps. Together that is the buffer with round joins. GEOS's buffer of one side is wrong for lines that cross
 * themselves.
 * @param lines in metres; chainage counts through them, without the gaps between
 */
export function stretchesOf(lines: readonly (readonly Position[])[], profile: Profile): Stretch[] {
  const stretches: Stretch[] = [];
  let chainage = 0;
  for (const line of lines) {
    for (const stretch of cut(stepsOf(line, profile), profile, chainage)) {
      stretches.push(stretch);
      chainage = stretch.to;
    }
  }
  return stretches;
}

function* cut(steps: readonly Step[], profile: Profile, chainage: number): Generator<Stretch> {
  let open: { line: Vector[]; pieces: CorridorRing[]; length: number } | undefined;
  let from = chainage;
  for (const step of steps) {
    open ??= { line: [step.start], pieces: [], length: 0 };
    open.line.push(step.end);
    open.pieces.push(...step.arcs, rectangle(step, profile));
    open.length += step.length;
    if (open.length < STRETCH.length && open.pieces.length < STRETCH.pieces) continue;
    yield { from, to: from + open.length, line: open.line, pieces: open.pieces };
    from += open.length;
    open = undefined;
  }
  if (open) yield { from, to: from + open.length, line: open.line, pieces: open.pieces };
}

function stepsOf(line: readonly Position[], profile: Profile): Step[] {
  const sides = straightSteps(line);
  const [first, last] = [sides[0], sides.at(-1)];
  if (!first || !last) return [];
  const backwards = { ...profile, left: profile.right, right: profile.left };
  const isRing = last.end[0] === first.start[0] && last.end[1] === first.start[1];
  return sides.flatMap((side, index) => {
    const before = sides[index - 1] ?? (isRing ? last : undefined);
    const opening = before
      ? joint(before.direction, side, profile)
      : cap(side.start, turned(side.direction), backwards);
    const closing = index === sides.length - 1 && !isRing ? cap(side.end, side.direction, profile) : [];
    const count = Math.max(1, Math.ceil(side.length / STEP));
    return Array.from({ length: count }, (_, at) => ({
      ...side,
      start: at === 0 ? side.start : between(side, at / count),
      end: at === count - 1 ? side.end : between(side, (at + 1) / count),
      length: side.length / count,
      arcs: [...(at === 0 ? opening : []), ...(at === count - 1 ? closing : [])],
    }));
  });
}

/** Returns the sides of a line, without those of no length. */
function straightSteps(line: readonly Position[]): Omit<Step, 'arcs'>[] {
  const sides: Omit<Step, 'arcs'>[] = [];
  let start: Vector | undefined;
  for (const [x = 0, y = 0] of line) {
    const end: Vector = [x, y];
    const length = start ? Math.hypot(x - start[0], y - start[1]) : 0;
    if (start && length > 0) {
      sides.push({ start, end, length, direction: [(x - start[0]) / length, (y - start[1]) / length] });
    }
    if (!start || length > 0) start = end;
  }
  return sides;
}

function between({ start, end }: Pick<Step, 'start' | 'end'>, share: number): Vector {
  return [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share];
}

function rectangle({ start, end, direction }: Step, { left, right }: Profile): CorridorRing {
  const normal = leftOf(direction);
  return closedRing([
    moved(start, normal, left),
    moved(end, normal, left),
    moved(end, normal, -right),
    moved(start, normal, -right),
  ]);
}

/** Returns the arc on the outer side of a bend; none where the line goes straight on. */
function joint(before: Vector, { start, direction }: Omit<Step, 'arcs'>, { left, right }: Profile): CorridorRing[] {
  const cross = before[0] * direction[1] - before[1] * direction[0];
  const dot = before[0] * direction[0] + before[1] * direction[1];
  const angle = Math.atan2(cross, dot);
  // A line that turns back has two outer sides, and the wider one holds the other.
  const radius = Math.abs(angle) > Math.PI - 1e-9 ? Math.max(left, right) : angle > 0 ? right : left;
  const from = angle > 0 ? turned(leftOf(before)) : leftOf(before);
  return sector(start, from, angle, radius);
}

/** @param outward direction in which the line ends */
function cap(end: Vector, outward: Vector, { left, right, caps }: Profile): CorridorRing[] {
  if (caps === 'flat') return [];
  return [...sector(end, outward, Math.PI / 2, left), ...sector(end, outward, -Math.PI / 2, right)];
}

function sector(centre: Vector, from: Vector, angle: number, radius: number): CorridorRing[] {
  const count = Math.ceil(Math.abs(angle) / ARC_STEP);
  if (Math.abs(angle) * radius < THINNEST) return [];
  const start = Math.atan2(from[1], from[0]);
  const arc = Array.from({ length: count + 1 }, (_, index) => {
    const at = start + (angle * index) / count;
    return moved(centre, [Math.cos(at), Math.sin(at)], radius);
  });
  return [closedRing([centre, ...arc])];
}

const leftOf = ([x, y]: Vector): Vector => [-y, x];
const turned = ([x, y]: Vector): Vector => [-x, -y];
const moved = ([x, y]: Vector, [dx, dy]: Vector, by: number): Vector => [x + dx * by, y + dy * by];
const closedRing = (points: Vector[]): CorridorRing => [...points, points[0] as Vector];
