import type { FeatureCollection, Point, Polygon } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { CRS84, epsgUri, SUPPORTED_CRS } from '../../src/geo/crs.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

describeBareEngines('coordinate reference systems of features', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.mark (id integer PRIMARY KEY, geom geometry(Point, 9210));
      INSERT INTO odd.mark SELECT i, ST_SetSRID(ST_Point(600000.1234567 + i * 1000, 1230000.7654321), 9210)
        FROM generate_series(0, 9) AS i;
      CREATE TABLE odd.lot (id integer PRIMARY KEY, geom geometry(Polygon, 9210));
      INSERT INTO odd.lot VALUES (1, ST_ForcePolygonCW(ST_MakeEnvelope(600000, 1230000, 600100, 1230100, 9210)));
      CREATE TABLE odd.world (id integer PRIMARY KEY, geom geometry(Point, 4326));
      INSERT INTO odd.world VALUES (1, 'SRID=4326;POINT(106.6 11.1)'), (2, 'SRID=4326;POINT(-60 -89)'), (3, 'SRID=4326;POINT EMPTY'), (4, NULL);`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());
  const get = (path: string) => request(test.app).get(`/collections/${path}`);
  const read = async (path: string): Promise<FeatureCollection<Point | null>> => (await get(path).expect(200)).body;
  const idsOf = async (path: string) => (await read(path)).features.map(({ id }) => id);

  it('gives stored coordinates as they are stored, and says which system they are in', async () => {
    const { body, headers } = await get(`odd.mark/items/0?crs=${epsgUri(9210)}`).expect(200);
    expect(body.geometry.coordinates).toEqual([600000.1234567, 1230000.7654321]);
    expect(body.geometry.crs).toBeUndefined();
    expect(headers['content-crs']).toBe(`<${epsgUri(9210)}>`);
    expect((await get('odd.mark/items?limit=1')).headers['content-crs']).toBe(`<${CRS84.uri}>`);
  });

  it('gives every system as PostGIS transforms to it, axes as its URI says', async () => {
    for (const crs of SUPPORTED_CRS) {
      const [row] = await engine.db.query<{ x: number; y: number }>(
        sql`SELECT ST_X(g) AS x, ST_Y(g) AS y FROM (SELECT ST_Transform(geom, ${crs.srid}::int) AS g FROM odd.mark WHERE id = 3) AS t`,
      );
      const expected = crs.axes === 'north-east' ? [row!.y, row!.x] : [row!.x, row!.y];
      const [feature] = (await read(`odd.mark/items?id=3&crs=${crs.uri}`)).features;
      const given = feature?.geometry?.coordinates as [number, number];
      const tolerance = crs.unit === 'degree' ? 1e-8 : 1e-4;
      expect(Math.abs(given[0] - expected[0]!), crs.uri).toBeLessThan(tolerance);
      expect(Math.abs(given[1] - expected[1]!), crs.uri).toBeLessThan(tolerance);
    }
  });

  it('keeps exterior rings counterclockwise seen from above in every axis order', async () => {
    const area = ([ring]: Polygon['coordinates'], [x, y]: readonly [number, number]) =>
      ring!
        .slice(1)
        .reduce((sum, point, index) => sum + (ring![index]![x]! * point[y]! - point[x]! * ring![index]![y]!), 0);
    for (const { uri, axes } of SUPPORTED_CRS) {
      const { body } = await get(`odd.lot/items/1?crs=${uri}`).expect(200);
      expect(area(body.geometry.coordinates, axes === 'north-east' ? [1, 0] : [0, 1]), uri).toBeGreaterThan(0);
    }
  });

  it('leaves the geometry of what a system cannot say null', async () => {
    const { features } = await read(`odd.world/items?crs=${epsgUri(9210)}`);
    expect(features.map(({ geometry }) => geometry !== null)).toEqual([true, false, false, false]);
    const mercator = await read(`odd.world/items?crs=${epsgUri(3857)}`);
    expect(mercator.features.map(({ geometry }) => geometry !== null)).toEqual([true, false, false, false]);
  });

  it('reads bbox in the system of bbox-crs', async () => {
    const stored = `odd.mark/items?bbox=602000,1229000,605500,1231000&bbox-crs=${epsgUri(9210)}`;
    expect(await idsOf(stored)).toEqual([2, 3, 4, 5]);
    const [box] = await engine.db.query<Record<'w' | 's' | 'e' | 'n', number>>(
      sql`SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n FROM (
        SELECT ST_Transform(ST_MakeEnvelope(602000, 1229000, 605500, 1231000, 9210), 4326) AS b) AS t`,
    );
    const { w, s, e, n } = box!;
    expect(await idsOf(`odd.mark/items?bbox=${s},${w},${n},${e}&bbox-crs=${epsgUri(4326)}`)).toEqual([2, 3, 4, 5]);
    expect(await idsOf(`odd.mark/items?bbox=${w},${s},${e},${n}`)).toEqual([2, 3, 4, 5]);
    for (const { uri, srid, axes } of SUPPORTED_CRS.slice(2)) {
      const [b] = await engine.db.query<Record<'w' | 's' | 'e' | 'n', number>>(
        sql`SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n FROM (
          SELECT ST_Transform(ST_MakeEnvelope(602000, 1229000, 605500, 1231000, 9210), ${srid}::int) AS b) AS t`,
      );
      const numbers = axes === 'north-east' ? [b!.s, b!.w, b!.n, b!.e] : [b!.w, b!.s, b!.e, b!.n];
      expect(await idsOf(`odd.mark/items?bbox=${numbers}&bbox-crs=${uri}`), uri).toEqual([2, 3, 4, 5]);
    }
  });

  it('answers boxes that lie far outside of a system', async () => {
    for (const { uri, unit } of SUPPORTED_CRS) {
      const boxes =
        unit === 'degree' ? ['-90,-90,90,90', '-1,-1,0,0'] : ['-1e30,-1e30,1e30,1e30', '9e9,9e9,9e10,9e10', '0,0,1,1'];
      for (const box of boxes) {
        for (const layer of ['odd.mark', 'odd.world']) {
          await get(`${layer}/items?bbox=${box}&bbox-crs=${uri}`).expect(200);
        }
      }
      if (unit === 'metre')
        expect((await idsOf(`odd.mark/items?bbox=${boxes[0]}&bbox-crs=${uri}`)).length, uri).toBe(10);
    }
  });

  it.each(['crs=EPSG:27700', 'crs=', 'bbox=1,2,3,4&bbox-crs=EPSG:1', `bbox=5,0,1,1&bbox-crs=${epsgUri(3857)}`])(
    'refuses %s',
    async (query) => {
      const { body } = await get(`odd.mark/items?${query}`).expect(400);
      expect(body.details.vi).not.toBe(body.details.en);
    },
  );

  it('lists the systems once, and for a layer by itself', async () => {
    const { body } = await request(test.app).get('/collections').expect(200);
    expect(body.crs).toEqual(SUPPORTED_CRS.map(({ uri }) => uri));
    for (const collection of body.collections) expect(collection.crs).toEqual(['#/crs']);
    const one = (await get('odd.mark')).body;
    expect(one.crs[0]).toBe(CRS84.uri);
    expect(one.crs).toContain(one.storageCrs);
    expect((await get('odd.world')).body.storageCrs).toBe(CRS84.uri);
  });
});
