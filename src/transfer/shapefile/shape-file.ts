import type { Kind, Parts } from './shapes.ts';

/** Types of records (ESRI Shapefile Technical Description, 1998, page 4). */
const TYPE = { point: 1, line: 3, polygon: 5, multipoint: 8 } as const;
const HEADER = 100;

/** A main file and its index, filled record by record. */
export class ShapeFile {
  readonly #kind: Kind;
  /** undefined is a record without a shape. */
  readonly #records: (Parts | undefined)[] = [];
  /** True if a feature has several points. */
  #hasMany = false;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  add(parts: Parts | undefined): void {
    this.#records.push(parts);
    this.#hasMany ||= (parts?.[0]?.length ?? 0) > 1;
  }

  /** Bytes of the main file so far. */
  get size(): number {
    return this.#records.reduce((sum, parts) => sum + 8 + this.#length(parts), HEADER);
  }

  /** Returns the main file and its index. */
  bytes(): { readonly shp: Uint8Array; readonly shx: Uint8Array } {
    const shp = Buffer.alloc(this.size);
    const shx = Buffer.alloc(HEADER + 8 * this.#records.length);
    let at = HEADER;
    for (const [index, parts] of this.#records.entries()) {
      const words = this.#length(parts) / 2;
      shp.writeInt32BE(index + 1, at);
      shp.writeInt32BE(words, at + 4);
      shx.writeInt32BE(at / 2, HEADER + 8 * index);
      shx.writeInt32BE(words, HEADER + 8 * index + 4);
      if (parts) this.#writeShape(shp, at + 8, parts);
      at += 8 + words * 2;
    }
    const box = boxAround(this.#records.flatMap((parts) => (parts ? [boxOfParts(parts)] : [])));
    for (const file of [shp, shx]) this.#writeHeader(file, box);
    return { shp, shx };
  }

  /** Type of the records: single points if no feature has more than one. */
  get #type(): number {
    return TYPE[this.#kind === 'point' && this.#hasMany ? 'multipoint' : this.#kind];
  }

  #length(parts: Parts | undefined): number {
    if (!parts) return 4;
    const points = parts.reduce((sum, part) => sum + part.length, 0);
    const type = this.#type;
    if (type === TYPE.point) return 20;
    return type === TYPE.multipoint ? 40 + 16 * points : 44 + 4 * parts.length + 16 * points;
  }

  #writeHeader(file: Buffer, box: Box): void {
    file.writeInt32BE(9994, 0);
    file.writeInt32BE(file.length / 2, 24);
    file.writeInt32LE(1000, 28);
    file.writeInt32LE(this.#type, 32);
    for (const [index, ordinate] of (box[0] <= box[2] ? box : [0, 0, 0, 0]).entries()) {
      file.writeDoubleLE(ordinate, 36 + 8 * index);
    }
  }

  #writeShape(file: Buffer, start: number, parts: Parts): void {
    const type = this.#type;
    let at = file.writeInt32LE(type, start);
    const points = parts.flat();
    if (type !== TYPE.point) {
      for (const ordinate of boxOfParts(parts)) at = file.writeDoubleLE(ordinate, at);
      if (type !== TYPE.multipoint) at = file.writeInt32LE(parts.length, at);
      at = file.writeInt32LE(points.length, at);
    }
    if (type === TYPE.line || type === TYPE.polygon) {
      let first = 0;
      for (const part of parts) {
        at = file.writeInt32LE(first, at);
        first += part.length;
      }
    }
    for (const [x = 0, y = 0] of points) at = file.writeDoubleLE(y, file.writeDoubleLE(x, at));
  }
}

type Box = readonly [west: number, south: number, east: number, north: number];
const NOWHERE: Box = [Infinity, Infinity, -Infinity, -Infinity];

function boxOfParts(parts: Parts): Box {
  return boxAround(parts.flatMap((part) => part.map(([x = 0, y = 0]): Box => [x, y, x, y])));
}

function boxAround(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>(
    ([west, south, east, north], [a, b, c, d]) => [
      Math.min(west, a),
      Math.min(south, b),
      Math.max(east, c),
      Math.max(north, d),
    ],
    NOWHERE,
  );
}
