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
  readonly geometry: string;
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
    for (const row of selectRows(db, table, wanted)) {
      const values = table.fields.map((field, index) => {
        const cell = row[`v${index}`];
        return cell === null || cell === undefined ? null : sourceCellText(cell, field, table.isRaw, text);
      });
      yield { number: ++number, key: Number(row.key), shape: hexOf(row.shape), values };
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
  const shape = `${quoteName(geometry)} AS shape, ${key === undefined ? 'NULL' : quoteName(key)} AS key`;
  return db.prepare(`SELECT ${[shape, ...values].join(', ')} FROM ${quoteName(table)}`).iterate() as IterableIterator<
    Record<string, SqliteValue>
  >;
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
  const bytes = Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength);
  if (type === 'bytea') return `\\x${bytes.toString('hex')}`;
  return isRaw ? text.read(bytes.toString('utf8'), name, true) : text.readBytes(bytes, name);
}

/** Bytes of the envelope in the header of a GeoPackage's geometry, by its code (OGC 12-128r19 §2.1.3). */
const ENVELOPES = [0, 32, 48, 48, 64];

function hexOf(shape: SqliteValue | undefined): string | null {
  if (!(shape instanceof Uint8Array)) return null;
  const bytes = Buffer.from(shape.buffer, shape.byteOffset, shape.byteLength);
  const isGeoPackage = bytes[0] === 0x47 && bytes[1] === 0x50;
  return bytes.toString('hex', isGeoPackage ? 8 + (ENVELOPES[((bytes[3] ?? 0) >> 1) & 7] ?? 0) : 0);
}
