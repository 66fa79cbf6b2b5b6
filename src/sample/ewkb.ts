import type { FlatRing } from './convex.ts';

/** SRID of the whole sample: VN-2000 / TM-3 105°45'. */
export const SAMPLE_SRID = 9210;

const HAS_SRID = 0x2000_0000;
const TYPE = { point: 1, line: 2, polygon: 3, multiLine: 5, multiPolygon: 6 } as const;

let hexBytes = Buffer.alloc(1 << 16);
let hexEnd = 0;

function reserveBytes(size: number): void {
  if (hexEnd + size <= hexBytes.length) return;
  const larger = Buffer.alloc(Math.max(hexBytes.length * 2, hexEnd + size));
  hexBytes.copy(larger, 0, 0, hexEnd);
  hexBytes = larger;
}

function ewkbHead(type: number, withSrid = false): void {
  reserveBytes(9);
  hexBytes[hexEnd] = 1;
  hexBytes.writeUInt32LE(withSrid ? (type | HAS_SRID) >>> 0 : type, hexEnd + 1);
  hexEnd += 5;
  if (withSrid) ewkbCount(SAMPLE_SRID);
}

function ewkbCount(count: number): void {
  reserveBytes(4);
  hexBytes.writeUInt32LE(count, hexEnd);
  hexEnd += 4;
}

function ewkbPoint(x: number, y: number): void {
  hexBytes.writeDoubleLE(x, hexEnd);
  hexBytes.writeDoubleLE(y, hexEnd + 8);
  hexEnd += 16;
}

function writePoints(line: FlatRing, closed: boolean): void {
  const count = line.length / 2;
  ewkbCount(closed ? count + 1 : count);
  reserveBytes(16 * (count + 1));
  for (let index = 0; index < line.length; index += 2) ewkbPoint(line[index]!, line[index + 1]!);
  if (closed) ewkbPoint(line[0]!, line[1]!);
}

function finishHex(): string {
  return hexBytes.toString('hex', 0, hexEnd);
}

/** Returns hexadecimal EWKB for COPY. Open rings are closed. */
export function multiPolygon(polygons: readonly (readonly FlatRing[])[]): string {
  hexEnd = 0;
  ewkbHead(TYPE.multiPolygon, true);
  ewkbCount(polygons.length);
  for (const rings of polygons) {
    ewkbHead(TYPE.polygon);
    ewkbCount(rings.length);
    for (const ring of rings) writePoints(ring, true);
  }
  return finishHex();
}

export function multiLine(lines: readonly FlatRing[]): string {
  hexEnd = 0;
  ewkbHead(TYPE.multiLine, true);
  ewkbCount(lines.length);
  for (const line of lines) {
    ewkbHead(TYPE.line);
    writePoints(line, false);
  }
  return finishHex();
}

export function point(x: number, y: number): string {
  hexEnd = 0;
  ewkbHead(TYPE.point, true);
  reserveBytes(16);
  ewkbPoint(x, y);
  return finishHex();
}
