import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { importFile } from '../../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../../src/transfer/import/request.ts';
import { describeEngines } from '../../engine.ts';
import { dbf, pointShp, polygonFeature, square } from '../files.ts';
import { temporaryFolder } from '../temporary-files.ts';

const UNIT = { unit_code: '25747', unit_valid_from: '2025-07-01' };

describeEngines('import', (engine) => {
  const folder = temporaryFolder('import');
  beforeAll(async () => {
    await engine.db.query(sql`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
      VALUES ('25747', '2025-07-01', 'commune', 'phường', 'Thủ Dầu Một', 'Phường Thủ Dầu Một') ON CONFLICT DO NOTHING`);
    await engine.db.query(sql`INSERT INTO land.land_use_type (code, name_vi, name_en, era, colour)
      VALUES ('ODT', 'Đất ở tại đô thị', 'Urban residential', 'B', '#FFA0FF') ON CONFLICT DO NOTHING`);
  });

  let files = 0;
  const write = (content: string | Uint8Array, extension = 'geojson') => {
    const file = join(folder, `f${files++}.${extension}`);
    writeFileSync(file, content);
    return file;
  };
  const geojson = (features: object[]) => write(JSON.stringify({ type: 'FeatureCollection', features }));
  const run = (request: ImportRequest) => importFile(engine.db, request);
  const problem = (request: ImportRequest) =>
    run(request).then(
      () => expect.fail('it was imported'),
      (error) => error,
    );
  const count = async (layer: 'land.parcel' | 'base.place') => {
    const [row] = await engine.db.query<{ count: number }>(
      layer === 'land.parcel'
        ? sql`SELECT count(*) AS count FROM land.parcel`
        : sql`SELECT count(*) AS count FROM base.place`,
    );
    return row?.count;
  };
  const parcels = (features: object[], more: Partial<ImportRequest> = {}) =>
    run({
      file: geojson(features),
      layer: 'land.parcel',
      map: { sheet: 'to', number: 'thua' },
      set: { ...UNIT, main_use: 'ODT' },
      ...more,
    });

  it('writes rows in the order of the file, long ones among short ones', async () => {
    const features = Array.from({ length: 600 }, (_, n) =>
      polygonFeature(square(106.6 + n * 1e-4, 10.9, 5e-5), { n, text: n % 7 === 3 ? 'x'.repeat(1500) : 'y' }),
    );
    await run({ file: geojson(features), layer: 'land.in_order' });
    const rows = await engine.db.query<{ n: number }>(sql`SELECT n FROM land.in_order ORDER BY id`);
    expect(rows.map(({ n }) => n)).toEqual(features.map((_, n) => n));
  });

  it('fills an existing table: map, set, same names, text cleaned, geometry in the VN-2000 of the decree', async () => {
    const heard: string[] = [];
    await engine.db.listen('diaba_catalog', (payload) => payload && heard.push(payload));
    const address = 'Đường 30 tháng 4'.normalize('NFD');
    const feature = polygonFeature(square(106.65, 10.98, 0.0004), {
      to: 12,
      thua: '345.0',
      address,
      tenChu: 'Nguyễn Văn A',
      ghi_chu: 'x',
    });
    const report = await parcels([feature]);
    expect(report).toMatchObject({
      layer: 'land.parcel',
      created: false,
      read: 1,
      written: 1,
      refused: 0,
      srid: { source: 4326, target: 9210 },
    });
    expect(report.leftOut.map(({ column }) => column)).toEqual(['tenChu', 'ghi_chu']);
    const [row] =
      await engine.db.query(sql`SELECT sheet, number, address, GeometryType(geom) AS type, ST_SRID(geom) AS srid,
        ST_Distance(ST_Transform(geom, 4326), ${'SRID=4326;POINT(106.65 10.98)'}::geometry) < 1e-8 AS back
      FROM land.parcel WHERE sheet = '12' AND number = 345 ORDER BY id DESC LIMIT 1`);
    expect(row).toEqual({
      sheet: '12',
      number: 345,
      address: 'Đường 30 tháng 4',
      type: 'MULTIPOLYGON',
      srid: 9210,
      back: true,
    });
    await expect.poll(() => heard).toContain('land.parcel');
  });

  it('refuses rows with reasons and writes nothing; skipRefused writes the rest', async () => {
    const before = await count('land.parcel');
    const shape = square(106.65, 10.98, 0.0004);
    const good = polygonFeature(shape, { to: 1, thua: 1 });
    const bowtie = [
      [106.65, 10.98],
      [106.651, 10.981],
      [106.651, 10.98],
      [106.65, 10.981],
      [106.65, 10.98],
    ];
    const bad = [
      polygonFeature(shape, { to: 1, thua: 'mười' }),
      polygonFeature(shape, { to: 1, thua: 12.5 }),
      polygonFeature(shape, { to: null, thua: 4 }),
      polygonFeature(shape, { to: 1, thua: -5 }),
      polygonFeature(shape, { to: 1, thua: 6, main_use: 'XYZ' }),
      polygonFeature(shape, { to: 1, thua: 7, surveyed_on: '31/02/2026' }),
      polygonFeature(bowtie, { to: 1, thua: 8 }),
      { type: 'Feature', properties: { to: 1, thua: 9 }, geometry: null },
      { type: 'Feature', properties: { to: 1, thua: 10 }, geometry: { type: 'Point', coordinates: [106.65, 10.98] } },
      polygonFeature(square(2.35, 48.85, 0.001), { to: 1, thua: 11 }),
    ].map((feature) => ({ ...feature, properties: { main_use: 'ODT', ...feature.properties } }));
    const features = [
      { ...good, properties: { ...good.properties, main_use: 'ODT', surveyed_on: '31/01/2026' } },
      ...bad,
    ];
    const report = await parcels(features, { set: UNIT });
    expect(report).toMatchObject({ read: 11, written: 0, refused: 10 });
    expect(await count('land.parcel')).toBe(before);
    const reasonOf = (number: number) => report.reasons.find(({ examples }) => examples.includes(number))?.reason.en;
    expect(Array.from({ length: 10 }, (_, index) => reasonOf(index + 2))).toEqual([
      'Column number: not a whole number.',
      'Column number: not a whole number.',
      'Column sheet: empty, but required.',
      'Column number: the value must satisfy (number > 0).',
      'Column main_use: a code that land.land_use_type does not have (XYZ)',
      'Column surveyed_on: not a date (2026-01-31 or 31/01/2026).',
      'The boundary crosses itself; use --repair to mend it.',
      'It has no geometry.',
      "Its geometry is not the table's MULTIPOLYGON, or cannot be transformed into the table's system.",
      'It lies outside Vietnam: the file may be in another system, check --srid.',
    ]);
    expect(await parcels(features, { set: UNIT, skipRefused: true })).toMatchObject({ written: 1, refused: 10 });
    expect(await parcels(features, { set: UNIT, skipRefused: true, repair: true })).toMatchObject({
      written: 2,
      repaired: 1,
      refused: 9,
    });
    expect(await count('land.parcel')).toBe(Number(before) + 3);
  });

  it('refuses an open ring with its reason, and closes it with --repair', async () => {
    // Points of a parcel without the closing one.
    const ring = square(106.652, 10.982, 0.0004);
    const open = polygonFeature(ring.slice(0, -1), { to: 9077, thua: 1 });
    expect(await parcels([open])).toMatchObject({
      read: 1,
      written: 0,
      reasons: [{ reason: { en: 'A ring is not closed; use --repair to mend it.' }, count: 1 }],
    });
    expect(await parcels([open], { repair: true })).toMatchObject({ written: 1, repaired: 1 });
    const [row] = await engine.db.query(
      sql`SELECT ST_IsValid(geom) AS valid, ST_NPoints(geom) AS points FROM land.parcel WHERE sheet = '9077'`,
    );
    expect(row).toEqual({ valid: true, points: ring.length });
  });

  it('refuses a value twice in a unique column, and one the table has', async () => {
    await engine.db.script(`CREATE TABLE base.marker (code text UNIQUE, note varchar(5), geom geometry(Point, 4326));
      INSERT INTO base.marker VALUES ('A')`);
    const point = (code: string, note = '') => ({ type: 'Feature', properties: { code, note }, geometry: null });
    const report = await run({
      file: geojson([point('A'), point('B'), point('B'), point('C', 'too long'), point('D', 'đủ')]),
      layer: 'base.marker',
    });
    expect(report.reasons.map(({ reason, examples }) => [reason.en, examples])).toEqual([
      ['Column code: the value occurs twice in the file.', [2, 3]],
      ['Column note: longer than 5 characters.', [4]],
      ['Column code: the table has the value already.', [1]],
    ]);
    // The column takes NULL, so features without geometry are taken.
    expect(await run({ file: geojson([point('D', 'đủ')]), layer: 'base.marker' })).toMatchObject({ written: 1 });
  });

  it('makes a new table of a file', async () => {
    const features = [
      polygonFeature(square(106.65, 10.98, 0.001), {
        id: 7,
        'Số tờ (cũ)': 'a',
        'số tờ cũ': 'b',
        dienTich: 1.5,
        ngay: '2026-01-31',
        CCCD: '079',
      }),
      {
        type: 'Feature',
        properties: {},
        geometry: { type: 'MultiPolygon', coordinates: [[square(106.66, 10.98, 0.001)]] },
      },
    ];
    const report = await run({ file: geojson(features), layer: 'land.khu_moi', set: { nguon: 'đo mới' } });
    expect(report).toMatchObject({ created: true, written: 2, leftOut: [{ column: 'CCCD' }] });
    const columns =
      await engine.db.query(sql`SELECT a.attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute a
      WHERE attrelid = 'land.khu_moi'::regclass AND attnum > 0 ORDER BY attnum`);
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id bigint',
      'source_id integer',
      'so_to_cu text',
      'so_to_cu_2 text',
      'dien_tich double precision',
      'ngay date',
      'nguon text',
      'geom geometry(MultiPolygon,4326)',
    ]);
    const [row] =
      await engine.db.query(sql`SELECT id, source_id, so_to_cu_2, nguon, ngay, obj_description('land.khu_moi'::regclass) AS comment,
      (SELECT count(*) FROM pg_indexes WHERE schemaname = 'land' AND tablename = 'khu_moi' AND indexdef LIKE '%gist%') AS indexes
      FROM land.khu_moi ORDER BY id LIMIT 1`);
    expect(row).toMatchObject({
      id: 1,
      source_id: 7,
      so_to_cu_2: 'b',
      nguon: 'đo mới',
      ngay: '2026-01-31',
      indexes: 1,
    });
    expect(row?.comment).toMatch(/^khu moi; f\d+\.geojson, \d{4}-\d\d-\d\d$/);
  });

  it('keeps old Vietnamese text out until its encoding is given', async () => {
    const shapefile = (bytes: Buffer) => {
      const file = write(pointShp(1, 106.65, 10.98), 'shp');
      writeFileSync(file.replace('.shp', '.dbf'), dbf('TEN', bytes));
      return file;
    };
    const read = async (file: string, encoding: string, layer: string) => {
      await run({ file, layer, srid: 4326, encoding });
      const [row] = await engine.db.query<{ ten: string }>(sql`SELECT ten FROM base.chu ORDER BY id DESC LIMIT 1`);
      return row?.ten;
    };
    const tcvn3 = shapefile(Buffer.from('Tr\xadêng §¹i häc Thñ DÇu Mét', 'latin1'));
    expect((await problem({ file: tcvn3, layer: 'base.chu', srid: 4326 })).detail.en).toContain('--encoding tcvn3');
    expect(await read(tcvn3, 'tcvn3', 'base.chu')).toBe('Trường Đại học Thủ Dầu Một');
  });

  it('tells what the table does not take, and leaves nothing behind', async () => {
    const file = geojson([polygonFeature(square(106.65, 10.98, 0.001), { to: 1 })]);
    expect((await problem({ file, layer: 'land.right_holder' })).detail.en).toContain('no geometry column');
    const request = { file, layer: 'land.parcel', map: { sheet: 'to' }, set: { ...UNIT, main_use: 'ODT' } };
    expect((await problem(request)).detail.en).toContain('requires column "number"');
    expect(await problem({ file, layer: 'base.a', srid: 999_999 })).toMatchObject({ type: 'unknown-crs' });
    const left = sql`SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE 'import\\_%') AS functions, to_regclass('base.a') AS made`;
    expect(await engine.db.query(left)).toEqual([{ functions: 0, made: null }]);
  });

  it('reports its progress', async () => {
    const features = Array.from({ length: 2500 }, (_, index) =>
      polygonFeature(square(106.65, 10.98, 0.001), { stt: index }),
    );
    const steps: [number, number][] = [];
    await run({ file: geojson(features), layer: 'base.nhieu', onProgress: (done, total) => steps.push([done, total]) });
    expect(steps).toEqual([
      [1000, 2500],
      [2000, 2500],
      [2500, 2500],
    ]);
  });
});
