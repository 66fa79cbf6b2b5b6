const MAGIC = 'SQLite format 3\0';
const INTERIOR = 0x05;
const LEAF = 0x0d;
/** Deepest tree that is followed; SQLite itself stops at 20. */
const DEEPEST = 20;
const ENCODINGS: Readonly<Record<number, string>> = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' };

/** A value of a row; a whole number beyond 2^53 is rounded. */
export type CellValue = null | number | string | Uint8Array<ArrayBuffer>;

/** A row of a table. A column that is its id by another name is null among the values. */
export interface SqliteRow {
  readonly id: number;
  readonly values: readonly CellValue[];
}

/**
 * Reads whole tables of an SQLite database (https://sqlite.org/fileformat2.html) without indexes. What only a write-ahead
 * log holds is not in the file.
 */
export class SqliteFile {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #pageSize: number;
  /** Bytes of a page that hold cells. */
  readonly #usable: number;
  readonly #encoding: string;

  /** @throws SyntaxError if the file is no SQLite database */
  constructor(file: ArrayBuffer) {
    this.#bytes = new Uint8Array(file);
    this.#view = new DataView(file);
    if (new TextDecoder('latin1').decode(this.#bytes.subarray(0, 16)) !== MAGIC) throw new SyntaxError('not SQLite');
    const size = this.#view.getUint16(16);
    this.#pageSize = size === 1 ? 65_536 : size;
    this.#usable = this.#pageSize - this.#view.getUint8(20);
    this.#encoding = ENCODINGS[this.#view.getUint32(56)] ?? 'utf-8';
  }

  /** Returns the rows of a table, in the order of their ids; none if there is no such table. */
  rows(table: string): SqliteRow[] {
    if (table === '') return [];
    const wanted = table.toLowerCase();
    const found = this.#rowsAt(1).find(
      ({ values: [type, name] }) => type === 'table' && String(name).toLowerCase() === wanted,
    );
    const root = found?.values[3];
    return typeof root === 'number' ? this.#rowsAt(root) : [];
  }

  #rowsAt(root: number): SqliteRow[] {
    const rows: SqliteRow[] = [];
    this.#walk(root, DEEPEST, (cell) => {
      const [length, afterLength] = varint(this.#view, cell);
      const [id, at] = varint(this.#view, afterLength);
      rows.push({ id, values: this.#record(this.#payload(at, length)) });
    });
    return rows;
  }

  #walk(page: number, depth: number, visit: (cell: number) => void): void {
    if (depth === 0) throw new RangeError('a tree without an end');
    const start = (page - 1) * this.#pageSize;
    // The first page begins with the header of the file.
    const head = start + (page === 1 ? 100 : 0);
    const kind = this.#view.getUint8(head);
    if (kind !== LEAF && kind !== INTERIOR) throw new RangeError('no table');
    const cells = head + (kind === LEAF ? 8 : 12);
    for (let index = 0; index < this.#view.getUint16(head + 3); index += 1) {
      const cell = start + this.#view.getUint16(cells + index * 2);
      if (kind === LEAF) visit(cell);
      else this.#walk(this.#view.getUint32(cell), depth - 1, visit);
    }
    if (kind === INTERIOR) this.#walk(this.#view.getUint32(head + 8), depth - 1, visit);
  }

  /** Returns the bytes of a row: what does not fit its page lies in a chain of others. */
  #payload(at: number, length: number): Uint8Array<ArrayBuffer> {
    const most = this.#usable - 35;
    if (length <= most) return this.#bytes.subarray(at, at + length);
    if (length > this.#bytes.length) throw new RangeError('larger than the file');
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (this.#usable - 4));
    const own = fitting <= most ? fitting : least;
    const all = new Uint8Array(length);
    all.set(this.#bytes.subarray(at, at + own));
    let next = this.#view.getUint32(at + own);
    for (let filled = own; filled < length; ) {
      const from = (next - 1) * this.#pageSize;
      next = this.#view.getUint32(from);
      const part = Math.min(this.#usable - 4, length - filled);
      all.set(this.#bytes.subarray(from + 4, from + 4 + part), filled);
      filled += part;
    }
    return all;
  }

  #record(payload: Uint8Array<ArrayBuffer>): CellValue[] {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    let [body, at] = varint(view, 0);
    const end = body;
    const values: CellValue[] = [];
    while (at < end) {
      const [type, next] = varint(view, at);
      at = next;
      const size = bytesOfType(type);
      values.push(this.#value(type, view, body, size));
      body += size;
    }
    return values;
  }

  #value(type: number, view: DataView, at: number, size: number): CellValue {
    if (type === 0) return null;
    if (type === 7) return view.getFloat64(at);
    if (type === 8 || type === 9) return type - 8;
    if (type < 8) return readWhole(view, at, size);
    const bytes = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at, size);
    return type % 2 === 0 ? bytes : new TextDecoder(this.#encoding).decode(bytes);
  }
}

const WHOLE_SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0] as const;

/** Returns the bytes of a value by its serial type. */
function bytesOfType(type: number): number {
  return WHOLE_SIZES[type] ?? (type - (type % 2 === 0 ? 12 : 13)) / 2;
}

/** Reads a big-endian whole number in two's complement. */
function readWhole(view: DataView, at: number, size: number): number {
  let value: number = view.getInt8(at);
  for (let index = 1; index < size; index += 1) value = value * 256 + view.getUint8(at + index);
  return value;
}

/** Reads a number of 1 to 9 bytes, 7 bits each. Returns it, and the position after it. */
function varint(view: DataView, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from; at < from + 8; at += 1) {
    const byte = view.getUint8(at);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + 1];
  }
  return [value * 256 + view.getUint8(from + 8), from + 9];
}
