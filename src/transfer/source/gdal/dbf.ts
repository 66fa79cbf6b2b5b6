import { type FileHandle, open } from 'node:fs/promises';
import { unreadableFile } from '../../unreadable-file.ts';

/** A column of a dBASE table (dBASE III to V, level 5 header). */
export interface DbfField {
  /** `C` text, `N` and `F` numbers as text, `D` days, `L` logical; others are rare. */
  readonly type: string;
  readonly length: number;
  readonly decimals: number;
  /** Offset of its bytes in a record. */
  readonly start: number;
}

interface DbfHeader {
  readonly fields: readonly DbfField[];
  /** Rows, as the header says. */
  readonly recordCount: number;
  readonly headerLength: number;
  readonly recordLength: number;
}

/** Bytes read at once. */
const BLOCK = 1 << 20;
/** The mark of a deleted row, an asterisk. */
const DELETED = 0x2a;

/** Reads the records of a .dbf as bytes. GDAL drops spaces before a text, and converts long numbers to doubles. */
export class DbfReader {
  readonly fields: readonly DbfField[];
  readonly #header: DbfHeader;
  readonly #handle: FileHandle;
  #block = Buffer.alloc(0);
  /** Number of the first record in `#block`. */
  #first = 0;

  private constructor(handle: FileHandle, header: DbfHeader) {
    this.#handle = handle;
    this.#header = header;
    this.fields = header.fields;
  }

  /** @throws Problem if the file is no dBASE table */
  static async open(file: string): Promise<DbfReader> {
    const handle = await open(file);
    try {
      return new DbfReader(handle, await readHeader(handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Returns the rows that the header declares, and those for which the file has bytes. */
  async count(): Promise<{ readonly declared: number; readonly present: number }> {
    const { headerLength, recordLength, recordCount } = this.#header;
    const { size } = await this.#handle.stat();
    return { declared: recordCount, present: Math.max(0, Math.floor((size - headerLength) / recordLength)) };
  }

  /**
   * @param index from 0; in ascending order, each block of the file is read once
   * @returns undefined past the end
   */
  async record(index: number): Promise<Buffer | undefined> {
    const { headerLength, recordLength } = this.#header;
    if (index < this.#first || (index - this.#first + 1) * recordLength > this.#block.length) {
      const block = Buffer.alloc(Math.max(1, Math.floor(BLOCK / recordLength)) * recordLength);
      const { bytesRead } = await this.#handle.read(block, 0, block.length, headerLength + index * recordLength);
      this.#block = block.subarray(0, bytesRead);
      this.#first = index;
    }
    const start = (index - this.#first) * recordLength;
    return start + recordLength > this.#block.length ? undefined : this.#block.subarray(start, start + recordLength);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Returns the number of rows that are marked as deleted. GDAL leaves them out. */
export async function countDeletedRecords(file: string): Promise<number> {
  const reader = await DbfReader.open(file);
  try {
    const { declared } = await reader.count();
    let deleted = 0;
    for (let index = 0; index < declared; index++) {
      if ((await reader.record(index))?.[0] === DELETED) deleted++;
    }
    return deleted;
  } finally {
    await reader.close();
  }
}

/** @throws Problem if it is no header of a dBASE table */
async function readHeader(handle: FileHandle): Promise<DbfHeader> {
  const { buffer: head } = await handle.read(Buffer.alloc(32), 0, 32, 0);
  const [headerLength, recordLength] = [head.readUInt16LE(8), head.readUInt16LE(10)];
  if (headerLength < 32 || recordLength === 0) throw unreadableFile('the .dbf has no header');
  const { buffer } = await handle.read(Buffer.alloc(headerLength), 0, headerLength, 0);
  const fields: DbfField[] = [];
  // A record starts with its deletion mark.
  let start = 1;
  for (let at = 32; at + 32 <= headerLength && buffer[at] !== 0x0d; at += 32) {
    const [length = 0, decimals = 0] = [buffer[at + 16], buffer[at + 17]];
    fields.push({ type: buffer.toString('latin1', at + 11, at + 12), length, decimals, start });
    start += length;
  }
  return { fields, recordCount: head.readUInt32LE(4), headerLength, recordLength };
}

/**
 * Returns PostgreSQL's type for a field. It replaces GDAL's type if that holds too few digits: a double always holds
 * 15, a bigint 18.
 */
export function dbfType({ type, length, decimals }: DbfField, byGdal: string): string {
  if (type === 'L') return 'boolean';
  if (!/[NF]/.test(type) || !/^(integer|bigint|double precision)$/.test(byGdal)) return byGdal;
  return length > (decimals ? 16 : 18) ? 'numeric' : byGdal;
}

/**
 * Returns a field as its bytes, one character each, without padding. Returns null if it is empty, since dBASE has no
 * null.
 */
export function dbfValue(record: Buffer, { type, start, length }: DbfField): string | null {
  const field = record.subarray(start, start + length);
  const end = field.indexOf(0);
  const text = (end < 0 ? field : field.subarray(0, end)).toString('latin1');
  const value = type === 'C' ? text.replace(/ +$/, '') : plainValue(type, text.trim());
  return value === '' ? null : value;
}

/** Returns a number, or an empty text for asterisks, which dBASE writes if a number is too long for its field. */
function plainValue(type: string, text: string): string {
  if (type === 'N' || type === 'F') return text.startsWith('*') ? '' : text;
  if (type === 'D') return /^0*$/.test(text) ? '' : text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  if (type === 'L') return /^[ty]$/i.test(text) ? 'true' : /^[fn]$/i.test(text) ? 'false' : '';
  return text;
}
