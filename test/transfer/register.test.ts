/** Sheets of a cadastral map and the register that describes their parcels, in one command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import { readUses } from '../../src/transfer/import/plan/land-uses.ts';
import { formatValueList, parseValueList } from '../../src/transfer/import/plan/value-list.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { undoImport } from '../../src/transfer/import/undo.ts';
import { workbookBytes } from '../../src/transfer/office/workbook-bytes.ts';
import { describeEngines } from '../engine.ts';
import { polygonFeature, square } from './files.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('register');

const UNIT = '99001';
let files = 0;
const write = (name: string, content: string | Uint8Array) => {
  const file = join(folder, name.replace('*', String(files++)));
  writeFileSync(file, content);
  return file;
};
const CRS = { type: 'name', properties: { name: 'EPSG:9210' } };
/** A sheet of squares of 10 m, one for each number. */
const sheet = (name: string, shbando: string, numbers: readonly unknown[], more: object = {}) =>
  write(
    name,
    JSON.stringify({
      ...{ type: 'FeatureCollection', crs: CRS },
      features: numbers.map((shthua, index) =>
        polygonFeature(square(600_000 + 20 * index, 1_200_000 + 100 * Number(shbando), 10), {
          shbando,
          shthua,
          ...more,
        }),
      ),
    }),
  );

describe('uses', () => {
  it.each([
    [
      'ONT+CLN',
      [
        ['ONT', undefined],
        ['CLN', undefined],
      ],
    ],
    [
      'ONT: 100,5 ; CLN (1.234,5 m2)',
      [
        ['ONT', 100.5],
        ['CLN', 1234.5],
      ],
    ],
    ['ONT 1.200', [['ONT', 1200]]],
    ['ODT', [['ODT', undefined]]],
    [' + ', []],
  ])('%j', (text, uses) => expect(readUses(text).map(({ code, area }) => [code, area])).toEqual(uses));
});

describe('a list of values', () => {
  it('comes back as it was filled in, from a Vietnamese spreadsheet too', () => {
    const list = formatValueList({ 'Đất ở': 'ONT' }, [
      { value: '=x', count: 7 },
      { value: 'BHK,x', count: 2 },
    ]);
    expect(parseValueList(list)).toEqual({ 'Đất ở': 'ONT' });
    expect(parseValueList(list.replace("'=x,7,", "'=x,7,CLN").replace('"BHK,x",2,', '"BHK,x",2,HNK'))).toEqual({
      ...{ 'Đất ở': 'ONT', '=x': 'CLN', 'BHK,x': 'HNK' },
    });
    expect(parseValueList('a;b;c\nx;1;ONT\ny;2;\n')).toEqual({ x: 'ONT' });
    expect(() => parseValueList('a,b\nx,ONT\nx,CLN\n')).toThrow('two codes');
    expect(() => parseValueList('a\nx\n')).toThrow('first column');
  });
});

