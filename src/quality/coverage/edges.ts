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

  /** Returns the edges that have this one as their pair. */
  withPair(pairs: Int32Array, pair: number): readonly number[] {
    const found: number[] = [];
    for (let edge = 0; edge < this.count; edge++) if (pairs[edge] === pair) found.push(edge);
    return found;
  }
}

/** Side in metres of the cells in which vertices beside an edge are looked up. */
const CELL = 8;

/** Widens a box on every side. */
export function widenBy(box: Float64Array, metres: number): void {
  box[0] = (box[0] as number) - metres;
  box[1] = (box[1] as number) - metres;
  box[2] = (box[2] as number) + metres;
  box[3] = (box[3] as number) + metres;
}

/** Writes the box of an edge. */
export function edgeBox({ x, y }: SnappedVertices, { from, to }: Edges, edge: number, box: Float64Array): void {
  const one = from[edge] as number;
  const two = to[edge] as number;
  box[0] = Math.min(x[one] as number, x[two] as number);
  box[1] = Math.min(y[one] as number, y[two] as number);
  box[2] = Math.max(x[one] as number, x[two] as number);
  box[3] = Math.max(y[one] as number, y[two] as number);
}

/** Returns one number for two numbers below 2^26, in whatever order. */
export function unorderedPair(one: number, two: number): number {
  return one < two ? one * 2 ** 26 + two : two * 2 ** 26 + one;
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
    const one = from[edge] as number;
    const two = to[edge] as number;
    const ends = unorderedPair(one, two);
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
  const ends = unpairedEnds(edges, { vertices, pairs });
  const index = new CellIndex(region, CELL, ends.length, (item, box) => {
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
    widenBy(box, SNAP_METRES);
    const on = new Map<number, PlaceOnEdge>();
    index.each(box, (item) => {
      const vertex = ends[item] as number;
      const place = placeOn(vertices, edges, edge, vertex);
      if (place) on.set(vertex, place);
    });
    addSplit(split, { vertices, edges, edge, on });
  }
  return split;
}

/** Returns the vertices of unpaired edges. */
function unpairedEnds(
  edges: Edges,
  { vertices, pairs }: { vertices: SnappedVertices; pairs: Int32Array },
): readonly number[] {
  const isEnd = new Uint8Array(vertices.count);
  for (const edge of edges.withPair(pairs, UNPAIRED)) {
    isEnd[edges.from[edge] as number] = 1;
    isEnd[edges.to[edge] as number] = 1;
  }
  const ends: number[] = [];
  for (let vertex = 0; vertex < isEnd.length; vertex++) if (isEnd[vertex]) ends.push(vertex);
  return ends;
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
  if (on.size === 0) {
    split.add(from, to, part, edges.moved[edge] as number);
    return;
  }
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
  const from = edges.from[edge] as number;
  const to = edges.to[edge] as number;
  if (vertex === from || vertex === to) return undefined;
  const ax = x[from] as number;
  const ay = y[from] as number;
  const dx = (x[to] as number) - ax;
  const dy = (y[to] as number) - ay;
  const px = (x[vertex] as number) - ax;
  const py = (y[vertex] as number) - ay;
  const square = dx * dx + dy * dy;
  const along = (px * dx + py * dy) / square;
  if (!(along > 0 && along < 1)) return undefined;
  const left = (dx * py - dy * px) / Math.sqrt(square);
  return Math.abs(left) <= SNAP_METRES ? { along, left } : undefined;
}
