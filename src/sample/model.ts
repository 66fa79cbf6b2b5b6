import { inset } from './convex.ts';
import { sampleMetres } from './curve.ts';
import { type Cover, coverOf, waterNeighbourhood } from './land-use.ts';
import { type BlockSide, joinLanes } from './lane-ends.ts';
import type { Subdivision } from './lot.ts';
import { subdivide } from './lots.ts';
import { buildMesh, cellRing, type Mesh } from './mesh.ts';
import { LANDFILLS } from './province.ts';
import { mix, Random } from './random.ts';
import { placeSeeds } from './seeds.ts';
import { layStreets, type StreetNet } from './streets.ts';
import { builtUp } from './terrain.ts';
import { type Assignment, assignUnits, type OldUnit, readWards, type Ward, wardCentres } from './units.ts';

/** The province without its parcels: some 40 MB, generated in about 3 s. */
export interface Model {
  readonly seed: number;
  readonly wards: readonly Ward[];
  readonly mesh: Mesh;
  readonly assignment: Assignment;
  readonly net: StreetNet;
  readonly cover: readonly Cover[];
  density(x: number, y: number): number;
}

export function buildModel(seed: number): Model {
  const wards = readWards();
  const centres = wardCentres(wards);
  const density = (x: number, y: number) => builtUp(x, y, centres);
  const mesh = buildMesh(placeSeeds(seed, centres));
  const assignment = assignUnits(mesh, wards);
  const net = layStreets(mesh, density, seed);
  const input = { mesh, density, nearWater: waterNeighbourhood(mesh), seed };
  const cover = Array.from({ length: mesh.count }, (_, cell) => coverOf(input, cell));
  return { seed, wards, mesh, assignment, net, cover, density };
}

export function cellsOfModel({ mesh }: Model): number[] {
  return Array.from({ length: mesh.count }, (_, cell) => cell).filter((cell) => mesh.inside[cell]);
}

export function wardOf({ wards, assignment }: Model, cell: number): Ward | undefined {
  return wards[assignment.ward[cell]!];
}

export function formerOf(model: Model, cell: number): OldUnit | undefined {
  return wardOf(model, cell)?.former[model.assignment.former[cell]!];
}

const RANK = { local: 0, urban: 1, district: 2, provincial: 3, national: 4, expressway: -1 } as const;

/**
 * Returns the side of a cell along its most important street. Expressways do not count, as no house opens onto them.
 */
function mainSide({ mesh, net }: Model, cell: number): { side: number; rank: number } {
  const corners = mesh.corners[cell]!;
  let [best, rank, length] = [0, -2, 0];
  corners.forEach((corner, side) => {
    const next = corners[(side + 1) % corners.length]!;
    const street = net.streetOf(corner, next);
    const each = street === undefined ? -2 : RANK[net.streets[street]!.kind];
    const [dx, dy] = [0, 1].map((axis) => mesh.vertices[2 * next + axis]! - mesh.vertices[2 * corner + axis]!) as [
      number,
      number,
    ];
    const metres = Math.hypot(dx, dy);
    if (each > rank || (each === rank && metres > length)) [best, rank, length] = [side, each, metres];
  });
  return { side: best, rank: length > 45 ? rank : -2 };
}

/** Returns the use of a cell that is a landfill. */
function siteOf({ mesh }: Model, cell: number): string | undefined {
  const [x, y] = [mesh.seeds.x[cell]!, mesh.seeds.y[cell]!];
  const isLandfill = LANDFILLS.some(({ at, radius }) => {
    const [east, north] = sampleMetres(at);
    return Math.hypot(east - x, north - y) < radius;
  });
  return isLandfill ? 'DRA' : undefined;
}

/**
 * Cuts a cell into parcels. The result depends only on the seed, the cell, and
 * @param divided false for a block that stays whole, or nearly so
 */
export function subdivideCell(model: Model, cell: number, divided = true): Subdivision {
  const { mesh, net, cover, seed } = model;
  const corners = mesh.corners[cell]!;
  const outline = cellRing(mesh, cell);
  const ring = inset(outline, (side) => net.setback(corners[side]!, corners[(side + 1) % corners.length]!));
  const { side, rank } = mainSide(model, cell);
  const next = (2 * side + 2) % outline.length;
  const front =
    Math.atan2(outline[next + 1]! - outline[2 * side + 1]!, outline[next]! - outline[2 * side]!) - Math.PI / 2;
  const cut = subdivide({
    ring,
    cover: cover[cell]!,
    density: model.density(mesh.seeds.x[cell]!, mesh.seeds.y[cell]!),
    urban: wardOf(model, cell)?.urban ?? false,
    front,
    busy: rank > 0,
    random: new Random(mix(seed, 61, cell)),
    divided,
    site: siteOf(model, cell),
  });
  return { ...cut, lanes: joinLanes(cut.lanes, blockSides(model, cell)) };
}

/** Returns the sides of a cell. */
function blockSides({ mesh, net }: Model, cell: number): BlockSide[] {
  const corners = mesh.corners[cell]!;
  const outline = cellRing(mesh, cell);
  return corners.map((corner, side) => {
    const next = (side + 1) % corners.length;
    const line = [outline[2 * side]!, outline[2 * side + 1]!, outline[2 * next]!, outline[2 * next + 1]!] as const;
    return { line, isStreet: net.streetOf(corner, corners[next]!) !== undefined };
  });
}
