import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import { describeEngines } from '../engine.ts';
import { temporaryFolder } from './temporary-files.ts';
import { FORMATS, GUESSED, placeOf, type Rows, TRICKY, writeRows } from './tricky.ts';

/** Timeout for a machine that many share; alone, no test takes more than 2 s. */
const SLOW = { timeout: 240_000 };

/** Reduces a text to what the format itself can hold. */
const HOLDS: Readonly<Record<string, (text: string | null) => string | null>> = {
  // dBASE pads a field of at most 254 bytes with spaces.
  Shapefile: (text) => text?.replace(/ +$/, '').slice(0, 254) || null,
  // MapInfo has no null, and in its own format fields of 254 bytes.
  'MapInfo TAB': (text) => text?.slice(0, 254) ?? '',
  // GDAL writes a line break as a backslash and an n, and a carriage return ends lines too.
  'MapInfo MIF': (text) => text?.replaceAll('\n', '\\n').replaceAll('\r', '\n') ?? '',
  // The reader drops white space before a text.
  GML: (text) => text?.replace(/^[ \t\r\n]+/, '') ?? null,
};

/** A geodatabase has its coordinates on a grid of a billionth of a degree, 0.1 mm. */
const GRIDDED = 'File Geodatabase';

const root = temporaryFolder('tricky');

/** Written once for both engines. */
const files = new Map<string, Promise<string>>();
function fileOf(format: string, rows: Rows): Promise<string> {
  const key = `${format} ${rows.columns.length}`;
  const made = files.get(key) ?? writeRows(format, rows, mkdtempSync(join(root, 'format-')));
  files.set(key, made);
  return made;
}

describeEngines('a text is what it was in the file', (engine) => {
  let tables = 0;
  const roundTrip = async (format: string, rows: Rows) => {
    const file = await fileOf(format, rows);
    const table = `chu_${tables++}`;
    await importFile(engine.db, { file, layer: `base.${table}`, srid: 4326 });
    return engine.db.query<{ row: Record<string, unknown>; x: number; y: number }>(
      sql`SELECT to_jsonb(t) AS row, ST_X(geom) AS x, ST_Y(geom) AS y FROM ${ident('base', table)} AS t ORDER BY id`,
    );
  };

  it.each(FORMATS)('%s', SLOW, async (format) => {
    const read = await roundTrip(format, TRICKY);
    const hold = HOLDS[format] ?? ((text: string | null) => text);
    expect(read.map(({ row }) => [row.stt, row.note])).toEqual(
      TRICKY.values.map(([number = null, text = null]) => [number, hold(text)]),
    );
    const onGrid = (value: number) => (format === GRIDDED ? Number(value.toFixed(9)) : value);
    expect(read.map(({ x, y }) => [onGrid(x), onGrid(y)])).toEqual(TRICKY.values.map((_, index) => placeOf(index)));
  });

  it.each(FORMATS)('%s: whole columns that look like something else', SLOW, async (format) => {
    const read = await roundTrip(format, GUESSED);
    expect(read.map(({ row }) => GUESSED.columns.map((column) => row[column]))).toEqual(GUESSED.values);
  });
});
