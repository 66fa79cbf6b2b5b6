/** Drawings of a cadastral map become parcels, and what does not close is refused with its place. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { readLabel } from '../../src/transfer/cadastral-map/label.ts';
import { cadLevel } from '../../src/transfer/cadastral-map/level.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ReportRow } from '../../src/transfer/import/report-rows.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { undoImport } from '../../src/transfer/import/undo.ts';
import { describeEngines } from '../engine.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('drawing');

const DGN = '../shared/data/nasty/smalltest.dgn';
const isThere = existsSync(DGN);
if (!isThere) process.stdout.write(`Skipped: a real drawing. The file ${DGN} is not here.\n`);

const UNIT = '99002';
const [X, Y] = [600_000, 1_200_000];
type Point = readonly [number, number];
const line = (level: string | number, ...points: readonly Point[]) =>
  ['0', 'LWPOLYLINE', '100', 'AcDbEntity', '8', level, '100', 'AcDbPolyline', '90', points.length, '70', 0].concat(
    points.flatMap(([x, y]) => ['10', X + x, '20', Y + y]),
  );
const text = (level: string | number, [x, y]: Point, value: string) => [
  ...['0', 'TEXT', '100', 'AcDbEntity', '8', level, '100', 'AcDbText', '10', X + x, '20', Y + y, '30', 0, '40', 1],
  ...['1', value],
];
let files = 0;
const draw = (...entities: readonly (readonly (string | number)[])[]) => {
  const file = join(folder, `to-${files++}.dxf`);
  const all = ['0', 'SECTION', '2', 'ENTITIES', ...entities.flat(), '0', 'ENDSEC', '0', 'EOF'];
  writeFileSync(file, `${all.join('\n')}\n`);
  return file;
};

/** A frame of 20 m by 10 m, cut at x = 10 by a line whose ends lie 0.4 mm from the frame. */
const FRAME = line('Level 10', [0, 0], [20, 0], [20, 10], [0, 10], [0, 0]);
const CUT = line(23, [10, 0.0004], [10, 9.9996]);
/** A square of 2 m within the right half. */
const ISLAND = line('LV_010', [14, 4], [16, 4], [16, 6], [14, 6], [14, 4]);
const LEFT = [text(13, [2, 5], '1'), text('Level 4', [2, 4], '100,0'), text(2, [2, 2], 'LUC')];
const RIGHT = [text(11, [12, 5], '%%u2/96.0 ONT+CLN'), text(29, [12, 2], 'CLN')];
const INNER = [text(13, [15, 5], '3'), text(29, [15, 4.5], 'LUC')];

describe('levels and labels', () => {
  it.each([
    ['10', 10],
    ['Level 10', 10],
    ['LV_010', 10],
    ['Lớp 61', 61],
    ['RANH10', undefined],
    ['110', undefined],
    [null, undefined],
  ])('level %j', (name, level) => expect(cadLevel(name)).toBe(level));

  it.each([
    [13, '12a', ['number', '12a']],
    [13, 'LUC', ['main_use', 'LUC']],
    [4, '105', ['area', '105']],
    [4, '105,5', ['area', '105.5']],
    [29, 'BHK', ['use_by_papers', 'BHK']],
    [2, 'ao', undefined],
    [28, '12', undefined],
  ])('level %d, %j', (level, value, part) =>
    expect(readLabel(level, value).map(({ kind, value }) => [kind, value])).toEqual(part ? [part] : []),
  );
});

