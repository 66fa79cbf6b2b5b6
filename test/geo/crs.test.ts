import { describe, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { guessSrid, understandPoint } from '../../src/geo/axis-order.ts';
import { measuringSrid, parseCrs, SUPPORTED_CRS } from '../../src/geo/crs.ts';
import { describeEngines } from '../engine.ts';

/**
 * [easting, northing in EPSG:9210; latitude, longitude WGS 84; east, north EPSG:3857] by the official parameters (QĐ
 * 05/2007).
 */
const VECTORS = [
  ['Thủ Dầu Một', 598000, 1214000, 10.9764653849, 106.648492002, 11872055.8235, 1229438.0118],
  ['Dĩ An', 611500, 1206500, 10.9082766863, 106.7717721492, 11885779.3067, 1221706.7144],
  ['Bến Cát', 592000, 1233500, 11.1529078498, 106.5941006825, 11866001.0095, 1249451.5342],
  ['Dầu Tiếng', 567500, 1246500, 11.2709836498, 106.3700511941, 11841059.9346, 1262851.4162],
  ['Phú Giáo', 614500, 1250000, 11.301411439, 106.8006180172, 11888990.4141, 1266305.4163],
  ['TP.HCM', 605000, 1191500, 10.7728675511, 106.7118839596, 11879112.584, 1206359.1468],
] as const;

describeEngines('VN-2000', (engine) => {
  it.each(VECTORS)('is the official one to 1 mm at %s', async (_name, east, north, lat, lon, x, y) => {
    const [row] = await engine.db.query<{ metres: number; mercator: number; back: number }>(sql`
      WITH source AS (SELECT ST_SetSRID(ST_MakePoint(${east}::float8, ${north}::float8), 9210) AS p)
      SELECT ST_Distance(ST_Transform(p, 4326)::geography, ST_SetSRID(ST_MakePoint(${lon}::float8, ${lat}::float8), 4326)::geography) AS metres,
        ST_Distance(ST_Transform(p, 3857), ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 3857)) AS mercator,
        ST_Distance(p, ST_Transform(ST_Transform(p, 3857), 9210)) AS back
      FROM source`);
    expect(row?.metres).toBeLessThan(0.001);
    expect(row?.mercator).toBeLessThan(0.001);
    expect(row?.back).toBeLessThan(0.001);
  });

  it.each(SUPPORTED_CRS.map(({ srid, name }) => [srid, name]))('knows EPSG:%i, %s', async (srid) => {
    const [row] = await engine.db.query<{ metres: number }>(sql`
      WITH source AS (SELECT ST_SetSRID(ST_MakePoint(107.2, 12.5), 4326) AS p)
      SELECT ST_Distance(p::geography, ST_Transform(ST_Transform(p, ${srid}::int), 4326)::geography) AS metres FROM source`);
    expect(row?.metres).toBeLessThan(0.001);
  });
});

describe('parseCrs', () => {
  it.each([
    ['EPSG:9210', 9210],
    ['epsg:9210', 9210],
    ['9210', 9210],
    ['http://www.opengis.net/def/crs/EPSG/0/9210', 9210],
    ['urn:ogc:def:crs:EPSG::9210', 9210],
    ['CRS84', 4326],
    ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 4326],
    ['EPSG:4326', 4326],
  ])('reads %s', (text, srid) => {
    expect(parseCrs(text)?.srid).toBe(srid);
  });

  it.each(['', 'EPSG:1', 'EPSG:27700', 'VN2000', '9210; DROP TABLE land.parcel', '92100000'])(
    'refuses "%s"',
    (text) => {
      expect(parseCrs(text)).toBeUndefined();
    },
  );

  it('tells the axes of CRS84 and EPSG:4326 apart', () => {
    expect(parseCrs('CRS84')?.axes).toBe('east-north');
    expect(parseCrs('EPSG:4326')?.axes).toBe('north-east');
  });
});

describe('understandPoint', () => {
  const crs = (text: string) => parseCrs(text) as NonNullable<ReturnType<typeof parseCrs>>;
  it.each([
    ['EPSG:9210', 598000, 1214000, 'east-north'],
    ['EPSG:9210', 1214000, 598000, 'north-east'],
    ['EPSG:9210', 900000, 500000, 'north-east'],
    ['CRS84', 106.65, 10.98, 'east-north'],
    ['CRS84', 10.98, 106.65, 'north-east'],
    ['EPSG:3857', 1229438, 11872055, 'north-east'],
  ])('%s (%d, %d) is %s', (name, x, y, order) => {
    expect(understandPoint(x, y, crs(name))?.order).toBe(order);
  });

  it('gives up on what is not in Vietnam', () => {
    expect(understandPoint(2.35, 48.85, crs('CRS84'))).toBeUndefined();
    expect(understandPoint(598000, 9_000_000, crs('EPSG:9210'))).toBeUndefined();
  });

  it('guesses the system by size', () => {
    expect([
      guessSrid(106.6, 10.9, 9210),
      guessSrid(1214000, 598000, 9210),
      guessSrid(11872055, 1229438, 9210),
    ]).toEqual([4326, 9210, 3857]);
  });
});

it('measures in the nearest zone, at home while that is good', () => {
  expect([106.65, 107.2, 108.4, 103.1].map((lon) => measuringSrid(lon, 9210))).toEqual([9210, 9210, 9218, 9205]);
});
