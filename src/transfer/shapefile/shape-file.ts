import { AppendedFile, recordsOf } from './appended-file.ts';
import type { Kind, Parts } from './shapes.ts';

/** Types of records (ESRI Shapefile Technical Description, 1998, page 4). */
const TYPE = { point: 1, line: 3, polygon: 5, multipoint: 8 } as const;
const HEADER = 100;
const RECORD_HEADER = 8;
/** Bytes of a record's content without a shape, and of a single point. */
const NO_SHAPE = 4;
const POINT = 20;
/** Place of the first point in a list of points. */
const FIRST_OF_MANY = 40;

/** Paths of a main file and its index. */
interface ShapePaths {
  readonly shp: string;
  readonly shx: string;
}

/** A main file, filled record by record. Points are lists of points until it is known that each is a single one. */
export class ShapeFile {
  readonly #kind: Kind;
  readonly #records: AppendedFile;
  #count = 0;
  /** True if a feature has several points. */
  #hasMany = false;
  #box = NOWHERE;

  /** @param path of the file for the records */
  constructor(kind: Kind, path: string) {
    this.#kind = kind;
    this.#records = new AppendedFile(path);
  }

  /** @param parts undefined: a record without a shape */
  add(parts: Parts | undefined): void {
    this.#count++;
    this.#hasMany ||= (parts?.[0]?.length ?? 0) > 1;
    if (parts) this.#box = joinBoxes(this.#box, boxOfParts(parts));
    const type = this.#kind === 'point' ? TYPE.multipoint : TYPE[this.#kind];
    this.#records.append(recordOf(this.#count, shapeContent(type, parts)));
  }

  /** Bytes of the main file so far, at most. */
  get size(): number {
    return HEADER + this.#records.size;
  }

  /** Writes the main file and its index. Nothing can be added after that. */
  write({ shp: main, shx: index }: ShapePaths): void {
    const [shp, shx] = [new AppendedFile(main), new AppendedFile(index)];
    for (const file of [shp, shx]) file.append(Buffer.alloc(HEADER));
    for (const record of recordsOf(this.#records, recordLength)) {
      const written = this.#isSingle ? withPoint(record) : Buffer.from(record);
      const entry = Buffer.alloc(8);
      entry.writeInt32BE(shp.size / 2);
      entry.writeInt32BE(written.readInt32BE(4), 4);
      shx.append(entry);
      shp.append(written);
    }
    for (const file of [shp, shx]) {
      file.replaceStart(this.#header(file.size));
      file.close();
    }
    this.#records.close();
  }

  /** True if each record holds at most one point. */
  get #isSingle(): boolean {
    return this.#kind === 'point' && !this.#hasMany;
  }

  #header(size: number): Buffer {
    const header = Buffer.alloc(HEADER);
    header.writeInt32BE(9994, 0);
    header.writeInt32BE(size / 2, 24);
    header.writeInt32LE(1000, 28);
    header.writeInt32LE(TYPE[this.#kind === 'point' && this.#hasMany ? 'multipoint' : this.#kind], 32);
    const box = this.#box[0] <= this.#box[2] ? this.#box : [0, 0, 0, 0];
    for (const [index, ordinate] of box.entries()) header.writeDoubleLE(ordinate, 36 + 8 * index);
    return header;
  }
}

/** Returns the bytes of a record by its header; undefined without one. */
function recordLength(bytes: Buffer): number | undefined {
  return bytes.length < RECORD_HEADER ? undefined : RECORD_HEADER + 2 * bytes.readInt32BE(4);
}

function recordOf(number: number, content: Buffer): Buffer {
  const header = Buffer.alloc(RECORD_HEADER);
  header.writeInt32BE(number);
  header.writeInt32BE(content.length / 2, 4);
  return Buffer.concat([header, content]);
}

/** Returns the record of a list of one point as that of the point. */
function withPoint(record: Buffer): Buffer {
  const number = record.readInt32BE(0);
  if (record.length === RECORD_HEADER + NO_SHAPE) return Buffer.from(record);
  const content = Buffer.alloc(POINT);
  content.writeInt32LE(TYPE.point);
  record.copy(content, 4, RECORD_HEADER + FIRST_OF_MANY);
  return recordOf(number, content);
}

function shapeContent(type: number, parts: Parts | undefined): Buffer {
  if (!parts) return Buffer.alloc(NO_SHAPE);
  const points = parts.flat();
  const hasParts = type !== TYPE.multipoint;
  const content = Buffer.alloc(FIRST_OF_MANY + (hasParts ? 4 + 4 * parts.length : 0) + 16 * points.length);
  let at = content.writeInt32LE(type);
  for (const ordinate of boxOfParts(parts)) at = content.writeDoubleLE(ordinate, at);
  if (hasParts) at = content.writeInt32LE(parts.length, at);
  at = content.writeInt32LE(points.length, at);
  let first = 0;
  for (const part of hasParts ? parts : []) {
    at = content.writeInt32LE(first, at);
    first += part.length;
  }
  for (const [x = 0, y = 0] of points) at = content.writeDoubleLE(y, content.writeDoubleLE(x, at));
  return content;
}

type Box = readonly [west: number, south: number, east: number, north: number];
const NOWHERE: Box = [Infinity, Infinity, -Infinity, -Infinity];

function boxOfParts(parts: Parts): Box {
  let box = NOWHERE;
  for (const part of parts) for (const [x = 0, y = 0] of part) box = joinBoxes(box, [x, y, x, y]);
  return box;
}

function joinBoxes([west, south, east, north]: Box, [a, b, c, d]: Box): Box {
  return [Math.min(west, a), Math.min(south, b), Math.max(east, c), Math.max(north, d)];
}
