import { Delaunay } from 'd3-delaunay';
import { type FlatRing, ringArea } from './convex.ts';
import { enclosure } from './curve.ts';
import type { Seeds } from './seeds.ts';

/** The map as cells without gaps: for each cell its corners (vertices), and the neighbour across each side. */
export interface Mesh {
  readonly count: number;
  /** Metres, 2 numbers a vertex, rounded to the millimetre. */
  readonly vertices: Float64Array;
  /** Counter-clockwise. Side k runs from corner k to corner k + 1. Empty for the cells at the very edge. */
  readonly corners: readonly (readonly number[])[];
  readonly across: readonly (readonly number[])[];
  readonly inside: Uint8Array;
  readonly seeds: Seeds;
}

export const toMillimetre = (value: number) => Math.round(value * 1000) / 1000;

export function buildMesh(seeds: Seeds): Mesh {
  const count = seeds.x.length;
  const delaunay = Delaunay.from(
    { length: count } as ArrayLike<number>,
    (_, i) => seeds.x[i]!,
    (_, i) => seeds.y[i]!,
  );
  const voronoi = delaunay.voronoi([540_000, 1_180_000, 660_000, 1_295_000]);
  const { triangles, halfedges, inedges } = delaunay;
  const corners: number[][] = [];
  const across: number[][] = [];
  for (let cell = 0; cell < count; cell++) {
    const [vertices, others]: [number[], number[]] = [[], []];
    let edge = inedges[cell]!;
    const first = edge;
    do {
      vertices.push(Math.floor(edge / 3));
      edge = edge % 3 === 2 ? edge - 2 : edge + 1;
      others.push(triangles[edge % 3 === 2 ? edge - 2 : edge + 1]!);
      edge = halfedges[edge]!;
    } while (edge !== first && edge !== -1);
    corners.push(edge === -1 ? [] : vertices);
    across.push(edge === -1 ? [] : others);
  }
  const inside = enclosure(seeds.outline);
  const mesh = {
    count,
    vertices: Float64Array.from(voronoi.circumcenters, toMillimetre),
    corners,
    across,
    inside: Uint8Array.from({ length: count }, (_, i) => Number(inside(seeds.x[i]!, seeds.y[i]!))),
    seeds,
  };
  reverseFaces(mesh);
  return mesh;
}

/** Reverses corners and sides, because with y pointing up the triangulation runs clockwise. */
function reverseFaces({
  corners,
  across,
  vertices,
}: {
  corners: number[][];
  across: number[][];
  vertices: Float64Array;
}): void {
  corners.forEach((cell, index) => {
    if (!cell.length || ringArea(meshRing(vertices, cell)) > 0) return;
    cell.reverse();
    const sides = across[index]!;
    sides.reverse();
    // Reversed, side k lies between corners k - 1 and k: shift by one.
    sides.push(sides.shift()!);
  });
}

function meshRing(vertices: Float64Array, corners: readonly number[]): FlatRing {
  return corners.flatMap((vertex) => [vertices[2 * vertex]!, vertices[2 * vertex + 1]!]);
}

export function cellRing(mesh: Mesh, cell: number): FlatRing {
  return meshRing(mesh.vertices, mesh.corners[cell]!);
}

/** A polygon: its outer ring and its holes. */
export type Polygon = readonly FlatRing[];

/** Returns the polygons of some cells together. */
export function joinCells(mesh: Mesh, cells: readonly number[]): Polygon[] {
  const members = new Set(cells);
  return dissolve(mesh, cells, (cell) => members.has(cell));
}

/**
 * Joins cells into polygons. Only three cells meet in a vertex, so the edge of a region never touches itself, and
 * following it closes a ring. Neighbouring regions share their vertices exactly.
 */
export function dissolve(mesh: Mesh, cells: readonly number[], member: (cell: number) => boolean): Polygon[] {
  const next = new Map<number, number>();
  for (const cell of cells) {
    const corners = mesh.corners[cell]!;
    mesh.across[cell]!.forEach((other, side) => {
      if (!member(other)) next.set(corners[side]!, corners[(side + 1) % corners.length]!);
    });
  }
  const rings: FlatRing[] = [];
  while (next.size) {
    const ring: number[] = [];
    let vertex = next.keys().next().value as number;
    while (next.has(vertex)) {
      ring.push(vertex);
      const following = next.get(vertex)!;
      next.delete(vertex);
      vertex = following;
    }
    rings.push(meshRing(mesh.vertices, ring));
  }
  return nest(rings);
}

/** Assigns each hole (clockwise) to the smallest outer ring around it. */
function nest(rings: readonly FlatRing[]): Polygon[] {
  const outer = rings.filter((ring) => ringArea(ring) > 0).sort((a, b) => ringArea(a) - ringArea(b));
  const polygons = outer.map((ring) => [ring]);
  const holes = rings.filter((ring) => ringArea(ring) < 0);
  const around = holes.length ? outer.map((ring) => enclosure(pairs(ring))) : [];
  for (const hole of holes) {
    // The middle of a side: rings share vertices, never sides.
    const [x, y] = [(hole[0]! + hole[2]!) / 2, (hole[1]! + hole[3]!) / 2];
    polygons[around.findIndex((inside) => inside(x, y))]?.push(hole);
  }
  return polygons;
}

function pairs(ring: FlatRing): [number, number][] {
  return Array.from({ length: ring.length / 2 }, (_, index) => [ring[2 * index]!, ring[2 * index + 1]!]);
}

/** Groups cells by `key`. Cells without a key are left out. */
export function groupCells<K>(cells: Iterable<number>, key: (cell: number) => K | undefined): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const cell of cells) {
    const name = key(cell);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(cell);
    else groups.set(name, [cell]);
  }
  return groups;
}

/** Splits cells into groups that are connected through sides. */
export function components(mesh: Mesh, cells: readonly number[]): number[][] {
  const open = new Set(cells);
  return cells.flatMap((start) => {
    if (!open.delete(start)) return [];
    const group = [start];
    for (const cell of group) for (const other of mesh.across[cell]!) if (open.delete(other)) group.push(other);
    return [group];
  });
}
