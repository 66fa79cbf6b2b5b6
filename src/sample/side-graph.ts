import type { EastNorth } from '../geo/vn2000.ts';
import type { Mesh } from './mesh.ts';

/** Street ends nearer than this meet. A crossing of four streets is two vertices and a short side. */
export const CROSSING = 22;

export interface GraphSide {
  readonly a: number;
  readonly b: number;
  readonly length: number;
  readonly cells: readonly [number, number];
}

/** Farthest that a road strays from its curve, in metres. */
const STRAY = 450;

/** Returns one number for a side, in either direction. */
export const sideKey = (a: number, b: number) => (a < b ? a * 4_194_304 + b : b * 4_194_304 + a);

/** Every side of the mesh in the province, once. */
export class SideGraph {
  readonly sides = new Map<number, GraphSide>();
  readonly at = new Map<number, GraphSide[]>();
  /** Vertices by {@link bucketOf}. */
  readonly near = new Map<number, number[]>();
  readonly mesh: Mesh;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
    for (let cell = 0; cell < mesh.count; cell++) {
      if (!mesh.inside[cell]) continue;
      const corners = mesh.corners[cell]!;
      mesh.across[cell]!.forEach((other, index) => {
        if (mesh.inside[other] && other < cell) return;
        this.#add(corners[index]!, corners[(index + 1) % corners.length]!, [cell, other]);
      });
    }
  }

  #add(a: number, b: number, cells: readonly [number, number]): void {
    const side = { a, b, length: Math.hypot(this.x(a) - this.x(b), this.y(a) - this.y(b)), cells };
    this.sides.set(sideKey(a, b), side);
    for (const vertex of [a, b]) {
      const list = this.at.get(vertex);
      if (list) list.push(side);
      else this.at.set(vertex, [side]);
      if (!list) this.#enter(vertex);
    }
  }

  #enter(vertex: number): void {
    const bucket = bucketOf(this.x(vertex), this.y(vertex));
    const list = this.near.get(bucket);
    if (list) list.push(vertex);
    else this.near.set(bucket, [vertex]);
  }

  x(vertex: number): number {
    return this.mesh.vertices[2 * vertex]!;
  }

  y(vertex: number): number {
    return this.mesh.vertices[2 * vertex + 1]!;
  }

  line(path: readonly number[]): number[] {
    return path.flatMap((vertex) => [this.x(vertex), this.y(vertex)]);
  }

  isWater(cell: number): boolean {
    return this.mesh.seeds.water[cell] !== 0;
  }

  /** Returns true if a street can run along the side, with land of the province on both sides. */
  isStreet({ cells }: GraphSide): boolean {
    return cells.every((cell) => this.mesh.inside[cell] && !this.isWater(cell));
  }
}

/** Returns the path along sides that stays nearest to the curve (Dijkstra, with a cost for straying). */
export function follow(graph: SideGraph, course: readonly EastNorth[]): number[] {
  const away = nearestOnCurve(graph, course);
  const ends = [course[0]!, course.at(-1)!].map(([x, y]) => {
    let [best, distance] = [-1, Number.POSITIVE_INFINITY];
    for (const vertex of away.keys()) {
      if (graph.at.get(vertex)!.every((side) => along(graph, side))) continue;
      const d = Math.hypot(graph.x(vertex) - x, graph.y(vertex) - y);
      if (d < distance) [best, distance] = [vertex, d];
    }
    return best;
  });
  const [start, goal] = ends as [number, number];
  const cost = new Map([[start, 0]]);
  const from = new Map<number, number>();
  const done = new Set<number>();
  const open = new Set([start]);
  while (open.size) {
    let vertex = -1;
    for (const each of open) if (vertex < 0 || cost.get(each)! < cost.get(vertex)!) vertex = each;
    open.delete(vertex);
    done.add(vertex);
    if (vertex === goal) break;
    for (const side of graph.at.get(vertex) ?? []) {
      const other = side.a === vertex ? side.b : side.a;
      const d = away.get(other);
      if (d === undefined || done.has(other) || along(graph, side)) continue;
      const next = cost.get(vertex)! + side.length * (1 + (d / 35) ** 2);
      if (next < (cost.get(other) ?? Number.POSITIVE_INFINITY)) {
        cost.set(other, next);
        from.set(other, vertex);
        open.add(other);
      }
    }
  }
  const path = [goal];
  while (from.has(path[0]!)) path.unshift(from.get(path[0]!)!);
  return path;
}

/**
 * Returns true for sides that no road takes: the middle or the bank of a river, or outside. A side across the water is
 * allowed, as a bridge.
 */
function along(graph: SideGraph, { cells: [a, b], length }: GraphSide): boolean {
  const { seeds, inside } = graph.mesh;
  if (!inside[a] || !inside[b]) return true;
  // A bridge may step aside at the bank, where four cells nearly meet.
  if (length < CROSSING) return false;
  if (graph.isWater(a) !== graph.isWater(b)) return true;
  // The side between the two halves of a river is its middle; a side within one half crosses it.
  return seeds.half[a] !== seeds.half[b];
}

const bucketOf = (x: number, y: number) => Math.floor(x / STRAY) * 100_000 + Math.floor(y / STRAY);

/** Returns the buckets of a point and of the eight around it. */
function around(x: number, y: number): number[] {
  return [-1, 0, 1].flatMap((dc) => [-1, 0, 1].map((dr) => bucketOf(x + dc * STRAY, y + dr * STRAY)));
}

/** Returns the vertices within STRAY of the curve, with their distance from it. */
function nearestOnCurve(graph: SideGraph, course: readonly EastNorth[]): Map<number, number> {
  const points = new Map<number, EastNorth[]>();
  for (const [x, y] of course) {
    const list = points.get(bucketOf(x, y));
    if (list) list.push([x, y]);
    else points.set(bucketOf(x, y), [[x, y]]);
  }
  const reached = new Set(course.flatMap(([x, y]) => around(x, y)));
  const result = new Map<number, number>();
  for (const vertex of [...reached].flatMap((bucket) => graph.near.get(bucket) ?? [])) {
    const [x, y] = [graph.x(vertex), graph.y(vertex)];
    let distance = Number.POSITIVE_INFINITY;
    for (const bucket of around(x, y)) {
      for (const [px, py] of points.get(bucket) ?? []) distance = Math.min(distance, (px - x) ** 2 + (py - y) ** 2);
    }
    if (distance < STRAY ** 2) result.set(vertex, Math.sqrt(distance));
  }
  return result;
}

/** Returns points every few metres, so that the nearest gives the distance to the curve. */
export function dense(course: readonly EastNorth[]): EastNorth[] {
  return course.flatMap(([x, y], index) => {
    const [nx, ny] = course[index + 1] ?? [x, y];
    const pieces = Math.max(1, Math.ceil(Math.hypot(nx - x, ny - y) / 25));
    return Array.from(
      { length: pieces },
      (_, piece): EastNorth => [x + ((nx - x) * piece) / pieces, y + ((ny - y) * piece) / pieces],
    );
  });
}
