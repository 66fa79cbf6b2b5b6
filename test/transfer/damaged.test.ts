/** Files that lost a part on their way. Each is refused or reported, and none loses a row without a word. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/lib/errors.ts';
import { workbookBytes } from '../../src/transfer/office/workbook-bytes.ts';
import { withSource } from '../../src/transfer/source/source.ts';
import { Changes } from '../../src/transfer/source/text/changes.ts';
import { dbfTable, pointShp, pointShx } from './files.ts';
import { temporaryFolder } from './temporary-files.ts';
import { type Rows, writeRows } from './tricky.ts';

/** Timeout for a machine that many share; alone, no test takes more than 4 s. */
const SLOW = { timeout: 240_000 };

const root = temporaryFolder('damaged');
const emptyFolder = () => mkdtempSync(join(root, 'case-'));

interface Outcome {
  /** Values of field `ma`, or of the first field. A GML has the ids of its features before it. */
  readonly values: readonly (string | null)[];
  readonly notes: readonly string[];
}

/** Reads a file to its end. @returns what it holds, or the reason why it is refused */
async function read(file: string): Promise<Outcome | string> {
  try {
    return await withSource(file, { encoding: undefined, changes: new Changes() }, async (source) => {
      const values: (string | null)[] = [];
      const wanted = new Set(source.fields.keys());
      const at = Math.max(
        0,
        source.fields.findIndex(({ name }) => name === 'ma'),
      );
      for await (const row of source.rows(wanted)) values.push(row.values[at] ?? null);
      source.text.check();
      return { values, notes: (source.notes ?? []).map(({ en }) => en) };
    });
  } catch (error) {
    if (error instanceof Problem) return error.detail.en;
    throw error;
  }
}

describe('a shapefile', () => {
  const FIVE = ['a', 'b', 'c', 'd', 'e'];
  const shp = (count = 5) => pointShp(count, 106.7, 10.9);
  const dbf = (count = 5) =>
    dbfTable(
      [{ name: 'ma', type: 'C', length: 5 }],
      FIVE.slice(0, count).map((code) => [code]),
    );
  const shx = (count = 5) => pointShx(FIVE.slice(0, count).map((_, index) => index));
  const changed = (bytes: Buffer, change: (bytes: Buffer) => void) => {
    change(bytes);
    return bytes;
  };
  const whole = (...notes: unknown[]): Outcome => ({ values: FIVE, notes: notes as string[] });
  const say = (part: string) => expect.stringContaining(part);

  it.each<[string, Readonly<Record<string, Buffer>>, unknown]>([
    ['that is whole', { shp: shp(), shx: shx(), dbf: dbf() }, whole()],
    ['without .shx', { shp: shp(), dbf: dbf() }, whole()],
    [
      'more shapes than rows',
      { shp: shp(), shx: shx(), dbf: dbf(3) },
      say('5 shapes, the .shx lists 5, the .dbf has 3'),
    ],
    ['more shapes than rows, without .shx', { shp: shp(), dbf: dbf(3) }, say('5 shapes, the .dbf has 3 rows')],
    [
      'fewer shapes than rows',
      { shp: shp(3), shx: shx(3), dbf: dbf() },
      say('3 shapes, the .shx lists 3, the .dbf has 5'),
    ],
    ['a .shx that is too short', { shp: shp(), shx: shx(3), dbf: dbf() }, whole(say('.shx (3 shapes) contradicts'))],
    [
      'a .shx that is too long',
      { shp: shp(3), shx: shx(5), dbf: dbf(3) },
      { values: ['a', 'b', 'c'], notes: [say('.shx (5 shapes)')] },
    ],
    [
      'a .shx of another file',
      { shp: shp(), shx: changed(shx(), (bytes) => bytes.writeInt32BE(77, 116)), dbf: dbf() },
      whole(say('contradicts the .shp (5 shapes)')),
    ],
    [
      'shapes deleted from the .shx',
      { shp: shp(), shx: pointShx([0, 2, 3, 4]), dbf: dbf(4) },
      { values: ['a', 'b', 'c', 'd'], notes: [say('1 shapes are in the .shp still')] },
    ],
    [
      'a .shp cut within a shape',
      { shp: shp().subarray(0, 200), shx: shx(), dbf: dbf() },
      say('3 shapes and is then cut, the .shx lists 5'),
    ],
    [
      'a .shp cut between shapes',
      { shp: shp().subarray(0, 184), shx: shx(), dbf: dbf() },
      say('3 shapes, the .shx lists 5, the .dbf has 5'),
    ],
    [
      'a .shp without shapes',
      { shp: shp().subarray(0, 100), shx: shx(), dbf: dbf() },
      say('0 shapes, the .shx lists 5'),
    ],
    [
      'a .dbf cut within a row',
      { shp: shp(), shx: shx(), dbf: dbf().subarray(0, 65 + 6 * 3 + 2) },
      say('the .dbf has 3 of 5 rows'),
    ],
    ['a .dbf without a header', { shp: shp(), shx: shx(), dbf: Buffer.alloc(10) }, say('the .dbf has no header')],
    [
      'a .dbf with an old count',
      { shp: shp(), shx: shx(), dbf: changed(dbf(), (bytes) => bytes.writeUInt32LE(2, 4)) },
      whole(say('says 2 rows; it has 5')),
    ],
    [
      'a deleted row',
      { shp: shp(), shx: shx(), dbf: changed(dbf(), (bytes) => bytes.write('*', 65 + 6)) },
      { values: ['a', 'c', 'd', 'e'], notes: [say('1 rows are marked as deleted')] },
    ],
    [
      'without .dbf',
      { shp: shp(), shx: shx() },
      { values: [null, null, null, null, null], notes: [say('5 shapes were read without any')] },
    ],
    ['bytes after the last shape', { shp: Buffer.concat([shp(), Buffer.alloc(9)]), dbf: dbf() }, whole()],
  ])('%s', SLOW, async (_, parts, outcome) => {
    const folder = emptyFolder();
    for (const [extension, bytes] of Object.entries(parts)) writeFileSync(join(folder, `thua.${extension}`), bytes);
    expect(await read(join(folder, 'thua.shp'))).toEqual(outcome);
  });

  it('of two .dbf that differ in case, the one spelt like the .shp counts', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'thua.shp'), shp());
    writeFileSync(join(folder, 'thua.dbf'), dbf());
    writeFileSync(join(folder, 'THUA.DBF'), dbf(2));
    expect(await read(join(folder, 'thua.shp'))).toEqual(whole());
  });
});

