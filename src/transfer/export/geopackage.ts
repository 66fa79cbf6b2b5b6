import sqlite from 'node-sqlite3-wasm';
import type { Ordinates } from '../../geometry/column.ts';
import { quoteName, type SqliteValue } from '../sqlite.ts';

/**
 * Types of a GeoPackage (OGC 12-128r19, table 1) that its readers distinguish. `json` is text with a declared media
 * type.
 */
const SQL_TYPES = {
  int16: 'SMALLINT',
  int32: 'MEDIUMINT',
  int64: 'INTEGER',
  single: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'DATETIME',
  bytes: 'BLOB',
  json: 'TEXT',
  text: 'TEXT',
} as const;
export type ColumnKind = keyof typeof SQL_TYPES;

export interface FileColumn {
  readonly name: string;
  readonly title: string;
  readonly kind: ColumnKind;
  /** PostgreSQL's type without domains, e.g. `numeric(14,1)`. */
  readonly baseType: string;
  /** Most characters of a text. */
  readonly length?: number | undefined;
}

/** A table of features in a file. Names are distinct, ignoring case. */
export interface FileTable {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly FileColumn[];
  /** Name of the column that numbers the rows. */
  readonly fid: string;
  readonly geometry: {
    readonly name: string;
    /** `POINT`, …, `GEOMETRY`. */
    readonly type: string;
    /** undefined if rows differ. */
    readonly ordinates: Ordinates | undefined;
  };
}

/** A row: values in PostgreSQL's text form, in the order of the columns, and its geometry as hexadecimal WKB. */
export interface FileRow {
  readonly cells: readonly (string | null)[];
  readonly geometry: string | null;
}

/**
 * Settings without durability, since nobody reads the file before it is complete. `-1` is an undefined CRS, which the
 * conversion replaces.
 */
const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA application_id = 0x47504B47; -- "GPKG"
  PRAGMA user_version = 10300;
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('undefined', -1, 'NONE', -1, 'undefined', NULL), ('undefined', 0, 'NONE', 0, 'undefined', NULL);
  CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT '2000-01-01T00:00:00Z', min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
  CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
  CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL);
  INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');
  CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, PRIMARY KEY (table_name, column_name));
  BEGIN`;

/** Writes a GeoPackage without a spatial index and without a CRS. It is synchronous, for use in a thread of its own. */
export function writeGeoPackage(file: string, table: FileTable, rows: Iterable<FileRow>): void {
  const db = new sqlite.Database(file);
  try {
    db.exec(SCHEMA);
    createTable(db, table);
    insertRows(db, table, rows);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** A style as QGIS stores it. */
export interface LayerStyle {
  readonly name: string;
  readonly qml: string;
}

/** The table in which QGIS looks for the style of a layer that is opened. */
const STYLE_TABLE = `
  CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
    f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
  INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles')`;

/** Adds the style of a table to a complete GeoPackage. */
export function addStyle(file: string, { name, geometry }: FileTable, style: LayerStyle): void {
  const db = new sqlite.Database(file);
  try {
    db.exec(STYLE_TABLE);
    db.run(
      `INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner)
        VALUES ('', '', ?, ?, ?, ?, '', 1, '', '')`,
      [name, geometry.name, style.name, style.qml],
    );
  } finally {
    db.close();
  }
}

function createTable(db: sqlite.Database, { name, title, columns, fid, geometry }: FileTable): void {
  const described = columns.map(
    ({ name: column, kind, length }) => `${quoteName(column)} ${SQL_TYPES[kind]}${typeLength(kind, length)}`,
  );
  db.exec(
    `CREATE TABLE ${quoteName(name)} (${[`${quoteName(fid)} INTEGER PRIMARY KEY AUTOINCREMENT`, `${quoteName(geometry.name)} ${geometry.type}`, ...described].join(', ')})`,
  );
  db.run(
    `INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, 'features', ?, ?, -1)`,
    [name, name, title],
  );
  const has = (ordinate: string) => (geometry.ordinates ? Number(geometry.ordinates.includes(ordinate)) : 2);
  db.run('INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, -1, ?, ?)', [
    name,
    geometry.name,
    geometry.type,
    has('Z'),
    has('M'),
  ]);
  for (const column of columns) {
    const mimeType = column.kind === 'json' ? 'application/json' : null;
    db.run('INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, ?, NULL)', [
      name,
      column.name,
      column.title,
      column.title,
      mimeType,
    ]);
  }
}

function typeLength(kind: ColumnKind, length: number | undefined): string {
  return kind === 'text' && length !== undefined ? `(${length})` : '';
}

function insertRows(db: sqlite.Database, { name, columns }: FileTable, rows: Iterable<FileRow>): void {
  const places = Array.from({ length: columns.length + 2 }, () => '?').join(', ');
  const insert = db.prepare(`INSERT INTO ${quoteName(name)} VALUES (${places})`);
  try {
    let number = 1;
    for (const { cells, geometry } of rows) {
      const values = columns.map(({ kind }, index) => geopackageValue(kind, cells[index] ?? null));
      insert.run([number++, geometry === null ? null : blobOf(geometry), ...values]);
    }
  } finally {
    insert.finalize();
  }
}

/** Little-endian, no envelope, CRS -1 (OGC 12-128r19, 2.1.3). */
const HEADER = Buffer.from('GP\0\x01\xff\xff\xff\xff', 'latin1');

function blobOf(hex: string): Uint8Array {
  return Buffer.concat([HEADER, Buffer.from(hex, 'hex')]);
}

const asNumber = (text: string) => (text === 'NaN' ? null : Number(text));
const sameText = (text: string) => text;

/**
 * Readers of values. Those that the file cannot express become NULL: NaN, and dates and times that are infinite or BC.
 */
const READERS: Readonly<Record<ColumnKind, (text: string) => SqliteValue>> = {
  int16: BigInt,
  int32: BigInt,
  int64: BigInt,
  single: asNumber,
  double: asNumber,
  boolean: (text) => Number(text === 'true'),
  date: (text) => /^\d{4}-\d\d-\d\d$/.exec(text)?.[0] ?? null,
  datetime: (text) => {
    const [, day, time, fraction = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?$/.exec(text) ?? [];
    return day === undefined ? null : `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  },
  bytes: (text) => Buffer.from(text.slice(2), 'hex'),
  json: sameText,
  text: sameText,
};

function geopackageValue(kind: ColumnKind, text: string | null): SqliteValue {
  return text === null ? null : READERS[kind](text);
}
