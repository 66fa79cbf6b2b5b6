/** Values are converted all at once, or one by one if a value of the file is none. Both give the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ident, sql } from '../../../../src/database/sql.ts';
import { importFile } from '../../../../src/transfer/import/import.ts';
import { describeEngines } from '../../../engine.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder('conversion');

/** Texts that each type takes, and one that it does not. */
const COLUMNS: readonly (readonly [type: string, good: readonly (string | null)[], bad: string])[] = [
  ['smallint', ['1', ' -7 ', '12.0', 'true', '', null], '40000'],
  ['integer', ['007', '1e3', '\u00a05\u00a0', 'false', ' ', null], '1.5'],
  ['bigint', ['9007199254740993', '-1', '0', '1', '2', null], 'x'],
  ['numeric(8,1)', ['2159.64', '-0.05', '1e2', '7', ' 8 ', null], '123456789'],
  ['real', ['0.1', '-0', 'NaN', '1e-3', '3', null], '1e99'],
  ['double precision', ['0.1', '1e300', '-0', '12345678901234567', '3', null], '1,5'],
  ['boolean', ['true', 'f', '1', 'yes', 'off', null], 'maybe'],
  ['date', ['2025-07-01', '31/01/2026', '2025-07-01T23:30:00+07:00', '1/2/2026', 'infinity', null], '31/02/2026'],
  ['timestamp', ['2025-07-01T23:30:00+07:00', '31/01/2026 07:08', '2025-01-01', '', ' ', null], '25:00'],
  ['timestamptz', ['2025-07-01T23:30:00.123456+07:00', '31/01/2026', '2025-07-01 01:00Z', '', ' ', null], 'hôm qua'],
  ['text[]', ['["x","y,z"]', '{a,b}', '[]', '{}', '', null], '{a'],
  ['int[]', ['[1,2]', '{3}', '[]', '{}', '', null], '["x"]'],
  ['jsonb', ['{"a":1.50}', '[]', '"x"', '1', 'null', null], '{'],
  ['bytea', ['\\xdeadbeef', '\\x', 'abc', '', ' ', null], '\\xd'],
  ['uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '', '', '', '', null], 'a0eebc99'],
  ['interval', ['1 day', '2:03', 'P1D', '', '', null], 'lâu'],
  ['base.percent', ['0', '100', '50.5', '', '', null], '101'],
];
const ROWS = COLUMNS[0]?.[1].length ?? 0;

const feature = (texts: readonly (string | null)[], ring: unknown = null) => ({
  type: 'Feature',
  properties: Object.fromEntries(texts.map((text, index) => [`c${index}`, text])),
  geometry: ring,
});
const GOOD = Array.from({ length: ROWS }, (_, row) =>
  feature(
    COLUMNS.map(([, good]) => good[row] ?? null),
    { type: 'Point', coordinates: [106.65 + row / 1000, 10.98] },
  ),
);
/** One row for each column, in which its value alone is none. */
const BAD = COLUMNS.map(([, , bad], index) => feature(COLUMNS.map((_, other) => (other === index ? bad : null))));
const UNREADABLE = feature([], { type: 'Point', coordinates: ['x', 1] });
/** A latitude that no zone of VN-2000 has. */
const FAR = feature([], { type: 'Point', coordinates: [106, 91] });

describeEngines('values of a file, converted', (engine) => {
  let tables = 0;
  const imported = async (features: readonly object[], extra: readonly object[] = []) => {
    const table = `converted_${++tables}`;
    await engine.db.script(
      `CREATE TABLE base.${table} (${COLUMNS.map(([type], index) => `c${index} ${type}`).join(', ')}, geom geometry(Point, 9210))`,
    );
    const file = join(folder, `${engine.name}-${tables}.geojson`);
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [...features, ...extra] }));
    const report = await importFile(engine.db, { file, layer: `base.${table}`, skipRefused: true, again: true });
    const rows = await engine.db.query<{ text: string }>(
      sql`SELECT t::text AS text FROM ${ident('base', table)} AS t ORDER BY ctid`,
    );
    return { report, rows: rows.map(({ text }) => text) };
  };

  it('is the same all at once and one by one', async () => {
    await engine.db.script('CREATE DOMAIN base.percent AS numeric CHECK (VALUE BETWEEN 0 AND 100)');
    const quick = await imported(GOOD);
    expect(quick.report).toMatchObject({ written: ROWS, refused: 0 });
    const careful = await imported(GOOD, [...BAD, UNREADABLE, FAR]);
    expect(careful.rows).toEqual(quick.rows);
    expect(careful.report).toMatchObject({ written: ROWS, refused: BAD.length + 2 });
    expect(careful.report.reasons.flatMap(({ examples }) => examples).sort((a, b) => a - b)).toEqual(
      Array.from({ length: BAD.length + 2 }, (_, index) => ROWS + 1 + index),
    );
    // A bad value of one column leaves the others as they are.
    for (const bad of [BAD[0], BAD[7], UNREADABLE, FAR])
      expect((await imported(GOOD, [bad ?? {}])).rows).toEqual(quick.rows);
  });

  it('is the same in any batch, and rows are written in the order of the file', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        feature([String(index % 100)], { type: 'Point', coordinates: [106.65 + index / 1e7, 10.98] }),
      );
    const columns = 'c0 smallint, n int GENERATED ALWAYS AS IDENTITY';
    const filled = async (name: string, features: readonly object[], definition?: string) => {
      if (definition) await engine.db.script(`CREATE TABLE base.${name} (${definition}, geom geometry(Point, 9210))`);
      const file = join(folder, `${engine.name}-${name}.geojson`);
      writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
      return importFile(engine.db, { file, layer: `base.${name}`, skipRefused: true });
    };
    const bad = feature(['1.0'], { type: 'Point', coordinates: ['x', 1] });
    const late = [...rows(5200), feature(['x'], { type: 'Point', coordinates: [106.7, 10.98] }), bad, ...rows(300)];
    const report = await filled('late', late, columns);
    expect(report).toMatchObject({ read: 5502, written: 5500, refused: 2 });
    expect(report.reasons.flatMap(({ examples }) => examples).sort()).toEqual([5201, 5202]);
    const line = {
      type: 'LineString',
      coordinates: [
        [106.65, 10.98],
        [106.66, 10.98],
      ],
    };
    const mixed = await filled('mixed', [...rows(5200), feature(['7'], line), bad, ...rows(300)]);
    expect(mixed).toMatchObject({ created: true, written: 5501, refused: 1 });
    const order = (name: string, number: string) =>
      engine.db.query(sql`SELECT count(*) AS wrong FROM (SELECT c0::int AS c0, row_number() OVER (ORDER BY ${ident(number)}) AS place
        FROM ${ident('base', name)}) AS t WHERE place <= 5200 AND c0 <> (place - 1) % 100`);
    expect(await order('late', 'n')).toEqual([{ wrong: 0 }]);
    expect(await order('mixed', 'id')).toEqual([{ wrong: 0 }]);
    expect(
      await engine.db.query(
        sql`SELECT GeometryType(geom) AS type, count(*) AS count FROM base.mixed GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { type: 'LINESTRING', count: 1 },
      { type: 'POINT', count: 5500 },
    ]);
  });
});
