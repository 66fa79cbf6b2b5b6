import type { Point } from './decoded-tile.ts';

export type Line = readonly Point[];

/** The middle of a label on a line, in the units of the line. */
export interface LineAnchor {
  readonly x: number;
  readonly y: number;
  /** From the start of the line. */
  readonly distance: number;
}

export interface AnchorRules {
  /** Between the middles of labels. */
  readonly spacing: number;
  /** Length of the label. */
  readonly length: number;
  readonly fontSize: number;
  /** True if there is text, whose letters must not turn too sharply. */
  readonly hasText: boolean;
  /** Most radians that the letters in a window of 3/5 of the font size may turn. */
  readonly maxAngle: number;
  /** Factor by which a tile is enlarged beyond its own zoom. */
  readonly overscaling: number;
  readonly extent: number;
}

/**
 * Returns the anchors of labels along a line, at the places that MapLibre would try (its `get_anchors`). They are
 * regular, with room for the label.
 */
export function anchorsOf(line: Line, rules: AnchorRules): LineAnchor[] {
  const { length, extent, overscaling } = rules;
  const spacing = rules.spacing - length < rules.spacing / 4 ? length + rules.spacing / 4 : rules.spacing;
  const first = line[0] as Point;
  const isContinued = [first.x, first.y].some((value) => value === 0 || value === extent);
  // A line that begins here has its label away from the junction. One that continues from a neighbour continues the
  // neighbour's spacing.
  const offset = ((isContinued ? spacing / 2 : length / 2 + rules.fontSize * 2) * overscaling) % spacing;
  const lengths = lengthsOf(line);
  const total = lengths.at(-1) ?? 0;
  const fits = (distance: number) => fitsAt(line, lengths, distance, rules);
  const anchors: LineAnchor[] = [];
  for (let distance = offset; distance < total; distance += spacing) {
    if (fits(distance)) anchors.push({ ...pointAt(line, lengths, distance), distance });
  }
  if (anchors.length === 0 && !isContinued && fits(total / 2)) {
    anchors.push({ ...pointAt(line, lengths, total / 2), distance: total / 2 });
  }
  return anchors.filter(({ x, y }) => x >= 0 && y >= 0 && x < extent && y < extent);
}

/** Returns the distance of every point from the start of the line. */
export function lengthsOf(line: Line): number[] {
  let distance = 0;
  return line.map((point, index) => {
    const before = line[index - 1];
    if (before) distance += Math.hypot(point.x - before.x, point.y - before.y);
    return distance;
  });
}

export function pointAt(line: Line, lengths: readonly number[], distance: number): Point {
  const index = Math.max(1, segmentAt(lengths, distance));
  const [a, b] = [line[index - 1] as Point, line[index] as Point];
  const [from, to] = [lengths[index - 1] as number, lengths[index] as number];
  const t = to > from ? (distance - from) / (to - from) : 0;
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

/** Returns the index of the point at the end of the segment that holds the distance. */
function segmentAt(lengths: readonly number[], distance: number): number {
  let [low, high] = [1, lengths.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lengths[middle] as number) < distance) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fitsAt(line: Line, lengths: readonly number[], middle: number, rules: AnchorRules): boolean {
  const [start, end] = [middle - rules.length / 2, middle + rules.length / 2];
  if (start < 0 || end > (lengths.at(-1) ?? 0)) return false;
  return !rules.hasText || turnsGently(line, lengths, { start, end, ...rules });
}

interface LineStretch extends AnchorRules {
  readonly start: number;
  readonly end: number;
}

/** Returns true if no window of the stretch turns by more than the maximum. */
function turnsGently(line: Line, lengths: readonly number[], { start, end, fontSize, maxAngle }: LineStretch): boolean {
  const window = fontSize * 0.6;
  const corners: { distance: number; turn: number }[] = [];
  let turned = 0;
  for (let index = segmentAt(lengths, start); index < line.length - 1; index++) {
    const distance = lengths[index] as number;
    if (distance >= end) break;
    const turn = turnAt(line, index);
    corners.push({ distance, turn });
    turned += turn;
    while (corners[0] && distance - corners[0].distance > window) turned -= corners.shift()?.turn ?? 0;
    if (turned > maxAngle) return false;
  }
  return true;
}

/** Returns the angle by which the line turns at a point, 0 to π. */
function turnAt(line: Line, index: number): number {
  const [a, b, c] = [line[index - 1] as Point, line[index] as Point, line[index + 1] as Point];
  const turn = Math.atan2(c.y - b.y, c.x - b.x) - Math.atan2(b.y - a.y, b.x - a.x);
  return Math.abs(((turn + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
}