/** Rows that fill several pages and blocks of every format. */
const MANY: Rows = {
  columns: ['ma', 'ghi_chu'],
  values: Array.from({ length: 300 }, (_, index) => [`r${index}`, `${index} `.repeat(40)]),
};

/** A table of the rows, as its own lines. */
const csv = () =>
  `ma,ghi_chu,lon,lat\n${MANY.values.map(([code, note], index) => `${code},${note},106.${index},10.9`).join('\n')}\n`;
const dxf = () =>
  `0\nSECTION\n2\nENTITIES\n${MANY.values.map((_, index) => `0\nPOINT\n8\n10\n10\n${index}.5\n20\n7.5\n30\n0\n`).join('')}0\nENDSEC\n0\nEOF\n`;
const esriJson = () =>
  JSON.stringify({
    geometryType: 'esriGeometryPoint',
    spatialReference: { wkid: 4326 },
    features: MANY.values.map(([code], index) => ({ attributes: { ma: code }, geometry: { x: index / 10, y: 1 } })),
  });
const xlsx = () =>
  workbookBytes([
    {
      title: 'so',
      columns: ['ma', 'ghi_chu', 'lon', 'lat'].map((title) => ({ title, type: 'string' as const })),
      rows: MANY.values.map(([code = null, note = null], index) => [code, note, `106.${index}`, '10.9']),
    },
  ]);

/** Files that are written here: name -> content. */
const WRITTEN: Readonly<Record<string, () => string | Uint8Array | Promise<Uint8Array>>> = {
  'so.csv': csv,
  'so.xlsx': xlsx,
  'to.dxf': dxf,
  'set.json': esriJson,
  'to.zip': () => zipSync({ 'so.csv': new Uint8Array(Buffer.from(csv())) }),
};
/** Formats of which several files are a map: the files that are cut. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'MapInfo TAB': /\.(dat|map|id)$/,
  'MapInfo MIF': /\.(mif|mid)$/,
  'File Geodatabase': /a0000000[9a]\.gdbtablx?$/,
};

const pathsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

/** Writes a file in a folder of its own. @returns its path, and those of the parts to cut */
async function writeMany(format: string): Promise<[file: string, parts: string[]]> {
  const folder = emptyFolder();
  const content = WRITTEN[format];
  const file = content ? join(folder, format) : await writeRows(format, MANY, folder);
  if (content) writeFileSync(file, await content());
  const pattern = PARTS[format];
  return [file, pattern ? pathsIn(folder).filter((path) => pattern.test(path)) : [file]];
}

/** A file may lose what nobody reads, such as an index. */
const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

describe('a file that is cut', () => {
  it.each([
    ...['so.csv', 'so.xlsx', 'to.dxf', 'set.json', 'to.zip', 'GeoJSON', 'GeoJSON lines', 'KML', 'GML'],
    ...['GeoPackage', 'FlatGeobuf', 'MapInfo TAB', 'MapInfo MIF', 'File Geodatabase'],
  ])('%s', SLOW, async (format) => {
    const [file, parts] = await writeMany(format);
    const whole = await read(file);
    expect(whole).toMatchObject({
      values: MANY.values.map(([code]) => (format === 'to.dxf' ? expect.anything() : code)),
    });
    for (const part of parts) {
      const bytes = readFileSync(part);
      for (const share of [0, 0.3, 0.93]) {
        writeFileSync(part, bytes.subarray(0, Math.floor(bytes.length * share)));
        const outcome = await read(file);
        const isTold = typeof outcome === 'string' || outcome.notes.length > (whole as Outcome).notes.length;
        const where = `${parse(part).base} at ${share}`;
        expect({ where, isTold: isTold || isEqual(outcome, whole) }).toEqual({ where, isTold: true });
      }
      writeFileSync(part, bytes);
    }
  });
});
