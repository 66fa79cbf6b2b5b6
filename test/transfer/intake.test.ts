/** Files as agencies send them: packed, of several layers, or of a format that is not read. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../src/transfer/import/request.ts';
import { describeEngines } from '../engine.ts';
import { dbf, pointShp } from './files.ts';
import { fileWriter, temporaryFolder } from './temporary-files.ts';
import { type Rows, writeRows } from './tricky.ts';

/** Timeout for a machine that many share; alone, no test takes more than 2 s. */
const SLOW = { timeout: 240_000 };

const folder = temporaryFolder('intake');

const write = fileWriter(folder);
const zip = (content: Readonly<Record<string, string | Uint8Array>>, extension = 'zip') =>
  write(
    extension,
    zipSync(
      Object.fromEntries(Object.entries(content).map(([name, each]) => [name, new Uint8Array(Buffer.from(each))])),
    ),
  );
const workspaces = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`diaba-${process.pid}-`));

const KML = (inside: string) => `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${inside}</Document></kml>`;
const PLACEMARK = '<Placemark><name>007</name><Point><coordinates>106.65,10.98</coordinates></Point></Placemark>';
const geojson = (properties: object, crs = '') =>
  `{"type":"FeatureCollection",${crs}"features":[{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":{"type":"Point","coordinates":[106.65,10.98]}}]}`;

/** A feature set of ArcGIS with everything that differs from GeoJSON. */
const FEATURE_SET = `{"displayFieldName":"","geometryType":"esriGeometryPolygon","spatialReference":{"wkid":102100,"latestWkid":3857},
  "fields":[{"name":"OBJECTID","type":"esriFieldTypeOID"},{"name":"so","type":"esriFieldTypeDouble"},{"name":"ma","type":"esriFieldTypeString"},
    {"name":"ngay","type":"esriFieldTypeDate"},{"name":"dai","type":"esriFieldTypeDouble"}],
  "features":[
    {"attributes":{"OBJECTID":1,"so":5,"ma":"007","ngay":1577836800000,"dai":0.12345678901234567890},
     "geometry":{"rings":[[[0,0],[0,9],[9,9],[9,0],[0,0]],[[3,3],[6,3],[6,6],[3,6],[3,3]],[[4,4],[4,5],[5,5],[5,4],[4,4]],[[20,0],[20,1],[21,1],[20,0]]]}},
    {"attributes":{"OBJECTID":2,"so":null,"ma":null,"ngay":null,"dai":1},"geometry":{"rings":[[[0,0],[0,1],[1,1],[0,0]]]}}]}`;

