/** The report of an import as a file: every refused and mended row, with all reasons and its place. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { checkReportFile, writeReport } from '../../src/transfer/report/report-file.ts';
import { describeEngines } from '../engine.ts';
import { polygonFeature, square } from './files.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('report');

const BOWTIE = [
  [106.65, 10.98],
  [106.652, 10.982],
  [106.652, 10.98],
  [106.65, 10.982],
  [106.65, 10.98],
];
/** A good row, one with three faults, one that is mended, one without a geometry and one that cannot be read. */
const FEATURES = [
  polygonFeature(square(106.65, 10.98, 0.001), { code: 'A', depth: 1 }),
  polygonFeature(square(2.35, 48.85, 0.001), { code: 'quá dài', depth: 'sâu', note: '<b>&"' }),
  polygonFeature(BOWTIE, { code: 'C', depth: 3 }),
  { type: 'Feature', properties: { code: 'D', depth: 4 }, geometry: null },
  { type: 'Feature', properties: { code: null, depth: 5 }, geometry: { type: 'Polygon', coordinates: [[['x', 1]]] } },
];

describeEngines('the report of an import', (engine) => {
  beforeAll(() =>
    engine.db.script(
      'CREATE TABLE base.reported (code varchar(5) NOT NULL, depth int, note text, geom geometry(MultiPolygon, 9210) NOT NULL)',
    ),
  );
  const reported = async (
    ending: string,
    more: Partial<ImportRequest> = {},
    features: readonly object[] = FEATURES,
  ) => {
    const file = join(folder, `${engine.name}.geojson`);
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
    const out = join(folder, `${engine.name}-out${ending}`);
    const report = await importFile(engine.db, {
      ...{ file, layer: 'base.reported', repair: true, ...more },
      onReport: (made, rows) => writeReport(out, made, rows),
    });
    return { report, out };
  };

  it('JSON: all reasons of each row, and its place', async () => {
    const { report, out } = await reported('.json');
    const { list, ...head } = JSON.parse(readFileSync(out, 'utf8'));
    expect(head).toEqual(JSON.parse(JSON.stringify(report)));
    expect(head).toMatchObject({ read: 5, written: 0, refused: 3, repaired: 1 });
    const digits = (place?: number[]) =>
      place?.map((each) => (Math.floor(each * 1000 + 1e-6) / 1000).toFixed(3)).join(' ');
    expect(
      list.map((row: { number: number; outcome: string; reasons: { en: string }[]; place?: number[] }) => [
        `${row.number} ${row.outcome}`,
        row.reasons.map(({ en }) => en),
        digits(row.place),
      ]),
    ).toEqual([
      [
        '2 refused',
        [
          'It lies outside Vietnam: the file may be in another system, check --srid.',
          'Column code: longer than 5 characters.',
          'Column depth: not a whole number.',
        ],
        '2.350 48.850',
      ],
      ['3 mended', ['Mended: the boundary crosses itself.'], '106.651 10.981'],
      ['4 refused', ['It has no geometry.'], undefined],
      [
        '5 refused',
        [
          'Its geometry cannot be read: a ring is not closed, has too few points, or a coordinate is no number.',
          'Column code: empty, but required.',
        ],
        undefined,
      ],
    ]);
  });

  it('CSV for a spreadsheet, a GeoPackage for QGIS, a page for a browser', async () => {
    const csv = readFileSync((await reported('.csv')).out, 'utf8');
    expect(csv.startsWith('\uFEFFnumber,outcome,reasons_vi,reasons_en,lon,lat\r\n2,refused,"Nằm ngoài Việt Nam')).toBe(
      true,
    );
    expect(csv.split('\r\n').map((line) => line.split(',')[0])).toEqual(['\uFEFFnumber', '2', '3', '4', '5', '']);
    const db = new sqlite.Database((await reported('.gpkg')).out, { readOnly: true });
    const rows = db.all(
      'SELECT number, outcome, reasons_en, geom IS NOT NULL AS placed FROM import_report ORDER BY fid',
    );
    db.close();
    expect(rows.map(({ number, outcome, placed }) => `${number} ${outcome} ${placed}`)).toEqual([
      '2 refused 1',
      '3 mended 1',
      '4 refused 0',
      '5 refused 0',
    ]);
    const page = readFileSync((await reported('.html')).out, 'utf8');
    expect(page).toContain('<h1>Báo cáo nhập vào base.reported (append)</h1>');
    expect(page).toContain('<th>Từ chối / refused</th><td class="n">3</td>');
    expect(page.match(/<tr><td class="n">\d/g)).toHaveLength(4);
    expect(page).toContain('Cột code: dài quá 5 ký tự.');
    expect(page).not.toContain('undefined');
  });

  it('an import that takes all rows has a report without rows; a value of the file is no markup', async () => {
    const name = polygonFeature(square(106.65, 10.98, 0.001), { code: 'A', depth: 1, '<i>': 1 });
    const { report, out } = await reported('.html', { dryRun: true }, [name]);
    expect(report).toMatchObject({ written: 1, refused: 0 });
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('Chạy thử: chưa ghi gì.');
    expect(page).toContain('Mọi dòng đã được nhận nguyên vẹn.');
    expect(page).toContain('&lt;i&gt;');
    expect(page).not.toContain('<i>');
    expect(await engine.db.query(sql`SELECT FROM base.reported`)).toEqual([]);
  });

  it('a report that cannot be written stops the import, and leaves no part of a file', async () => {
    const good = FEATURES.slice(0, 1);
    const file = join(folder, `${engine.name}.geojson`);
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: good }));
    const out = join(folder, 'missing', 'out.csv');
    const work = importFile(engine.db, {
      file,
      layer: 'base.reported',
      onReport: (made, rows) => writeReport(out, made, rows),
    });
    await expect(work).rejects.toThrow('ENOENT');
    expect(await engine.db.query(sql`SELECT FROM base.reported`)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(() => checkReportFile('out.pdf')).toThrow('must end in .json, .html, .csv, .gpkg');
  });
});
