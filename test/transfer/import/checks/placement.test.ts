/** Files of another zone, of another place, or that were imported before. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../../../src/database/sql.ts';
import { vn2000ToWgs84, wgs84ToVn2000 } from '../../../../src/geo/vn2000.ts';
import { Problem } from '../../../../src/lib/errors.ts';
import { importFile } from '../../../../src/transfer/import/import.ts';
import type { ImportRequest } from '../../../../src/transfer/import/request.ts';
import { zones } from '../../../../src/transfer/source/row/source-crs.ts';
import { describeEngines } from '../../../engine.ts';
import { polygonFeature, square } from '../../files.ts';
import { temporaryFolder } from '../../temporary-files.ts';

/** A parcel in metres of EPSG:9210, within the unit 99001. */
const [EAST, NORTH] = [601_500, 1_215_500];

describeEngines('the place of a file', (engine) => {
  const folder = temporaryFolder('place');
  beforeAll(async () => {
    await engine.db.script(`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name, geom)
      VALUES ('99001', '2025-07-01', 'commune', 'xã', 'Thử', 'Xã Thử',
        ST_Multi(ST_MakeEnvelope(600000, 1214000, 603000, 1217000, 9210))),
        ('99002', '2025-07-01', 'commune', 'xã', 'Trống', 'Xã Trống', NULL)`);
    // As `land.parcel`, without its derived rows, which would take seconds to restore.
    await engine.db.script(`CREATE TABLE base.lot (sheet text, number int, unit_code text, unit_valid_from date,
      geom geometry(MultiPolygon, 9210), FOREIGN KEY (unit_code, unit_valid_from) REFERENCES base.unit (code, valid_from))`);
  });

  let files = 0;
  const geojson = (features: object[], srid = 9210) => {
    const file = join(folder, `f${files++}.geojson`);
    const crs = { type: 'name', properties: { name: `EPSG:${srid}` } };
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', crs, features }));
    return file;
  };
  const parcel = (number: number, x: number, y: number) =>
    polygonFeature(square(x, y, srid4326(x) ? 0.0001 : 10), { sheet: '1', number });
  const srid4326 = (x: number) => x < 200;
  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: 'base.lot', set: { unit_code: '99001' }, ...more });
  const problem = (file: string, more: Partial<ImportRequest> = {}) =>
    run(file, more).then(
      () => expect.fail('it was imported'),
      (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
    );
  const count = async () => {
    const [row] = await engine.db.query<{ count: number }>(sql`SELECT count(*) AS count FROM base.lot`);
    return row?.count;
  };

  it('is within its unit, or the zone in which it would be is named, of all 18', async () => {
    const place = vn2000ToWgs84([EAST, NORTH], 105.75);
    expect(zones()).toHaveLength(18);
    for (const [zone, meridian] of zones().filter(([srid]) => srid !== 9210)) {
      const [x, y] = wgs84ToVn2000(place, meridian);
      expect(await problem(geojson([parcel(1, x, y)]))).toMatchObject({
        type: 'unknown-crs',
        extra: { parameter: 'srid', candidates: [zone] },
      });
    }
    expect(await count()).toBe(0);
  });

  it('is told in words: how far, and what to do', async () => {
    const [x, y] = wgs84ToVn2000(vn2000ToWgs84([EAST, NORTH], 105.75), 107.75);
    const wrong = geojson([parcel(1, x, y), parcel(2, x + 20, y)]);
    expect((await problem(wrong)).detail).toEqual({
      vi: expect.stringMatching(
        /^2 trên 2 đối tượng được xem nằm ngoài Xã Thử \(99001\), đối tượng gần nhất cách 2\d\d km\. Tọa độ khớp với đơn vị này ở múi 5899 \(107°45'\): hãy dùng --srid 5899\.$/,
      ),
      en: expect.stringContaining('fit this unit in zone 5899'),
    });
    expect(await run(wrong, { srid: 5899 })).toMatchObject({ written: 2, notes: [] });
    expect(await count()).toBe(2);
  });

  it('in no zone, or in degrees: the code of the unit is asked for', async () => {
    const far = await problem(geojson([parcel(1, 650_000, 1_300_000)]));
    expect(far).toMatchObject({ type: 'conflict', extra: { candidates: [] } });
    expect(far.detail.en).toContain('No VN-2000 zone fits. Check the code of the unit');
    // The first rows are inside, and most are not: the zone is right.
    const rows = Array.from({ length: 250 }, (_, index) => parcel(index + 1, EAST + (index < 100 ? 0 : 50_000), NORTH));
    expect(await problem(geojson(rows))).toMatchObject({ type: 'conflict', extra: { candidates: [] } });
    const degrees = await problem(geojson([parcel(1, 107.5, 16.4)], 4326));
    expect(degrees.detail.en).toContain('Check the code of the unit');
    expect(degrees.detail.en).not.toContain('zone');
  });

  it('may be outside for a minority, and for all if that is asked for', async () => {
    const [one, other, outside] = [
      parcel(31, EAST, NORTH + 50),
      parcel(32, EAST + 50, NORTH + 50),
      parcel(33, EAST + 9000, NORTH),
    ];
    expect(await run(geojson([one, other, outside]))).toMatchObject({ written: 3 });
    expect((await problem(geojson([parcel(34, EAST + 9000, NORTH), one, outside]))).detail.en).toContain(
      '2 of 3 features',
    );
    expect(await run(geojson([parcel(35, EAST + 9000, NORTH)]), { anywhere: true })).toMatchObject({ written: 1 });
  });

  it('is not checked for a unit without a boundary, which is said', async () => {
    const more = { set: { unit_code: '99002' } };
    const report = await run(geojson([parcel(41, 700_000, 1_300_000)]), more);
    expect(report.notes.map(({ en }) => en)).toEqual([
      'The place was not checked: Xã Trống has no boundary in base.unit.',
    ]);
  });

  it('a file that the layer has already is refused unless that is asked for', async () => {
    const features = Array.from({ length: 25 }, (_, index) => parcel(100 + index, EAST + 12 * index, NORTH + 100));
    const before = await count();
    expect(await run(geojson(features))).toMatchObject({ written: 25 });
    expect((await problem(geojson(features))).detail.en).toContain('has all 25 features already');
    // The same features in another order and without the last ones.
    expect((await problem(geojson(features.slice(0, 5).reverse()))).type).toBe('conflict');
    expect(await count()).toBe(Number(before) + 25);
    // One that is new, behind those that are looked up first, or one value.
    expect(await run(geojson([...features.slice(0, 24), parcel(199, EAST, NORTH + 200)]))).toMatchObject({
      written: 25,
    });
    const renumbered = { ...features[0], properties: { sheet: '2', number: 100 } };
    expect(await run(geojson([renumbered]))).toMatchObject({ written: 1 });
    expect(await run(geojson(features), { again: true })).toMatchObject({ written: 25 });
  });
});
