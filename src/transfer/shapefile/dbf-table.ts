import { AppendedFile, recordsOf } from './appended-file.ts';
import { cutBytes, type DbfColumn } from './column.ts';

/** Most bytes of a dBASE value, so that one byte holds its length. */
const VALUE_BYTES = 254;
const ROW_HEADER = 4;
/** Longer numbers retain PostgreSQL's exponent. */
const PLAIN_DIGITS = 32;

/** Number of values of a column that were altered. */
export interface Losses {
  /** Texts over 254 bytes, which were shortened. */
  cut: number;
  /** NaN, infinity, numbers over 254 digits, days outside of the years 1 to 9999: left empty. */
  left: number;
}

/**
 * A dBASE III table, filled row by row. Rows wait in a file of their own until the widths of the columns are known. Each is
 * its length in four bytes, and values behind a byte of theirs.
 */
export class DbfTable {
  readonly columns: readonly DbfColumn[];
  readonly losses: readonly Losses[];
  readonly #rows: AppendedFile;
  readonly #widths: number[];
  readonly #decimals: number[];

  #count = 0;

  /** @param path of the file for the rows */
  constructor(columns: readonly DbfColumn[], path: string) {
    this.#rows = new AppendedFile(path);
    this.columns = columns;
    this.losses = columns.map(() => ({ cut: 0, left: 0 }));
    this.#widths = columns.map(({ type }) => ({ C: 1, N: 10, D: 8, L: 1 })[type]);
    // A number without decimals is read as whole, and 1e+300 as 1.
    this.#decimals = columns.map(({ field }) => (field.type === 'number' ? 1 : 0));
  }

  get count(): number {
    return this.#count;
  }

  /** Size so far. */
  get size(): number {
    return this.#headerLength + this.count * this.#recordLength;
  }

  /** @param values PostgreSQL's texts, in the order of the columns */
  add(values: readonly (string | null)[]): void {
    this.#count++;
    const cells = this.columns.flatMap((column, index) => {
      const value = values[index] ?? null;
      const bytes = Buffer.from(value === null ? '' : this.#textOf(column, index, value));
      this.#widths[index] = Math.max(this.#widths[index] ?? 1, bytes.length);
      return [Buffer.of(bytes.length), bytes];
    });
    const row = Buffer.concat([Buffer.alloc(ROW_HEADER), ...cells]);
    row.writeUInt32LE(row.length);
    this.#rows.append(row);
  }

  /** Writes the table. Nothing can be added after that. */
  write(path: string): void {
    const table = new AppendedFile(path);
    table.append(this.#header());
    for (const row of recordsOf(this.#rows, rowLength)) table.append(this.#record(row));
    table.append(Buffer.of(0x1a));
    table.close();
    this.#rows.close();
  }

  #record(row: Buffer): Buffer {
    // The first blank: the record is not deleted.
    const record = Buffer.alloc(this.#recordLength, ' ');
    let [at, from] = [1, ROW_HEADER];
    for (const [index, { type }] of this.columns.entries()) {
      const width = this.#widths[index] ?? 0;
      const length = row[from] ?? 0;
      // Numbers are right-aligned.
      row.copy(record, type === 'N' ? at + width - length : at, from + 1, from + 1 + length);
      at += width;
      from += 1 + length;
    }
    return record;
  }

  get #headerLength(): number {
    return 32 + 32 * this.columns.length + 1;
  }

  get #recordLength(): number {
    return this.#widths.reduce((sum, width) => sum + width, 1);
  }

  #header(): Buffer {
    const table = Buffer.alloc(this.#headerLength);
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
    return table;
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
        const text = cutBytes(field.type === 'datetime' ? value.replace(' ', 'T') : value, VALUE_BYTES);
        if (text !== value && field.type !== 'datetime') losses.cut++;
        return text;
      }
    }
  }
}

function rowLength(bytes: Buffer): number | undefined {
  return bytes.length < ROW_HEADER ? undefined : bytes.readUInt32LE();
}

/** Returns digits without an exponent if they are not too many; undefined if dBASE cannot express the number. */
function plainDecimal(text: string): string | undefined {
  const [, sign = '', first = '', rest = '', power] = /^(-?)(\d)(?:\.(\d+))?e([+-]?\d+)$/i.exec(text) ?? [];
  if (power === undefined) return /^-?[\d.]+$/.test(text) && text.length <= VALUE_BYTES ? text : undefined;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (Math.abs(point) + digits.length > PLAIN_DIGITS) return text;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
