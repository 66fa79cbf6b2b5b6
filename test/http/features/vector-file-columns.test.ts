import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feature } from 'geojson';
import sqlite from 'node-sqlite3-wasm';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Gdal, type GdalField } from '../../../src/transfer/gdal.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from './file-bytes.ts';

const FIXTURE = new URL('../../fixtures/file-columns.sql', import.meta.url);

describeBareEngines('columns of files', (engine) => {
  let test: TestApp;
  let folder: string;
  let gdal: Gdal;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await engine.db.script(readFileSync(FIXTURE, 'utf8'));
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    folder = mkdtempSync(join(tmpdir(), 'diaba-columns-'));
    gdal = new Gdal({ outFolder: folder, settings: {} });
  });
  afterAll(async () => {
    await gdal?.close();
    rmSync(folder, { recursive: true, force: true });
    await test?.close();
  });

  async function fetchFile(table: string, format: string, query: Record<string, string> = {}): Promise<string> {
    const { status, body } = await bytesOf(
      request(test.app)
        .get(`/collections/odd.${table}/items`)
        .query({ f: format, ...query }),
    );
    expect([status, status === 200 ? '' : body.toString()]).toEqual([200, '']);
    const file = join(folder, `${table}.${format}`);
    writeFileSync(file, body);
    return file;
  }

  /** Reads a file with GDAL: its layer, and its features as GeoJSON. */
  async function readBack(file: string) {
    const { layers } = await gdal.inspect(file, []);
    const [layer] = layers;
    if (!layer) throw new Error('no layer');
    const written = await gdal.convert(layer, ['-f', 'GeoJSON', '-lco', 'COORDINATE_PRECISION=7', '-nln', 'x']);
    const { features } = JSON.parse(readFileSync(written, 'utf8')) as { features: Feature[] };
    rmSync(written);
    const types = layer.fields.map(({ name, type, subType }: GdalField) => [
      name,
      subType ? `${type}(${subType})` : type,
    ]);
    // GDAL omits fields that no feature has from GeoJSON.
    const absent = Object.fromEntries(layer.fields.map(({ name }) => [name, null]));
    return {
      ...{ layer, types: Object.fromEntries(types) },
      features: features.map((feature) => ({ ...feature, properties: { ...absent, ...feature.properties } })),
    };
  }

  const TYPES = {
    ...{
      id: 'Integer',
      geom: 'String',
      geometry: 'String',
      fid: 'Integer',
      ogc_fid: 'Integer64',
      lon: 'Real',
      lat: 'String',
    },
    ...{ x: 'Real(Float32)', y: 'Integer(Int16)', wkt: 'String', Name: 'String', name_2: 'String', tên: 'String' },
    'Tên thửa đất, " có dấu phẩy, dài đủ 60': 'String',
    ...{
      day_like: 'String',
      ratio_like: 'String',
      n_null: 'Integer',
      flag: 'Integer(Boolean)',
      exact: 'Real',
      at: 'DateTime',
    },
    ...{ local: 'DateTime', clock: 'String', bytes: 'Binary', code: 'String' },
  };

  it.each([
    ['gpkg', { ...TYPES, d_null: 'Date', day: 'Date', doc: 'String(JSON)', tags: 'String(JSON)' }],
    // FlatGeobuf has no days.
    ['fgb', { ...TYPES, d_null: 'DateTime', day: 'DateTime', doc: 'String', tags: 'String' }],
  ])('of %s are what the table declares, every row is there, and no name is lost', async (format, expected) => {
    const { layer, types, features } = await readBack(await fetchFile('file_columns', format));
    expect(types).toEqual(expected);
    expect(layer.geometryFields[0]?.type).toMatch(/3D|Z/);
    expect(features).toHaveLength(2);
    expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [600000.1234567, 1230000, 5.5] });
    expect(features[1]?.geometry).toBeNull();
    expect(features[0]?.properties).toMatchObject({
      ...{
        id: 1,
        geom: 'a',
        geometry: 'b',
        fid: 7,
        ogc_fid: Number('9007199254740993'),
        lon: 1.5,
        lat: 'bắc',
        x: 0.5,
        y: 3,
        wkt: 'w',
        Name: 'N',
        name_2: 'n',
      },
      ...{
        'Tên thửa đất, " có dấu phẩy, dài đủ 60': '',
        tên: null,
        day_like: '2020-05-12',
        ratio_like: '12:30',
      },
      ...{
        n_null: null,
        d_null: null,
        flag: true,
        exact: 10,
        bytes: '00FF',
        clock: '07:00:00',
        code: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      },
    });
    const at: unknown = features[0]?.properties.at;
    expect(at).toMatch(/^2025-07-01T00:00:00\.5(00)?(Z|\+00:00)$/);
    expect(features[1]?.properties).toMatchObject({ geom: null, geometry: '', exact: 20.25, day: null, local: null });
  });

  it.each(['gpkg', 'fgb'])(
    'of %s are there without any row, and shapes are what the column declares',
    async (format) => {
      const day = format === 'gpkg' ? 'Date' : 'DateTime';
      const doc = format === 'gpkg' ? 'String(JSON)' : 'String';
      const empty = await readBack(await fetchFile('file_empty', format));
      expect(empty.types).toEqual({
        id: 'Integer',
        big: 'Integer64',
        flag: 'Integer(Boolean)',
        day,
        at: 'DateTime',
        doc,
        bytes: 'Binary',
        exact: 'Real',
      });
      expect(empty.features).toEqual([]);
      expect(empty.layer.geometryFields[0]?.type).toMatch(/(ZM|3D Measured).*Polygon|Polygon.*ZM/);
      expect((await readBack(await fetchFile('file_columns', format, { filter: 'id = -1' }))).features).toEqual([]);
      const mixed = await readBack(await fetchFile('file_mixed', format));
      expect(mixed.features.map(({ geometry }) => geometry.type).sort()).toEqual([
        'LineString',
        'MultiPolygon',
        'Point',
      ]);
      const measured = await readBack(await fetchFile('file_measures', format));
      expect(measured.layer.geometryFields[0]?.type).toMatch(/ZM|3D Measured/);
    },
  );

  it('of CSV are called once each, and points stand beside them', async () => {
    const [head = '', first = ''] = readFileSync(await fetchFile('file_columns', 'csv'), 'utf8')
      .slice(1)
      .split('\r\n');
    expect(head).toContain('lon,lat,');
    expect(head).toMatch(/shape$|,lon_2,lat_2$/);
    expect(head).toContain(',Name,name_2,');
    expect(first).toMatch(/^1,a,b,7,9007199254740993,1\.5,bắc,/);
    const titles = readFileSync(await fetchFile('file_columns', 'csv', { headers: 'vi' }), 'utf8').split('\r\n')[0];
    expect(titles).toContain('Diện tích');
    expect(titles).toContain('Diện tích_2');
    const stored = await fetchFile('file_columns', 'csv', { crs: 'EPSG:9210' });
    expect(readFileSync(stored, 'utf8')).toContain('600000.1234567,1230000');
  });

  it('of a GeoPackage have their titles, and the number of a row stands beside them', async () => {
    const db = new sqlite.Database(await fetchFile('file_columns', 'gpkg'), { readOnly: true });
    expect(
      db.get("SELECT count(*) AS n FROM pragma_table_info('odd.file_columns') WHERE name = 'fid_2' AND pk = 1"),
    ).toEqual({ n: 1 });
    expect(db.get('SELECT column_name AS name FROM gpkg_geometry_columns')).toEqual({ name: 'shape' });
    expect(
      db.all("SELECT column_name, name FROM gpkg_data_columns WHERE name LIKE 'Diện tích%' ORDER BY name"),
    ).toEqual([
      { column_name: 'fid', name: 'Diện tích' },
      { column_name: 'exact', name: 'Diện tích_2' },
    ]);
    expect(db.get("SELECT count(*) AS n FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")).toEqual({
      n: 1,
    });
    db.close();
  });
});
