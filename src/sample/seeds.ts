import { Delaunay } from 'd3-delaunay';
import type { EastNorth } from '../geo/vn2000.ts';
import { type CurvePoint, enclosure, sampleMetres, smooth, walk } from './curve.ts';
import { RAILWAYS, ROADS } from './main-roads.ts';
import { INDUSTRIAL_PARKS, LANDFILLS, NORTH_BORDER, RESERVOIR, RIVERS, SOUTH_BORDER } from './province.ts';
import { mix, noise, Random } from './random.ts';
import { builtUp, type Centre } from './terrain.ts';

/** Water of a seed: 0 none, else 1 + index of the river; the reservoir comes last. */
export const RESERVOIR_ID = RIVERS.length + 1;

/**
 * Points whose Voronoi cells are everything on the map: blocks, halves of rivers, pieces of the lake. Two rows of seeds
 * mirrored along a curve force the cells' sides to follow it. Banks, borders and roads therefore need no clipping.
 */
export interface Seeds {
  readonly x: number[];
  readonly y: number[];
  /** 0, or 1 + index of the river, or RESERVOIR_ID. */
  readonly water: number[];
  /** The half of a river: -1 or 1; 0 elsewhere. */
  readonly half: number[];
  /** -1, or the index of the industrial park. */
  readonly park: number[];
  readonly outline: readonly EastNorth[];
  readonly patches: Delaunay<Delaunay.Point>;
}

const GRID = 250;

interface SeedKind {
  readonly water?: number;
  readonly half?: number;
  readonly park?: number;
  /** Metres to another seed within which this one is left out. Without it the guards of both decide. */
  readonly near?: number;
}

/** Returns an offset of up to 2 m either way. */
function wobble(index: number, axis: number): number {
  return mix(index, axis) / 1_073_741_824 - 2;
}

/** Seeds in a spatial index; each guards a distance around itself. */
class SeedField {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly water: number[] = [];
  readonly half: number[] = [];
  readonly park: number[] = [];
  readonly #guard: number[] = [];
  readonly #grid = new Map<number, number[]>();
  readonly #roads = new Map<number, CurvePoint[]>();

