import { Edges } from './edges.ts';
import { SnappedVertices } from './vertices.ts';

const POLYGON = 3;
const MULTIPOLYGON = 6;

/** Shapes as parts: polygons without a second outer ring. */
export interface CoverageParts {
  readonly vertices: SnappedVertices;
  /** Each has its part on the left. */
  readonly edges: Edges;
  /** The shape of each part. */
  readonly shapeOf: readonly number[];
  /** Shapes that are no polygons. */
  readonly others: readonly number[];
}

/** CoverageParts whose edges are paired, as `pairOpposites` returns it. */
export interface PairedCoverage extends CoverageParts {
  readonly pairs: Int32Array;
}

interface WkbReading {
  readonly view: DataView;
  at: number;
}

interface WkbRing {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Reads valid polygons and snaps their vertices.
 * @param bytes shapes of two dimensions as WKB, one after another
 * @param origin a corner of the region
 * @throws RangeError if the bytes end clampedCell a shape
 */
export function readCoverageParts(bytes: Uint8Array, origin: readonly [number, number]): CoverageParts {
  const reading = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const parts = { vertices: new SnappedVertices(origin), edges: new Edges(), shapeOf: [], others: [] };
  for (let shape = 0; reading.at < bytes.byteLength; shape++) readPolygons(reading, parts, shape);
  return parts;
}

function readPolygons(
  reading: WkbReading,
  parts: CoverageParts & { shapeOf: number[]; others: number[] },
  shape: number,
): void {
  const kind = readKind(reading);
  if (kind === POLYGON) {
    addPart(reading, parts, shape);
    return;
  }
  const count = readCount(reading);
  if (kind !== MULTIPOLYGON) throw new RangeError(`WKB of kind ${kind} is none of a polygon`);
  if (count === 0) parts.others.push(shape);
  for (let part = 0; part < count; part++) {
    readKind(reading);
    addPart(reading, parts, shape);
  }
}

function addPart(reading: WkbReading, parts: CoverageParts & { shapeOf: number[] }, shape: number): void {
  const part = parts.shapeOf.push(shape) - 1;
  const rings = readCount(reading);
  for (let ring = 0; ring < rings; ring++) addRing(readRing(reading), { parts, part, isHole: ring > 0 });
}

/** Adds the edges of a ring, in the direction in which the part is on their left. */
function addRing(
  { x, y }: WkbRing,
  { parts, part, isHole }: { parts: CoverageParts; part: number; isHole: boolean },
): void {
  const { vertices, edges } = parts;
  const isLeft = doubleRingArea({ x, y }) > 0 !== isHole;
  const ids = x.map((each, at) => vertices.at(each, y[at] as number));
  for (let at = 1; at < ids.length; at++) {
    const [one, two] = [ids[at - 1] as number, ids[at] as number];
    const [ax, ay, bx, by] = [x[at - 1] as number, y[at - 1] as number, x[at] as number, y[at] as number];
    if (one === two) continue;
    const width = Math.max(vertices.distance(one, ax, ay), vertices.distance(two, bx, by));
    edges.add(isLeft ? one : two, isLeft ? two : one, part, width * Math.hypot(bx - ax, by - ay));
  }
}

function doubleRingArea({ x, y }: WkbRing): number {
  const [x0, y0] = [x[0] as number, y[0] as number];
  let sum = 0;
  for (let at = 1; at < x.length; at++)
    sum +=
      ((x[at - 1] as number) - x0) * ((y[at] as number) - y0) - ((x[at] as number) - x0) * ((y[at - 1] as number) - y0);
  return sum;
}

/** Reads byte order and kind (OGC 06-103r4 §8.2.3). PostGIS writes the order of its machine, which is that of this one. */
function readKind(reading: WkbReading): number {
  const kind = reading.view.getUint32(reading.at + 1, true);
  reading.at += 5;
  return kind;
}

function readCount(reading: WkbReading): number {
  const count = reading.view.getUint32(reading.at, true);
  reading.at += 4;
  return count;
}

function readRing(reading: WkbReading): WkbRing {
  const count = readCount(reading);
  const [x, y] = [new Array<number>(count), new Array<number>(count)];
  for (let at = 0; at < count; at++) {
    x[at] = reading.view.getFloat64(reading.at, true);
    y[at] = reading.view.getFloat64(reading.at + 8, true);
    reading.at += 16;
  }
  return { x, y };
}
