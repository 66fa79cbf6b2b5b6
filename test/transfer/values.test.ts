import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportReport, ImportRequest } from '../../src/transfer/import/request.ts';
import { describeEngines } from '../engine.ts';
import { dbfTable, pointShp, windows1258 } from './files.ts';
import { fileWriter, temporaryFolder } from './temporary-files.ts';

/** Timeout for a machine that many share; alone, no test takes more than 2 s. */
const SLOW = { timeout: 240_000 };

const folder = temporaryFolder('values');

const write = fileWriter(folder);
/** Returns GeoJSON of one point a row. `properties` are JSON texts, because JavaScript would round their numbers. */
const points = (...properties: string[]) =>
  write(
    'geojson',
    `{"type":"FeatureCollection","features":[${properties
      .map((json) => `{"type":"Feature","properties":${json},"geometry":{"type":"Point","coordinates":[106.6,10.9]}}`)
      .join(',\n')}]}`,
  );
const geometries = (...coordinates: unknown[]) =>
  write(
    'geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: coordinates.map((each) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'Point', coordinates: each },
      })),
    }),
  );
const changesOf = ({ changes }: ImportReport) => changes.map(({ column, kind, count }) => `${column} ${kind} ${count}`);

describeEngines('values of a file', (engine) => {
  let tables = 0;
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: `base.v_${++tables}`, ...more });
  const texts = async (table: string) => {
    const rows = await engine.db.query<{ row: string }>(
      sql`SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t) - 'id' - 'geom'))::text AS row FROM ${ident('base', table)} AS t ORDER BY id`,
    );
    return rows.map(({ row }) => JSON.parse(row) as Record<string, string | null>);
  };
  const types = async (table: string) => {
    const rows = await engine.db.query<{ name: string; type: string; title: string | null }>(
      sql`SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, col_description(attrelid, attnum) AS title FROM pg_attribute
        WHERE attrelid = ${`base.${table}`}::regclass AND attnum > 0 ORDER BY attnum`,
    );
    return rows.map(({ name, type, title }) => `${name} ${type}${title ? ` "${title}"` : ''}`);
  };

  it('keep every digit, in columns that hold them', async () => {
    await run(
      points(
        '{"int":1,"big":9007199254740993,"vast":12345678901234567890,"real":0.1,"exact":12345678901234.5678,"mixed":1.50,"flag":true,"list":["a","b"],"day":"2022-05-12"}',
        '{"int":-7,"big":-9223372036854775808,"vast":1,"real":90.900000000000006,"exact":1,"mixed":"a","flag":false,"list":[],"day":null}',
      ),
    );
    expect((await types(`v_${tables}`)).slice(1, -1)).toEqual([
      ...['int integer', 'big bigint', 'vast numeric', 'real double precision', 'exact numeric', 'mixed text'],
      ...['flag boolean', 'list jsonb', 'day date'],
    ]);
    expect(await texts(`v_${tables}`)).toEqual([
      {
        ...{
          int: '1',
          big: '9007199254740993',
          vast: '12345678901234567890',
          real: '0.1',
          exact: '12345678901234.5678',
        },
        ...{ mixed: '1.50', flag: 'true', list: '["a", "b"]', day: '2022-05-12' },
      },
      {
        ...{ int: '-7', big: '-9223372036854775808', vast: '1', real: '90.9', exact: '1' },
        ...{ mixed: 'a', flag: 'false', list: '[]', day: null },
      },
    ]);
  });

  it('go into a table as its columns take them, and what they change is counted', async () => {
    await engine.db.script(
      `CREATE TABLE base.v_target (id int GENERATED ALWAYS AS IDENTITY, ten text, so numeric, tron numeric(8,1), ngay date,
      luc timestamp, luc_z timestamptz, nhan text[], so_luong int[], bat_buoc text NOT NULL DEFAULT '-', du_lieu jsonb,
      tep bytea, it smallint, geom geometry(Point, 4326))`,
    );
    const report = await run(
      points(
        `{"ten":2022,"so":12345678901234567890.123456789,"tron":2159.64,"ngay":"2025-07-01T23:30:00+07:00","luc":"2025-07-01T23:30:00+07:00",
          "luc_z":"2025-07-01T23:30:00.123456+07:00","nhan":["x","y,z"],"so_luong":[1,2],"bat_buoc":" ","du_lieu":{"a":1.50},"tep":"\\\\xdeadbeef","it":true}`,
        `{"ten":"2022-05-12","so":"  7 ","tron":2159.6,"ngay":"31/01/2026","luc":null,"luc_z":null,"nhan":null,"so_luong":"{3}","bat_buoc":" x ","du_lieu":[],"tep":null,"it":" "}`,
      ),
      { layer: 'base.v_target' },
    );
    expect(report).toMatchObject({ written: 2, refused: 0, leftOut: [] });
    expect(await texts('v_target')).toEqual([
      {
        ...{ ten: '2022', so: '12345678901234567890.123456789', tron: '2159.6', ngay: '2025-07-01' },
        ...{
          luc: '2025-07-01T23:30:00',
          luc_z: '2025-07-01T16:30:00.123456+00:00',
          nhan: '["x", "y,z"]',
          so_luong: '[1, 2]',
        },
        ...{ bat_buoc: '-', du_lieu: '{"a": 1.50}', tep: '\\xdeadbeef', it: '1' },
      },
      {
        ...{ ten: '2022-05-12', so: '7', tron: '2159.6', ngay: '2026-01-31', luc: null, luc_z: null, nhan: null },
        ...{ so_luong: '[3]', bat_buoc: ' x ', du_lieu: '[]', tep: null, it: null },
      },
    ]);
    expect(changesOf(report).sort()).toEqual([
      'bat_buoc emptied 1',
      'it emptied 1',
      'luc zoneless 1',
      'ngay dayOnly 1',
      'tron rounded 1',
    ]);
  });

  it('are trimmed where they are codes of another table', async () => {
    await engine.db.script(`CREATE TABLE base.v_kind (ma text PRIMARY KEY); INSERT INTO base.v_kind VALUES ('C3');
      CREATE TABLE base.v_coded (ma text REFERENCES base.v_kind, ghi_chu text, geom geometry)`);
    const report = await run(points('{"ma":" C3 ","ghi_chu":" C3 "}', '{"ma":"","ghi_chu":""}'), {
      layer: 'base.v_coded',
    });
    expect(await engine.db.query(sql`SELECT ma, ghi_chu FROM base.v_coded`)).toEqual([
      { ma: 'C3', ghi_chu: ' C3 ' },
      { ma: null, ghi_chu: '' },
    ]);
    expect(changesOf(report)).toEqual(['ma trimmed 1', 'ma emptied 1']);
  });

  it('lose what no database holds, and that is counted', async () => {
    const report = await run(points('{"a":"x\\u0000y","b":"\\ud800z","c":"e\\u0302"}'));
    expect(await texts(`v_${tables}`)).toEqual([{ a: 'xy', b: '\uFFFDz', c: 'ê' }]);
    expect(changesOf(report)).toEqual(['a nul 1', 'b lost 1', 'c composed 1']);
  });

  it('one row that cannot be taken does not move another', async () => {
    await engine.db.script('CREATE TABLE base.v_strict (n int, ten text, geom geometry(Point, 4326) NOT NULL)');
    const report = await run(points('{"n":1,"ten":"a\\tb"}', '{"n":"x\\ny","ten":"c"}', '{"n":3,"ten":"d\\\\"}'), {
      layer: 'base.v_strict',
      skipRefused: true,
    });
    expect(report.reasons.map(({ reason, examples }) => [reason.en, examples])).toEqual([
      ['Column n: not a whole number.', [2]],
    ]);
    expect(await engine.db.query(sql`SELECT n, ten FROM base.v_strict ORDER BY n`)).toEqual([
      { n: 1, ten: 'a\tb' },
      { n: 3, ten: 'd\\' },
    ]);
  });

  it('names of columns that PostgreSQL has itself or would not take are titles', async () => {
    const report = await run(
      points('{"xmin":2.25,"oid":1,"ctid":"a","tableoid":"b","Số tờ (cũ)":"1","ID":7,"select":"s"}'),
    );
    expect((await types(`v_${tables}`)).slice(1, -1)).toEqual([
      ...[
        'source_xmin double precision "xmin"',
        'oid integer',
        'source_ctid text "ctid"',
        'source_tableoid text "tableoid"',
      ],
      ...['so_to_cu text "Số tờ (cũ)"', 'source_id integer "ID"', 'select text'],
    ]);
    expect(report.renamed).toHaveLength(5);
  });

  it.each([
    ['a height', [[106.6, 10.9, 12.345]], 'PointZ', 'POINT Z (106.6 10.9 12.345)', []],
    ['a height and a measure', [[106.6, 10.9, 1, 2]], 'PointZM', 'POINT ZM (106.6 10.9 1 2)', []],
    ['heights of 0', [[106.6, 10.9, 0]], 'Point', 'POINT(106.6 10.9)', ['undefined flattened 1']],
    [
      '17 digits',
      [[106.67599313594155, 10.990856657137726]],
      'Point',
      'POINT(106.67599313594155 10.990856657137726)',
      [],
    ],
  ])('%s', async (_, positions, type, expected, changes) => {
    const report = await run(geometries(...positions));
    const [row] = await engine.db.query<{ type: string; text: string }>(
      sql`SELECT format_type(atttypid, atttypmod) AS type, (SELECT ST_AsText(geom, 17) FROM ${ident('base', `v_${tables}`)}) AS text
        FROM pg_attribute WHERE attrelid = ${`base.v_${tables}`}::regclass AND attname = 'geom'`,
    );
    expect(row).toEqual({ type: `geometry(${type},4326)`, text: expected });
    expect(changesOf(report)).toEqual(changes);
  });

  it('a column of any geometry takes heights and measures as they are, a flat one leaves them out and says so', async () => {
    await engine.db.script(
      'CREATE TABLE base.v_any (geom geometry); CREATE TABLE base.v_flat (geom geometry(Point, 4326))',
    );
    const file = geometries([106.6, 10.9, 5, 6]);
    expect(changesOf(await run(file, { layer: 'base.v_any' }))).toEqual([]);
    expect(await engine.db.query(sql`SELECT ST_AsText(geom) AS text FROM base.v_any`)).toEqual([
      { text: 'POINT ZM (106.6 10.9 5 6)' },
    ]);
    expect(changesOf(await run(file, { layer: 'base.v_flat' }))).toEqual([
      'undefined flattened 1',
      'undefined unmeasured 1',
    ]);
  });

  it('KML: letters and marks of windows-1258 that a chunk of the file parts', async () => {
    // A letter has two bytes. In one of the two texts, a chunk of an even length ends within a letter.
    for (const long of ['ế'.repeat(50_000), `x${'ế'.repeat(50_000)}`]) {
      const kml = `<?xml version="1.0" encoding="windows-1258"?><kml><Placemark><name>${long}</name><Point><coordinates>106,10</coordinates></Point></Placemark></kml>`;
      expect(changesOf(await run(write('kml', windows1258(kml))))).toEqual([]);
      expect((await texts(`v_${tables}`))[0]?.name === long).toBe(true);
    }
  });

  it('KML: what placemarks say, by folder', async () => {
    const placemark = (inside: string) => `<Placemark>${inside}</Placemark>`;
    const kml = `<?xml version="1.0" encoding="windows-1258"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
      <Schema id="s"><SimpleField name="dt" type="float"/><SimpleField name="ma" type="string"/></Schema>
      <Folder><name>Thửa đất</name>${placemark(
        `<name> 12 </name><description><![CDATA[<b>a</b>\nb]]></description><TimeStamp><when>2022-05-12</when></TimeStamp>
         <ExtendedData><Data name="Ghi chú"><value>Đường</value></Data>
         <SchemaData schemaUrl="#s"><SimpleData name="dt">1.50</SimpleData><SimpleData name="ma">007</SimpleData></SchemaData></ExtendedData>
         <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>106,10,1 107,10 107,11,3 106,10,1</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry>`,
      )}</Folder>
      <Folder><name>Điểm</name>${placemark('<Point><coordinates>106.6, 10.9</coordinates></Point>')}${placemark('<Point><coordinates>x,10.9</coordinates></Point>')}</Folder></Document></kml>`;
    const file = write('kml', windows1258(kml));
    await expect(run(file)).rejects.toThrow('several layers: Thửa đất, Điểm');
    await run(file, { sourceLayer: 'Thửa đất' });
    expect(await texts(`v_${tables}`)).toEqual([
      { name: ' 12 ', description: '<b>a</b>\nb', timestamp: '2022-05-12', ghi_chu: 'Đường', dt: '1.50', ma: '007' },
    ]);
    expect(await engine.db.query(sql`SELECT ST_AsText(geom) AS text FROM ${ident('base', `v_${tables}`)}`)).toEqual([
      { text: 'MULTIPOLYGON Z (((106 10 1,107 10 0,107 11 3,106 10 1)))' },
    ]);
    const report = await run(file, { sourceLayer: 'Điểm', skipRefused: true });
    expect(report).toMatchObject({ read: 2, written: 1, refused: 1 });
  });

  it(
    'shapefile: bytes by the code page that the .cpg names, numbers as they are written, letters cut in half left out',
    SLOW,
    async () => {
      const shapefile = (cpg: string, name: Buffer, rows: readonly (readonly string[])[]) => {
        const file = write('shp', pointShp(rows.length, 106.65, 10.98));
        const fields = [
          { name: name.toString('latin1'), type: 'C', length: 12 },
          { name: 'ma', type: 'N', length: 20 },
          { name: 'dt', type: 'N', length: 10, decimals: 2 },
          { name: 'ngay', type: 'D', length: 8 },
          { name: 'co', type: 'L', length: 1 },
        ];
        writeFileSync(file.replace('.shp', '.dbf'), dbfTable(fields, rows));
        writeFileSync(file.replace('.shp', '.cpg'), cpg);
        return file;
      };
      const old = (text: string) => windows1258(text).toString('latin1');
      const vietnamese = shapefile('1258', windows1258('tên'), [
        [old('  Thủ Dầu'), '12345678901234567891', '1.50', '20220512', 'T'],
        [old('Đường'), '7', '*', '00000000', '?'],
      ]);
      const report = await run(vietnamese, { srid: 4326 });
      expect((await types(`v_${tables}`)).slice(1, -1).map((type) => type.replace(/ "tên"/, ''))).toEqual([
        ...['ten text', 'ma numeric', 'dt double precision', 'ngay date', 'co boolean'],
      ]);
      expect(report.renamed).toEqual([{ from: 'tên', to: 'ten' }]);
      expect(await texts(`v_${tables}`)).toEqual([
        { ten: '  Thủ Dầu', ma: '12345678901234567891', dt: '1.5', ngay: '2022-05-12', co: 'true' },
        { ten: 'Đường', ma: '7', dt: null, ngay: null, co: null },
      ]);
      const half = Buffer.from('Phú Lợi ưa').subarray(0, 12).toString('latin1');
      const second = await run(shapefile('UTF-8', Buffer.from('tên'), [[half, '1', '1', '', '']]), { srid: 4326 });
      expect(await texts(`v_${tables}`)).toMatchObject([{ ten: 'Phú Lợi ' }]);
      expect(changesOf(second)).toEqual(['tên cut 1']);
    },
  );
});