  /**
   * Adds a seed unless another is nearer than `guard`, or guards the place itself. With `near`, only that distance
   * counts.
   */
  add(x: number, y: number, guard: number, kind: SeedKind = {}): void {
    if (this.#taken(x, y, kind.near ?? guard, kind.near)) return;
    const key = Math.floor(x / GRID) * 100_000 + Math.floor(y / GRID);
    const bucket = this.#grid.get(key);
    if (bucket) bucket.push(this.x.length);
    else this.#grid.set(key, [this.x.length]);
    // An offset, because four seeds on one circle would give two coincident corners.
    this.x.push(x + wobble(this.x.length, 1));
    this.y.push(y + wobble(this.x.length, 2));
    this.water.push(kind.water ?? 0);
    this.half.push(kind.half ?? 0);
    this.park.push(kind.park ?? -1);
    this.#guard.push(guard);
  }

  /** Lets no seed of a patch lie between the two rows of a road, whose cells would push it aside. */
  keepOff(stations: readonly CurvePoint[]): void {
    for (const station of stations) {
      const key = Math.floor(station.x / GRID) * 100_000 + Math.floor(station.y / GRID);
      this.#roads.set(key, [...(this.#roads.get(key) ?? []), station]);
    }
  }

  isOnRoad(x: number, y: number, distance: number): boolean {
    const [column, row] = [Math.floor(x / GRID), Math.floor(y / GRID)];
    return [-1, 0, 1].some((dc) =>
      [-1, 0, 1].some((dr) =>
        this.#roads
          .get((column + dc) * 100_000 + row + dr)
          ?.some((station) => Math.hypot(station.x - x, station.y - y) < distance),
      ),
    );
  }

  #taken(x: number, y: number, guard: number, near?: number): boolean {
    const [column, row] = [Math.floor(x / GRID), Math.floor(y / GRID)];
    for (let dc = -2; dc <= 2; dc++) {
      for (let dr = -2; dr <= 2; dr++) {
        for (const other of this.#grid.get((column + dc) * 100_000 + row + dr) ?? []) {
          const distance = Math.hypot(this.x[other]! - x, this.y[other]! - y);
          if (distance < (near ?? Math.max(guard, this.#guard[other]!))) return true;
        }
      }
    }
    return false;
  }
}

/** Returns the course of a river. Its points are displaced a little, less for wide rivers. */
export function riverCurve(index: number, seed: number): EastNorth[] {
  const river = RIVERS[index]!;
  const swing = river.width[1] > 200 ? 0 : 130;
  return walk(smooth(river.course), 45).map(({ x, y, dx, dy, t }) => {
    const fade = Math.min(1, 8 * t, 8 * (1 - t));
    const shift = swing * fade * noise((t * 900) / (river.width[1] < 60 ? 9 : 12), index, seed + 11);
    return [x - dy * shift, y + dx * shift];
  });
}

/** Returns the metres from bank to bank at the part `t` of a river's course. */
export function riverWidth(index: number, t: number): number {
  const [from, to] = RIVERS[index]!.width;
  return from + (to - from) * t;
}

/** Returns the metres between seeds: 150 for a quarter in town, 620 for a plantation block. */
function spacing(density: number): number {
  if (density > 0.78) return 150;
  if (density > 0.4) return 215;
  return density > 0.14 ? 340 : 600;
}

function placeRivers(field: SeedField, seed: number): void {
  RIVERS.forEach((_, index) => {
    const middle = riverWidth(index, 0.5);
    for (const { x, y, dx, dy, t } of walk(riverCurve(index, seed), Math.max(55, middle * 0.6))) {
      const width = riverWidth(index, t);
      const put = (offset: number, water: number, guard: number) =>
        field.add(x - dy * offset, y + dx * offset, guard, {
          water,
          half: water && Math.sign(offset),
          near: width * 0.3,
        });
      for (const side of [-1, 1]) put((side * width) / 4, index + 1, width * 0.6);
      for (const side of [-1, 1]) put(side * width * 0.75, 0, Math.max(60, width * 0.6));
    }
  });
}

function reservoirShore(seed: number): EastNorth[] {
  const [cx, cy] = sampleMetres(RESERVOIR.centre);
  return Array.from({ length: 240 }, (_, step) => {
    const angle = (step / 240) * 2 * Math.PI;
    const wave =
      noise(2 * Math.cos(angle) + 3, 2 * Math.sin(angle), seed + 21) * 0.24 +
      noise(5 * Math.cos(angle), 5 * Math.sin(angle), seed + 22) * 0.13;
    const radius = RESERVOIR.radius * (1 + wave);
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
}

function placeReservoir(field: SeedField, shore: readonly EastNorth[]): void {
  const [cx, cy] = sampleMetres(RESERVOIR.centre);
  const drowned = enclosure(shore);
  for (const { x, y, dx, dy } of walk([...shore, shore[0]!], 160)) {
    field.add(x - dy * 80, y + dx * 80, 110, { water: RESERVOIR_ID });
    field.add(x + dy * 80, y - dx * 80, 110);
  }
  for (let x = cx - 8000; x < cx + 8000; x += 450) {
    for (let y = cy - 8000; y < cy + 8000; y += 450) {
      if (drowned(x, y)) field.add(x, y, 260, { water: RESERVOIR_ID });
    }
  }
}

function placePairs(field: SeedField, stations: readonly CurvePoint[], pair: SeedRows): void {
  for (const { x, y, dx, dy } of stations) {
    const distance = pair.offset(x, y);
    for (const side of [-1, 1]) {
      const [px, py] = [x - side * dy * distance, y + side * dx * distance];
      field.add(px, py, distance * 1.15, { water: pair.water?.(px, py) ?? 0 });
    }
  }
}

interface SeedRows {
  /** Metres from the curve to either row. */
  readonly offset: (x: number, y: number) => number;
  readonly water?: (x: number, y: number) => number;
}

function placeParks(field: SeedField, inside: (x: number, y: number) => boolean, random: Random): void {
  INDUSTRIAL_PARKS.forEach((park, index) => {
    const [cx, cy] = sampleMetres(park.at);
    const [cos, sin] = [Math.cos((park.angle * Math.PI) / 180), Math.sin((park.angle * Math.PI) / 180)];
    const [stepU, stepV] = [random.between(300, 380), random.between(210, 260)];
    for (let u = -park.size[0] / 2; u <= park.size[0] / 2; u += stepU) {
      for (let v = -park.size[1] / 2; v <= park.size[1] / 2; v += stepV) {
        const [a, b] = [u + random.between(-4, 4), v + random.between(-4, 4)];
        const [x, y] = [cx + a * cos - b * sin, cy + a * sin + b * cos];
        if (inside(x, y)) field.add(x, y, 120, { park: index });
      }
    }
  });
}

/**
 * Places seeds in patches of town or country, each with its own street direction. Towards the country the streets grow
 * irregular.
 */
function placePatches(
  field: SeedField,
  patches: Delaunay<Delaunay.Point>,
  density: (x: number, y: number) => number,
  inside: (x: number, y: number) => boolean,
  seed: number,
): void {
  const centres = patches.points;
  for (let patch = 0; patch < centres.length / 2; patch++) {
    const [px, py] = [centres[2 * patch]!, centres[2 * patch + 1]!];
    const random = new Random(mix(seed, 31, patch));
    const step = spacing(density(px, py));
    const isEstate = step >= 340;
    const angle = isEstate ? ESTATE_ANGLE : random.between(0, Math.PI / 2);
    const stretch = isEstate ? 1.4 : random.between(1.15, 1.55);
    const loose = step < 160 ? 0.05 : step < 230 ? 0.08 : 0.04;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const snap = (value: number, size: number) => (isEstate ? Math.round(value / size) * size : value);
    const [pu, pv] = [snap(px * cos + py * sin, step * stretch), snap(py * cos - px * sin, step)];
    const reach = Math.ceil(2600 / step);
    for (let u = -reach * step * stretch; u < 2600; u += step * stretch) {
      for (let v = -reach * step; v < 2600; v += step) {
        const a = pu + u + random.between(-loose, loose) * step;
        const b = pv + v + random.between(-loose, loose) * step;
        const [x, y] = [a * cos - b * sin, a * sin + b * cos];
        if (!inside(x, y) || field.isOnRoad(x, y, Math.min(100, step * 0.36))) continue;
        if (patches.find(x, y, patch) === patch) field.add(x, y, step * 0.62);
      }
    }
  }
}

/** Estates share one grid, as the rubber companies laid it out: radians from east. */
const ESTATE_ANGLE = 0.27;

function makePatches(random: Random): Delaunay<Delaunay.Point> {
  const points: number[] = [];
  for (let x = 552_000; x < 642_000; x += 1900) {
    for (let y = 1_193_000; y < 1_282_000; y += 1900) {
      points.push(x + random.between(-800, 800), y + random.between(-800, 800));
    }
  }
  return new Delaunay(points);
}

/** Returns all seeds, in metres of SRID 9210. `centres` are those of the wards. */
export function placeSeeds(seed: number, centres: readonly Centre[]): Seeds {
  const random = new Random(mix(seed, 1));
  const field = new SeedField();
  const [saiGon, dongNai] = [riverCurve(0, seed), riverCurve(1, seed)];
  const [south, north] = [smooth(SOUTH_BORDER), smooth(NORTH_BORDER)];
  const outline = [...south, ...[...dongNai].reverse(), ...north, ...saiGon];
  const inside = enclosure(outline);
  const density = (x: number, y: number) => builtUp(x, y, centres);
  placeRivers(field, seed);
  const shore = reservoirShore(seed);
  const drowned = enclosure(shore);
  const water = (x: number, y: number) => (drowned(x, y) ? RESERVOIR_ID : 0);
  for (const border of [south, north]) placePairs(field, walk(border, 240), { offset: () => 105, water });
  placeReservoir(field, shore);
  for (const { course } of [...ROADS, ...RAILWAYS]) {
    const pitch = (x: number, y: number) => Math.min(340, spacing(density(x, y))) * 0.8;
    const stations = walk(smooth(course), pitch).filter(({ x, y }) => inside(x, y));
    placePairs(field, stations, { offset: (x, y) => Math.min(130, pitch(x, y) * 0.5) });
    field.keepOff(walk(smooth(course), 40));
  }
  for (const { at, radius } of LANDFILLS) field.add(...sampleMetres(at), Math.min(480, radius * 1.6), { near: 60 });
  placeParks(field, inside, random);
  const patches = makePatches(random);
  placePatches(field, patches, density, inside, seed);
  // A distant ring of seeds closes the cells at the edge.
  for (let x = 545_000; x <= 655_000; x += 3000) {
    for (let y = 1_185_000; y <= 1_290_000; y += 3000) if (!inside(x, y)) field.add(x, y, 420);
  }
  return { x: field.x, y: field.y, water: field.water, half: field.half, park: field.park, outline, patches };
}
