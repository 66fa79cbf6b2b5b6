import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { CRS84, SUPPORTED_CRS } from '../../../src/geo/crs.ts';
import { projJsonOf } from '../../../src/geo/projjson.ts';
import { toWkb } from '../../../src/geo/wkb.ts';
import type { FileTable } from '../../../src/transfer/export/geopackage.ts';
import { writeGeoParquet } from '../../../src/transfer/export/geoparquet.ts';
import { writtenColumn } from '../../../src/transfer/export/parquet-values.ts';
import { sridOf } from '../../../src/transfer/source/row/source-crs.ts';
import { describeBareEngines, describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from './file-bytes.ts';

const FIXTURE = new URL('../../fixtures/file-columns.sql', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'diaba-parquet-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** Returns status, headers, and the path of the file. */
async function fetchParquet({ app }: TestApp, layer: string, query: Record<string, string> = {}) {
  const { status, headers, body } = await bytesOf(
    request(app)
      .get(`/collections/${layer}/items`)
      .query({ f: 'parquet', ...query }),
  );
  const file = join(folder, `${files++}.parquet`);
  writeFileSync(file, body);
  return { status, headers, file, body };
}

async function readMetadata(file: string) {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(file));
  const geo = JSON.parse(metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value ?? '{}');
  return { metadata, geo, column: geo.columns?.[geo.primary_column] };
}

describeEngines('a layer as GeoParquet', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  it('has every feature where it was measured, with its system, bounds and types', async () => {
    const { status, headers, file } = await fetchParquet(test, 'land.parcel');
    expect([status, headers['content-type'], headers['content-crs']]).toEqual([
      200,
      'application/vnd.apache.parquet',
      '<http://www.opengis.net/def/crs/EPSG/0/9210>',
    ]);
    expect(headers['content-encoding']).toBeUndefined();
    const { metadata, geo, column } = await readMetadata(file);
    const [row] = await engine.db.query<{ count: number; box: number[] }>(
      sql`SELECT count(*)::int AS count, ARRAY[ST_XMin(ST_Extent(geom)), ST_YMin(ST_Extent(geom)), ST_XMax(ST_Extent(geom)), ST_YMax(ST_Extent(geom))] AS box
        FROM land.parcel`,
    );
    expect(Number(metadata.num_rows)).toBe(row?.count);
    expect(geo).toMatchObject({ version: '1.1.0', primary_column: 'geom' });
    expect(column).toMatchObject({ encoding: 'WKB', geometry_types: ['MultiPolygon'], bbox: row?.box });
    expect(sridOf(column.crs)).toBe(9210);
    const file4326 = await fetchParquet(test, 'land.parcel', { crs: 'CRS84', limit: '1' });
    const degrees = (await readMetadata(file4326.file)).column;
    expect([degrees.crs.id, Math.floor(degrees.bbox[0])]).toEqual([{ authority: 'OGC', code: 'CRS84' }, 106]);
  });

  it('is refused for a wrong question before the first byte, and holds no row where none matches', async () => {
    expect((await fetchParquet(test, 'land.parcel', { filter: 'nothing = 1' })).status).toBe(400);
    const { file } = await fetchParquet(test, 'land.parcel', { filter: 'id = -1' });
    const { metadata, column } = await readMetadata(file);
    expect([metadata.num_rows, column.geometry_types, column.bbox]).toEqual([0n, [], undefined]);
    expect(metadata.schema.length).toBeGreaterThan(10);
  });

  it('is taken by its media type', async () => {
    const { headers } = await request(test.app)
      .get('/collections/land.parcel/items?limit=1')
      .set('accept', 'application/vnd.apache.parquet');
    expect(headers['content-type']).toBe('application/vnd.apache.parquet');
  });
});

describe('a decimal', () => {
  it.each([
    ['1.5', 150n],
    ['-0.05', -5n],
    ['7', 700n],
    ['NaN', null],
  ])('%s of scale 2 is a whole number of hundredths', (text, written) => {
    const column = { name: 'n', title: 'n', kind: 'double', baseType: 'numeric(12,2)' } as const;
    expect(writtenColumn(column).write(text)).toBe(written);
  });
});

