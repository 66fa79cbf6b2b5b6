import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { decodeTile } from '../tiles/decode.ts';
import { createOddTables } from './odd-tables.ts';

/** A tile of the whole world, which holds every point of the fixtures. */
const WORLD = '0/0/0.mvt';

describeEngines('functions as layers', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await createOddTables(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'base,land,environment,odd' });
  });
  afterAll(() => test?.close());

  const get = (path: string) => request(test.app).get(path);
  const items = async (id: string, query = '') => (await get(`/collections/${id}/items${query}`).expect(200)).body;
  const tile = async (path: string) => {
    const { body } = await get(`/xyz/${path}`).responseType('blob').expect(200);
    return decodeTile(body);
  };

  it('publishes what was granted in so many words and can be called, and says why not the rest', () => {
    const { functions, tileFunctions, skipped } = test.services.catalog.current();
    expect([...functions.keys()].filter((id) => id.startsWith('odd.'))).toEqual(
      ['ids_given', 'keyless', 'not_finite_rows', 'out_row', 'placed', 'points_of', 'shapes', 'strict'].map(
        (name) => `odd.${name}`,
      ),
    );
    expect([...tileFunctions.keys()]).toEqual(['odd.tile_of']);
    const reasons = Object.fromEntries(skipped.map(({ id, reason }) => [id, reason.en]));
    expect(reasons).toMatchObject({
      'odd.writing': expect.stringContaining('VOLATILE'),
      'odd.twice': expect.stringContaining('several'),
      'odd.unnamed': expect.stringContaining('no name'),
      'odd.shaped': expect.stringContaining('area'),
      'odd.called': expect.stringContaining('table'),
    });
    for (const id of ['not_granted', 'revoked', 'for_others', 'plain_number'])
      expect(reasons).not.toHaveProperty(`odd.${id}`);
  });

  it('answers 404 for every function that is not published', async () => {
    for (const name of [
      'not_granted',
      'revoked',
      'for_others',
      'writing',
      'twice',
      'unnamed',
      'shaped',
      'plain_number',
    ]) {
      await get(`/collections/odd.${name}/items`).expect(404);
      await get(`/collections/odd.${name}`).expect(404);
      await get(`/xyz/odd.${name}/${WORLD}`).expect(404);
    }
    // The table, and not the function of the same name.
    expect((await items('odd.called')).numberMatched).toBe(7);
  });

  it('passes what the query gives to the function, and leaves the rest to its defaults', async () => {
    const { features, numberMatched } = await items('odd.points_of', '?n=3');
    expect(numberMatched).toBe(3);
    expect(features.map(({ id, properties }: { id: number; properties: object }) => [id, properties])).toEqual(
      [1, 2, 3].map((id) => [id, { id, note_given: null }]),
    );
    const note = `'; DROP TABLE odd.called; -- "đất"`;
    const given = await items('odd.points_of', `?${new URLSearchParams({ n: '1', east: '600100.5', note })}`);
    expect(given.features[0].properties.note_given).toBe(note);
    const stored = await items('odd.points_of', '?n=1&east=600100.5&crs=EPSG:9210');
    const [east, north] = stored.features[0].geometry.coordinates;
    expect([Math.abs(east - 600101.5), Math.abs(north - 1230000)].every((metres) => metres < 0.001)).toBe(true);
    const one = await get('/collections/odd.points_of/items/2?n=3').expect(200);
    expect(one.body.id).toBe(2);
    await get('/collections/odd.points_of/items/2?n=1').expect(404);
  });

  it('filters, sorts and pages what a function gives', async () => {
    expect((await items('odd.points_of', '?n=9&filter=id%20>%207')).numberMatched).toBe(2);
    expect((await items('odd.points_of', '?n=9&id=4')).features).toHaveLength(1);
    const first = await items('odd.points_of', '?n=5&limit=2&sortby=-id');
    const next = first.links.find(({ rel }: { rel: string }) => rel === 'next').href as string;
    const second = (await get(next.replace(/^https?:\/\/[^/]+/, '')).expect(200)).body;
    expect([...first.features, ...second.features].map(({ id }: { id: number }) => id)).toEqual([5, 4, 3, 2]);
    const csv = (await get('/collections/odd.points_of/items?n=2&f=csv').expect(200)).text;
    expect(csv.split('\n')).toHaveLength(4);
  });

  it('says what is missing, malformed, given twice or not known', async () => {
    for (const query of ['', '?n=x', '?n=1&n=2', '?n=1&m=1', '?n=1.5', '?n=99999999999']) {
      const { body } = await get(`/collections/odd.points_of/items${query}`).expect(400);
      expect(body.detail.length, query).toBeGreaterThan(20);
      await get(`/xyz/odd.points_of/${WORLD}${query}`).expect(400);
      await get(`/collections/odd.points_of/tiles/WebMercatorQuad/0/0/0${query}`).expect(400);
    }
    await get('/xyz/odd.points_of/tilejson.json').expect(400);
    await get('/collections/odd.points_of/items/1').expect(400);
  });

  it('tells what the function itself says of its arguments', async () => {
    for (const path of ['/collections/odd.strict/items?radius=500', `/xyz/odd.strict/${WORLD}?radius=500`]) {
      const { body } = await get(path).expect(400);
      expect(body.detail, path).toContain('bán kính lớn nhất là 100 m');
    }
    await get('/collections/odd.strict/items?radius=0').expect(400);
    await get('/collections/odd.strict/items?radius=0&f=csv').expect(400);
    await get('/collections/odd.strict/items?radius=50').expect(200);
  });

  it('keeps the system that a function declares, and brings the others into one', async () => {
    const storage = async (id: string) => (await get(`/collections/${id}`).expect(200)).body.storageCrs as string;
    expect(await storage('odd.placed')).toMatch(/9210$/);
    expect(await storage('odd.keyless')).toMatch(/9210$/);
    expect(await storage('odd.shapes')).toMatch(/CRS84$/);
    expect((await items('odd.keyless')).features).toHaveLength(3);
    expect((await items('odd.keyless', '?name=n2')).numberMatched).toBe(2);
    const { features } = await items('odd.shapes');
    for (const { geometry } of features) expect(geometry.coordinates[0]).toBeCloseTo(106.6, 0);
    expect((await items('odd.out_row', '?day=2025-07-01')).features[0].properties).toEqual({
      id: 1,
      seen: '2025-07-01',
    });
    await get('/collections/odd.out_row/items?day=2025-02-30').expect(400);
  });

  it('makes tiles of the rows, alone and with other layers, each call its own', async () => {
    const ids = async (path: string) => (await tile(path))['odd.points_of']?.map(({ id }) => id);
    expect(await ids(`odd.points_of/${WORLD}?n=2`)).toEqual([1, 2]);
    expect(await ids(`odd.points_of/${WORLD}?n=3`)).toEqual([1, 2, 3]);
    const both = await tile(`odd.points_of,odd.called/${WORLD}?n=1`);
    expect(Object.keys(both).sort()).toEqual(['odd.called', 'odd.points_of']);
    const { body } = await get('/xyz/odd.points_of/tilejson.json?n=4').expect(200);
    expect(body.tiles[0]).toMatch(/\?n=4$/);
    const several = await Promise.all([1, 2, 3, 4].map((n) => ids(`odd.points_of/${WORLD}?n=${n}`)));
    expect(several.map((found) => found?.length)).toEqual([1, 2, 3, 4]);
    const ogc = await get('/collections/odd.points_of/tiles/WebMercatorQuad/0/0/0?n=2')
      .responseType('blob')
      .expect(200);
    expect(decodeTile(ogc.body)['odd.points_of']).toHaveLength(2);
    const tileset = await get('/collections/odd.points_of/tiles/WebMercatorQuad?n=2').expect(200);
    expect(JSON.stringify(tileset.body.links)).toContain('{tileCol}?n=2');
  });

  it('gives the bytes of a function that makes tiles', async () => {
    const bytes = async (path: string) => (await get(path).responseType('blob').expect(200)).body.toString();
    expect(await bytes('/xyz/odd.tile_of/3/2/1.mvt')).toBe('3/2/1 none');
    expect(await bytes(`/xyz/odd.tile_of/3/2/1.mvt?${new URLSearchParams({ shade: 'xám' })}`)).toBe('3/2/1 xám');
    await get('/xyz/odd.tile_of/21/0/0.mvt').expect(204);
    await get('/xyz/odd.tile_of/3/9/1.mvt').expect(404);
    await get('/xyz/odd.tile_of/3/2/1.mvt?z=4').expect(400);
    const { body } = await get('/xyz/odd.tile_of/tilejson.json?shade=x').expect(200);
    expect([body.tiles[0].endsWith('/xyz/odd.tile_of/{z}/{x}/{y}.mvt?shade=x'), body.name]).toEqual([true, 'tile of']);
  });

  it('lists what can be opened as it is, and describes every parameter in the API document', async () => {
    const listed = (await get('/collections').expect(200)).body.collections.map(({ id }: { id: string }) => id);
    expect(listed).toEqual(
      expect.arrayContaining(['odd.keyless', 'odd.placed', 'odd.shapes', 'land.parcel_near_waste']),
    );
    expect(listed).not.toContain('odd.points_of');
    const { paths } = (await get('/api').expect(200)).body;
    const parameters = (path: string) =>
      Object.fromEntries(
        paths[path].get.parameters.map((each: { name: string; required: boolean; schema: { type: string } }) => [
          each.name,
          [each.required, each.schema.type],
        ]),
      );
    expect(parameters('/collections/odd.points_of/items')).toMatchObject({
      n: [true, 'integer'],
      east: [false, 'number'],
      note: [false, 'string'],
      note_given: [false, 'string'],
    });
    expect(parameters('/xyz/odd.points_of/{z}/{x}/{y}.mvt')).toMatchObject({
      n: [true, 'integer'],
      z: [true, 'integer'],
    });
    expect(Object.keys(parameters('/xyz/odd.tile_of/{z}/{x}/{y}.mvt'))).toEqual(['z', 'x', 'y', 'shade']);
    const page = (await get('/collections/odd.points_of?f=html&lang=vi').expect(200)).text;
    expect(page).toContain('bắt buộc');
    expect((await get('/collections?f=html').expect(200)).text).toContain('odd.tile_of');
  });

  it('is in none of the older services, which have no place for parameters', async () => {
    const { body } = await get('/wfs?service=WFS&request=GetCapabilities').responseType('blob').expect(200);
    expect(body.toString()).not.toContain('points_of');
    await get('/wfs?service=WFS&request=GetFeature&version=2.0.0&typeNames=odd.placed').expect(400);
  });

  it('tells bounds of what a function gives, and none where that cannot be had', async () => {
    const tileJson = async (path: string) => (await get(`/xyz/${path}`).expect(200)).body;
    const few = await tileJson('odd.points_of/tilejson.json?n=2');
    const many = await tileJson('odd.points_of/tilejson.json?n=2000');
    const [west, south, east, north] = few.bounds;
    expect(east - west).toBeCloseTo(1 / 109_000, 5);
    expect(north - south).toBeLessThan(1e-6);
    expect(many.bounds[2] - many.bounds[0]).toBeCloseTo(2000 / 109_300, 4);
    expect(many.center).toEqual([(many.bounds[0] + many.bounds[2]) / 2, expect.closeTo(11.12, 1), expect.any(Number)]);
    for (const path of ['odd.points_of/tilejson.json?n=100001', 'odd.strict/tilejson.json?radius=200'])
      expect(await tileJson(path)).not.toHaveProperty('bounds');
  });

  it('tells bounds of a tileset of a function, and refuses none of its tiles', async () => {
    const url = '/collections/odd.points_of/tiles/WebMercatorQuad';
    const { body } = await get(`${url}?n=2`).expect(200);
    expect(body.boundingBox.lowerLeft).toHaveLength(2);
    expect(body).not.toHaveProperty('tileMatrixSetLimits');
    await get(`${url}/3/0/0?n=2`).expect(204);
  });

  it('finds the parcels near waste sites', async () => {
    await engine.db.script(`INSERT INTO environment.waste_site (name, kind, geom)
      SELECT 'Bãi thử', 'landfill', ST_Multi(ST_Buffer(geom, 1)) FROM land.parcel ORDER BY id LIMIT 1`);
    const near = await items('land.parcel_near_waste', '?limit=10000');
    const wide = await items('land.parcel_near_waste', '?within_m=1500&limit=10000');
    expect(near.features.length).toBeGreaterThan(0);
    expect(wide.features.length).toBeGreaterThan(near.features.length);
    for (const { properties } of near.features) expect(properties.distance_m).toBeLessThanOrEqual(1000);
    expect(near.features[0].properties.waste_site).toBe('Bãi thử');
    const { storageCrs } = (await get('/collections/land.parcel_near_waste').expect(200)).body;
    expect(storageCrs).toMatch(/9210$/);
  });
});
