/** A GeoJSON geometry before validation. */
export interface RawGeometry {
  readonly type?: unknown;
  readonly coordinates?: unknown;
  readonly geometries?: unknown;
}

/** Code of ISO WKB (OGC 06-103r4 §8.2.3), and depth of the positions in `coordinates`. */
const WKB_KINDS: Readonly<Record<string, readonly [code: number, depth: number]>> = {
  Point: [1, 0],
  LineString: [2, 1],
  Polygon: [3, 2],
  MultiPoint: [4, 1],
  MultiLineString: [5, 2],
  MultiPolygon: [6, 3],
};
const PARTS: Readonly<Record<string, string>> = {
  MultiPoint: 'Point',
  MultiLineString: 'LineString',
  MultiPolygon: 'Polygon',
};
const COLLECTION = 7;
const MAX_WKB_DEPTH = 30;

let bytes = Buffer.alloc(1 << 16);
let end = 0;

/**
 * Encodes a geometry of two, three (z) or four (z, m) numbers a position as hexadecimal ISO WKB. Every bit of the
 * numbers is preserved. All positions must have as many numbers as the first.
 * @returns undefined for an unknown type, or if a position is not a list of numbers
 */
export function toWkb(geometry: RawGeometry): string | undefined {
  end = 0;
  try {
    writeGeometry(geometry, sizeOf(geometry, 0), 0);
    return bytes.toString('hex', 0, end);
  } catch (error) {
    if (error instanceof NoGeometry) return undefined;
    throw error;
  }
}

class NoGeometry extends Error {}

/** Returns the count of numbers a position, by the first position found. */
function sizeOf(value: unknown, depth: number): number {
  if (depth > MAX_WKB_DEPTH) throw new NoGeometry();
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number') return Math.min(Math.max(value.length, 2), 4);
    for (const each of value) {
      const size = sizeOf(each, depth + 1);
      if (size) return size;
    }
    return 0;
  }
  const { coordinates, geometries } = (value ?? {}) as RawGeometry;
  return sizeOf(coordinates ?? geometries ?? [], depth + 1);
}

function writeGeometry({ type, coordinates, geometries }: RawGeometry, size: number, depth: number): void {
  if (type === 'GeometryCollection') {
    const parts = listOrNone(geometries);
    if (depth > MAX_WKB_DEPTH) throw new NoGeometry();
    writeHead(COLLECTION, size);
    writeCount(parts.length);
    for (const part of parts) writeGeometry((part ?? {}) as RawGeometry, size, depth + 1);
    return;
  }
  const kind = WKB_KINDS[String(type)];
  if (!kind || !Object.hasOwn(WKB_KINDS, String(type))) throw new NoGeometry();
  writeHead(kind[0], size);
  const part = PARTS[String(type)];
  if (part) {
    const parts = listOrNone(coordinates);
    writeCount(parts.length);
    for (const each of parts) writeGeometry({ type: part, coordinates: each }, size, depth);
  } else if (kind[1] === 0) {
    writePoint(listOrNone(coordinates), size);
  } else if (kind[1] === 1) {
    writePositions(listOrNone(coordinates), size);
  } else {
    const rings = listOrNone(coordinates);
    writeCount(rings.length);
    for (const ring of rings) writePositions(listOrNone(ring), size);
  }
}

function listOrNone(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new NoGeometry();
  return value;
}

function writePositions(positions: readonly unknown[], size: number): void {
  writeCount(positions.length);
  for (const position of positions) writePosition(listOrNone(position), size);
}

/** Writes a point. An empty one consists of NaN (OGC 12-128r19, note to table 5). */
function writePoint(position: readonly unknown[], size: number): void {
  if (position.length) writePosition(position, size);
  else for (let index = 0; index < (size || 2); index++) writeNumber(Number.NaN);
}

function writePosition(position: readonly unknown[], size: number): void {
  if (position.length < size) throw new NoGeometry();
  for (let index = 0; index < size; index++) {
    const value = position[index];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new NoGeometry();
    writeNumber(value);
  }
}

function writeHead(code: number, size: number): void {
  reserve(9);
  bytes[end] = 1;
  bytes.writeUInt32LE(code + (size === 3 ? 1000 : size === 4 ? 3000 : 0), end + 1);
  end += 5;
}

function writeCount(count: number): void {
  reserve(4);
  bytes.writeUInt32LE(count, end);
  end += 4;
}

function writeNumber(value: number): void {
  reserve(8);
  bytes.writeDoubleLE(value, end);
  end += 8;
}

function reserve(size: number): void {
  if (end + size <= bytes.length) return;
  const larger = Buffer.alloc(Math.max(bytes.length * 2, end + size));
  bytes.copy(larger, 0, 0, end);
  bytes = larger;
}
