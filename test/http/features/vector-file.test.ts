import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database as Sqlite } from 'node-sqlite3-wasm';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { toWkb } from '../../../src/geo/wkb.ts';
import type { FileTable } from '../../../src/transfer/export/geopackage.ts';
import { writeVectorFile } from '../../../src/transfer/export/vector-file.ts';
import { Gdal } from '../../../src/transfer/gdal.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from './file-bytes.ts';

const hasGdal = spawnSync('ogrinfo', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: reading files back. GDAL is not installed (Debian: gdal-bin).\n');

const ITEMS = '/collections/land.parcel/items';

describeEngines('layers as files', (engine) => {
  let test: TestApp;
  let folder: string;
  beforeAll(async () => {
    test = await openApp(engine.db);
    folder = mkdtempSync(join(tmpdir(), 'diaba-files-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await test.close();
  });

  const get = (query: Record<string, string>) => bytesOf(request(test.app).get(ITEMS).query(query));

  /** Returns GDAL's description of a file. */
  function inspect(file: string): string {
    return spawnSync('ogrinfo', ['-al', '-so', file], { encoding: 'utf8' }).stdout;
  }

  it.skipIf(!hasGdal).each(['fgb', 'gpkg'] as const)('%s has every feature where it was measured', async (format) => {
    const { status, headers, body } = await get({ f: format });
    expect([status, headers['content-crs']]).toEqual([200, '<http://www.opengis.net/def/crs/EPSG/0/9210>']);
    const file = join(folder, `parcels.${format}`);
    writeFileSync(file, body);
    const said = inspect(file);
    const [row] = await engine.db.query<{ count: number; east: number; north: number }>(
      sql`SELECT count(*)::int AS count, ST_XMax(ST_Extent(geom)) AS east, ST_YMax(ST_Extent(geom)) AS north FROM land.parcel`,
    );
    expect(said).toContain(`Feature Count: ${row?.count}`);
    expect(said).toContain('Geometry: Multi Polygon');
    expect(said).toContain('ID["EPSG",9210]');
    expect(said).toContain(`(${row?.east.toFixed(6)}, ${row?.north.toFixed(6)})`);
    const text = spawnSync('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', file, '-where', 'id = 1'], { encoding: 'utf8' });
    const [feature] = JSON.parse(text.stdout).features;
    const item = await request(test.app).get(`${ITEMS}/1`).expect(200);
    expect(feature.properties.address).toBe(item.body.properties.address);
  });

  it('holds what meets the question, in the system that is asked for', async () => {
    const { status, body } = await get({ f: 'gpkg', filter: 'id <= 3', crs: 'EPSG:4326', properties: 'sheet' });
    expect(status).toBe(200);
    expect(body.subarray(0, 15).toString()).toBe('SQLite format 3');
    const file = join(folder, 'some.gpkg');
    writeFileSync(file, body);
    const gpkg = new Sqlite(file, { readOnly: true });
    const [content] = gpkg.all('SELECT table_name AS name, srs_id AS srid, min_x, max_y FROM gpkg_contents') as {
      [field: string]: number | string;
    }[];
    const rows = gpkg.all(`SELECT sheet FROM "${content?.name}"`);
    gpkg.close();
    expect([rows.length, content?.srid]).toEqual([3, 4326]);
    expect([Math.floor(Number(content?.min_x)), Math.floor(Number(content?.max_y) / 2)]).toEqual([106, 5]);
  });

  it.skipIf(!hasGdal)('says to GDAL in which system it is', async () => {
    const { body } = await get({ f: 'gpkg', filter: 'id <= 3', crs: 'EPSG:4326', properties: 'sheet' });
    const file = join(folder, 'told.gpkg');
    writeFileSync(file, body);
    const said = inspect(file);
    expect(said).toMatch(/Feature Count: 3\n/);
    expect(said).toMatch(/Extent: \(106\.\d+, 1[01]\.\d+\)/);
  });

  it('a GeoPackage opens in QGIS with the colours of the map', async () => {
    const file = join(folder, 'styled.gpkg');
    writeFileSync(file, (await get({ f: 'gpkg', filter: 'id <= 3' })).body);
    const gpkg = new Sqlite(file, { readOnly: true });
    const [style] = gpkg.all('SELECT * FROM layer_styles') as Record<string, string | number>[];
    const tables = gpkg.all('SELECT table_name AS name, data_type AS type FROM gpkg_contents ORDER BY name');
    gpkg.close();
    expect(style).toMatchObject({ f_table_name: 'land.parcel', f_geometry_column: 'geom', useAsDefault: 1 });
    expect(tables).toEqual([
      { name: 'land.parcel', type: 'features' },
      { name: 'layer_styles', type: 'attributes' },
    ]);
    const asked = request(test.app).get('/collections/land.parcel/styles/land?f=qml').set('accept-language', 'vi');
    expect(style?.styleQML).toBe(String((await bytesOf(asked)).body));
  });

  it('is written without any feature, and not where the question is wrong', async () => {
    expect((await get({ f: 'fgb', filter: 'id = -1' })).status).toBe(200);
    expect((await get({ f: 'gpkg', filter: 'nothing = 1' })).status).toBe(400);
  });
});

describe('a FlatGeobuf of more features than its index holds in memory', () => {
  it('is whole, without an index', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'diaba-large-'));
    const count = 200_001;
    const geometry = toWkb({ type: 'Point', coordinates: [106.6, 10.9] }) ?? null;
    const rows = async function* () {
      for (let n = 0; n < count; n++) yield { cells: [String(n)], geometry };
    };
    const table: FileTable = {
      ...{ name: 't', title: 't', fid: 'fid', geometry: { name: 'geom', type: 'POINT', ordinates: 'XY' } },
      columns: [{ name: 'n', title: 'n', kind: 'int32', baseType: 'integer' }],
    };
    const { signal } = new AbortController();
    const file = join(folder, 'large.fgb');
    const chunks = writeVectorFile({ format: 'fgb', srid: 4326, table, rows: rows(), rowEstimate: count, signal });
    await writeFile(file, chunks);
    const gdal = new Gdal({ outFolder: folder, settings: {} });
    const { layers } = await gdal.inspect(file, []);
    await gdal.close();
    rmSync(folder, { recursive: true, force: true });
    expect(layers[0]).toMatchObject({ featureCount: count, fields: [{ name: 'n', type: 'Integer' }] });
  });
});
