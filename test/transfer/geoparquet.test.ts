import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { toWkb } from '../../src/geo/wkb.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import { describeEngines } from '../engine.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('parquet');

const wkb = (x: number, y: number) =>
  new Uint8Array(Buffer.from(toWkb({ type: 'Point', coordinates: [x, y] }) ?? '', 'hex'));
const SHAPES = [wkb(106.65, 10.98), wkb(106.66, 10.99), null];

/** A column of every type, with the text that the database gives for its first two values; the third is null. */
const COLUMNS = [
  { name: 'ma', type: 'STRING', data: ['007', 'Đường'], is: 'text', texts: ['007', 'Đường'] },
  { name: 'nho', type: 'INT32', data: [-5, 7], is: 'integer', texts: ['-5', '7'] },
  { name: 'dai', type: 'INT64', data: [9007199254740993n, -1n], is: 'bigint', texts: ['9007199254740993', '-1'] },
  { name: 'thuc', type: 'DOUBLE', data: [0.1, 1e300], is: 'double precision', texts: ['0.1', '1e+300'] },
  { name: 'ngan', type: 'FLOAT', data: [0.1, 2.5], is: 'real', texts: ['0.1', '2.5'] },
  { name: 'co', type: 'BOOLEAN', data: [true, false], is: 'boolean', texts: ['true', 'false'] },
  { name: 'js', type: 'JSON', data: [{ a: 1 }, [1]], is: 'jsonb', texts: ['{"a": 1}', '[1]'] },
  {
    name: 'byte',
    type: 'BYTE_ARRAY',
    data: [new Uint8Array([0, 255]), new Uint8Array([1])],
    is: 'bytea',
    texts: ['\\x00ff', '\\x01'],
  },
] as const;
/** Types with a meaning beside their physical one: values, and the type and the texts in the database. */
const LOGICAL = [
  {
    name: 'tien',
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: 16,
    converted_type: 'DECIMAL',
    precision: 38,
    scale: 2,
    data: [12345678901234567890123456n, -5n],
    is: 'numeric',
    texts: ['123456789012345678901234.56', '-0.05'],
  },
  {
    name: 'gia',
    type: 'INT32',
    converted_type: 'DECIMAL',
    precision: 9,
    scale: 1,
    data: [15n, -7n],
    is: 'numeric',
    texts: ['1.5', '-0.7'],
  },
  {
    name: 'ngay',
    type: 'INT32',
    converted_type: 'DATE',
    data: [20484, -1],
    is: 'date',
    texts: ['2026-01-31', '1969-12-31'],
  },
  {
    name: 'luc',
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    data: [1577836800123456n, -1n],
    is: 'timestamp with time zone',
    texts: ['2020-01-01T00:00:00.123456+00:00', '1969-12-31T23:59:59.999999+00:00'],
  },
  {
    name: 'gio',
    type: 'INT32',
    converted_type: 'TIME_MILLIS',
    data: [3723004, 0],
    is: 'time without time zone',
    texts: ['01:02:03.004', '00:00:00'],
  },
  {
    name: 'duong',
    type: 'INT32',
    converted_type: 'UINT_32',
    data: [4294967295, 5],
    is: 'bigint',
    texts: ['4294967295', '5'],
  },
] as const;

const geo = (crs: unknown) => ({
  key: 'geo',
  value: JSON.stringify({
    version: '1.1.0',
    primary_column: 'hinh',
    columns: {
      hinh: {
        encoding: 'WKB',
        geometry_types: ['Point'],
        ...(crs === undefined ? {} : { crs }),
        bbox: [106.65, 10.98, 106.66, 10.99],
      },
    },
  }),
});

let files = 0;
function write(columnData: object[], kvMetadata: object[], more: object = {}): string {
  const file = join(folder, `v${files++}.parquet`);
  writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, kvMetadata, ...more } as never)));
  return file;
}
const shapes = { name: 'hinh', type: 'BYTE_ARRAY', data: SHAPES };
const plain = COLUMNS.map(({ name, type, data }) => ({ name, type, data: [...data, null] }));

