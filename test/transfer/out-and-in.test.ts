import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request, { type Test } from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sql, sql } from '../../src/database/sql.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { bytesOf } from '../http/features/file-bytes.ts';
import { temporaryFolder } from './temporary-files.ts';

const FIXTURE = new URL('../fixtures/out-and-in.sql', import.meta.url);
const ITEMS = '/collections/odd.sent/items';
const SHAPE_ZIP =
  '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:odd.sent&outputFormat=SHAPE-ZIP&srsName=EPSG:9210';

/** SQL of a value as a format gives it back, by column. Every other column is as it was. */
type Losses = Readonly<Record<string, string>>;

const FINITE = { day: "nullif(day, 'infinity')", local: "nullif(local, 'infinity')", at: "nullif(at, '-infinity')" };
const DOUBLES = { exact: 'exact::float8::text::numeric(30, 10)', free: 'free::float8::text::numeric' };
/** GeoPackage and FlatGeobuf: milliseconds, no years BC, no NaN. */
const GDAL_LOSSES = {
  ...DOUBLES,
  day: "CASE WHEN isfinite(day) AND day >= '0001-01-01' THEN day END",
  local: "date_trunc('milliseconds', nullif(local, 'infinity'))",
  at: "date_trunc('milliseconds', nullif(at, '-infinity'))",
  single: "nullif(single, 'NaN')",
};
/** dBASE: no spaces at the end and no empty text, days from the year 1, finite numbers. */
const DBASE_LOSSES = {
  ...{ note: "nullif(rtrim(note), '')", day: GDAL_LOSSES.day, single: GDAL_LOSSES.single },
  ratio: "nullif(ratio, '-Infinity')",
};

/** Every format that the import reads: its address, the ending of its name, and what it cannot hold. */
const FORMATS: readonly (readonly [name: string, url: string, ending: string, losses: Losses])[] = [
  ['GeoJSON', `${ITEMS}?f=geojson`, 'geojson', {}],
  ['GeoJSON in VN-2000', `${ITEMS}?f=geojson&crs=EPSG:9210`, 'geojson', {}],
  ['GeoJSON text sequence', `${ITEMS}?f=geojsonseq`, 'geojsons', {}],
  ['CSV', `${ITEMS}?f=csv`, 'csv', {}],
  ['KML', `${ITEMS}?f=kml`, 'kml', {}],
  ['GeoParquet', `${ITEMS}?f=parquet`, 'parquet', { ...FINITE, free: DOUBLES.free }],
  ['GeoPackage', `${ITEMS}?f=gpkg`, 'gpkg', GDAL_LOSSES],
  ['FlatGeobuf', `${ITEMS}?f=fgb`, 'fgb', GDAL_LOSSES],
  ['Shapefile', `${ITEMS}?f=shp`, 'zip', DBASE_LOSSES],
  ['Shapefile of WFS', SHAPE_ZIP, 'zip', DBASE_LOSSES],
];

/** Formats whose job is not byte for byte the download, which `test/results/export.test.ts` compares. */
const OF_JOBS = ['GeoPackage', 'FlatGeobuf', 'Shapefile'];

type Row = Readonly<Record<string, string | null>>;

/** Returns `3.note: "a" is "b"` for every value that is another, and the number of rows. */
function differences(held: readonly Row[], back: readonly Row[]): string[] {
  expect(back).toHaveLength(held.length);
  return held.flatMap((row, index) =>
    Object.keys(row).flatMap((name) => {
      const [wanted, got] = [row[name], back[index]?.[name]].map((value) => JSON.stringify(value)?.slice(0, 60));
      return wanted === got ? [] : [`${row.id}.${name}: ${wanted} is ${got}`];
    }),
  );
}

const folder = temporaryFolder('out-and-in');

describeBareEngines('out and in again', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await engine.db.script(readFileSync(FIXTURE, 'utf8'));
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const answerOf = async (asked: Test) => {
    const { status, body } = await bytesOf(asked);
    expect([status, status === 200 ? '' : body.toString()]).toEqual([200, '']);
    return body as Buffer;
  };
  // As text, since JavaScript would round large numbers.
  const textsOf = async (rows: Sql) =>
    (
      await engine.db.query<{ row: Row }>(
        sql`SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(row)) AS row FROM (${rows}) AS rows ORDER BY (row ->> 'id')::int`,
      )
    ).map(({ row }) => row);

  /** Imports a file, and compares every value and geometry with those that were sent. */
  async function expectSame(body: Buffer, ending: string, losses: Losses): Promise<void> {
    const file = join(folder, `sent.${ending}`);
    writeFileSync(file, body);
    await engine.db.script('TRUNCATE odd.back');
    const srid = ending === 'csv' ? { srid: 4326 } : {};
    const report = await importFile(engine.db, { file, layer: 'odd.back', schemas: ['odd'], ...srid });
    expect(report).toMatchObject({ reasons: [], written: 7 });
    const columns = Object.entries(losses).map(([column, held]) => `, ${held} AS ${column}`);
    await engine.db.script(
      `CREATE OR REPLACE VIEW odd.held AS SELECT (to_jsonb(sent) - 'geom') || to_jsonb(held) AS row FROM odd.sent, LATERAL (SELECT sent.id${columns.join('')}) AS held`,
    );
    const back = await textsOf(sql`SELECT to_jsonb(back) - 'geom' AS row FROM odd.back`);
    expect(differences(await textsOf(sql`SELECT row FROM odd.held`), back)).toEqual([]);
    const [moved] = await engine.db.query<{ moved: number }>(
      sql`SELECT count(*)::int AS moved FROM odd.sent AS s JOIN odd.back AS b USING (id)
        WHERE (s.geom IS NULL) <> (b.geom IS NULL) OR ST_NPoints(s.geom) <> ST_NPoints(b.geom) OR ST_HausdorffDistance(s.geom, b.geom) > 0.001`,
    );
    expect(moved).toEqual({ moved: 0 });
  }

  it.each(FORMATS)('%s: every value of every type, and geometry to 1 mm', async (_, url, ending, losses) => {
    await expectSame(await answerOf(request(test.app).get(url)), ending, losses);
  });

  it.each(FORMATS.filter(([name]) => OF_JOBS.includes(name)))('%s: the same as job', async (_, url, ending, losses) => {
    const inputs = { layer: 'odd.sent', format: new URLSearchParams(url.split('?')[1]).get('f') };
    const { status, body } = await request(test.app).post('/processes/export/execution').send({ inputs });
    expect([status, status === 200 ? '' : body.detail]).toEqual([200, '']);
    await expectSame(await answerOf(request(test.app).get(`/jobs/${body.job}/file`)), ending, losses);
  });
});
