import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wgs84ToVn2000 } from '../../src/geo/vn2000.ts';
import { readGeoPackage } from '../../src/viewer/geopackage.ts';
import { SqliteFile } from '../../src/viewer/sqlite-file.ts';
import { WkbReader } from '../../src/viewer/wkb-reader.ts';
import { systemOf } from '../../src/viewer/written-system.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpkg-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hex = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('hex');

/** Writes a database. @returns its bytes */
function written(name: string, fill: (db: sqlite.Database) => void): ArrayBuffer {
  const path = join(folder, name);
  const db = new sqlite.Database(path);
  fill(db);
  db.close();
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

it.each([
  [512, 'UTF-8'],
  [4096, 'UTF-16le'],
  [65_536, 'UTF-8'],
])('rows of a database with pages of %i bytes and text in %s are those that SQLite reads', (size, encoding) => {
  let expected: unknown[] = [];
  const file = written(`${size}.db`, (db) => {
    db.exec(`PRAGMA page_size = ${size}; PRAGMA encoding = '${encoding}'`);
    db.exec('CREATE TABLE "Thửa đất" (id INTEGER PRIMARY KEY, number, words TEXT, bytes BLOB)');
    const numbers = [null, 0, 1, -1, 127, -128, 32_767, -40_000, 8_388_607, -2_147_483_648, 2 ** 40, 2 ** 53 - 1, 0.1];
    db.exec('BEGIN');
    const insert = db.prepare('INSERT INTO "Thửa đất" VALUES (?, ?, ?, ?)');
    for (let id = 1; id <= 400; id += 1) {
      const bytes = Uint8Array.from({ length: (id * 97) % 5000 }, (_, index) => (index * id) % 256);
      insert.run([id, numbers[id % numbers.length] ?? null, 'Phú Lợi '.repeat(id % 40), bytes]);
    }
    insert.finalize();
    db.exec('COMMIT');
    expected = db.all('SELECT id, number, words, lower(hex(bytes)) AS bytes FROM "Thửa đất" ORDER BY id');
  });
  const rows = new SqliteFile(file).rows('thửa đất');
  expect(rows.map(({ id, values: [, number, words, bytes] }) => ({ id, number, words, bytes: hex(bytes) }))).toEqual(
    expected,
  );
  expect(rows).toHaveLength(400);
});

it('a file that is no database, or ends too early, is refused', () => {
  expect(() => new SqliteFile(new TextEncoder().encode('{"type": "Feature"}').buffer)).toThrow(SyntaxError);
  const file = written('short.db', (db) => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(90000))'));
  expect(() => new SqliteFile(file.slice(0, 20_000)).rows('t')).toThrow(RangeError);
});

/** A blob of a GeoPackage: its header, then WKB. */
function blob(wkb: string, flags: number, envelope = 0): Uint8Array {
  const head = Buffer.from([0x47, 0x50, 0, flags, 0, 0, 0, 0]);
  return Buffer.concat([head, Buffer.alloc(envelope), Buffer.from(wkb, 'hex')]);
}

const POINT_Z = `01${'e9030000'}${[106.5, 11, 7].map((value) => double(value)).join('')}`;
function double(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('hex');
}

it('layers of a GeoPackage have their geometries and the system as written; empty ones are left out', () => {
  const file = written('two.gpkg', (db) => {
    db.exec(`CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id INTEGER PRIMARY KEY, organization, organization_coordsys_id, definition);
      CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
      INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84"]'), ('?', -1, 'NONE', -1, 'undefined');
      INSERT INTO gpkg_geometry_columns VALUES ('one', 'geom', 'POINT', 4326, 1, 0), ('two', 'geom', 'POINT', -1, 0, 0);
      CREATE TABLE one (fid INTEGER PRIMARY KEY, name, geom BLOB); CREATE TABLE two (geom BLOB)`);
    db.run('INSERT INTO one (name, geom) VALUES (?, ?), (?, ?)', [
      'a',
      blob(POINT_Z, 0b0011, 32),
      'b',
      blob(POINT_Z, 0b10001),
    ]);
    db.run('INSERT INTO two VALUES (?)', [blob(POINT_Z, 0b1001, 64)]);
  });
  const geometries = [{ type: 'Point', coordinates: [106.5, 11] }];
  expect(readGeoPackage(file)).toEqual([
    { geometries, system: 'GEOGCS["WGS 84"]' },
    { geometries, system: undefined },
  ]);
});

it.each([
  ['a curve', `01${'08000000'}00000000`],
  ['a count beyond the end', `01${'02000000'}ffffffff${double(1)}${double(2)}`],
])('%s is refused', (_, hex) => {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  expect(() => new WkbReader(new DataView(bytes.buffer), 0).read()).toThrow(RangeError);
});

const TM = (name: string, meridian: number, scale: number) =>
  `PROJCS["${name}",GEOGCS["GCS",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,298.257223563]]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["Central_Meridian",${meridian}],PARAMETER["Scale_Factor",${scale}]]`;

it.each([
  ["a zone of 107°45'", TM('VN_2000_107_45', 107.75, 0.9999), 107.75, 1],
  ['a zone of 6°', TM('VN-2000 / UTM zone 48N', 105, 0.9996), 105, 0.9996 / 0.9999],
  [
    'WKT 2',
    'PROJCRS["VN-2000 / TM-3 105-45",CONVERSION["x",PARAMETER["Longitude of natural origin", 105.75,ANGLEUNIT["degree",0.017]],PARAMETER["Scale factor at natural origin",0.9999,SCALEUNIT["unity",1]]]]',
    105.75,
    1,
  ],
])('metres of %s become degrees', (_, wkt, meridian, factor) => {
  const [east, north] = wgs84ToVn2000([106.68, 10.98], meridian);
  const [lon, lat] = systemOf(wkt)?.([500_000 + (east - 500_000) * factor, north * factor]) ?? [0, 0];
  expect([lon.toFixed(8), lat.toFixed(8)]).toEqual(['106.68000000', '10.98000000']);
});

it('degrees of WGS 84 stay; systems that would lie elsewhere have none', () => {
  expect(systemOf('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]')?.([106, 11])).toEqual([106, 11]);
  const others = [
    'PROJCS["WGS 84 / UTM zone 48N",GEOGCS["WGS 84"],PARAMETER["central_meridian",105],PARAMETER["scale_factor",0.9996]]',
    'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1]]',
    'GEOGCS["VN-2000",DATUM["Vietnam_2000",SPHEROID["WGS 84",6378137,298.257223563]]]',
    'undefined',
  ];
  expect(others.map(systemOf)).toEqual(others.map(() => undefined));
});
