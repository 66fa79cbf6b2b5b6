import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';
import { decodeTile } from '../../tiles/decode.ts';
import { decodeMlt } from '../../tiles/decode-mlt.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from '../features/file-bytes.ts';

const MVT = 'application/vnd.mapbox-vector-tile';
const MLT = 'application/vnd.maplibre-tile';
/** Phú Lợi at zoom 15. */
const XYZ = '/xyz/land.parcel/15/26094/15377';
const OGC = '/collections/land.parcel/tiles/WebMercatorQuad/15/15377/26094';

describeEngines('tiles in MLT over HTTP', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string, headers: Record<string, string> = {}) => bytesOf(request(test.app).get(path).set(headers));

  it('are smaller than MVT, with the same features', async () => {
    const [mvt, mlt] = await Promise.all(['mvt', 'mlt'].map((ending) => get(`${XYZ}.${ending}`)));
    expect([mlt?.status, mlt?.headers['content-type']]).toEqual([200, MLT]);
    const ids = decodeMlt(mlt?.body)['land.parcel']?.map(({ id }) => id) ?? [];
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.sort()).toEqual(
      decodeTile(mvt?.body)
        ['land.parcel']?.map(({ id }) => id)
        .sort(),
    );
    expect(mlt?.body.length).toBeLessThan(0.7 * mvt?.body.length);
  });

  it('have a tag of their own, are compressed, and answered by 304', async () => {
    const { headers } = await get(`${XYZ}.mlt`, { 'accept-encoding': 'gzip' });
    expect([headers['content-encoding'], headers['cache-control']]).toEqual(['gzip', 'no-cache']);
    expect(headers.etag).not.toBe((await get(`${XYZ}.mvt`, { 'accept-encoding': 'gzip' })).headers.etag);
    const again = { 'accept-encoding': 'gzip', 'if-none-match': headers.etag as string };
    expect((await get(`${XYZ}.mlt`, again)).status).toBe(304);
    expect((await get(`${XYZ}.mvt`, again)).status).toBe(200);
  });

  it('change with the data', async () => {
    const { etag } = (await get(`${XYZ}.mlt`)).headers;
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = legal_area_m2 + 1 WHERE sheet = '40'`);
    await vi.waitFor(async () => expect((await get(`${XYZ}.mlt`)).headers.etag).not.toBe(etag), 10_000);
  });

  it.each([
    [{ accept: MLT }, '', MLT],
    [{ accept: `${MLT}, ${MVT};q=0.5` }, '', MLT],
    [{ accept: `${MVT}, ${MLT};q=0.5` }, '', MVT],
    [{ accept: '*/*' }, '', MVT],
    [{ accept: 'application/x-protobuf' }, '', MVT],
    [{ accept: MVT }, '?f=mlt', MLT],
    [{ accept: MLT }, '?f=mvt', MVT],
  ])('are chosen by Accept, or by f: %j %s', async (headers, query, type) => {
    const answer = await get(`${OGC}${query}`, headers);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.headers.vary?.includes('Accept,')).toBe(query === '');
  });

  it('are empty like MVT, and refused like it', async () => {
    expect((await get('/xyz/land.parcel/15/0/0.mlt')).status).toBe(204);
    expect((await get('/xyz/land.nothing/15/0/0.mlt')).status).toBe(404);
    expect((await get('/xyz/land.parcel/15/99999/15377.mlt')).status).toBe(404);
    expect((await get(`${OGC}?f=mltx`)).status).toBe(400);
  });

  it('are described for MapLibre, with the query of their TileJSON', async () => {
    const { body } = await request(test.app)
      .get('/xyz/land.parcel/mlt/tilejson.json')
      .query({ properties: 'main_use' });
    expect(body).toMatchObject({ encoding: 'mlt', tilejson: '3.0.0' });
    expect(body.tiles[0]).toMatch(/\/xyz\/land\.parcel\/\{z\}\/\{x\}\/\{y\}\.mlt\?properties=main_use$/);
    const plain = await request(test.app).get('/xyz/land.parcel/tilejson.json');
    expect(plain.body.encoding).toBeUndefined();
    const tileset = await request(test.app).get('/collections/land.parcel/tiles/WebMercatorQuad');
    const items = tileset.body.links.filter(({ rel }: { rel: string }) => rel === 'item');
    expect(items.map(({ type }: { type: string }) => type)).toEqual([MVT, MLT]);
  });
});
