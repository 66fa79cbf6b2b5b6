import { rmSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import { quoteName, type SqliteValue } from '../../sqlite.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import type { SourceField, SourceRow } from '../row/source-row.ts';
import type { TextReader } from '../text/text-reader.ts';

/** A table of an SQLite file with one feature a row: a GeoPackage, or GDAL's conversion of another file. */
export interface SqliteTable {
  readonly file: string;
  readonly table: string;
  /** Column of the geometries; undefined if rows have none, or none is wanted. */
  readonly geometry: string | undefined;
  /** Column of the row numbers in the file. */
  readonly key?: string;
  /** Columns, in the order of `fields`. */
  readonly columns: readonly string[];
  readonly fields: readonly SourceField[];
  /** True if texts are the bytes of the file, one character each. */
  readonly isRaw: boolean;
}

/** A row with its number in the file. */
export interface KeyedRow extends SourceRow {
  readonly key: number;
}

/** Opens a file that is open nowhere else. */
export function openSqlite(file: string): sqlite.Database {
  // SQLite's lock, a folder here, may have outlived its process.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const db = new sqlite.Database(file, { fileMustExist: true });
  // Without exclusive locking, a GeoPackage in WAL mode would need shared memory.
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  return db;
}

/**
 * Returns the number of rows of a table.
 * @throws Problem if the file is damaged
 */
export function countSqliteRows(file: string, table: string): number {
  const db = openSqlite(file);
  try {
    return Number(db.get(`SELECT count(*) AS count FROM ${quoteName(table)}`)?.count);
  } catch (error) {
    throw damaged(error);
  } finally {
    db.close();
  }
}

/** Returns the problem of a file with wrong pages. Any other error is a fault of this program. */
function damaged(error: unknown): unknown {
  const isDamage = error instanceof sqlite.SQLite3Error && /malformed|not a database|disk I\/O/i.test(error.message);
  return isDamage ? unreadableFile(error.message) : error;
}

/** Yields rows with every digit of a number, every byte of a text and every bit of a coordinate. */
export async function* readSqlite(
  table: SqliteTable,
  wanted: ReadonlySet<number>,
  text: TextReader,
): AsyncGenerator<KeyedRow> {
  const db = openSqlite(table.file);
  try {
    let number = 0;
    const { fields, isRaw } = table;
    const names = fields.map((_, index) => `v${index}`);
    for (const row of selectRows(db, table, wanted)) {
      const values: (string | null)[] = [];
      for (let index = 0; index < fields.length; index++) {
        const cell = row[names[index] as string];
        const isEmpty = cell === null || cell === undefined;
        values.push(isEmpty ? null : sourceCellText(cell, fields[index] as SourceField, isRaw, text));
      }
      yield { number: ++number, key: Number(row.key), shape: wkbOf(row.shape), values };
    }
  } catch (error) {
    throw damaged(error);
  } finally {
    db.close();
  }
}

function selectRows(db: sqlite.Database, { table, geometry, columns, key }: SqliteTable, wanted: ReadonlySet<number>) {
  // A text is read as a blob. Otherwise it would end at its first NUL, and lose bytes that are not UTF-8.
  const values = columns.flatMap((column, index) =>
    wanted.has(index)
      ? [
          `CASE typeof(${quoteName(column)}) WHEN 'text' THEN CAST(${quoteName(column)} AS BLOB) ELSE ${quoteName(column)} END AS v${index}`,
        ]
      : [],
  );
  // Written by SQLite, the digits of a geometry take a third of the time.
  const shape =
    geometry === undefined
      ? 'NULL'
      : `CASE typeof(${quoteName(geometry)}) WHEN 'blob' THEN hex(${quoteName(geometry)}) END`;
  const number = key === undefined ? 'NULL' : quoteName(key);
  return db
    .prepare(`SELECT ${[`${shape} AS shape, ${number} AS key`, ...values].join(', ')} FROM ${quoteName(table)}`)
    .iterate() as IterableIterator<Record<string, SqliteValue>>;
}

/** Bytes of a text that JavaScript decodes faster than a call of the decoder. */
const SHORT = 24;

/** Returns the text of bytes that are equal in every encoding; undefined for others. */
function asciiOf(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0 || byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function sourceCellText(
  cell: Exclude<SqliteValue, null>,
  { name, type }: SourceField,
  isRaw: boolean,
  text: TextReader,
): string {
  if (typeof cell === 'number' || typeof cell === 'bigint') {
    if (type === 'boolean' && (cell === 0 || cell === 1)) return cell ? 'true' : 'false';
    return Object.is(cell, -0) ? '-0' : String(cell);
  }
  if (typeof cell === 'string') return text.read(cell, name, false);
  if (type !== 'bytea' && cell.length <= SHORT) {
    const ascii = asciiOf(cell);
    if (ascii !== undefined) return ascii;
  }
  const bytes = Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength);
  if (type === 'bytea') return `\\x${bytes.toString('hex')}`;
  return isRaw ? text.read(bytes.toString('utf8'), name, true) : text.readBytes(bytes, name);
}

/** Bytes of the envelope in the header of a GeoPackage's geometry, by its code (OGC 12-128r19 §2.1.3). */
const ENVELOPES = [0, 32, 48, 48, 64];

/** @param hex the geometry of a row, as hexadecimal digits */
function wkbOf(hex: SqliteValue | undefined): string | null {
  if (typeof hex !== 'string') return null;
  if (!hex.startsWith('4750')) return hex;
  const flags = Number.parseInt(hex.slice(6, 8), 16);
  return hex.slice(2 * (8 + (ENVELOPES[(flags >> 1) & 7] ?? 0)));
}
