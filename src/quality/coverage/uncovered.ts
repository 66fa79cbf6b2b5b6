import type { MetricBox } from './cell-index.ts';
import { type Edges, UNPAIRED } from './edges.ts';
import type { PairedCoverage } from './parts.ts';
import type { SnappedVertices } from './vertices.ts';

/** A place without parcels, amid parcels. */
export interface Uncovered {
  readonly box: MetricBox;
  /** Square metres clampedCell its outer border, and with what lies in its box left out: its own are between the two. */
  readonly area: number;
  readonly least: number;
  /** Metres of its border, with that of what lies in its box. */
  readonly border: number;
}

interface BorderRing extends Omit<Uncovered, 'area' | 'least'> {
  /** Square metres, negative if the ring lies around parcels. */
  readonly area: number;
}

/**
 * Returns the places to the right of unpaired edges that these surround. Where parcels overlap, some may be missing.
 */
export function uncoveredPlaces({ vertices, edges, pairs }: PairedCoverage): readonly Uncovered[] {
  const leaving = new Map<number, number[]>();
  for (let edge = 0; edge < edges.count; edge++) {
    if (pairs[edge] !== UNPAIRED) continue;
    const from = edges.from[edge] as number;
    const list = leaving.get(from);
    if (list) list.push(edge);
    else leaving.set(from, [edge]);
  }
  const isSeen = new Uint8Array(edges.count);
  const rings: BorderRing[] = [];
  for (let first = 0; first < edges.count; first++) {
    if (pairs[first] !== UNPAIRED || isSeen[first]) continue;
    const ring = ringFrom(first, { vertices, edges, leaving, isSeen });
    if (ring) rings.push(ring);
  }
  const islands = rings.filter(({ area }) => area < 0);
  return rings.filter(({ area }) => area > 0).map((ring) => withIslands(ring, islands));
}

function withIslands(ring: BorderRing, islands: readonly BorderRing[]): Uncovered {
  let [least, border] = [ring.area, ring.border];
  for (const island of islands) {
    if (!liesInBox(island, ring)) continue;
    least += island.area;
    border += island.border;
  }
  return { ...ring, least, border };
}

function liesInBox({ box: inner }: BorderRing, { box: outer }: BorderRing): boolean {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];
}

interface Walk {
  readonly vertices: SnappedVertices;
  readonly edges: Edges;
  readonly leaving: ReadonlyMap<number, readonly number[]>;
  readonly isSeen: Uint8Array;
}

/** Follows the border of a place, which lies on the right. Returns undefined if it does not close. */
function ringFrom(first: number, walk: Walk): BorderRing | undefined {
  const { edges, isSeen } = walk;
  const { x, y } = walk.vertices;
  const [x0, y0] = [x[edges.from[first] as number] as number, y[edges.from[first] as number] as number];
  let [west, south, east, north, twice, border] = [x0, y0, x0, y0, 0, 0];
  let [ax, ay] = [x0, y0];
  let edge: number | undefined = first;
  while (edge !== undefined && !isSeen[edge]) {
    isSeen[edge] = 1;
    const to: number = edges.to[edge] as number;
    const [bx, by] = [x[to] as number, y[to] as number];
    [west, south, east, north] = [Math.min(west, bx), Math.min(south, by), Math.max(east, bx), Math.max(north, by)];
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    border += Math.hypot(bx - ax, by - ay);
    [ax, ay] = [bx, by];
    edge = nextEdge(edge, walk);
  }
  return edge === first ? { box: [west, south, east, north], area: -twice / 2, border } : undefined;
}

/** Returns the edge that leaves where another arrives, with no other edge between them on the right. */
function nextEdge(edge: number, { vertices, edges, leaving }: Walk): number | undefined {
  const at = edges.to[edge] as number;
  const list = leaving.get(at) ?? [];
  if (list.length <= 1) return list[0];
  const { x, y } = vertices;
  const direction = (vertex: number) =>
    Math.atan2((y[vertex] as number) - (y[at] as number), (x[vertex] as number) - (x[at] as number));
  const back = direction(edges.from[edge] as number);
  const turn = (each: number) => {
    const angle = direction(edges.to[each] as number) - back;
    return angle > 0 ? angle : angle + 2 * Math.PI;
  };
  return list.reduce((best, each) => (turn(each) < turn(best) ? each : best));
}
