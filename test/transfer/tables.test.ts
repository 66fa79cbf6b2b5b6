/** Tables with coordinates: CSV and XLSX. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { workbookBytes } from '../../src/transfer/office/workbook-bytes.ts';
import { separatorOf } from '../../src/transfer/source/table/csv-sheet.ts';
import { describeEngines } from '../engine.ts';
import { windows1258 } from './files.ts';
import { fileWriter, temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('tables');

const write = fileWriter(folder);

/** Returns an XLSX of one or several sheets, each as the XML of its rows. */
function workbook(
  sheets: Readonly<Record<string, string>>,
  more: { texts?: string; styles?: string; book?: string } = {},
) {
  const names = Object.keys(sheets);
  const parts: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns:r="r">${more.book ?? ''}<sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 7}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst>${more.texts ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet>${more.styles ?? ''}</styleSheet>`,
  };
  names.forEach((name, index) => {
    parts[`xl/worksheets/sheet${index + 1}.xml`] = `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`;
  });
  return write(
    'xlsx',
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, new Uint8Array(Buffer.from(text))]))),
  );
}
const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;

describe('the separator of a CSV', () => {
  it.each([
    ['a,b\n1,2\n', ','],
    ['X;Y\n1215609,35;601347,2\n1215610,35;601348,2\n', ';'],
    ['a\tb\n"x;y;z"\t1\n', '\t'],
    ['a|b\n1|2', '|'],
    ['a', ';'],
    ['DANH SÁCH, năm 2026\nX;Y;Z\n1;2;3', ';'],
  ])('%j is told', (text, separator) => expect(separatorOf(text)).toBe(separator));
});

describeEngines('tables with coordinates', (engine) => {
  let tables = 0;
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: `base.t_${++tables}`, ...more });
  const problem = (file: string, more: Partial<ImportRequest> = {}) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
    );
  const rows = async () => {
    const found = await engine.db.query<{ row: string; shape: string }>(
      sql`SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t) - 'id' - 'geom'))::text AS row, ST_AsText(geom, 17) AS shape
        FROM ${ident('base', `t_${tables}`)} AS t ORDER BY id`,
    );
    return found.map((each) => [JSON.parse(each.row) as Record<string, string | null>, each.shape] as const);
  };
  const types = async () => {
    const found = await engine.db.query<{ type: string }>(
      sql`SELECT attname || ' ' || format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = ${`base.t_${tables}`}::regclass AND attnum > 1 AND attname <> 'geom' ORDER BY attnum`,
    );
    return found.map(({ type }) => type);
  };

  it('CSV of a Vietnamese spreadsheet: X is north, commas are decimal signs, codes are text', async () => {
    const csv =
      '\ufeffDANH SÁCH MỐC\r\n\r\nSTT;Mã;Tọa độ X (m);Tọa độ Y (m);DT;Số;Ghi chú\r\n1;007;1215609,35;601347,20;1.234,50;12;"a;b"\r\n2;010;1215610,5;601348;0,1;9007199254740993;""\r\n;;;;;;\r\n';
    const report = await run(write('csv', csv), { srid: 9210 });
    expect(report).toMatchObject({ read: 2, written: 2, srid: { source: 9210 } });
    expect(report.notes.map(({ en }) => en)).toEqual([
      'Coordinates are from columns "Tọa độ X (m)" (north) and "Tọa độ Y (m)" (east).',
      'A comma is the decimal sign in columns Tọa độ X (m), Tọa độ Y (m), DT.',
    ]);
    expect(await types()).toEqual([
      ...[
        'stt integer',
        'ma text',
        'toa_do_x_m numeric',
        'toa_do_y_m numeric',
        'dt numeric',
        'so bigint',
        'ghi_chu text',
      ],
    ]);
    expect(await rows()).toEqual([
      [
        {
          stt: '1',
          ma: '007',
          toa_do_x_m: '1215609.35',
          toa_do_y_m: '601347.20',
          dt: '1234.50',
          so: '12',
          ghi_chu: 'a;b',
        },
        'POINT(601347.2 1215609.35)',
      ],
      [
        {
          stt: '2',
          ma: '010',
          toa_do_x_m: '1215610.5',
          toa_do_y_m: '601348',
          dt: '0.1',
          so: '9007199254740993',
          ghi_chu: '',
        },
        'POINT(601348 1215610.5)',
      ],
    ]);
  });

  it.each([
    ['degrees by name', 'lat,lon,n\n10.98,106.65,1.50', 'POINT(106.65 10.98)', 4326],
    ['degrees in Vietnamese', 'Kinh độ;Vĩ độ\n106,65;10,98', 'POINT(106.65 10.98)', 4326],
    ['x as longitude', 'x,y\n106.65,10.98', 'POINT(106.65 10.98)', 4326],
    ['x as latitude', 'X\tY\n10.98\t106.65', 'POINT(106.65 10.98)', 4326],
    ['x as easting', 'x|y\n601347.2|1215609.35', 'POINT(601347.2 1215609.35)', undefined],
    ['thousands apart', 'X;Y\n1 215 609,35;601 347,2', 'POINT(601347.2 1215609.35)', undefined],
    ['a separator that the first line names', 'sep=;\r\nX;Y\r\n1215609,5;601347', 'POINT(601347 1215609.5)', undefined],
    ['names over two rows', 'Số;Tọa độ;\n;X;Y\n1;1215609;601347', 'POINT(601347 1215609)', undefined],
    ['WKT', 'id;WKT\n1;"POLYGON((0 0,0 1,1 1,0 0))"', 'MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4326],
    ['WKT with its system', 'geom\n"SRID=9210;POINT(601347.2 1215609.35)"', 'POINT(601347.2 1215609.35)', 9210],
    [
      'hexadecimal WKB',
      'geom,a\n010100000066666666065A22419A999959798C3241,x',
      'POINT(601347.2 1215609.35)',
      undefined,
    ],
    ['a column named shape without shapes', 'Shape,lon,lat\nPoint,106.65,10.98', 'POINT(106.65 10.98)', 4326],
  ])('CSV: %s', async (_, csv, shape, srid) => {
    const file = write('csv', csv);
    if (srid === undefined) expect(await problem(file)).toMatchObject({ type: 'unknown-crs' });
    const report = await run(file, srid === undefined ? { srid: 9210 } : {});
    expect(report).toMatchObject({ written: 1, srid: { source: srid ?? 9210 } });
    expect((await rows()).map(([, each]) => each)).toEqual([shape]);
  });

  it('CSV in UTF-16, windows-1258 and TCVN3', async () => {
    const csv = 'tên;lon;lat\nThủ Dầu Một;106.65;10.98\n';
    await run(write('csv', Buffer.from(`\ufeff${csv}`, 'utf16le')));
    expect(await rows()).toMatchObject([[{ ten: 'Thủ Dầu Một' }, 'POINT(106.65 10.98)']]);
    await run(write('csv', windows1258(csv)), { encoding: 'windows-1258' });
    expect(await rows()).toMatchObject([[{ ten: 'Thủ Dầu Một' }, 'POINT(106.65 10.98)']]);
    const old = write('csv', Buffer.from('ten;Kinh ®é;VÜ ®é\nThñ DÇu Mét;106.65;10.98\n', 'latin1'));
    expect((await problem(old)).detail.en).toContain('--encoding tcvn3');
    await run(old, { encoding: 'tcvn3' });
    expect(await rows()).toMatchObject([[{ ten: 'Thủ Dầu Một' }, 'POINT(106.65 10.98)']]);
  });

  it.each([
    ['no coordinates', 'số tờ,số thửa\n1,2', 'no columns of coordinates (v'],
    ['a cell too many', 'a,lon,lat\nx,y,106.65,10.98', 'Row 2 of the table has 4 cells, its heading 3'],
    ['a quote that does not end', 'a,lon,lat\n"x,106.65,10.98', 'double quote is wrong in line'],
    ['both orders', 'X,Y\n1215609,601347\n601347,1215609', 'rows 1 have north first, rows 2 east first'],
    ['swapped names', 'lat,lon\n106.65,10.98', 'latitude and longitude are swapped'],
    [
      'two columns for one coordinate',
      'X,X (m),Y\n1215609,1215609,601347',
      'Several columns can be one coordinate: X, X (m)',
    ],
    ['several systems', 'wkt\n"SRID=9210;POINT(1 2)"\n"SRID=4326;POINT(1 2)"', '(SRID 9210, 4326)'],
  ])('CSV is refused for %s', async (_, csv, says) => {
    expect((await problem(write('csv', csv), { srid: 9210 })).detail.en).toContain(says);
  });

  it('CSV: rows without a number are refused by their number', async () => {
    const { reasons, written } = await run(write('csv', 'n,lon,lat\n1,106.65,10.98\n2,,\n3,106.65,\n4,abc,10.98'), {
      skipRefused: true,
    });
    expect(reasons.map(({ reason, examples }) => [reason.en.slice(0, 19), examples])).toEqual([
      ['Its geometry cannot', [3, 4]],
      ['It has no geometry.', [2]],
    ]);
    expect(written).toBe(1);
  });

  it('XLSX: cells as they are typed and shown, dates as dates', async () => {
    const texts =
      '<si><t>Mã</t></si><si><r><t>0</t></r><r><t>07</t></r><rPh><t>x</t></rPh></si><si><t xml:space="preserve"> a_x000A_b </t></si>';
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>';
    const head = row('<c t="s"><v>0</v></c>', ...['X', 'Y', 'so', 'ngay', 'luc', 'xa', 'co', 'ghi'].map(inline));
    const first = row(
      '<c r="A2" t="s"><v>1</v></c><c r="B2"><v>1215609.3500000001</v></c><c r="C2"><v>601347.2</v></c><c r="D2"><v>0.1</v></c>',
      '<c r="E2" s="1"><v>43831</v></c><c r="F2" s="3"><v>43831.5</v></c><c r="G2" s="2"><v>123</v></c><c r="H2" t="b"><v>1</v></c><c r="I2" t="s"><v>2</v></c>',
    );
    const second = row('<c r="B3"><v>1215610</v></c><c r="C3"><v>601348</v></c><c r="I3" t="e"><v>#N/A</v></c>');
    const report = await run(
      workbook({ 'Tờ 1': head + first + second, 'Ghi chú': row(inline('abc')) }, { texts, styles }),
      { srid: 9210 },
    );
    expect(report).toMatchObject({ written: 2 });
    expect(await types()).toEqual([
      ...['ma text', 'x double precision', 'y double precision', 'so double precision', 'ngay date'],
      ...['luc timestamp without time zone', 'xa text', 'co boolean', 'ghi text'],
    ]);
    expect(await rows()).toEqual([
      [
        {
          ...{ ma: '007', x: '1215609.35', y: '601347.2', so: '0.1', ngay: '2020-01-01', luc: '2020-01-01T12:00:00' },
          ...{ xa: '00123', co: 'true', ghi: ' a\nb ' },
        },
        'POINT(601347.2 1215609.35)',
      ],
      [
        { ma: null, x: '1215610', y: '601348', so: null, ngay: null, luc: null, xa: null, co: null, ghi: '#N/A' },
        'POINT(601348 1215610)',
      ],
    ]);
  });

  it('XLSX: the calendar of 1904', async () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>';
    const sheet =
      row(...['lon', 'lat', 'ngay'].map(inline)) + row('<c><v>106</v></c><c><v>10</v></c><c s="1"><v>42369</v></c>');
    await run(workbook({ a: sheet }, { styles, book: '<workbookPr date1904="1"/>' }));
    expect((await rows())[0]?.[0]).toMatchObject({ ngay: '2020-01-01' });
  });

  it('XLSX: asked which sheet, or all', async () => {
    const sheet = (name: string) =>
      row(...['lon', 'lat', 'ten'].map(inline)) + row('<c><v>106</v></c><c><v>10</v></c>', inline(name));
    const file = workbook({ 'Tờ 1': sheet('a'), 'Tờ 2': sheet('b') });
    expect(await problem(file)).toMatchObject({ extra: { candidates: ['Tờ 1', 'Tờ 2'] } });
    await run(file, { allLayers: true });
    expect((await rows()).map(([{ source_layer, ten }]) => `${source_layer}: ${ten}`)).toEqual(['Tờ 1: a', 'Tờ 2: b']);
  });

  it('XLSX that this program writes comes back', async () => {
    const column = (title: string, type: 'string' | 'number' | 'date') => ({ title, type });
    const bytes = await workbookBytes([
      {
        title: 'Mốc',
        columns: [column('ma', 'string'), column('X', 'number'), column('Y', 'number'), column('ngay', 'date')],
        rows: [['007', '1215609.35', '601347.2', '2026-01-31']],
      },
    ]);
    await run(write('xlsx', bytes), { srid: 9210 });
    expect(await rows()).toEqual([
      [{ ma: '007', x: '1215609.35', y: '601347.2', ngay: '2026-01-31' }, 'POINT(601347.2 1215609.35)'],
    ]);
  });

  it('XLSX that is broken is refused', async () => {
    expect((await problem(write('xlsx', zipSync({ 'xl/a.xml': new Uint8Array([1]) })))).detail.en).toContain(
      'no sheets',
    );
    expect((await problem(workbook({ a: '<row><c>' }))).detail.en).toContain('cannot be read');
    expect((await problem(write('xlsx', 'PK\x03\x04xx'))).detail.en).toContain('cannot be unpacked');
  });
});
