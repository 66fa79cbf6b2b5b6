import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ident, sql } from '../../../src/database/sql.ts';
import { importFile } from '../../../src/transfer/import/import.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

const hasGdal = spawnSync('ogr2ogr', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: reading shapefiles back. GDAL is not installed (Debian: gdal-bin).\n');

describeBareEngines('shapefiles of WFS', (engine) => {
  let test: TestApp;
  let folder: string;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.plot (id bigint PRIMARY KEY, "mục đích sử dụng" text, "mục đích khác" text, price numeric, size float8,
        day date, at timestamptz, ok boolean, extra jsonb, geom geometry(Geometry, 9210));
      INSERT INTO odd.plot VALUES
        (9007199254740993, 'Đất ở "<&>"' || chr(9) || 'x', '2022-05-12', 12345678901234567890.125, 1.5e-7, '2025-02-28', '2025-01-01T00:00:00Z', true,
          '{"a":1}', ST_GeomFromText('POLYGON((600000 1230000,600010.125 1230000,600010 1230010,600000 1230000),(600004 1230001,600006 1230001,600006 1230002,600004 1230001))', 9210)),
        (2, repeat('đ', 200), NULL, NULL, 'NaN', 'infinity', NULL, false, NULL, NULL),
        (3, 'đường', '', -0.5, 1e300, '0044-03-15 BC', NULL, NULL, NULL, ST_GeomFromText('MULTILINESTRING((600000 1230000,600001 1230001),(600002 1230002,600003 1230003))', 9210)),
        (4, 'gộp', NULL, 7, 2, NULL, NULL, NULL, NULL, ST_GeomFromText('GEOMETRYCOLLECTION(POINT(600001 1230002),LINESTRING(600000 1230000,600001 1230001))', 9210));
      CREATE TABLE odd.point (id integer PRIMARY KEY, geom geometry(Point, 4326));
      INSERT INTO odd.point VALUES (1, ST_SetSRID(ST_MakePoint(106.5, 11), 4326)), (2, NULL);
      CREATE TABLE odd.south (id integer PRIMARY KEY, geom geometry(Point, 9210));
      INSERT INTO odd.south VALUES (1, ST_SetSRID(ST_MakePoint(600000, 1215000), 9210));
      CREATE TABLE odd.bare (id integer PRIMARY KEY, geom geometry(MultiPoint, 9210));`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    folder = mkdtempSync(join(tmpdir(), 'diaba-shapefiles-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await test?.close();
  });

  const get = (query: Record<string, string>) =>
    request(test.app)
      .get('/wfs')
      .query({ service: 'WFS', version: '2.0.0', request: 'GetFeature', outputFormat: 'SHAPE-ZIP', ...query })
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
      });
  const unpacked = async (query: Record<string, string>) => {
    const { body, headers } = await get(query).expect(200);
    expect(headers['content-type']).toBe('application/zip');
    const files = unzipSync(body);
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return files;
  };
  const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
  /** Reads features with GDAL. */
  const read = (file: string) => {
    const { stdout } = spawnSync(
      'ogr2ogr',
      ['-f', 'GeoJSON', '/vsistdout/', join(folder, file), '-lco', 'COORDINATE_PRECISION=6', '-a_srs', 'EPSG:4326'],
      {
        encoding: 'utf8',
      },
    );
    return JSON.parse(stdout).features as {
      properties: Record<string, unknown>;
      geometry: { type: string; coordinates: unknown } | null;
    }[];
  };

  it('has a shapefile for each kind, with its encoding, and what they cannot say in words', async () => {
    const files = await unpacked({ typeNames: 'diaba:odd.plot' });
    const parts = ['point', 'line', 'polygon'].flatMap((kind) =>
      ['shp', 'shx', 'dbf', 'cpg', 'prj'].map((end) => `odd_plot_${kind}.${end}`),
    );
    expect(Object.keys(files).sort()).toEqual([...parts, 'README.txt', 'fields.csv'].sort());
    expect(textOf(files['odd_plot_line.cpg'])).toBe('UTF-8');
    const fields = textOf(files['fields.csv']).split('\r\n');
    expect(fields[2]).toMatch(/^"mục đí","mục đích sử dụng",.*,"text","1 giá trị dài quá 254 byte bị cắt/);
    expect(fields[3]).toMatch(/^"mục đ_1","mục đích khác"/);
    expect(fields[6]).toMatch(/^"day",.*2 giá trị/);
    const readme = textOf(files['README.txt']);
    expect(readme).toContain('EPSG:9210');
    expect(readme).toContain('size: 1 values that dBASE cannot write are empty');
    expect(readme).toContain('Each kind of geometry has a shapefile');
  });

  it.skipIf(!hasGdal)('is read by GDAL as it was stored', async () => {
    await unpacked({ typeNames: 'diaba:odd.plot' });
    const order = (features: ReturnType<typeof read>) => features.map(({ properties }) => properties.id);
    const polygons = read('odd_plot_polygon.shp');
    expect(order(polygons)).toEqual([2 ** 53]);
    expect(polygons[0]?.properties).toMatchObject({
      'mục đí': 'Đất ở "<&>"\tx',
      'mục đ_1': '2022-05-12',
      size: 1.5e-7,
      day: '2025-02-28',
      at: '2025-01-01T00:00:00Z',
      extra: { a: 1 },
    });
    // Exteriors of shapefiles run clockwise, holes counterclockwise.
    expect(polygons[0]?.geometry?.coordinates).toEqual([
      [
        [600000, 1230000],
        [600010, 1230010],
        [600010.125, 1230000],
        [600000, 1230000],
      ],
      [
        [600004, 1230001],
        [600006, 1230001],
        [600006, 1230002],
        [600004, 1230001],
      ],
    ]);
    const lines = read('odd_plot_line.shp');
    expect(lines.map(({ geometry }) => geometry?.type)).toEqual(
      expect.arrayContaining(['MultiLineString', 'LineString']),
    );
    const all = [...lines, ...polygons, ...read('odd_plot_point.shp')];
    const bare = all.filter(({ geometry }) => geometry === null);
    expect(order(bare)).toEqual([2]);
    expect(Buffer.byteLength(String(bare[0]?.properties['mục đí']))).toBe(254);
    const { price, size, day = null } = bare[0]?.properties ?? {};
    expect([price, size, day]).toEqual([null, null, null]);
    expect(all.filter(({ properties }) => properties.id === 4).map(({ geometry }) => geometry?.type)).toEqual([
      'LineString',
      'Point',
    ]);
    expect(all.find(({ properties }) => properties.id === 3)?.properties).toMatchObject({
      price: -0.5,
      size: 1e300,
      'mục đ_1': null,
    });
  });

  it('is imported again with every value', async () => {
    await unpacked({ typeNames: 'diaba:odd.plot', resourceId: 'odd.plot.9007199254740993' });
    const { body } = await get({ typeNames: 'diaba:odd.plot', resourceId: 'odd.plot.9007199254740993' });
    const file = join(folder, 'again.zip');
    writeFileSync(file, body);
    await importFile(engine.db, { file, layer: 'odd.again', srid: 9210, schemas: ['odd'] });
    const [row] = await engine.db.query<{ values: string[]; same: boolean }>(sql`
      SELECT (SELECT jsonb_agg(value) FROM jsonb_each_text(to_jsonb(again) - 'geom')) AS values, ST_Equals(again.geom, plot.geom) AS same
      FROM odd.again, odd.plot WHERE plot.id = 9007199254740993`);
    expect(row?.same).toBe(true);
    const values = [
      '9007199254740993',
      'Đất ở "<&>"\tx',
      '2022-05-12',
      '12345678901234567890.125',
      '0.00000015',
      '2025-02-28',
    ];
    expect(row?.values).toEqual(expect.arrayContaining([...values, '2025-01-01T00:00:00Z', 'true', '{"a": 1}']));
  });

  it('answers what is asked for, and an empty layer with an empty file', async () => {
    const one = await unpacked({ typeNames: 'diaba:odd.point', count: '1', version: '1.1.0' });
    expect(Buffer.from(one['odd_point.dbf'] ?? []).readUInt32LE(4)).toBe(1);
    const files = await unpacked({ typeNames: 'diaba:odd.bare' });
    expect(files['odd_bare.shp']).toHaveLength(100);
    expect(Buffer.from(files['odd_bare.dbf'] ?? []).readUInt32LE(4)).toBe(0);
  });

  it.skipIf(!hasGdal)('is in the system that is asked for, longitude first', async () => {
    const srsName = 'EPSG:9210';
    await unpacked({ typeNames: 'diaba:odd.point', count: '1', srsName, version: '1.1.0', outputFormat: 'shape-zip' });
    const [feature, ...rest] = read('odd_point.shp');
    expect(rest).toEqual([]);
    const [x] = await engine.db.query<{ x: number }>(
      sql`SELECT ST_X(ST_Transform(geom, 9210)) AS x FROM odd.point WHERE id = 1`,
    );
    expect([feature?.geometry?.coordinates].flat(2)[0]).toBeCloseTo(x?.x ?? 0, 3);
    await unpacked({ typeNames: 'diaba:odd.point', srsName: 'urn:ogc:def:crs:EPSG::4326' });
    expect(read('odd_point.shp').map(({ geometry }) => geometry?.coordinates)).toEqual([[106.5, 11], undefined]);
  });

  it.skipIf(!hasGdal).each(['odd.south', 'odd.point'])(
    'names the system of %s so that GDAL finds the place',
    async (layer) => {
      await unpacked({ typeNames: `diaba:${layer}` });
      const file = join(folder, `${layer.replace('.', '_')}.shp`);
      const degrees = ['-t_srs', 'OGC:CRS84', '-lco', 'COORDINATE_PRECISION=8', '-where', 'id = 1'];
      const { stdout } = spawnSync('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', file, ...degrees], { encoding: 'utf8' });
      const [x, y] = JSON.parse(stdout).features[0].geometry.coordinates;
      const table = ident(...layer.split('.'));
      const [row] = await engine.db.query<{ x: number; y: number }>(
        sql`SELECT ST_X(p) AS x, ST_Y(p) AS y FROM (SELECT ST_Transform(geom, 4326) AS p FROM ${table} WHERE id = 1) AS at`,
      );
      // 0.05 m: EPSG's other operation for VN-2000 is 0.8 m off here.
      expect(Math.abs(x - (row?.x ?? 0))).toBeLessThan(4e-7);
      expect(Math.abs(y - (row?.y ?? 0))).toBeLessThan(4e-7);
    },
  );
});
