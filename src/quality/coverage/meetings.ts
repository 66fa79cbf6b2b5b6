import { CellIndex, type MetricBox } from './cell-index.ts';
import { type Edges, edgeBox, UNPAIRED, widenBy } from './edges.ts';
import type { SnappedVertices } from './vertices.ts';

/** Side in metres of the cells in which neighbours of an edge are looked up. */
const CELL = 16;

/**
 * Metres between two edges below which a gap may end between them: the rule closes 10 mm, and snapping moves each by up
 * to 4 mm.
 */
const NARROW = 0.018;

/** Receives the meetings of unpaired edges. */
export interface Meetings {
  /** An edge crosses another one. */
  crossing(one: number, two: number): void;
  /** Two unpaired edges without a common end come near to each other. */
  narrow(one: number, two: number): void;
}

/** Visits the meetings of unpaired edges with all others. The same one may come more than once. */
export function eachMeeting(
  { vertices, edges, pairs, region }: { vertices: SnappedVertices; edges: Edges; pairs: Int32Array; region: MetricBox },
  meetings: Meetings,
): void {
  const unpaired = edges.withPair(pairs, UNPAIRED);
  const boxOf = (item: number, box: Float64Array) => edgeBox(vertices, edges, unpaired[item] as number, box);
  const index = new CellIndex(region, CELL, unpaired.length, boxOf);
  const box = new Float64Array(4);
  const other = new Float64Array(4);
  for (let two = 0; two < edges.count; two++) {
    edgeBox(vertices, edges, two, box);
    widenBy(box, NARROW);
    index.each(box, (item) => {
      const one = unpaired[item] as number;
      if (sharesEnd(edges, one, two)) return;
      boxOf(item, other);
      if (isApart(box, other)) return;
      if (crosses(vertices, edges, one, two)) meetings.crossing(one, two);
      else if (pairs[two] === UNPAIRED && one < two && comesNear(vertices, edges, one, two)) meetings.narrow(one, two);
    });
  }
}

function isApart(one: Float64Array, two: Float64Array): boolean {
  return (
    (one[0] as number) > (two[2] as number) ||
    (one[2] as number) < (two[0] as number) ||
    (one[1] as number) > (two[3] as number) ||
    (one[3] as number) < (two[1] as number)
  );
}

function sharesEnd({ from, to }: Edges, one: number, two: number): boolean {
  return from[one] === from[two] || from[one] === to[two] || to[one] === from[two] || to[one] === to[two];
}

function crosses(vertices: SnappedVertices, { from, to }: Edges, one: number, two: number): boolean {
  const [a, b, c, d] = [from[one], to[one], from[two], to[two]] as [number, number, number, number];
  return (
    isLeftOf(vertices, a, b, c) !== isLeftOf(vertices, a, b, d) &&
    isLeftOf(vertices, c, d, a) !== isLeftOf(vertices, c, d, b)
  );
}

function isLeftOf({ x, y }: SnappedVertices, from: number, to: number, point: number): boolean {
  const [ax, ay] = [x[from] as number, y[from] as number];
  return (
    ((x[to] as number) - ax) * ((y[point] as number) - ay) - ((y[to] as number) - ay) * ((x[point] as number) - ax) > 0
  );
}

function comesNear(vertices: SnappedVertices, { from, to }: Edges, one: number, two: number): boolean {
  const [a, b, c, d] = [from[one], to[one], from[two], to[two]] as [number, number, number, number];
  return (
    squareTo(vertices, c, d, a) <= NARROW ** 2 ||
    squareTo(vertices, c, d, b) <= NARROW ** 2 ||
    squareTo(vertices, a, b, c) <= NARROW ** 2 ||
    squareTo(vertices, a, b, d) <= NARROW ** 2
  );
}

/** Returns the square of the distance from an edge to a vertex. */
function squareTo({ x, y }: SnappedVertices, from: number, to: number, vertex: number): number {
  const [ax, ay] = [x[from] as number, y[from] as number];
  const [dx, dy] = [(x[to] as number) - ax, (y[to] as number) - ay];
  const [px, py] = [(x[vertex] as number) - ax, (y[vertex] as number) - ay];
  const along = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return (px - along * dx) ** 2 + (py - along * dy) ** 2;
}
