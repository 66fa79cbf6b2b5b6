import { CellIndex, type MetricBox } from './cell-index.ts';
import type { CoverageParts } from './parts.ts';

/** Side in metres of the cells in which positions within a part's box are looked up. */
const CELL = 16;

export type PlanePoint = readonly [x: number, y: number];

/** Parts, with the box of each and its edges: the first, and the one after the last. */
export interface BoxedParts extends CoverageParts {
  readonly boxes: readonly MetricBox[];
  edgesOf(part: number): readonly [first: number, end: number];
}

/**
 * Returns the parts that contain each position: those of whose edges an odd number lies to the east. A part on whose
 * border a position lies may be among them or not.
 */
export function partsAround(
  parts: BoxedParts,
  region: MetricBox,
  positions: readonly PlanePoint[],
): readonly (readonly number[])[] {
  const around = positions.map((): number[] => []);
  const index = new CellIndex(region, CELL, positions.length, (item, box) => {
    const [px, py] = positions[item] as PlanePoint;
    box[0] = box[2] = px;
    box[1] = box[3] = py;
  });
  for (const [part, box] of parts.boxes.entries()) {
    const own = parts.edgesOf(part);
    index.each(box, (item) => {
      const [px, py] = positions[item] as PlanePoint;
      if (px < box[0] || px > box[2] || py < box[1] || py > box[3]) return;
      if (contains(parts, own, px, py)) (around[item] as number[]).push(part);
    });
  }
  return around;
}

function contains(parts: CoverageParts, [first, end]: readonly [number, number], px: number, py: number): boolean {
  let isOdd = false;
  for (let edge = first; edge < end; edge++) if (eastingAt(parts, edge, py) > px) isOdd = !isOdd;
  return isOdd;
}

/** Returns the x at which an edge crosses a y; NaN: it does not. */
function eastingAt({ vertices: { x, y }, edges: { from, to } }: CoverageParts, edge: number, level: number): number {
  const one = from[edge] as number;
  const two = to[edge] as number;
  const ay = y[one] as number;
  const by = y[two] as number;
  if (ay > level === by > level) return Number.NaN;
  const ax = x[one] as number;
  return ax + ((level - ay) / (by - ay)) * ((x[two] as number) - ax);
}

/** Returns a position inside of a part, in the widest place at half of its height; undefined: it has no width there. */
export function positionInside(parts: BoxedParts, part: number): PlanePoint | undefined {
  const [, south, , north] = parts.boxes[part] as MetricBox;
  const [first, end] = parts.edgesOf(part);
  const middle = (south + north) / 2;
  const crossed: number[] = [];
  for (let edge = first; edge < end; edge++) {
    const at = eastingAt(parts, edge, middle);
    if (!Number.isNaN(at)) crossed.push(at);
  }
  crossed.sort((a, b) => a - b);
  let best = -1;
  const width = (at: number) => (crossed[at + 1] ?? Number.NaN) - (crossed[at] as number);
  for (let at = 0; at + 1 < crossed.length; at += 2) if (best < 0 || width(at) > width(best)) best = at;
  return best < 0 || width(best) <= 0 ? undefined : [(crossed[best] as number) + width(best) / 2, middle];
}
