import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { lonLatBBoxToMercator, tileRange } from '../../../src/geo/tile.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { decodeTile } from '../../tiles/decode.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from '../features/file-bytes.ts';

/** Phú Lợi at zoom 15. */
const TILE = '/15/26094/15377.mvt';

describeEngines('tiles over HTTP', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string, headers: Record<string, string> = {}) => bytesOf(request(test.app).get(path).set(headers));

  /** Runs work, and returns the texts of what it asks the database. What runs in the background is not among them. */
  async function queriesOf(work: () => Promise<void>): Promise<string[]> {
    const asked = vi.spyOn(engine.db, 'query');
    await work();
    const { calls } = asked.mock;
    asked.mockRestore();
    return calls.flatMap(([{ text }, options]) => (options?.priority === 'background' ? [] : [text]));
  }

  it('serves one layer and several, with ids, in the properties as well', async () => {
    const one = await get(`/xyz/land.parcel${TILE}`, { 'accept-encoding': 'identity' });
    expect([one.status, one.headers['content-type']]).toEqual([200, 'application/vnd.mapbox-vector-tile']);
    const parcels = decodeTile(one.body)['land.parcel'] ?? [];
    expect(parcels.length).toBeGreaterThan(10);
    expect(parcels.every(({ id }) => id !== undefined && id > 0)).toBe(true);
    const close = decodeTile(
      (await get('/xyz/land.parcel/16/52188/30755.mvt', { 'accept-encoding': 'identity' })).body,
    );
    expect(close['land.parcel']?.length).toBeGreaterThan(5);
    for (const { id, properties } of close['land.parcel'] ?? []) expect(properties.id).toBe(id);
    const several = await get(`/xyz/land.parcel,base.road${TILE}`, { 'accept-encoding': 'identity' });
    expect(Object.keys(decodeTile(several.body)).sort()).toEqual(['base.road', 'land.parcel']);
    expect(decodeTile(several.body)['land.parcel']).toEqual(parcels);
  });

  it('answers an empty tile with 204, wherever it is', async () => {
    for (const path of ['/xyz/land.parcel/5/1/1.mvt', '/xyz/land.parcel/15/0/0.mvt', '/xyz/base.road/0/0/0.mvt']) {
      expect((await get(path)).status, path).toBe(204);
    }
  });

  it('compresses, and tags what it sends', async () => {
    const plain = await get(`/xyz/land.parcel${TILE}`, { 'accept-encoding': 'identity' });
    const br = await get(`/xyz/land.parcel${TILE}`, { 'accept-encoding': 'gzip, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(br.headers.vary).toContain('Accept-Encoding');
    expect(br.headers.etag).not.toBe(plain.headers.etag);
    expect(br.headers.etag).toMatch(/^"[\w-]+-br"$/);
    // supertest has decompressed it.
    expect(Buffer.compare(br.body, plain.body)).toBe(0);
    const again = await get(`/xyz/land.parcel${TILE}`, {
      'accept-encoding': 'br',
      'if-none-match': br.headers.etag as string,
    });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('gives another tag once the data has changed', async () => {
    const before = (await get(`/xyz/land.parcel${TILE}`)).headers.etag as string;
    await engine.db.script(`UPDATE land.parcel SET legal_area_m2 = legal_area_m2 + 1`);
    // The database announces the change after it answers the commit: after milliseconds, or more on a loaded machine.
    await vi.waitFor(async () => {
      const after = await get(`/xyz/land.parcel${TILE}`, { 'if-none-match': before });
      expect(after.status).toBe(200);
      expect(after.headers.etag).not.toBe(before);
    }, 5000);
  });

  it('shows what meets a filter, as it is now, and the fields that are asked for', async () => {
    const parcelsOf = async (query: Record<string, string>, tile = TILE) => {
      const { status, body } = await get(`/xyz/land.parcel${tile}?${new URLSearchParams(query)}`);
      expect(status).toBe(body.length > 0 ? 200 : 204);
      return status === 204 ? [] : (decodeTile(body)['land.parcel'] ?? []);
    };
    const all = await parcelsOf({});
    const use = all[0]?.properties.main_use as string;
    const some = await parcelsOf({ filter: `main_use = '${use}'`, properties: 'main_use,legal_area_m2' });
    expect(some.length).toBe(all.filter(({ properties }) => properties.main_use === use).length);
    for (const { properties } of filled(some)) {
      expect(
        Object.keys(properties)
          .filter((name) => name !== 'id')
          .sort(),
      ).toEqual(['legal_area_m2', 'main_use']);
    }
    // Below z15 a mosaic without single parcels is shown, so a filter reads the parcels.
    const far = await parcelsOf({ filter: `main_use = '${use}'` }, '/14/13047/7688.mvt');
    expect(far.length).toBeGreaterThan(0);
    expect(new Set(far.map(({ properties }) => properties.main_use))).toEqual(new Set([use]));
    // A filter may name fields that are not in tiles. Such tiles are not cached, since no change of those fields is
    // announced.
    const id = some[0]?.id;
    const named = { filter: `id = ${id} AND notes_of_test IS NOT NULL` };
    expect((await get(`/xyz/land.parcel${TILE}?${new URLSearchParams(named)}`)).status).toBe(400);
    const area = { filter: `id = ${id} AND legal_area_m2 > 1000000` };
    expect(await parcelsOf(area)).toEqual([]);
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = 1000001 WHERE id = ${Number(id)}`);
    expect((await parcelsOf(area)).map((feature) => feature.id)).toEqual([id]);
    const tileJson = await request(test.app).get('/xyz/land.parcel/tilejson.json').query({ properties: 'main_use' });
    expect(tileJson.body.tiles[0]).toMatch(/\.mvt\?properties=main_use$/);
    expect(Object.keys(tileJson.body.vector_layers[0].fields)).toEqual(['main_use']);
    expect((await get(`/xyz/land.parcel${TILE}?properties=nothing`)).status).toBe(400);
  });

  it('refuses a filter that computes what no number is, as items do', async () => {
    const query = new URLSearchParams({ filter: '(1e308 * 1e308) ^ 2 > legal_area_m2' });
    for (const path of [`/xyz/land.parcel${TILE}?${query}`, `/collections/land.parcel/items?${query}`]) {
      const { status, body } = await request(test.app).get(path);
      expect([path, status, body.type]).toEqual([path, 400, 'urn:diaba:problem:invalid-parameter']);
      expect(body.details.vi).toMatch(/số từ 1e-15 đến 1e15/);
    }
  });

  it('shows from zoom 13 on the buildings that stand out, and houses from 15 on', async () => {
    const kindsAround = async (kind: string, z: number) => {
      const [site] = await engine.db.query<{ lon: number; lat: number }>(sql`
        SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS p
          FROM base.building WHERE kind = ${kind} ORDER BY ST_Area(geom) DESC LIMIT 1) AS site`);
      const { lon = 0, lat = 0 } = site ?? {};
      const [x, y] = tileRange(z, lonLatBBoxToMercator([lon, lat, lon, lat]));
      const { body } = await get(`/xyz/base.building/${z}/${x}/${y}.mvt`);
      return (decodeTile(body)['base.building'] ?? []).map(({ properties }) => properties.kind);
    };
    expect(await kindsAround('factory', 12)).toEqual([]);
    expect(await kindsAround('factory', 13)).toContain('factory');
    expect(await kindsAround('house', 14)).not.toContain('house');
    expect(await kindsAround('house', 15)).toContain('house');
  });

  it('describes itself as TileJSON with true bounds and fields', async () => {
    const { body, status } = await request(test.app)
      .get('/xyz/land.parcel,base.road/tilejson.json')
      .set('host', 'maps.test');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tilejson: '3.0.0',
      minzoom: 5,
      maxzoom: 16,
      tiles: ['http://maps.test/xyz/land.parcel,base.road/{z}/{x}/{y}.mvt'],
    });
    expect(body.bounds[0]).toBeGreaterThan(106.2);
    expect(body.bounds[3]).toBeLessThan(11.6);
    expect(body.vector_layers[0].fields).toMatchObject({ id: 'Number', main_use: 'String' });
  });

  it('has the bounds of TileJSON without reading rows again, until a row moves them', async () => {
    const bounds = async () => (await request(test.app).get('/xyz/base.control_point/tilejson.json')).body.bounds;
    const before = await bounds();
    expect(await queriesOf(async () => expect(await bounds()).toEqual(before))).toEqual([]);
    const [{ id } = { id: 0 }] = await engine.db.query<{ id: number }>(sql`
      UPDATE base.control_point SET geom = ST_Translate(geom, 0, 60000)
      WHERE id = (SELECT id FROM base.control_point ORDER BY ST_Y(geom) DESC LIMIT 1) RETURNING id`);
    await vi.waitFor(async () => expect((await bounds())[3]).toBeGreaterThan(before[3] + 0.4), 5000);
    await engine.db.query(sql`UPDATE base.control_point SET geom = ST_Translate(geom, 0, -60000) WHERE id = ${id}`);
    await vi.waitFor(async () => expect(await bounds()).toEqual(before), 5000);
  });

  it('lists for the map the layers of /collections, without reading rows', async () => {
    const { body } = await request(test.app).get('/collections?f=json');
    let listed: readonly { id: string; isComputed: boolean }[] = [];
    const queries = await queriesOf(async () => {
      listed = (await request(test.app).get('/map/layers').expect(200)).body.layers;
    });
    expect(queries).toEqual([]);
    const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
    expect(ids(listed)).toEqual(ids(body.collections));
    expect(listed).toContainEqual({
      id: 'base.control_point',
      title: { vi: expect.any(String), en: expect.any(String) },
      zooms: { min: 12, max: 14 },
      isComputed: false,
    });
    const computed = listed.filter(({ isComputed }) => isComputed);
    expect(ids(computed)).toContain('land.parcel_near_waste');
  });

  it.each([
    ['localhost:8080', 200],
    ['[::1]:8080', 200],
    ['ban-do.example.vn', 200],
    ['evil<script>', 400],
    ['a.vn/path', 400],
    ['user@a.vn', 400],
    ['a.vn:port', 400],
  ])('leads to no host that is none: %s', async (host, status) => {
    const answer = await request(test.app).get('/xyz/base.road/tilejson.json').set('host', host);
    expect(answer.status).toBe(status);
    expect(answer.text.includes(`"http://${host}/xyz/`)).toBe(status === 200);
  });

  it.each([
    ['/xyz/land.parcel/15/99999/15377.mvt', 404, 'not-found'],
    ['/xyz/land.parcel/30/1/1.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/-1/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/1.5/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/NaN/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/1e1/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/9999999999999999999/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/0x1/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.right_holder/1/0/0.mvt', 404, 'not-found'],
    ['/xyz/no.such/1/0/0.mvt', 404, 'not-found'],
    ['/xyz/land.parcel,no.such/1/0/0.mvt', 404, 'not-found'],
    ["/xyz/land.parcel';DROP TABLE land.parcel;--/1/0/0.mvt", 404, 'not-found'],
    ['/xyz/%20/1/0/0.mvt', 400, 'invalid-parameter'],
    [`/xyz/${'land.parcel,'.repeat(60)}x/1/0/0.mvt`, 404, 'not-found'],
    [`/xyz/${'a'.repeat(3000)}/1/0/0.mvt`, 400, 'invalid-parameter'],
    ['/xyz/%E0%A4%A/1/0/0.mvt', 400, 'invalid-parameter'],
    ['/xyz/land.parcel/1/0/0.mvt?colour=red', 400, 'unknown-parameter'],
    ['/xyz/land.parcel/1/0/0.png', 404, 'not-found'],
    ['/xyz/land.parcel/tilejson.json?style=land', 400, 'unknown-parameter'],
  ])('refuses %s with %i', async (path, status, type) => {
    const { body, status: got, headers } = await request(test.app).get(path);
    expect([got, body.type]).toEqual([status, `urn:diaba:problem:${type}`]);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body.details.vi).toBeTruthy();
    expect(JSON.stringify(body)).not.toMatch(/SELECT|node_modules|\.ts/);
  });

  it('says which methods there are', async () => {
    const { status, headers } = await request(test.app).delete(`/xyz/land.parcel${TILE}`);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
