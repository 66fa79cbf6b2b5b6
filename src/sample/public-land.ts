import { type FlatRing, reversed, toMillimetres } from './convex.ts';
import { components, dissolve, groupCells, type Mesh, type Polygon } from './mesh.ts';
import { RESERVOIR_ID } from './seeds.ts';

/** Land that nobody holds: streets (DGT), rivers (SON), the reservoir (MNC). */
export interface PublicLand {
  readonly use: 'DGT' | 'SON' | 'MNC';
  /** One of its cells. */
  readonly cell: number;
  readonly polygon: Polygon;
}

/** Returns regions of cells, with the blocks that lie in each as holes: what remains is the land of the streets. */
export function streetLand(
  mesh: Mesh,
  cells: readonly number[],
  blocksOf: (cell: number) => readonly FlatRing[],
): { cell: number; polygon: Polygon }[] {
  return components(mesh, cells).flatMap((own) => {
    const members = new Set(own);
    const holes = own.flatMap(blocksOf).map((ring) => reversed(toMillimetres(ring)));
    return dissolve(mesh, own, (cell) => members.has(cell)).map((polygon) => ({
      cell: own[0]!,
      polygon: [...polygon, ...holes.filter((ring) => ring.length >= 6)],
    }));
  });
}

/** Returns the land of streets and waters of a sheet, which fills the gaps between its parcels. */
export function publicLand(
  mesh: Mesh,
  cells: readonly number[],
  blocksOf: (cell: number) => readonly FlatRing[],
): PublicLand[] {
  const waters = groupCells(cells, (cell) => mesh.seeds.water[cell]);
  return [...waters].flatMap(([water, own]) => {
    const use = water === 0 ? 'DGT' : water === RESERVOIR_ID ? 'MNC' : 'SON';
    return streetLand(mesh, own, water === 0 ? blocksOf : () => []).map((each) => ({ ...each, use }) as const);
  });
}
