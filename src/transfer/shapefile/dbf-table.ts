import { cutBytes, type DbfColumn } from './column.ts';

/** Most bytes of a dBASE text. */
const TEXT_BYTES = 254;
/** Longer numbers retain PostgreSQL's exponent. */
const PLAIN_DIGITS = 32;

/** Number of values of a column that were altered. */
export interface Losses {
  /** Texts over 254 bytes, which were shortened. */
  cut: number;
  /** NaN, infinity, days outside of the years 1 to 9999: left empty. */
  left: number;
}

/** A dBASE III table, filled row by row, and written once the widths of its columns are known. */
export class DbfTable {
  readonly columns: readonly DbfColumn[];
  readonly losses: readonly Losses[];
  readonly #records: (readonly Buffer[])[] = [];
  readonly #widths: number[];
  readonly #decimals: number[];

  constructor(columns: readonly DbfColumn[]) {
    this.columns = columns;
    this.losses = columns.map(() => ({ cut: 0, left: 0 }));
    this.#widths = columns.map(({ type }) => ({ C: 1, N: 10, D: 8, L: 1 })[type]);
    // A number without decimals is read as whole, and 1e+300 as 1.
    this.#decimals = columns.map(({ field }) => (field.type === 'number' ? 1 : 0));
  }

  get count(): number {
    return this.#records.length;
  }

  /** Size so far. */
  get size(): number {
    return this.#headerLength + this.count * this.#recordLength;
  }

  /** @param values PostgreSQL's texts, in the order of the columns */
  add(values: readonly (string | null)[]): void {
    this.#records.push(
      this.columns.map((column, index) => {
        const value = values[index] ?? null;
        const bytes = Buffer.from(value === null ? '' : this.#textOf(column, index, value));
        this.#widths[index] = Math.max(this.#widths[index] ?? 1, bytes.length);
        return bytes;
      }),
    );
  }

  bytes(): Uint8Array {
    const table = Buffer.alloc(this.size + 1, ' ');
    this.#writeHeader(table);
    let at = this.#headerLength;
    for (const record of this.#records) {
      // A blank: the record is not deleted.
      at += 1;
      for (const [index, bytes] of record.entries()) {
        const width = this.#widths[index] ?? 0;
        // Numbers are right-aligned.
        bytes.copy(table, this.columns[index]?.type === 'N' ? at + width - bytes.length : at);
        at += width;
      }
    }
    table[at] = 0x1a;
    return table;
  }

  get #headerLength(): number {
    return 32 + 32 * this.columns.length + 1;
  }

  get #recordLength(): number {
    return this.#widths.reduce((sum, width) => sum + width, 1);
  }

  #writeHeader(table: Buffer): void {
    table.fill(0, 0, this.#headerLength);
    const today = new Date();
    table.set([0x03, today.getFullYear() - 1900, today.getMonth() + 1, today.getDate()]);
    table.writeUInt32LE(this.count, 4);
    table.writeUInt16LE(this.#headerLength, 8);
    table.writeUInt16LE(this.#recordLength, 10);
    for (const [index, { name, type }] of this.columns.entries()) {
      const at = 32 + 32 * index;
      table.write(name, at);
      table.write(type, at + 11);
      table[at + 16] = this.#widths[index] ?? 0;
      table[at + 17] = this.#decimals[index] ?? 0;
    }
    table[this.#headerLength - 1] = 0x0d;
  }

  #textOf({ type, field }: DbfColumn, index: number, value: string): string {
    const losses = this.losses[index] as Losses;
    switch (type) {
      case 'L':
        return value === 'true' ? 'T' : 'F';
      case 'D':
        if (/^\d{4}-\d\d-\d\d$/.test(value)) return value.replaceAll('-', '');
        losses.left++;
        return '';
      case 'N': {
        const text = plainDecimal(value);
        if (text === undefined) losses.left++;
        this.#decimals[index] = Math.max(this.#decimals[index] ?? 0, /\.(\d+)$/.exec(text ?? '')?.[1]?.length ?? 0);
        return text ?? '';
      }
      case 'C': {
        const text = cutBytes(field.type === 'datetime' ? value.replace(' ', 'T') : value, TEXT_BYTES);
        if (text !== value && field.type !== 'datetime') losses.cut++;
        return text;
      }
    }
  }
}

/** Returns digits without an exponent if they are not too many; undefined if dBASE cannot express the number. */
function plainDecimal(text: string): string | undefined {
  const [, sign = '', first = '', rest = '', power] = /^(-?)(\d)(?:\.(\d+))?e([+-]?\d+)$/i.exec(text) ?? [];
  if (power === undefined) return /^-?[\d.]+$/.test(text) ? text : undefined;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (Math.abs(point) + digits.length > PLAIN_DIGITS) return text;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
