import type { Ring } from './convex.ts';

/** SRID of the whole sample: VN-2000 / TM-3 105°45'. */
export const SRID = 9210;

const HAS_SRID = 0x2000_0000;
const TYPE = { point: 1, line: 2, polygon: 3, multiLine: 5, multiPolygon: 6 } as const;

let bytes = Buffer.alloc(1 << 16);
let end = 0;

function reserve(size: number): void {
  if (end + size <= bytes.length) return;
  const larger = Buffer.alloc(Math.max(bytes.length * 2, end + size));
  bytes.copy(larger, 0, 0, end);
  bytes = larger;
}

function writeHead(type: number, withSrid = false): void {
  reserve(9);
  bytes[end] = 1;
  bytes.writeUInt32LE(withSrid ? (type | HAS_SRID) >>> 0 : type, end + 1);
  end += 5;
  if (withSrid) writeCount(SRID);
}

function writeCount(count: number): void {
  reserve(4);
  bytes.writeUInt32LE(count, end);
  end += 4;
}

function writePoint(x: number, y: number): void {
  bytes.writeDoubleLE(x, end);
  bytes.writeDoubleLE(y, end + 8);
  end += 16;
}

function writePoints(line: Ring, closed: boolean): void {
  const count = line.length / 2;
  writeCount(closed ? count + 1 : count);
  reserve(16 * (count + 1));
  for (let index = 0; index < line.length; index += 2) writePoint(line[index]!, line[index + 1]!);
  if (closed) writePoint(line[0]!, line[1]!);
}

function finish(): string {
  return bytes.toString('hex', 0, end);
}

/** Returns hexadecimal EWKB for COPY. Open rings are closed. */
export function multiPolygon(polygons: readonly (readonly Ring[])[]): string {
  end = 0;
  writeHead(TYPE.multiPolygon, true);
  writeCount(polygons.length);
  for (const rings of polygons) {
    writeHead(TYPE.polygon);
    writeCount(rings.length);
    for (const ring of rings) writePoints(ring, true);
  }
  return finish();
}

export function multiLine(lines: readonly Ring[]): string {
  end = 0;
  writeHead(TYPE.multiLine, true);
  writeCount(lines.length);
  for (const line of lines) {
    writeHead(TYPE.line);
    writePoints(line, false);
  }
  return finish();
}

export function point(x: number, y: number): string {
  end = 0;
  writeHead(TYPE.point, true);
  reserve(16);
  writePoint(x, y);
  return finish();
}
