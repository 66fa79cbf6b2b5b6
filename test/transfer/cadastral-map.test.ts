/** Drawings of a cadastral map become parcels, and what does not close is refused with its place. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { readLabel } from '../../src/transfer/cadastral-map/label.ts';
import { cadLevel } from '../../src/transfer/cadastral-map/level.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ReportRow } from '../../src/transfer/import/report-rows.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { undoImport } from '../../src/transfer/import/undo.ts';
import { writeReport } from '../../src/transfer/report/report-file.ts';
import { describeEngines } from '../engine.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('drawing');

const DGN = '../shared/data/nasty/smalltest.dgn';
const isThere = existsSync(DGN);
if (!isThere) process.stdout.write(`Skipped: a real drawing. The file ${DGN} is not here.\n`);

const hasOgr = spawnSync('ogr2ogr', ['--version']).status === 0;
if (!hasOgr) process.stdout.write('Skipped: a DGN of a cadastral map. ogr2ogr is not here.\n');

async function* rowsOf(rows: readonly ReportRow[]) {
  yield* rows;
}

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

  it('within the tolerance ends join the nearest edge and longer ones are cut, each listed with its place', async () => {
    // An end 40 mm short, two ends 30 mm apart, a line that passes the frame by 20 mm, and one 80 mm short.
    const lines = [
      FRAME,
      line(10, [10, 0.04], [10, 5]),
      line(10, [10.03, 5], [10, 10.02]),
      line(10, [15, 0.08], [15, 10]),
    ];
    const file = draw(...lines, ...LEFT, ...RIGHT);
    const rows: ReportRow[] = [];
    const onReport = async (_: unknown, each: AsyncIterable<ReportRow>) => {
      for await (const row of each) rows.push(row);
    };
    expect(await run(file)).toMatchObject({ written: 0 });
    const report = await run(file, { tolerance: 0.05, skipRefused: true, onReport });
    expect(report).toMatchObject({ read: 3, written: 2, refused: 1 });
    const notes = report.notes.map(({ en }) => en);
    expect(notes).toContain('Boundaries of levels 10 and 23 close 2 parcels; ends of lines within 50 mm meet.');
    expect(notes).toContain('2 ends of lines were joined and 1 cut off; --report lists each.');
    const listed = rows.filter(({ number }) => number === undefined);
    expect(listed.map(({ outcome, reasons }) => [outcome, reasons[0]?.en])).toEqual([
      ['mended', 'An end of a boundary line was joined to the nearest edge, 30 mm away.'],
      ['mended', 'An end of a boundary line was joined to the nearest edge, 40 mm away.'],
      ['mended', 'An end of a boundary line passed an edge by 20 mm and was cut off.'],
    ]);
    const [place] = await engine.db.query<{ x: number; y: number }>(sql`SELECT ST_X(p) AS x, ST_Y(p) AS y
      FROM ST_Transform(ST_SetSRID(ST_MakePoint(${listed[0]?.place?.[0]}::float8, ${listed[0]?.place?.[1]}::float8), 4326), 9210) AS p`);
    expect(place?.x).toBeCloseTo(X + 10.015, 2);
    expect(place?.y).toBeCloseTo(Y + 5, 2);
    const wide = await run(file, { tolerance: 0.1, dryRun: true });
    expect(wide).toMatchObject({
      read: 3,
      refused: 1,
      reasons: [{ reason: { en: expect.stringContaining('no label') } }],
    });
    for (const tolerance of [0, 0.0001, 2, Number.NaN])
      expect(await problem(file, { tolerance })).toContain('a number of metres from 0.001 to 1');
    expect(await problem(file, { tolerance: 0.05, cadastralMap: false })).toContain('goes with --cadastral-map only');
  });

  it('boundaries by papers are in the report as lines, and nowhere else', async () => {
    const file = draw(FRAME, CUT, line(61, [5, 0], [5, 10]), ...LEFT, ...RIGHT);
    const name = join(folder, 'papers.gpkg');
    const rows: ReportRow[] = [];
    await run(file, {
      dryRun: true,
      async onReport(report, each) {
        for await (const row of each) rows.push(row);
        await writeReport(name, report, rowsOf(rows));
      },
    });
    expect(rows).toMatchObject([
      { number: undefined, outcome: 'beside', reasons: [{ en: 'Boundary by papers (level 61).' }] },
    ]);
    const copy = await importFile(engine.db, { file: name, layer: 'base.papers' });
    expect(copy).toMatchObject({ read: 1, written: 1 });
    const [drawn] = await engine.db.query(
      sql`SELECT GeometryType(geom) AS type, round(ST_Length(ST_Transform(geom, 9210))::numeric, 2) AS length FROM base.papers`,
    );
    expect(drawn).toEqual({ type: 'MULTILINESTRING', length: 10 });
  });

  it.each(['tcvn3', 'vni'])('a drawing with texts in %s is recognised', async (encoding) => {
    const words = { tcvn3: '\xa7\xad\xeang lµng', vni: 'Ñöôøng laøng' }[encoding] ?? '';
    const file = draw(FRAME, CUT, ...LEFT, ...RIGHT, ...[1, 2, 3].map((y) => text(28, [40, y], words)));
    writeFileSync(file, readFileSync(file, 'utf8'), 'latin1');
    expect(await problem(file)).toContain(`--encoding ${encoding}`);
    expect(await run(file, { encoding, dryRun: true })).toMatchObject({ read: 2, written: 2 });
    // AutoCAD 2007 and later write the same letters as UTF-8.
    const head = ['0', 'SECTION', '2', 'HEADER', '9', '$ACADVER', '1', 'AC1021', '0', 'ENDSEC', ''].join('\n');
    const later = join(folder, `later-${encoding}.dxf`);
    writeFileSync(later, head + readFileSync(file, 'latin1'));
    expect(await problem(later)).toContain(`--encoding ${encoding}`);
    const copy = await importFile(engine.db, { file: later, layer: `base.later_${encoding}`, srid: 9210, encoding });
    expect(copy.written).toBeGreaterThan(3);
    const texts = await engine.db.query(
      sql`SELECT DISTINCT text FROM ${ident('base', `later_${encoding}`)} WHERE text LIKE '% l%'`,
    );
    expect(texts).toEqual([{ text: 'Đường làng' }]);
  });

  it.skipIf(!hasOgr)('a DGN of version 7 becomes parcels as a DXF does', async () => {
    const [json, file] = [join(folder, 'to.geojson'), join(folder, 'to.dgn')];
    const feature = (Level: number, type: string, coordinates: unknown, Text?: string) => ({
      ...{ type: 'Feature', properties: { Level, Text }, geometry: { type, coordinates } },
    });
    const at = (...points: readonly Point[]) => points.map(([x, y]) => [X + x, Y + y]);
    const features = [
      feature(10, 'LineString', at([0, 0], [20, 0], [20, 10], [0, 10], [0, 0])),
      feature(23, 'LineString', at([10, 0.02], [10, 10])),
      feature(61, 'LineString', at([5, 0], [5, 10])),
      feature(13, 'Point', at([2, 5])[0], '1'),
      feature(2, 'Point', at([2, 2])[0], 'LUC'),
      feature(11, 'Point', at([12, 5])[0], '2/96.0 ONT+CLN'),
    ];
    writeFileSync(json, JSON.stringify({ type: 'FeatureCollection', features }));
    const units = ['-dsco', 'UOR_PER_SUB_UNIT=1', '-dsco', 'SUB_UNITS_PER_MASTER_UNIT=1000'];
    execFileSync('ogr2ogr', ['-f', 'DGN', file, json, ...units], { stdio: 'ignore' });
    const report = await run(file, { tolerance: 0.05, map: { legal_area_m2: 'area' } });
    expect(report).toMatchObject({ read: 2, written: 2, refused: 0 });
    expect(await parcels()).toEqual([
      ['12', 1, 'LUC', 100, null, ['LUC']],
      ['12', 2, 'ONT', 100, 96, ['CLN', 'ONT']],
    ]);
    expect(report.notes.some(({ en }) => en.startsWith('1 objects of the boundary by papers'))).toBe(true);
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
