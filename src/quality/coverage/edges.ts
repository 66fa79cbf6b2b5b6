import { CellIndex, type MetricBox } from './cell-index.ts';
import { SNAP_METRES, type SnappedVertices } from './vertices.ts';

/** Directed edges between vertices, each of one part, which lies on its left. */
export class Edges {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly part: number[] = [];
  /** Square metres to the right of each edge that its part covered as surveyed, at most. */
  readonly moved: number[] = [];

  get count(): number {
    return this.from.length;
  }

  add(from: number, to: number, part: number, moved: number): void {
    this.from.push(from);
    this.to.push(to);
    this.part.push(part);
    this.moved.push(moved);
  }
}

/** Side in metres of the cells in which vertices beside an edge are looked up. */
const CELL = 8;

/** Writes the box of an edge. */
export function edgeBox({ x, y }: SnappedVertices, { from, to }: Edges, edge: number, box: Float64Array): void {
  const [one, two] = [from[edge] as number, to[edge] as number];
  box[0] = Math.min(x[one] as number, x[two] as number);
  box[1] = Math.min(y[one] as number, y[two] as number);
  box[2] = Math.max(x[one] as number, x[two] as number);
  box[3] = Math.max(y[one] as number, y[two] as number);
}

/** Stands for the pair of an edge that has none. */
export const UNPAIRED = -1;

/**
 * Pairs edges with those of the same ends in the opposite direction: one part is on the left, another on the right.
 * @returns the other edge of each, or {@link UNPAIRED}
 */
export function pairOpposites({ from, to, count }: Edges): Int32Array {
  const pairs = new Int32Array(count).fill(UNPAIRED);
  // Edges with the same ends that wait for one, all in the same direction: the last of them, and the one before each.
  const last = new Map<number, number>();
  const before = new Int32Array(count).fill(-1);
  for (let edge = 0; edge < count; edge++) {
    const [one, two] = [from[edge] as number, to[edge] as number];
    const ends = one < two ? one * 2 ** 26 + two : two * 2 ** 26 + one;
    const waiting = last.get(ends) ?? -1;
    if (waiting >= 0 && from[waiting] === two) {
      pairs[edge] = waiting;
      pairs[waiting] = edge;
      last.set(ends, before[waiting] as number);
    } else {
      before[edge] = waiting;
      last.set(ends, edge);
    }
  }
  return pairs;
}

/**
 * Splits unpaired edges at the vertices that lie on them, where a corner of one parcel meets the side of another.
 * @param pairs as {@link pairOpposites} returns them
 */
export function splitEdges(
  edges: Edges,
  { vertices, pairs, region }: { vertices: SnappedVertices; pairs: Int32Array; region: MetricBox },
): Edges {
  const single = Array.from({ length: edges.count }, (_, edge) => edge).filter((edge) => pairs[edge] === UNPAIRED);
  const ends = [...new Set(single.flatMap((edge) => [edges.from[edge] as number, edges.to[edge] as number]))];
  const index = new CellIndex(region, { width: CELL, height: CELL }, ends.length, (item, box) => {
    box[0] = box[2] = vertices.x[ends[item] as number] as number;
    box[1] = box[3] = vertices.y[ends[item] as number] as number;
  });
  const split = new Edges();
  const box = new Float64Array(4);
  for (let edge = 0; edge < edges.count; edge++) {
    if (pairs[edge] !== UNPAIRED) {
      split.add(
        edges.from[edge] as number,
        edges.to[edge] as number,
        edges.part[edge] as number,
        edges.moved[edge] as number,
      );
      continue;
    }
    edgeBox(vertices, edges, edge, box);
    const [west, south, east, north] = box as unknown as [number, number, number, number];
    const on = new Map<number, PlaceOnEdge>();
    index.each([west - SNAP_METRES, south - SNAP_METRES, east + SNAP_METRES, north + SNAP_METRES], (item) => {
      const vertex = ends[item] as number;
      const place = placeOn(vertices, edges, edge, vertex);
      if (place) on.set(vertex, place);
    });
    addSplit(split, { vertices, edges, edge, on });
  }
  return split;
}

/** Position of a vertex along an edge, 0 to 1, and metres to its left. */
interface PlaceOnEdge {
  readonly along: number;
  readonly left: number;
}

function addSplit(
  split: Edges,
  {
    vertices,
    edges,
    edge,
    on,
  }: { vertices: SnappedVertices; edges: Edges; edge: number; on: ReadonlyMap<number, PlaceOnEdge> },
): void {
  const [from, to, part] = [edges.from[edge] as number, edges.to[edge] as number, edges.part[edge] as number];
  const { x, y } = vertices;
  const length = vertices.distance(from, x[to] as number, y[to] as number);
  const width = (edges.moved[edge] as number) / length;
  let [last, before] = [from, 0];
  const sorted = [...on].sort(([, a], [, b]) => a.along - b.along);
  for (const [vertex, place] of [...sorted, [to, { along: 1, left: 0 }] as const]) {
    const piece = vertices.distance(last, x[vertex] as number, y[vertex] as number);
    // Where the edge is led to the left, its part loses ground to the right.
    const beyond = Math.max(0, place.left);
    split.add(last, vertex, part, piece * (width + (before + beyond) / 2));
    [last, before] = [vertex, beyond];
  }
}

/** Returns where a vertex lies on an edge; undefined: not on it, or at an end. */
function placeOn({ x, y }: SnappedVertices, edges: Edges, edge: number, vertex: number): PlaceOnEdge | undefined {
  const [from, to] = [edges.from[edge] as number, edges.to[edge] as number];
  if (vertex === from || vertex === to) return undefined;
  const [ax, ay] = [x[from] as number, y[from] as number];
  const [dx, dy] = [(x[to] as number) - ax, (y[to] as number) - ay];
  const [px, py] = [(x[vertex] as number) - ax, (y[vertex] as number) - ay];
  const square = dx * dx + dy * dy;
  const along = (px * dx + py * dy) / square;
  if (!(along > 0 && along < 1)) return undefined;
  const left = (dx * py - dy * px) / Math.sqrt(square);
  return Math.abs(left) <= SNAP_METRES ? { along, left } : undefined;
}
