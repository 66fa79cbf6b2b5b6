/** Tables without geometries change attributes of rows that are there, by unit, sheet and number or by a key of the layer. */
import { readFile } from 'node:fs/promises';
import sqlite from 'node-sqlite3-wasm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { undoImport } from '../../src/transfer/import/undo.ts';
import { workbookBytes } from '../../src/transfer/office/workbook-bytes.ts';
import { writeReport } from '../../src/transfer/report/report-file.ts';
import { describeEngines } from '../engine.ts';
import { dbfTable } from './files.ts';
import { fileWriter, temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('attributes');
const write = fileWriter(folder);
const csv = (...lines: string[]) => write('csv', lines.map((line) => `${line}\r\n`).join(''));

const UNIT = '99003';
const OTHER = '99004';

/** A GeoPackage with a table of attributes, and a layer of points that has other columns. */
function attributesPackage(rows: readonly (readonly [string, string, number, string | null])[]): string {
  const file = write('gpkg', '');
  const db = new sqlite.Database(file);
  db.exec(`PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
      organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('undefined', -1, 'NONE', -1, 'undefined', NULL), ('undefined', 0, 'NONE', 0, 'undefined', NULL);
    CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
      last_change DATETIME DEFAULT '2026-01-01T00:00:00.000Z', min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
      srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL);
    INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('so', 'attributes', 'so', NULL), ('moc', 'features', 'moc', -1);
    INSERT INTO gpkg_geometry_columns VALUES ('moc', 'geom', 'POINT', -1, 0, 0);
    CREATE TABLE moc (fid INTEGER PRIMARY KEY, geom BLOB, ten TEXT);
    CREATE TABLE so (fid INTEGER PRIMARY KEY, ma_xa TEXT, so_to TEXT, so_thua INTEGER, dia_chi TEXT)`);
  for (const [unit, sheet, number, address] of rows)
    db.run('INSERT INTO so (ma_xa, so_to, so_thua, dia_chi) VALUES (?, ?, ?, ?)', [unit, sheet, number, address]);
  db.close();
  return file;
}

describeEngines('a table without geometries', (engine) => {
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: 'land.parcel', mode: 'update', ...more });
  const problem = (file: string, more: Partial<ImportRequest> = {}) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error.detail.en : Promise.reject(error)),
    );
  const all = async (...tables: readonly string[]) => {
    const found = await Promise.all(
      tables.map((table) =>
        engine.db.query<{ text: string | null }>(
          sql`SELECT string_agg(t::text, ${'\n'} ORDER BY t::text) AS text FROM ${ident(...(table.split('.') as [string, string]))} AS t`,
        ),
      ),
    );
    return found.map(([row]) => row?.text);
  };
  const TABLES = ['land.parcel', 'land.parcel_use', 'land.parcel_alias', 'land.right_holder'];
  const parcels = async (unit = UNIT) => {
    const rows = await engine.db.query<{
      parcel: unknown;
    }>(sql`SELECT jsonb_build_array(sheet, number, main_use, address,
        legal_area_m2, (SELECT jsonb_agg(jsonb_build_array(code, area_m2) ORDER BY code) FROM land.parcel_use WHERE parcel_id = p.id)) AS parcel
      FROM land.parcel AS p WHERE unit_code = ${unit} ORDER BY sheet, number, p.id`);
    return rows.map(({ parcel }) => parcel);
  };

  beforeAll(async () => {
    await engine.db.script(`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name) VALUES
        ('${UNIT}', '2000-01-01', 'commune', 'xã', 'Thử', 'Xã Thử'), ('${OTHER}', '2000-01-01', 'commune', 'xã', 'Khác', 'Xã Khác');
      CREATE TABLE base.gauge (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE, depth numeric(8,1),
        tags json, parts text[], geom geometry(Point, 9210) NOT NULL)`);
  });
  beforeEach(async () => {
    await engine.db.script(`DELETE FROM land.parcel WHERE unit_code IN ('${UNIT}', '${OTHER}'); TRUNCATE base.gauge;
      INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, address, legal_area_m2, geom)
      SELECT unit, '2000-01-01', sheet, number, 'ONT', 'Ấp ' || number, 90 + number,
        ST_Multi(ST_MakeEnvelope(600000 + 20 * number, 1200000, 600010.1234567 + 20 * number, 1200010, 9210))
      FROM (VALUES ('${UNIT}', '12', 1), ('${UNIT}', '12', 2), ('${UNIT}', '12', 3), ('${UNIT}', '013', 4), ('${UNIT}', 'A1', 5), ('${OTHER}', '12', 1))
        AS p (unit, sheet, number);
      INSERT INTO land.parcel_use (parcel_id, code, area_m2) SELECT id, code, area FROM land.parcel,
        (VALUES ('ONT', 60), ('CLN', 33)) AS u (code, area) WHERE unit_code = '${UNIT}' AND number = 3;
      INSERT INTO base.gauge (code, depth, tags, parts, geom) SELECT code, 1.5, '{"a": 1}', '{x,y}', ST_SetSRID(ST_MakePoint(600000, 1200000), 9210)
      FROM unnest(ARRAY['007', '7', 'B']) AS code`);
  });

  it('changes what it has, by unit, sheet and number; the dry run says so, both sides are listed, the undo puts all back', async () => {
    const file = csv(
      ...['SỔ MỤC KÊ,,,,', 'Mã xã,Số tờ,Số thửa,Địa chỉ thửa,Diện tích GCN'],
      ...[
        `${UNIT},012,1,Ấp Mới,100.5`,
        `${UNIT},12.0,2,,95`,
        `${UNIT},13,4,"",94`,
        `${UNIT},99,7,Ấp Xa,1`,
        `${UNIT}, a1,5,Ấp 5,95`,
      ],
    );
    const before = await all(...TABLES);
    const tried = await run(file, { dryRun: true });
    expect(await all(...TABLES)).toEqual(before);
    const report = await run(file);
    expect({ ...report, id: undefined, isDryRun: true }).toEqual(tried);
    expect(report).toMatchObject({ mode: 'update', read: 5, written: 2, refused: 0, reasons: [] });
    expect(report.rows).toMatchObject({ inserted: 0, updated: 2, unchanged: 2, deleted: 0 });
    expect(report.register).toEqual({
      ...{ rows: 5, joined: 4 },
      withoutFeature: { count: 1, keys: [`${UNIT}/99/7`] },
      withoutRow: { count: 1, keys: [`${UNIT}/12/3`] },
    });
    expect(await parcels()).toEqual([
      ['013', 4, 'ONT', 'Ấp 4', 94, null],
      ['12', 1, 'ONT', 'Ấp Mới', 100.5, null],
      ['12', 2, 'ONT', 'Ấp 2', 95, null],
      expect.arrayContaining(['12', 3]),
      ['A1', 5, 'ONT', 'Ấp 5', 95, null],
    ]);
    expect(await parcels(OTHER)).toEqual([['12', 1, 'ONT', 'Ấp 1', 91, null]]);
    expect(await all('land.parcel')).not.toEqual(before.slice(0, 1));
    await undoImport(engine.db, report.id ?? 0);
    expect(await all(...TABLES)).toEqual(before);
    expect(await run(csv('Mã xã,Số tờ,Số thửa,Địa chỉ thửa', `${UNIT},12,1,Ấp 1`))).toMatchObject({
      written: 0,
      id: undefined,
    });
  });

  it('takes a workbook, a .dbf in an old encoding, and attributes of a GeoPackage', async () => {
    const set = { unit_code: UNIT };
    const xlsx = write(
      'xlsx',
      await workbookBytes([
        {
          title: 'Sổ',
          columns: ['Số tờ', 'Số thửa', 'Địa chỉ thửa'].map((title) => ({ title, type: 'string' as const })),
          rows: [['12', '1', 'Xóm Đình']],
        },
      ]),
    );
    expect(await run(xlsx, { set })).toMatchObject({ read: 1, written: 1 });
    const dbf = write(
      'dbf',
      dbfTable(
        [
          { name: 'SHTO', type: 'N', length: 5 },
          { name: 'SHTHUA', type: 'N', length: 5 },
          { name: 'DCHI', type: 'C', length: 30 },
          { name: 'DT', type: 'N', length: 10, decimals: 1 },
        ],
        [
          ['12', '2', 'X\xe3m \xa7\xd7nh', '12.5'],
          ['13', '4', '', ''],
        ],
      ),
    );
    const map = { address: 'DCHI', legal_area_m2: 'DT' };
    expect(await problem(dbf, { set, map })).toContain('--encoding tcvn3');
    expect(await run(dbf, { set, map, encoding: 'tcvn3' })).toMatchObject({
      read: 2,
      written: 1,
      rows: { unchanged: 1 },
    });
    const gpkg = attributesPackage([[UNIT, '12', 3, 'Xóm Chợ']]);
    expect(await run(gpkg, { map: { address: 'dia_chi' } })).toMatchObject({ read: 1, written: 1 });
    expect((await parcels()).map((parcel) => (parcel as unknown[]).slice(3, 5))).toEqual([
      ...[
        ['Ấp 4', 94],
        ['Xóm Đình', 91],
        ['Xóm Đình', 12.5],
        ['Xóm Chợ', 93],
        ['Ấp 5', 95],
      ],
    ]);
  });

  it('rows of one parcel are its uses; uses without areas retain them; other contradictions are refused', async () => {
    const head = 'Mã xã,Số tờ,Số thửa,Loại đất,Diện tích GCN';
    const file = csv(head, `${UNIT},12,1,ONT: 60,100`, `${UNIT},12,1,CLN: 40,`, `${UNIT},12,3,CLN+ONT,`);
    const before = await all(...TABLES);
    const report = await run(file);
    expect(report).toMatchObject({ read: 3, refused: 0, rows: { updated: 2 } });
    const uses = (await parcels()).map((parcel) => [2, 4, 5].map((at) => (parcel as unknown[])[at]));
    expect(uses.slice(1, 4)).toEqual([
      [
        'ONT',
        100,
        [
          ['CLN', 40],
          ['ONT', 60],
        ],
      ],
      ['ONT', 92, null],
      [
        'CLN',
        93,
        [
          ['CLN', 33],
          ['ONT', 60],
        ],
      ],
    ]);
    await undoImport(engine.db, report.id ?? 0);
    expect(await all(...TABLES)).toEqual(before);
    const wrong = await run(csv(head, `${UNIT},12,1,ONT,100`, `${UNIT},012,1,CLN,101`, `${UNIT},12,,ONT,1`));
    expect(wrong).toMatchObject({ written: 0, refused: 3 });
    expect(wrong.reasons.map(({ reason, examples }) => [reason.en.split(': ')[1], examples])).toEqual([
      ['rows with the same key have different values.', [1, 2]],
      ['a value is missing.', [3]],
    ]);
    await engine.db.script(`UPDATE land.parcel SET number = 2 WHERE unit_code = '${UNIT}' AND number = 3`);
    expect((await run(csv(head, `${UNIT},12,2,ONT,100`))).reasons[0]?.reason.en).toContain(
      'the table has several features',
    );
  });

  it('finds rows of any layer by a key of its own, or by the one that is named; geometries of a file stay unread', async () => {
    const before = await all('base.gauge');
    const layer = 'base.gauge';
    const file = csv('code,depth,tags,parts', '007,2.5,"{""b"":2}","[""z""]"', '007,,,', '8,9,,', 'B,1.5,,');
    const report = await run(file, { layer });
    expect(report).toMatchObject({ rows: { updated: 1, unchanged: 1 }, key: ['code'] });
    expect(report.register).toMatchObject({ joined: 2, withoutFeature: { keys: ['8'] }, withoutRow: { keys: ['7'] } });
    const [row] = await engine.db.query(sql`SELECT depth, tags, parts FROM base.gauge WHERE code = '007'`);
    expect(row).toEqual({ depth: 2.5, tags: { b: 2 }, parts: ['z'] });
    await undoImport(engine.db, report.id ?? 0);
    expect(await all('base.gauge')).toEqual(before);
    const [{ id } = {}] = await engine.db.query<{ id: number }>(sql`SELECT id FROM base.gauge WHERE code = 'B'`);
    const point = { type: 'Feature', properties: { id, depth: 3 }, geometry: { type: 'Point', coordinates: [1, 2] } };
    expect(await run(write('geojson', JSON.stringify(point)), { layer, key: ['id'] })).toMatchObject({ written: 1 });
    const rest = await engine.db.query(sql`SELECT depth, ST_X(geom) AS x FROM base.gauge WHERE code = 'B'`);
    expect(rest).toEqual([{ depth: 3, x: 600_000 }]);
  });

  it('is refused with a way out where it cannot be used', async () => {
    const file = csv('so to,so thua,dia chi', '12,1,x');
    const set = { unit_code: UNIT };
    for (const mode of ['append', 'upsert'] as const)
      expect(await problem(file, { mode, set })).toMatch(/no columns of coordinates .* use --mode update/);
    expect(await problem(attributesPackage([]), { mode: 'append', sourceLayer: 'so' })).toContain('use --mode update');
    const lone = write('dbf', dbfTable([{ name: 'A', type: 'C', length: 1 }], [['x']]));
    expect(await problem(lone, { mode: 'upsert' })).toContain('use --mode update');
    expect(await problem(csv('a,b', '1,2'), { set })).toContain('lacks columns of its key (');
    expect(await problem(csv('a,b', '1,2'), { set })).toContain('Keys of land.parcel: unit_code + sheet + number.');
    expect(await problem(file)).toContain('unit_code + sheet + number; --map and --set can give them');
    expect(await problem(file, { layer: 'base.nothing' })).toContain('There is no layer base.nothing to change');
    expect(await problem(file, { set, register: file })).toContain('does not go with --register');
    const cut = dbfTable([{ name: 'A', type: 'C', length: 1 }], [['x'], ['y']]).subarray(0, -3);
    expect(await problem(write('dbf', cut), { set })).toContain('The file is cut');
  });

  it('the page of the report lists both sides', async () => {
    const page = write('html', '');
    await run(csv('so to,so thua,dia chi', '12,1,x', '77,8,y'), {
      ...{ set: { unit_code: UNIT }, map: { address: 'dia chi' }, dryRun: true },
      onReport: (report, rows) => writeReport(page, report, rows),
    });
    const text = await readFile(page, 'utf8');
    expect(text).toContain(`${UNIT}/77/8`);
    expect(text).toContain(`${UNIT}/12/3`);
  });
});
