import type { BlockLane } from './cuts.ts';

/** A side of a block: both ends, metres. */
export interface BlockSide {
  readonly line: BlockLane['line'];
  /** True if a street runs along it, and not a bank, a border or a railway. */
  readonly isStreet: boolean;
}

type LaneEnd = readonly [x: number, y: number];

/**
 * Returns the lanes of a block with each end on the centre line that it leads to, of a street or of an earlier lane. An
 * end that leads to neither stays at the edge of the parcels.
 * @param lanes between the edges of the parcels; a lane that others lead to comes before them
 */
export function joinLanes(lanes: readonly BlockLane[], sides: readonly BlockSide[]): BlockLane[] {
  const joined: BlockLane[] = [];
  for (const { line, width } of lanes) {
    const [ax, ay, bx, by] = line;
    const middle: LaneEnd = [(ax + bx) / 2, (ay + by) / 2];
    const targets = [...sides, ...joined.map((lane) => ({ line: lane.line, isStreet: true }))];
    joined.push({ line: [...endOn(middle, [ax, ay], targets), ...endOn(middle, [bx, by], targets)], width });
  }
  return joined;
}

/** Returns the point at which a lane, prolonged beyond its end, meets a centre line; its end if something else is nearer. */
function endOn(middle: LaneEnd, end: LaneEnd, targets: readonly BlockSide[]): LaneEnd {
  let [nearest, isStreet] = [Number.POSITIVE_INFINITY, false];
  for (const target of targets) {
    const length = crossing(middle, end, target.line);
    if (length !== undefined && length < nearest) [nearest, isStreet] = [length, target.isStreet];
  }
  if (!isStreet) return end;
  return [middle[0] + nearest * (end[0] - middle[0]), middle[1] + nearest * (end[1] - middle[1])];
}

/** Returns where the ray from `from` through `to` crosses a line, in lengths of `from`-`to`; undefined if it does not. */
function crossing(from: LaneEnd, to: LaneEnd, [px, py, qx, qy]: BlockLane['line']): number | undefined {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [ex, ey] = [qx - px, qy - py];
  const turn = dx * ey - dy * ex;
  if (turn === 0) return undefined;
  const length = ((px - from[0]) * ey - (py - from[1]) * ex) / turn;
  const part = ((px - from[0]) * dy - (py - from[1]) * dx) / turn;
  return length > 0 && part >= 0 && part <= 1 ? length : undefined;
}
