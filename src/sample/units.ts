import { type ReferenceRow, readReference } from '../database/reference.ts';
import { ringArea } from './convex.ts';
import { sampleMetres } from './curve.ts';
import { cellRing, type Mesh } from './mesh.ts';
import type { Centre } from './terrain.ts';

export const OLD_FROM = '2004-01-01';
export const NEW_FROM = '2025-07-01';

export interface Ward {
  readonly code: string;
  readonly name: string;
  readonly fullName: string;
  readonly urban: boolean;
  readonly areaKm2: number;
  /** Position of its town, metres. */
  readonly x: number;
  readonly y: number;
  /** Middle and half size of its real extent, metres, which its shape imitates. */
  readonly box: { readonly x: number; readonly y: number; readonly halfWidth: number; readonly halfHeight: number };
  /** The former units that it comprises. */
  readonly former: readonly OldUnit[];
}

export interface OldUnit {
  readonly code: string;
  readonly name: string;
  readonly district: string;
  /** Codes of the wards among which it was divided. */
  readonly into: readonly string[];
}

function toWard(row: ReferenceRow, former: readonly OldUnit[]): Ward {
  const [x, y] = sampleMetres([Number(row.lon), Number(row.lat)]);
  const [west, south] = sampleMetres([Number(row.west), Number(row.south)]);
  const [east, north] = sampleMetres([Number(row.east), Number(row.north)]);
  return {
    code: row.code!,
    name: row.name!,
    fullName: row.full_name!,
    urban: row.kind === 'Phường',
    areaKm2: Number(row.area_km2),
    x,
    y,
    box: {
      x: (west + east) / 2,
      y: (south + north) / 2,
      halfWidth: (east - west) / 2,
      halfHeight: (north - south) / 2,
    },
    former,
  };
}

/** Reads the 36 present wards and communes, each with the former units that it comprises. */
export function readWards(): Ward[] {
  const units = readReference('unit');
  const crosswalk = readReference('unit_crosswalk');
  const oldUnits = new Map(
    units
      .filter((row) => row.level === 'commune' && row.valid_to)
      .map((row): [string, OldUnit] => [
        row.code!,
        {
          code: row.code!,
          name: row.full_name!,
          district: row.parent_code!,
          into: crosswalk.filter((line) => line.old_code === row.code).map((line) => line.new_code!),
        },
      ]),
  );
  return units
    .filter((row) => row.level === 'commune' && !row.valid_to)
    .map((row) =>
      toWard(
        row,
        crosswalk.filter((line) => line.new_code === row.code).flatMap((line) => oldUnits.get(line.old_code!) ?? []),
      ),
    );
}

/** Returns the centre of each ward's small town. */
export function wardCentres(wards: readonly Ward[]): Centre[] {
  return wards.map(({ x, y, urban }) => [x, y, urban ? 1500 : 850, urban ? 0.62 : 0.58]);
}

/** Index of the ward and of the former unit (in `ward.former`) of each cell; -1 outside of the province. */
export interface Assignment {
  readonly ward: Int16Array;
  readonly former: Int16Array;
}

/** Rounds in which wards grow or shrink until their areas are near the real ones. */
const BALANCING_ROUNDS = 24;

export function assignUnits(mesh: Mesh, wards: readonly Ward[]): Assignment {
  const cells = Array.from({ length: mesh.count }, (_, cell) => cell).filter((cell) => mesh.inside[cell]);
  const areas = Float64Array.from({ length: mesh.count }, (_, cell) =>
    mesh.inside[cell] ? ringArea(cellRing(mesh, cell)) : 0,
  );
  const ward = new Int16Array(mesh.count).fill(-1);
  const score = wards.map((each) =>
    Float64Array.from(cells, (cell) => distanceTo(each, mesh.seeds.x[cell]!, mesh.seeds.y[cell]!)),
  );
  const weight = wards.map(() => 0);
  for (let round = 0; round < BALANCING_ROUNDS; round++) {
    const sum = wards.map(() => 0);
    cells.forEach((cell, index) => {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let each = 0; each < wards.length; each++) {
        const value = score[each]![index]! + weight[each]!;
        if (value < least) [best, least] = [each, value];
      }
      ward[cell] = best;
      sum[best]! += areas[cell]!;
    });
    wards.forEach((each, index) => {
      weight[index]! += 0.16 * Math.log(Math.max(0.2, sum[index]! / 1e6 / each.areaKm2));
    });
  }
  for (let round = 0; round < 3; round++) evenOut(mesh, cells, ward);
  joinExclaves(mesh, cells, ward, areas);
  return { ward, former: assignFormer(mesh, wards, { cells, ward, areas }) };
}

/** Moves a cell to another group if most of its neighbours belong to it, which smooths borders. */
function evenOut(mesh: Mesh, cells: readonly number[], group: Int16Array): void {
  const before = group.slice();
  for (const cell of cells) {
    const count = new Map<number, number>();
    for (const other of mesh.across[cell]!)
      if (mesh.inside[other]) count.set(before[other]!, (count.get(before[other]!) ?? 0) + 1);
    const [most, times] = [...count].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (times > (count.get(before[cell]!) ?? 0) + 1) group[cell] = most;
  }
}

/**
 * Returns 0 in the middle of the ward's extent and 1 at its sides. The ellipse is shifted a little towards the town.
 */