describe('groups of rows', () => {
  it('are found by their offsets, and hold every row in order', async () => {
    const count = 45_000;
    const table: FileTable = {
      ...{ name: 't', title: 't', fid: 'fid', geometry: { name: 'geom', type: 'POINT', ordinates: 'XY' } },
      columns: [
        { name: 'n', title: 'n', kind: 'int32', baseType: 'integer' },
        { name: 'a.b', title: 'a.b', kind: 'text', baseType: 'text' },
      ],
    };
    const rows = async function* () {
      for (let n = 0; n < count; n++) {
        const geometry = n % 2 ? null : (toWkb({ type: 'Point', coordinates: [n, -n] }) ?? null);
        yield { cells: [String(n), n % 3 ? `thửa ${n % 7}` : null], geometry };
      }
    };
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeGeoParquet({ table, crs: CRS84, rows: rows() })) chunks.push(chunk);
    const file = join(folder, 'groups.parquet');
    writeFileSync(file, Buffer.concat(chunks));
    const { metadata, column } = await readMetadata(file);
    expect(metadata.row_groups.map(({ num_rows: each }) => each)).toEqual([20_000n, 20_000n, 5000n]);
    expect(column.bbox).toEqual([0, -44_998, 44_998, 0]);
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
    expect(read).toEqual(
      Array.from({ length: count }, (_, n) => ({
        ...{ n, 'a.b': n % 3 ? `thửa ${n % 7}` : null },
        geom: n % 2 ? null : { type: 'Point', coordinates: [n, n ? -n : -0] },
      })),
    );
  });
});

describeBareEngines('columns of GeoParquet', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await engine.db.script(readFileSync(FIXTURE, 'utf8'));
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const typesOf = async (layer: string) => {
    const { metadata } = await readMetadata((await fetchParquet(test, layer)).file);
    return Object.fromEntries(
      metadata.schema
        .slice(1)
        .map(({ name, type, converted_type: converted, logical_type: logical, precision, scale }) => [
          name,
          [type, precision === undefined ? (logical?.type ?? converted) : `DECIMAL(${precision},${scale})`]
            .filter(Boolean)
            .join(' '),
        ]),
    );
  };

  it('are what the table declares, with rows or without', async () => {
    expect(await typesOf('odd.file_columns')).toMatchObject({
      ...{ id: 'INT32', ogc_fid: 'INT64', lon: 'DOUBLE', x: 'FLOAT', name_2: 'BYTE_ARRAY UTF8', flag: 'BOOLEAN' },
      ...{ exact: 'INT64 DECIMAL(12,2)', at: 'INT64 TIMESTAMP', local: 'INT64 TIMESTAMP', clock: 'INT64 TIME' },
      ...{ doc: 'BYTE_ARRAY JSON', tags: 'BYTE_ARRAY JSON', bytes: 'BYTE_ARRAY', code: 'BYTE_ARRAY UTF8' },
      ...{ shape: 'BYTE_ARRAY GEOMETRY' },
    });
    expect(await typesOf('odd.file_empty')).toMatchObject({ big: 'INT64', flag: 'BOOLEAN', exact: 'DOUBLE' });
  });

  it('know heights, several types, and no M', async () => {
    const columnOf = async (layer: string) => (await readMetadata((await fetchParquet(test, layer)).file)).column;
    expect(await columnOf('odd.file_columns')).toMatchObject({
      geometry_types: ['Point Z'],
      bbox: [600000.1234567, 1230000, 5.5, 600000.1234567, 1230000, 5.5],
    });
    expect((await columnOf('odd.file_mixed')).geometry_types).toEqual(['LineString', 'MultiPolygon', 'Point']);
    expect(await columnOf('odd.file_measures')).toMatchObject({
      geometry_types: ['LineString Z'],
      bbox: [600000, 1230000, 1, 600001, 1230001, 3],
    });
  });
});

const hasGdal = spawnSync('gdalsrsinfo', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: PROJJSON against PROJ. GDAL is not installed (Debian: gdal-bin).\n');

describe('a CRS as PROJJSON', () => {
  it.each(SUPPORTED_CRS.map((crs) => [crs.uri, crs] as const))(
    '%s is read by its code and by its parameters',
    (_, crs) => {
      const written = projJsonOf(crs) as { id: object };
      expect(sridOf(written)).toBe(crs.srid);
      const { id, ...nameless } = written;
      if (/VN-2000/.test(crs.name)) expect(sridOf(nameless)).toBe(crs.srid);
    },
  );

  it.skipIf(!hasGdal)('is what PROJ knows', () => {
    for (const { srid, ...crs } of SUPPORTED_CRS.filter(({ unit }) => unit === 'metre')) {
      const { stdout } = spawnSync('gdalsrsinfo', ['-o', 'projjson', `EPSG:${srid}`], { encoding: 'utf8' });
      const { conversion, base_crs, id } = JSON.parse(stdout);
      expect(projJsonOf({ srid, ...crs })).toMatchObject({
        conversion: { method: conversion.method, parameters: conversion.parameters },
        base_crs: { name: base_crs.name, id: base_crs.id },
        id,
      });
    }
  });
});