describeEngines('a cadastral map', (engine) => {
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, {
      ...{ file, layer: 'land.parcel', srid: 9210, cadastralMap: true },
      set: { unit_code: UNIT, unit_valid_from: '2000-01-01', sheet: '12' },
      ...more,
    });
  const problem = (file: string, more: Partial<ImportRequest> = {}) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error.detail.en : Promise.reject(error)),
    );
  const parcels = async () => {
    const rows = await engine.db.query<{ parcel: unknown }>(sql`SELECT jsonb_build_array(sheet, number, main_use,
        measured_area_m2, legal_area_m2, (SELECT jsonb_agg(code ORDER BY code) FROM land.parcel_use WHERE parcel_id = p.id)) AS parcel
      FROM land.parcel AS p WHERE unit_code = ${UNIT} ORDER BY number`);
    return rows.map(({ parcel }) => parcel);
  };
  const clear = () => engine.db.query(sql`DELETE FROM land.parcel WHERE unit_code = ${UNIT}`);
  beforeAll(async () => {
    await engine.db.query(sql`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
      VALUES (${UNIT}, '2000-01-01', 'commune', 'xã', 'Thử', 'Xã Thử')`);
  });
  afterEach(clear);

  it('has one parcel for each face, with the values of its label; the dry run says the same, and it can be undone', async () => {
    const papers = line(61, [5, 0], [5, 10]);
    const file = draw(FRAME, CUT, ISLAND, papers, ...LEFT, ...RIGHT, ...INNER, text(28, [40, 40], 'Đường 7'));
    const map = { legal_area_m2: 'area' };
    const dry = await run(file, { map, dryRun: true });
    expect(dry).toMatchObject({ read: 3, written: 3, refused: 0, reasons: [] });
    expect(await parcels()).toEqual([]);
    const report = await run(file, { map });
    expect(report).toMatchObject({ read: 3, written: 3, srid: { source: 9210, target: 9210 } });
    const notes = report.notes.map(({ en }) => en);
    expect(notes).toContain('Boundaries of levels 10 and 23 close 3 parcels; ends of lines within 1 mm meet.');
    expect(notes.filter((note) => note.startsWith('1 objects of the boundary by papers (level 61)'))).toHaveLength(1);
    expect(await parcels()).toEqual([
      ['12', 1, 'LUC', 100, 100, ['LUC']],
      ['12', 2, 'ONT', 96, 96, ['CLN', 'ONT']],
      ['12', 3, 'LUC', 4, null, ['LUC']],
    ]);
    await undoImport(engine.db, report.id ?? 0);
    expect(await parcels()).toEqual([]);
  });

  it('refuses open lines and labels without, beside and twice in a face, each once and with its place', async () => {
    const file = draw(
      ...[FRAME, CUT, ISLAND, ...LEFT, text(13, [3, 3], '7'), ...RIGHT],
      ...[line(10, [30, 0], [30, 5], [34, 5]), text(13, [50, 50], '9'), text(2, [15, 5], 'LUC')],
    );
    const rows: ReportRow[] = [];
    const onReport = async (_: unknown, each: AsyncIterable<ReportRow>) => {
      for await (const row of each) rows.push(row);
    };
    expect(await run(file, { onReport })).toMatchObject({ read: 5, written: 0, refused: 4 });
    expect(rows.map(({ reasons }) => reasons.map(({ en }) => en.split(' ').slice(0, 4).join(' ')))).toEqual([
      ['A parcel has two'],
      ['A closed parcel has'],
      ['A boundary line (levels'],
      ['A label lies in'],
    ]);
    const places = await engine.db.query<{
      x: number;
      y: number;
    }>(sql`SELECT round(ST_X(p)::numeric) AS x, round(ST_Y(p)::numeric) AS y
      FROM jsonb_array_elements(${JSON.stringify(rows.map(({ place }) => place))}::jsonb) WITH ORDINALITY AS e (place, n),
        ST_Transform(ST_SetSRID(ST_MakePoint((place->>0)::float8, (place->>1)::float8), 4326), 9210) AS p ORDER BY n`);
    const expected = [
      ...[
        [5, 5],
        [15, 5],
        [32, 3],
        [50, 50],
      ].map(([x = 0, y = 0]) => ({ x: X + x, y: Y + y })),
    ];
    for (const [index, { x, y }] of expected.entries()) {
      expect(Math.abs((places[index]?.x ?? 0) - x)).toBeLessThan(2);
      expect(Math.abs((places[index]?.y ?? 0) - y)).toBeLessThan(2);
    }
    expect(await run(file, { skipRefused: true })).toMatchObject({ written: 1, refused: 4 });
    expect(await parcels()).toEqual([['12', 2, 'ONT', 96, null, ['CLN', 'ONT']]]);
  });

  it('does not close over a gap beyond the tolerance', async () => {
    const file = draw(FRAME, line(10, [10, 0.003], [10, 10]), ...LEFT, ...RIGHT);
    const { reasons } = await run(file);
    expect(reasons.map(({ count, reason }) => [count, reason.en.slice(0, 15)])).toEqual([
      [1, 'A boundary line'],
      [1, 'A parcel has tw'],
    ]);
  });

  it('refuses a face with two areas; the same area twice is one', async () => {
    const areas = (value: string) => draw(FRAME, ...LEFT, text(4, [5, 5], value));
    expect(await run(areas('100.5'))).toMatchObject({ read: 1, refused: 1, reasons: [{ count: 1 }] });
    expect(await run(areas('100.0'), { dryRun: true })).toMatchObject({ read: 1, written: 1, refused: 0 });
  });

  it('refuses what is no single drawing for the parcels', async () => {
    const file = draw(FRAME, ...LEFT);
    expect(await problem(file, { layer: 'land.sheet' })).toContain('--layer land.parcel');
    expect(await problem(file, { moreFiles: [file] })).toContain('one drawing at a time');
    expect(await problem(draw(line('RANH', [0, 0], [1, 1]), line(61, [0, 0], [1, 1])))).toContain(
      'no line on level 10 (parcel boundaries). Levels of the file: RANH, 61.',
    );
    const json = join(folder, 'a.geojson');
    writeFileSync(
      json,
      '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[600000,1200000]}}',
    );
    expect(await problem(json)).toContain('DXF and DGN v7 only');
  });

  it.skipIf(!isThere)('names the levels of a real DGN that is no cadastral map', async () => {
    expect(await problem(DGN)).toContain('Levels of the file: ');
  });
});
