import type { PbfReader } from 'pbf';

/** Types of geometry as MLT numbers them. */
export const MLT_GEOMETRY = { point: 0, line: 1, polygon: 2, multiPoint: 3, multiLine: 4, multiPolygon: 5 } as const;
export type GeometryType = (typeof MLT_GEOMETRY)[keyof typeof MLT_GEOMETRY];

/** A geometry of a tile. */
export interface DrawnShape {
  readonly type: GeometryType;
  /** Coordinates in tile units (x, y, x, y, ...) of all points, lines or rings. A ring does not repeat its first vertex. */
  readonly coordinates: readonly number[];
  /** Vertices of each line or ring. */
  readonly lengths: readonly number[];
  /** Rings of each polygon. */
  readonly rings: readonly number[];
}

const MOVE_TO = 1;
const LINE_TO = 2;

const NO_RINGS: readonly number[] = [];
const ONE_RING: readonly number[] = [1];

/** The points, lines or rings of a feature. */
export type Paths = Pick<DrawnShape, 'coordinates' | 'lengths'>;

/** Reads the drawing commands of an MVT feature. */
export function readPaths(pbf: PbfReader, end: number): Paths {
  const coordinates: number[] = [];
  const lengths: number[] = [];
  let x = 0;
  let y = 0;
  while (pbf.pos < end) {
    const head = pbf.readVarint();
    const command = head & 7;
    // Closing a ring adds no vertex.
    if (command !== MOVE_TO && command !== LINE_TO) continue;
    const count = head >> 3;
    for (let left = count; left > 0; left--) {
      x += pbf.readSVarint();
      y += pbf.readSVarint();
      coordinates.push(x, y);
      if (command === MOVE_TO) lengths.push(1);
    }
    if (command === LINE_TO) lengths[lengths.length - 1] = (lengths[lengths.length - 1] ?? 0) + count;
  }
  return { coordinates, lengths };
}

/** @param mvtType of the feature in MVT: 1 point, 2 line, 3 polygon */
export function drawnShape({ coordinates, lengths }: Paths, mvtType: number): DrawnShape {
  const rings = mvtType === 3 ? ringsOfPolygons(coordinates, lengths) : NO_RINGS;
  const isMulti = (mvtType === 3 ? rings : lengths).length > 1;
  return { type: typeOf(mvtType, isMulti), coordinates, lengths, rings };
}

function typeOf(mvtType: number, isMulti: boolean): GeometryType {
  if (mvtType === 3) return isMulti ? MLT_GEOMETRY.multiPolygon : MLT_GEOMETRY.polygon;
  if (mvtType === 2) return isMulti ? MLT_GEOMETRY.multiLine : MLT_GEOMETRY.line;
  return isMulti ? MLT_GEOMETRY.multiPoint : MLT_GEOMETRY.point;
}

/**
 * Returns the number of rings of each polygon. A ring that turns like the first one begins a polygon (MVT 2.1, 4.3.4.4);
 * one without area belongs to the polygon before it.
 */
function ringsOfPolygons(coordinates: readonly number[], lengths: readonly number[]): readonly number[] {
  if (lengths.length === 1) return ONE_RING;
  const rings: number[] = [];
  let outer = 0;
  let start = 0;
  for (const length of lengths) {
    const turn = Math.sign(doubleArea(coordinates, start, start + 2 * length));
    start += 2 * length;
    outer ||= turn;
    if (rings.length === 0 || (turn !== 0 && turn === outer)) rings.push(1);
    else rings[rings.length - 1] = (rings[rings.length - 1] ?? 0) + 1;
  }
  return rings;
}

/** Returns twice the signed area of a ring (the surveyor's formula), in square tile units. */
function doubleArea(coordinates: readonly number[], start: number, end: number): number {
  let sum = 0;
  let x = coordinates[end - 2] ?? 0;
  let y = coordinates[end - 1] ?? 0;
  for (let at = start; at < end; at += 2) {
    const nextX = coordinates[at] ?? 0;
    const nextY = coordinates[at + 1] ?? 0;
    sum += x * nextY - nextX * y;
    x = nextX;
    y = nextY;
  }
  return sum;
}