describeEngines('sheets and a register', (engine) => {
  const run = (file: string, more: Partial<ImportRequest>) =>
    importFile(engine.db, {
      file,
      layer: 'land.parcel',
      set: { unit_code: UNIT, unit_valid_from: '2000-01-01' },
      ...more,
    });
  const problem = (file: string, more: Partial<ImportRequest>) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
    );
  const parcels = async () => {
    const rows = await engine.db.query<{
      parcel: unknown;
    }>(sql`SELECT jsonb_build_array(sheet, number, main_use, legal_area_m2, national_id,
        (SELECT jsonb_agg(jsonb_build_array(code, area_m2) ORDER BY code) FROM land.parcel_use WHERE parcel_id = p.id),
        (SELECT jsonb_agg(a.sheet || '/' || a.number ORDER BY a.id) FROM land.parcel_alias AS a WHERE parcel_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(holder_kind, holder_name, certificate_no, since) ORDER BY h.id) FROM land.right_holder AS h WHERE parcel_id = p.id)) AS parcel
      FROM land.parcel AS p WHERE unit_code = ${UNIT} ORDER BY sheet, number`);
    return rows.map(({ parcel }) => parcel);
  };
  const clear = () => engine.db.query(sql`DELETE FROM land.parcel WHERE unit_code = ${UNIT}`);

  afterEach(async () => {
    await clear();
    await engine.db.query(sql`DELETE FROM catalog.import_profile`);
  });

  beforeAll(async () => {
    await engine.db.query(sql`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
      VALUES (${UNIT}, '2000-01-01', 'commune', 'xã', 'Thử', 'Xã Thử')`);
  });

  it('become parcels, uses, former numbers, holders and identifiers; the rest is listed from both sides', async () => {
    const maps = [sheet('to 12.geojson', '12', [1, 2, 3, 9]), sheet('to 13.geojson', '13', [1])];
    const titles = [
      'Số tờ',
      'Số thửa',
      'Loại đất',
      'Diện tích GCN',
      'Tờ cũ',
      'Thửa cũ',
      'Mã định danh thửa',
      'Tên chủ',
      'Số GCN',
      'Ngày',
    ];
    const register = write(
      'so.xlsx',
      await workbookBytes([
        {
          title: 'Sổ',
          columns: titles.map((title) => ({ title, type: 'string' as const })),
          rows: [
            ['012', '1', 'ONT: 60+CLN: 40,5', '100.5', '3', '45', 'w3gv7dgqjpk1', 'Ông A', 'AB 1', '31/12/2020'],
            ['12', '2', 'ONT', '90', null, null, null, 'Công ty B', 'AB 2', 'không rõ'],
            ['12', '2', 'CLN', '90', '3', '46a', null, 'Hộ ông C', 'AB 3', null],
            ['12', '3', 'ONT+CLN', '80', null, null, null, null, null, null],
            ['13', '1', 'LUC', '70', '13', '1', null, null, null, null],
            ['14', '7', 'LUC', '70', null, null, null, null, null, null],
          ],
        },
      ]),
    );
    const [file = '', ...moreFiles] = maps;
    const map = { holder_name: 'Tên chủ', certificate_no: 'Số GCN', since: 'Ngày' };
    const refused = await run(file, { moreFiles, register, map });
    expect(refused).toMatchObject({ written: 0, refused: 1, reasons: [{ examples: [4] }] });
    const report = await run(file, { moreFiles, register, map, skipRefused: true });
    expect(report).toMatchObject({ read: 5, written: 4, refused: 1 });
    expect(report.register).toEqual({
      ...{ rows: 6, joined: 4 },
      withoutFeature: { count: 1, keys: ['14/7'] },
      withoutRow: { count: 1, keys: ['12/9'] },
    });
    expect(report.leftOut.map(({ column }) => column)).not.toContain('Tên chủ');
    expect(await parcels()).toEqual([
      [
        '12',
        1,
        'ONT',
        100.5,
        'w3gv7dgqjpk1',
        [
          ['CLN', 40.5],
          ['ONT', 60],
        ],
        ['3/45'],
        [['person', 'Ông A', 'AB 1', '2020-12-31']],
      ],
      [
        '12',
        2,
        'ONT',
        90,
        null,
        [
          ['CLN', null],
          ['ONT', null],
        ],
        null,
        expect.arrayContaining([
          ['organisation', 'Công ty B', 'AB 2', null],
          ['household', 'Hộ ông C', 'AB 3', null],
        ]),
      ],
      [
        '12',
        3,
        'ONT',
        80,
        null,
        [
          ['CLN', null],
          ['ONT', null],
        ],
        null,
        null,
      ],
      ['13', 1, 'LUC', 70, null, [['LUC', 70]], null, null],
    ]);
    expect(report.notes.map(({ en }) => en)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('2 layers were read as one'),
        expect.stringContaining('main_use ← Loại đất'),
        '7 uses of 4 parcels were written; 2 parcels have no areas of their uses.',
        '1 former numbers were written.',
        expect.stringContaining('1 former numbers were not written'),
        '3 right holders were written to land.right_holder, which is restricted.',
        '1 dates cannot be read and are empty.',
      ]),
    );
    await undoImport(engine.db, report.id ?? 0, () => {});
    expect(await parcels()).toEqual([]);
    const [left] =
      await engine.db.query(sql`SELECT (SELECT count(*) FROM land.right_holder WHERE holder_name = 'Ông A') AS holders,
      (SELECT count(*) FROM land.parcel_alias WHERE unit_code = ${UNIT}) AS aliases`);
    expect(left).toEqual({ holders: 0, aliases: 0 });
  });

  it('holders are not taken unless a field of theirs is named', async () => {
    const register = write('so-*.csv', 'Số tờ,Số thửa,Loại đất,Tên chủ\r\n21,1,ONT,Ông D\r\n');
    const report = await run(sheet('to 21.geojson', '21', [1]), { register });
    expect(report.leftOut).toMatchObject([{ column: 'Tên chủ', why: { en: expect.stringContaining('Personal') } }]);
    expect(await parcels()).toEqual([['21', 1, 'ONT', null, null, [['ONT', null]], null, null]]);
  });

  it('a value of the map counts where the register has none', async () => {
    const register = write('so-*.csv', 'Số tờ,Số thửa,mdsd\r\n22,1,CLN\r\n');
    await run(sheet('to 22.geojson', '22', [1, 2], { mdsd: 'ONT' }), { register });
    expect((await parcels()).map((parcel) => (parcel as unknown[]).slice(0, 3))).toEqual([
      ['22', 1, 'CLN'],
      ['22', 2, 'ONT'],
    ]);
  });

  it('columns without a usual name are recognised by their content', async () => {
    const file = sheet('to 23.geojson', '23', [1, 2, 3, 4, 5], { cot7: 'ONT+CLN' });
    const report = await run(file, {});
    expect(report.notes.map(({ en }) => en)).toContain('Columns recognised by content: main_use ← cot7.');
    expect(report.written).toBe(5);
  });

  it('unknown codes are listed with their counts, and filled in once', async () => {
    const file = sheet('to 24.geojson', '24', [1, 2], { mdsd: 'Đất ở+CLN' });
    const refused = await run(file, {});
    expect(refused).toMatchObject({
      written: 0,
      refused: 2,
      unknownValues: { main_use: [{ value: 'Đất ở', count: 2 }] },
    });
    const values = { main_use: { 'đất ở': 'ONT' } };
    expect(await run(file, { values, saveProfile: 'xa-thu' })).toMatchObject({ written: 2, unknownValues: {} });
    expect((await parcels())[0]).toEqual([
      '24',
      1,
      'ONT',
      null,
      null,
      [
        ['CLN', null],
        ['ONT', null],
      ],
      null,
      null,
    ]);
    await clear();
    const again = await importFile(engine.db, { file, layer: 'land.parcel', profile: 'xa-thu' });
    expect(again).toMatchObject({ written: 2, refused: 0 });
    const [everyone] =
      await engine.db.query(sql`SELECT has_table_privilege('public', 'catalog.import_profile', 'SELECT') AS reads,
      has_table_privilege('public', 'catalog.definition', 'SELECT') AS others`);
    expect(everyone).toEqual({ reads: false, others: true });
  });

  it('the form PL3-01: names over several rows, a row of numbers, a row for each use', async () => {
    const head =
      ',,Thửa đất,,,,\r\nSTT,mã ĐVHC xã,số tờ (bản đồ ĐC),số thửa (bản đồ ĐC),loại đất,diện tích loại đất,họ tên\r\n(1),(2),(3),(4),(5),(6),(7)\r\n';
    const register = write(
      'pl-*.csv',
      `${head}1,${UNIT},25,1,ONT,60,Nguyễn Văn E\r\n,${UNIT},25,1,CLN,"40,5",Nguyễn Văn E\r\n`,
    );
    await run(sheet('to 25.geojson', '25', [1]), {
      register,
      profile: 'pl3-01',
      map: { sheet: 'shbando', number: 'shthua' },
    });
    expect(await parcels()).toEqual([
      [
        '25',
        1,
        'ONT',
        null,
        null,
        [
          ['CLN', 40.5],
          ['ONT', 60],
        ],
        null,
        [['person', 'Nguyễn Văn E', null, null]],
      ],
    ]);
  });

  it.each<[string, Partial<ImportRequest>, string]>([
    [
      'a register without numbers',
      { register: 'x.csv' },
      'The table lacks columns of its key (x: a, b). Name the columns of sheet',
    ],
    ['a register of another layer', { register: 'y.csv', layer: 'base.la' }, 'belongs to layer land.parcel'],
    ['a register that is a map', { register: 'to 12.geojson' }, 'must be a .csv, .tsv, .xlsx, .dbf or .gpkg'],
    ['a profile that is not there', { profile: 'abc' }, 'There are: '],
    ['a name that a profile cannot have', { saveProfile: 'vbdlis' }, 'cannot be the name of a profile'],
  ])('%s is refused', async (_, { register, ...more }, says) => {
    write('x.csv', 'a,b\r\n1,2\r\n');
    write('y.csv', 'so to,so thua\r\n1,2\r\n');
    const file = sheet('to 12.geojson', '12', [1]);
    const given = register === undefined ? {} : { register: join(folder, register) };
    expect((await problem(file, { ...more, ...given })).detail.en).toContain(says);
  });
});