function distanceTo({ box, x: townX, y: townY }: Ward, x: number, y: number): number {
  const fromBox = Math.hypot((x - box.x) / box.halfWidth, (y - box.y) / box.halfHeight);
  const fromTown = Math.hypot((x - townX) / box.halfWidth, (y - townY) / box.halfHeight);
  return 0.7 * fromBox + 0.3 * fromTown;
}

/** Joins exclaves to a neighbouring group, so that every group is connected. */
function joinExclaves(mesh: Mesh, cells: readonly number[], group: Int16Array, areas: Float64Array): void {
  for (let round = 0; round < 4; round++) {
    const part = new Int32Array(mesh.count).fill(-1);
    const parts: { group: number; area: number; cells: number[] }[] = [];
    for (const start of cells) {
      if (part[start] !== -1) continue;
      const found = { group: group[start]!, area: 0, cells: [start] };
      part[start] = parts.length;
      for (const cell of found.cells) {
        found.area += areas[cell]!;
        for (const other of mesh.across[cell]!) {
          if (part[other] !== -1 || !mesh.inside[other] || group[other] !== found.group) continue;
          part[other] = parts.length;
          found.cells.push(other);
        }
      }
      parts.push(found);
    }
    const largest = new Map<number, number>();
    for (const each of parts) largest.set(each.group, Math.max(largest.get(each.group) ?? 0, each.area));
    for (const each of parts) {
      if (each.area >= largest.get(each.group)!) continue;
      const neighbour = each.cells
        .flatMap((cell) => mesh.across[cell]!)
        .find((other) => mesh.inside[other] && group[other] !== each.group);
      if (neighbour !== undefined) for (const cell of each.cells) group[cell] = group[neighbour]!;
    }
  }
}

/** Divides each ward among its former units. A unit that was split lies towards the other ward that has part of it. */
function assignFormer(
  mesh: Mesh,
  wards: readonly Ward[],
  { cells, ward, areas }: { cells: readonly number[]; ward: Int16Array; areas: Float64Array },
): Int16Array {
  const former = new Int16Array(mesh.count).fill(-1);
  wards.forEach((each, index) => {
    const own = cells.filter((cell) => ward[cell] === index);
    const places = placeFormer(mesh, each, own, wards);
    for (const cell of own) {
      let [best, distance] = [0, Number.POSITIVE_INFINITY];
      places.forEach(([x, y], place) => {
        const away = Math.hypot(mesh.seeds.x[cell]! - x, mesh.seeds.y[cell]! - y);
        if (away < distance) [best, distance] = [place, away];
      });
      former[cell] = best;
    }
  });
  const combined = former.map((place, cell) => (place < 0 ? -1 : ward[cell]! * 16 + place));
  joinWithinWard(mesh, { cells, ward, areas, combined });
  return combined.map((value) => (value < 0 ? -1 : value % 16));
}

function joinWithinWard(
  mesh: Mesh,
  {
    cells,
    ward,
    areas,
    combined,
  }: { cells: readonly number[]; ward: Int16Array; areas: Float64Array; combined: Int16Array },
): void {
  const before = combined.slice();
  joinExclaves(mesh, cells, combined, areas);
  // A former unit never leaves its ward, even if it stays disconnected.
  for (const cell of cells) if (Math.floor(combined[cell]! / 16) !== ward[cell]) combined[cell] = before[cell]!;
}

function placeFormer(mesh: Mesh, ward: Ward, own: readonly number[], wards: readonly Ward[]): [number, number][] {
  const points = own.map((cell): [number, number] => [mesh.seeds.x[cell]!, mesh.seeds.y[cell]!]);
  const places: ([number, number] | undefined)[] = [];
  ward.former.forEach((unit, index) => {
    const other = wards.find(({ code }) => code !== ward.code && unit.into.includes(code));
    if (other) places[index] = towards(points, other.box, places);
    else if (unit.code === ward.code) places[index] = [ward.x, ward.y];
  });
  return ward.former.map((_, index) => {
    places[index] ??= farthest(points, places);
    return places[index] as [number, number];
  });
}

type SeatPlace = readonly [x: number, y: number];

/** Returns the metres to the nearest occupied place. */
function roomAround([x, y]: SeatPlace, placed: readonly (SeatPlace | undefined)[]): number {
  return placed.reduce(
    (room, place) => (place ? Math.min(room, Math.hypot(place[0] - x, place[1] - y)) : room),
    30_000,
  );
}

/** Returns the point nearest to the rest of the unit, at a distance from other units that continue there. */
function towards(
  points: readonly [number, number][],
  to: { x: number; y: number },
  placed: readonly (SeatPlace | undefined)[],
): [number, number] {
  const cost = (point: SeatPlace) => Math.hypot(point[0] - to.x, point[1] - to.y) - 0.8 * roomAround(point, placed);
  return points
    .map((point) => ({ point, cost: cost(point) }))
    .reduce((best, each) => (each.cost < best.cost ? each : best)).point;
}

/** Returns the point farthest from all placed ones, moved slightly inside so that its unit gets enough area. */
function farthest(points: readonly [number, number][], placed: readonly (SeatPlace | undefined)[]): [number, number] {
  const ranked = points.map((point) => ({ point, room: roomAround(point, placed) })).sort((a, b) => b.room - a.room);
  return ranked[Math.floor(ranked.length * 0.04)]!.point;
}