describeEngines('files as they arrive', (engine) => {
  let tables = 0;
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: `base.a_${++tables}`, ...more });
  const problem = (file: string, more: Partial<ImportRequest> = {}) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
    );
  const rows = () =>
    engine.db.query<Record<string, unknown>>(
      sql`SELECT to_jsonb(t) - 'geom' AS row, ST_AsText(geom) AS shape FROM ${ident('base', `a_${tables}`)} AS t ORDER BY id`,
    );

  it('that are not read are refused with their name, and leave nothing behind', async () => {
    const before = workspaces();
    const dwg = Buffer.from('AC1027\0\0\0\0\0\0', 'latin1');
    expect((await problem(write('dxf', dwg))).detail.en).toContain('AC1027, AutoCAD 2013–2017');
    const packed = zip({ 'Hồ sơ/doc.txt': 'x', 'Hồ sơ/tờ 12.dwg': dwg });
    expect((await problem(packed)).detail.vi).toContain('"Hồ sơ__tờ 12.dwg" là bản vẽ DWG (AC1027, AutoCAD 2013–2017)');
    expect((await problem(zip({ 'a.zip': zipSync({}) }))).detail.en).toContain('lies in another zip');
    expect((await problem(zip({ 'a.txt': 'x', 'b.prj': 'x' }))).detail.en).toContain('found: a.txt, b.prj');
    expect((await problem(zip({ 'a.geojson': dwg }))).extra).toMatchObject({ format: 'DWG' });
    expect(workspaces()).toEqual(before);
    expect(
      await engine.db.query(sql`SELECT FROM pg_tables WHERE schemaname = 'base' AND tablename LIKE 'a\\_%'`),
    ).toEqual([]);
  });

  it('a table in a zip counts only if there is no map, and what is not read is said', async () => {
    const csv = 'n,lon,lat\n7,106.7,10.9\n8,106.7,10.9\n';
    const mixed = await run(zip({ 'so.csv': csv, 'thua.geojson': geojson({ so: 1 }), 'to.dwg': 'x', 'doc.txt': 'x' }));
    expect(mixed).toMatchObject({ read: 1, notes: [{ en: 'Files of the zip that were not read: to.dwg, so.csv.' }] });
    expect(await run(zip({ 'so.csv': csv, 'doc.txt': 'x' }))).toMatchObject({ read: 2, written: 2 });
  });

  it('KMZ: its KML is read, pictures beside it are not; a link to another file is reported', async () => {
    const icon = new Uint8Array([1]);
    const report = await run(zip({ 'doc.kml': KML(`${PLACEMARK}<NetworkLink/>`), 'files/icon.png': icon }, 'kmz'));
    expect(report).toMatchObject({
      written: 1,
      srid: { source: 4326 },
      notes: [{ en: expect.stringContaining('1 NetworkLink') }],
    });
    expect(await rows()).toMatchObject([{ row: { name: '007' }, shape: 'POINT(106.65 10.98)' }]);
    const linked = await problem(zip({ 'doc.kml': KML('<NetworkLink/>') }, 'kmz'));
    expect(linked.detail.en).toContain('save the loaded folder as KMZ');
  });

  it('Esri JSON: types, times and digits as declared, rings nested by where they lie', async () => {
    expect(await run(write('json', FEATURE_SET))).toMatchObject({ written: 2, changes: [], srid: { source: 3857 } });
    const [{ types } = {}] = await engine.db.query<{ types: string[] }>(
      sql`SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) AS types FROM pg_attribute
        WHERE attrelid = ${`base.a_${tables}`}::regclass AND attnum > 1 AND attname <> 'geom'`,
    );
    expect(types).toEqual(['integer', 'double precision', 'text', 'timestamp with time zone', 'numeric']);
    const [first, second] = await rows();
    expect(first).toMatchObject({
      row: { objectid: 1, so: 5, ma: '007' },
      shape:
        'MULTIPOLYGON(((0 0,0 9,9 9,9 0,0 0),(3 3,6 3,6 6,3 6,3 3)),((4 4,4 5,5 5,5 4,4 4)),((20 0,20 1,21 1,20 0)))',
    });
    expect(second).toMatchObject({ row: { so: null, ma: null, ngay: null } });
    const [exact] = await engine.db.query(
      sql`SELECT dai::text AS dai, ngay = ${'2020-01-01T00:00:00Z'}::timestamptz AS ngay FROM ${ident('base', `a_${tables}`)} ORDER BY id LIMIT 1`,
    );
    expect(exact).toEqual({ dai: '0.12345678901234567890', ngay: true });
  });

  it.each([
    ['a point with a height', '{"x":1,"y":2,"z":3}', '"hasZ":true', 'POINT Z (1 2 3)', []],
    [
      'measures without heights',
      '{"paths":[[[1,2,7],[3,4,8]]]}',
      '"hasM":true',
      'MULTILINESTRING((1 2,3 4))',
      ['unmeasured 1'],
    ],
    [
      'heights and measures',
      '{"points":[[1,2,3,4]]}',
      '"hasZ":true,"hasM":true',
      'MULTIPOINT Z (1 2 3)',
      ['unmeasured 1'],
    ],
  ])('Esri JSON: %s', async (_, geometry, flags, shape, changes) => {
    const set = `{"geometryType":"esriGeometryAny",${flags},"spatialReference":{"wkid":4326},"exceededTransferLimit":true,"features":[{"attributes":{},"geometry":${geometry}}]}`;
    const report = await run(write('json', set));
    expect(report.changes.map(({ kind, count }) => `${kind} ${count}`)).toEqual(changes);
    expect(report.notes[0]?.en).toContain('exceededTransferLimit');
    expect(
      (await rows()).map((row) => String(row.shape).replace('MULTIPOINT Z ((1 2 3))', 'MULTIPOINT Z (1 2 3)')),
    ).toEqual([shape]);
  });

  it('Esri JSON: curves are refused, and an empty geometry is none', async () => {
    const set = `{"geometryType":"esriGeometryPolyline","spatialReference":{"wkid":4326},"features":[{"attributes":{},"geometry":{"curvePaths":[[[0,0],{"c":[[3,3],[1,4]]}]]}},{"attributes":{},"geometry":{"x":"NaN","y":"NaN"}},{"attributes":{}}]}`;
    const { reasons } = await run(write('json', set));
    expect(reasons.map(({ reason, examples }) => [reason.en, examples])).toEqual([
      ['It has no geometry.', [2, 3]],
      [expect.stringContaining('cannot be read'), [1]],
    ]);
  });

  it('a zip of several layers: asked which, or all as one with the name of each', SLOW, async () => {
    const packed = zip({
      'to 1/thua.geojson': geojson({ so: 1, dt: 1.5 }),
      'thua.shp': pointShp(1, 106.7, 10.9),
      'thua.dbf': dbf('so', Buffer.from('a')),
      'diem.kml': KML(`<Folder><name>A</name>${PLACEMARK}</Folder><Folder><name>B</name>${PLACEMARK}</Folder>`),
      'thua.prj':
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]',
    });
    expect(await problem(packed)).toMatchObject({ extra: { candidates: ['to 1__thua', 'thua', 'diem'] } });
    expect((await problem(packed, { allLayers: true, sourceLayer: 'thua' })).detail.en).toContain('one of both');
    const report = await run(packed, { allLayers: true });
    expect(report).toMatchObject({ read: 4, written: 4, srid: { source: 4326 } });
    expect(report.notes[0]?.en).toContain('4 layers were read as one');
    expect((await rows()).map(({ row }) => row)).toEqual([
      { id: 1, source_layer: 'to 1__thua', so: '1', dt: 1.5, name: null },
      { id: 2, source_layer: 'thua', so: 'a', dt: null, name: null },
      { id: 3, source_layer: 'A', so: null, dt: null, name: '007' },
      { id: 4, source_layer: 'B', so: null, dt: null, name: '007' },
    ]);
  });

  it('a file geodatabase: as folder, and as zip with and without the folder', SLOW, async () => {
    const rowsOf: Rows = { columns: ['ma'], values: [['007'], ['Đường']] };
    const geodatabase = await writeRows('File Geodatabase', rowsOf, mkdtempSync(join(folder, 'gdb-')));
    const parts = readdirSync(geodatabase).map((name) => [name, readFileSync(join(geodatabase, name))] as const);
    const within = (path: string) => Object.fromEntries(parts.map(([name, bytes]) => [`${path}${name}`, bytes]));
    for (const file of [geodatabase, zip(within('Hồ sơ/Thửa đất.gdb/')), zip(within(''))]) {
      expect(await run(file)).toMatchObject({ written: 2, srid: { source: 4326 } });
      // Coordinates are on a grid of a billionth of a degree.
      const onGrid = (shape: unknown) =>
        String(shape).replace(/\d+\.\d+/g, (text) => String(Number(Number(text).toFixed(9))));
      expect((await rows()).map(({ row, shape }) => [(row as { ma: string }).ma, onGrid(shape)])).toEqual([
        ['007', 'POINT(106.6 10.9)'],
        ['Đường', 'POINT(106.601 10.9)'],
      ]);
    }
    expect(readdirSync(geodatabase)).toHaveLength(parts.length);
  });

  it('layers in different systems are not joined', async () => {
    const crs = '"crs":{"type":"name","properties":{"name":"EPSG:4756"}},';
    const packed = zip({ 'a.geojson': geojson({}), 'b.geojson': geojson({}, crs) });
    expect((await problem(packed, { allLayers: true })).detail.en).toContain('(a: EPSG:4326, b: EPSG:4756)');
  });
});
