/** Boxes that are a point or a line, in every face; what they take of features that are nowhere. */
import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

/** Easting and northing of the feature 1, which a line and an area of the fixture hold as well. */
const [X, Y] = [600000, 1230000];

describeBareEngines('boxes', (engine) => {
  let test: TestApp;
  /** The same place in degrees, as the database has it. */
  let lon: number;
  let lat: number;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await engine.db.script(readFileSync(new URL('../fixtures/nowhere.sql', import.meta.url), 'utf8'));
    await engine.db.script(`CREATE TABLE odd.degrees AS SELECT id, ST_Transform(geom, 4326)::geometry(Geometry, 4326) AS geom FROM odd.nowhere WHERE id < 5;
      ALTER TABLE odd.degrees ADD PRIMARY KEY (id)`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    [{ lon, lat }] = (await engine.db.query(
      sql`SELECT ST_X(g) AS lon, ST_Y(g) AS lat FROM (SELECT ST_Transform(geom, 4326) AS g FROM odd.nowhere WHERE id = 1) AS one`,
    )) as [{ lon: number; lat: number }];
  });
  afterAll(() => test?.close());

  const idsOf = async (query: Record<string, string>, layer = 'odd.nowhere'): Promise<unknown[]> => {
    const { body } = await request(test.app).get(`/collections/${layer}/items`).query(query).expect(200);
    expect(body.numberMatched).toBe(body.numberReturned);
    return body.features.map(({ id }: { id: unknown }) => id);
  };

  it('that are a point or a line find what they touch, and features that are nowhere', async () => {
    const own = { 'bbox-crs': 'EPSG:9210' };
    expect(await idsOf({ bbox: `${X},${Y},${X},${Y}`, ...own })).toEqual([1, 2, 3, 4]);
    expect(await idsOf({ bbox: `${X - 90},${Y},${X - 80},${Y}`, ...own })).toEqual([2, 4]);
    expect(await idsOf({ bbox: `${X},${Y - 1},${X},${Y + 1}`, ...own })).toEqual([1, 2, 3, 4]);
    expect(await idsOf({ bbox: `${X + 9000},${Y},${X + 9000},${Y}`, ...own })).toEqual([4]);
    expect(await idsOf({ bbox: `${X},${Y},-5,${X},${Y},5`, ...own })).toEqual([1, 2, 3, 4]);
    expect(await idsOf({ bbox: `${X - 1},${Y - 1},${X + 1},${Y + 1}`, ...own })).toEqual([1, 2, 3, 4]);
  });

  it('of other systems find an area that they lie in, however thin they are', async () => {
    const [thin, metre] = [1e-14, 1e-5];
    for (const [east, north] of [
      [lon, lat],
      [lon + metre, lat],
      [lon, lat + metre],
      [lon + thin, lat + thin],
      [lon + thin, lat + metre],
    ] as const) {
      expect(await idsOf({ bbox: [lon, lat, east, north].join() })).toEqual(expect.arrayContaining([3, 4]));
      const there = { bbox: [lat, lon, north, east].join(), 'bbox-crs': 'EPSG:4326' };
      expect(await idsOf(there)).toEqual(expect.arrayContaining([3, 4]));
    }
    for (const breadth of [0, 1e-5, 1e-6, 1e-9, 2.4e-10])
      expect(await idsOf({ bbox: `${X},${Y},${X + breadth},${Y}`, 'bbox-crs': 'EPSG:9210' }, 'odd.degrees')).toEqual(
        expect.arrayContaining([3, 4]),
      );
    expect(await idsOf({ bbox: `${lon},${lat},${lon},${lat}` }, 'odd.degrees')).toEqual([1, 3, 4]);
  });

  it('in CQL2 and in WFS find the same, and only what is somewhere', async () => {
    const bbox = [X, Y, X, Y];
    const crs = { 'filter-crs': 'EPSG:9210' };
    expect(await idsOf({ filter: `S_INTERSECTS(geom, BBOX(${bbox}))`, ...crs })).toEqual([1, 2, 3]);
    expect(await idsOf({ filter: `S_INTERSECTS(geom, BBOX(${X - 90},${Y},${X - 80},${Y}))`, ...crs })).toEqual([2]);
    expect(await idsOf({ filter: `S_CONTAINS(geom, BBOX(${bbox}))`, ...crs })).toEqual([1, 2, 3]);
    const json = JSON.stringify({ op: 's_intersects', args: [{ property: 'geom' }, { bbox: [lon, lat, lon, lat] }] });
    expect(await idsOf({ filter: json, 'filter-lang': 'cql2-json' })).toEqual(expect.arrayContaining([3]));
    expect(await idsOf({ filter: `S_INTERSECTS(geom, BBOX(170,${lat},-170,${lat}))` })).toEqual([]);
    const wfs = {
      service: 'WFS',
      version: '2.0.0',
      request: 'GetFeature',
      typeNames: 'diaba:odd.nowhere',
      outputFormat: 'application/json',
    };
    const found = async (query: Record<string, string>) => {
      const { body, text } = await request(test.app)
        .get('/wfs')
        .query({ ...wfs, ...query });
      expect(body.features, text).toBeDefined();
      return body.features.map(({ id }: { id: string }) => Number(id.split('.').pop()));
    };
    expect(await found({ bbox: `${bbox},urn:ogc:def:crs:EPSG::9210` })).toEqual([1, 2, 3]);
    expect(await found({ bbox: `${X},${Y - 1},${X},${Y + 1},EPSG:9210` })).toEqual([1, 2, 3]);
    const corner = (name: string, x: number) => `<gml:${name}>${x} ${Y}</gml:${name}>`;
    const filter = (x: number) =>
      `<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><fes:BBOX><fes:ValueReference>geom</fes:ValueReference><gml:Envelope srsName="http://www.opengis.net/gml/srs/epsg.xml#9210">${corner('lowerCorner', x)}${corner('upperCorner', x)}</gml:Envelope></fes:BBOX></fes:Filter>`;
    expect(await found({ filter: filter(X) })).toEqual([1, 2, 3]);
    expect(await found({ filter: filter(X - 90) })).toEqual([2]);
  });

  it('in a filter of tiles find the same', async () => {
    const [z, n] = [14, 2 ** 14];
    const x = Math.floor(((lon + 180) / 360) * n);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
    const filter = `S_INTERSECTS(geom,BBOX(${lon},${lat},${lon},${lat}))`;
    for (const path of [
      `/xyz/odd.nowhere/${z}/${x}/${y}.mvt`,
      `/xyz/odd.nowhere/${z}/${x}/${y}.mvt?${new URLSearchParams({ filter })}`,
      `/collections/odd.nowhere/tiles/WebMercatorQuad/${z}/${y}/${x}`,
    ])
      expect([path, (await request(test.app).get(path)).status]).toEqual([path, 200]);
  });

  it('of a place on a map find nothing that is nowhere', async () => {
    const window = [lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01].join();
    const where = `LAYERS=odd.nowhere&QUERY_LAYERS=odd.nowhere&CRS=CRS:84&BBOX=${window}&WIDTH=101&HEIGHT=101&I=50&J=50`;
    const path = `/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&${where}&INFO_FORMAT=application/json&FEATURE_COUNT=50`;
    const { body } = await request(test.app).get(path).expect(200);
    expect(body.features.map(({ id }: { id: string }) => id)).not.toContain('odd.nowhere.4');
    expect(body.features.length).toBeGreaterThan(0);
  });

  it('and times take features that are never', async () => {
    expect(await idsOf({ datetime: '2025-01-15/2025-02-15' })).toEqual([2, 4]);
    expect(await idsOf({ datetime: '../2025-01-31', bbox: `${X},${Y},${X},${Y}`, 'bbox-crs': 'EPSG:9210' })).toEqual([
      1, 4,
    ]);
  });

  it('are described as the official tests look for them', async () => {
    const { body } = await request(test.app).get('/api?f=json');
    const { parameters } = body.paths['/collections/{collection}/items'].get;
    const { schema } = parameters.find(({ name }: { name: string }) => name === 'bbox');
    expect(schema).toEqual({ type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } });
  });
});