describeEngines('GeoParquet', (engine) => {
  let tables = 0;
  const run = (file: string, more: object = {}) =>
    importFile(engine.db, { file, layer: `base.p_${++tables}`, skipRefused: true, ...more });
  const types = async () => {
    const rows = await engine.db.query<{ type: string }>(
      sql`SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = ${`base.p_${tables}`}::regclass AND attnum > 1 AND attname <> 'geom' ORDER BY attnum`,
    );
    return rows.map(({ type }) => type);
  };
  const problem = (file: string) =>
    run(file).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
    );

  it.each(['SNAPPY', 'UNCOMPRESSED'])('every type and value as it is, %s', async (codec) => {
    const report = await run(write([shapes, ...plain], [geo(undefined)], { codec, rowGroupSize: 2 }));
    expect(report).toMatchObject({ read: 3, written: 2, refused: 1, srid: { source: 4326 }, changes: [] });
    const rows = await engine.db.query<{ row: Record<string, string>; shape: string }>(
      sql`SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t) - 'id' - 'geom')) AS row, ST_AsText(geom) AS shape
        FROM ${ident('base', `p_${tables}`)} AS t ORDER BY id`,
    );
    expect(rows.map(({ shape }) => shape)).toEqual(['POINT(106.65 10.98)', 'POINT(106.66 10.99)']);
    expect(await types()).toEqual(COLUMNS.map(({ is }) => is));
    const numbers = (text: string | undefined) =>
      text !== undefined && /^1(e\+?|0+)/.test(text) ? String(Number(text)) : text;
    expect(rows.map(({ row }) => COLUMNS.map(({ name }) => numbers(row[name])))).toEqual(
      [0, 1].map((index) => COLUMNS.map(({ texts }) => texts[index])),
    );
  });

  it('types with a meaning, to the last digit', async () => {
    const schema = [
      { name: 'root', num_children: LOGICAL.length + 1 },
      { name: 'hinh', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      ...LOGICAL.map(({ data, is, texts, ...element }) => ({ ...element, repetition_type: 'OPTIONAL' })),
    ];
    const data = LOGICAL.map(({ name, data: values }) => ({ name, data: [...values, null] }));
    await run(write([{ name: 'hinh', data: SHAPES }, ...data], [geo(undefined)], { schema }));
    const rows = await engine.db.query<{ row: Record<string, string> }>(
      sql`SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS row FROM ${ident('base', `p_${tables}`)} AS t ORDER BY id`,
    );
    expect(await types()).toEqual(LOGICAL.map(({ is }) => is));
    expect(rows.map(({ row }) => LOGICAL.map(({ name }) => row[name]))).toEqual(
      [0, 1].map((index) => LOGICAL.map(({ texts }) => texts[index])),
    );
  });

  it.each([
    ['of EPSG', { id: { authority: 'EPSG', code: 9210 } }, 9210],
    ['CRS84', { id: { authority: 'OGC', code: 'CRS84' } }, 4326],
    ['none', null, undefined],
  ])('its system: %s', async (_, crs, srid) => {
    const file = write([{ ...shapes, data: [wkb(601347.2, 1215609.35)] }], [geo(crs)]);
    if (srid === 9210) expect(await run(file)).toMatchObject({ written: 1, srid: { source: 9210 } });
    else if (srid === undefined) expect((await problem(file)).type).toBe('unknown-crs');
    else expect((await run(file)).refused).toBe(1);
  });

  it("Parquet's own type of geometries", async () => {
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 'hinh', type: 'BYTE_ARRAY', logical_type: { type: 'GEOMETRY', crs: 'EPSG:4756' } },
    ];
    const point = { type: 'Point', coordinates: [106.65, 10.98] };
    const report = await run(write([{ name: 'hinh', data: [point] }], [], { schema }));
    expect(report).toMatchObject({ written: 1, srid: { source: 4756 } });
  });

  it('what is not read is refused: no geometries, another encoding, a cut file', async () => {
    expect((await problem(write(plain, []))).detail.en).toContain('no features with geometry');
    const arrow = {
      key: 'geo',
      value: JSON.stringify({ primary_column: 'hinh', columns: { hinh: { encoding: 'point' } } }),
    };
    expect((await problem(write(plain, [arrow]))).detail.en).toContain('encoded as "point"');
    const whole = write([shapes, ...plain], [geo(undefined)]);
    for (const share of [0.3, 0.9]) {
      const bytes = readFileSync(whole);
      const cut = join(folder, `cut-${share}.parquet`);
      writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * share)));
      expect((await problem(cut)).detail.en).toContain('its end is missing');
    }
  });
});
