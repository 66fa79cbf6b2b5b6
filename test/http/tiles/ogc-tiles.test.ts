import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { decodeTile } from '../../tiles/decode.ts';
import { openApp, type TestApp } from '../app.ts';

interface Link {
  readonly href: string;
  readonly rel: string;
  readonly templated?: boolean;
}

interface Limits {
  readonly tileMatrix: string;
  readonly minTileRow: number;
  readonly maxTileRow: number;
  readonly minTileCol: number;
}

const REL = 'http://www.opengis.net/def/rel/ogc/1.0';
/** Phú Lợi at zoom 15: row before column. */
const ADDRESS = '15/15377/26094';

describeEngines('OGC API - Tiles', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_PUBLIC_URL: 'http://o.vn' });
  });
  afterAll(() => test.close());

  const get = (path: string) => request(test.app).get(path.replace('http://o.vn', ''));
  const tile = async (path: string) =>
    (
      await get(path)
        .set('accept-encoding', 'identity')
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
        })
        .expect(200)
    ).body as Buffer;
  const linkOf = (body: { links: Link[] }, rel: string) => body.links.find((link) => link.rel === rel)?.href ?? '';

  it.each(['/', '/collections/land.parcel'])('leads from %s to a tile, link by link', async (start) => {
    const list = (await get(linkOf((await get(start).expect(200)).body, `${REL}/tilesets-vector`)).expect(200)).body;
    expect(list.tilesets).toHaveLength(1);
    const set = (await get(linkOf(list.tilesets[0], 'self')).expect(200)).body;
    const scheme = (await get(linkOf(set, `${REL}/tiling-scheme`)).expect(200)).body;
    expect(scheme).toMatchObject({ id: 'WebMercatorQuad', uri: set.tileMatrixSetURI, crs: set.crs });
    expect(scheme.tileMatrices[15]).toMatchObject({ id: '15', matrixWidth: 32768, cornerOfOrigin: 'topLeft' });
    const url = linkOf(set, 'item').replace('{tileMatrix}/{tileRow}/{tileCol}', ADDRESS);
    expect(decodeTile(await tile(url))['land.parcel']?.length).toBeGreaterThan(10);
    expect((await get(linkOf(set, 'alternate')).expect(200)).body.tilejson).toBe('3.0.0');
  });

  it('gives the tiles of /xyz, of one layer, of several and of all', async () => {
    const same = async (xyz: string, path: string) =>
      expect(decodeTile(await tile(path)), path).toEqual(decodeTile(await tile(`/xyz/${xyz}/15/26094/15377.mvt`)));
    await same('land.parcel', `/collections/land.parcel/tiles/WebMercatorQuad/${ADDRESS}`);
    await same('land.parcel', `/collections/land.parcel/tiles/WebMercatorQuad/${ADDRESS}?f=mvt`);
    await same('land.parcel,base.road', `/tiles/WebMercatorQuad/${ADDRESS}?collections=land.parcel,base.road`);
    const all = [...test.services.catalog.current().layers.values()].filter(
      ({ accessClass }) => accessClass === 'public',
    );
    await same(all.map(({ id }) => id).join(','), `/tiles/WebMercatorQuad/${ADDRESS}`);
  });

  it('describes a tileset of chosen layers: limits, box, centre, fields', async () => {
    const { body } = await get('/tiles/WebMercatorQuad?collections=land.parcel,base.road').set('accept-language', 'en');
    expect(linkOf(body, 'item')).toBe(
      'http://o.vn/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?collections=land.parcel%2Cbase.road',
    );
    expect(body.layers.map(({ id }: { id: string }) => id)).toEqual(['land.parcel', 'base.road']);
    expect(body.layers[0]).toMatchObject({
      dataType: 'vector',
      geometryDimension: 2,
      minTileMatrix: expect.any(String),
    });
    expect(body.layers[0].propertiesSchema.properties.main_use).toMatchObject({ type: 'string' });
    const limits = body.tileMatrixSetLimits.find(({ tileMatrix }: { tileMatrix: string }) => tileMatrix === '14');
    expect(limits.minTileCol).toBeLessThanOrEqual(13047);
    expect(limits.maxTileCol).toBeGreaterThanOrEqual(13047);
    expect(limits.minTileRow).toBeLessThanOrEqual(7688);
    expect(body.boundingBox.lowerLeft[0]).toBeLessThan(body.centerPoint.coordinates[0]);
    expect(JSON.stringify(body)).not.toContain('right_holder');
  });

  it('names the conformance classes', async () => {
    const { body } = await get('/conformance').expect(200);
    expect(body.conformsTo).toContain('http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt');
    expect(body.conformsTo).toContain('http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30');
    expect(body.conformsTo).toContain('http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata');
  });

  it.each([
    ['/tiles/Other', 404],
    ['/tileMatrixSets/Other', 404],
    ['/tiles/Other/1/0/0', 404],
    ['/collections/land.parcel/tiles/Other', 404],
    ['/map/tiles/Other', 404],
    ['/tiles?collections=no.such', 404],
    ['/tiles/WebMercatorQuad?collections=', 400],
    ['/collections/no.such/tiles', 404],
    ['/collections/land.right_holder/tiles', 404],
    ['/collections/land.right_holder/tiles/WebMercatorQuad/1/0/0', 404],
    ['/tiles/WebMercatorQuad/1/0/0?collections=land.right_holder', 404],
    ['/tiles/WebMercatorQuad/1/2/0', 404],
    ['/tiles/WebMercatorQuad/1/0/2', 404],
    ['/tiles/WebMercatorQuad/23/0/0', 400],
    ['/tiles/WebMercatorQuad/a/0/0', 400],
    ['/tiles/WebMercatorQuad/1/0/0?f=png', 400],
    ['/tiles?colour=red', 400],
  ])('refuses %s with %i', async (path, status) => {
    const { body, status: got } = await get(path);
    expect(got).toBe(status);
    expect(body.details.vi).toBeTruthy();
  });

  it.each(['/collections/land.parcel/tiles', '/tiles'])(
    'tells in %s what the limits of a tileset are',
    async (path) => {
      const [listed] = (await get(path).expect(200)).body.tilesets;
      const { body } = await get(`${path}/WebMercatorQuad`).expect(200);
      expect(listed.tileMatrixSetLimits.length).toBeGreaterThan(5);
      expect(body).toMatchObject(listed);
    },
  );

  it('answers an empty tile with 204 within the limits of the tileset, and with 404 beyond them', async () => {
    const tiles = '/collections/land.parcel/tiles/WebMercatorQuad';
    const limits: Limits[] = (await get(tiles).expect(200)).body.tileMatrixSetLimits;
    const { tileMatrix, minTileRow, maxTileRow, minTileCol } = limits.at(-1) as Limits;
    await get(`${tiles}/${tileMatrix}/${minTileRow}/${minTileCol}`).expect(204);
    for (const beyond of [
      `${tileMatrix}/${maxTileRow + 1}/${minTileCol}`,
      `${tileMatrix}/${minTileRow}/${minTileCol - 1}`,
      `${Number(limits[0]?.tileMatrix) - 1}/0/0`,
      '22/0/0',
    ]) {
      const { body } = await get(`${tiles}/${beyond}`).expect(404);
      expect(body.details.en, beyond).toContain('tileMatrixSetLimits');
    }
  });

  it('has no tiles beyond the last zoom of the limits, where /xyz still has them', async () => {
    const last = 16;
    const [x, y] = [26094 * 2, 15377 * 2 + 1];
    await get(`/collections/land.parcel/tiles/WebMercatorQuad/${last}/${y}/${x}`).expect(200);
    await get(`/xyz/land.parcel/${last + 1}/${x * 2}/${y * 2}.mvt`).expect(200);
    const { body } = await get(`/collections/land.parcel/tiles/WebMercatorQuad/${last + 1}/${y * 2}/${x * 2}`).expect(
      404,
    );
    expect(body.details.en).toContain('tileMatrixSetLimits');
  });

  it('lists the styles of a collection, and gives what they draw of it', async () => {
    const collection = (await get('/collections/land.planning_zone').expect(200)).body;
    const { body } = await get(linkOf(collection, `${REL}/styles`)).expect(200);
    expect([body.default, body.styles.map(({ id }: { id: string }) => id)]).toEqual(['land', ['land', 'all']]);
    const style = JSON.parse((await get(linkOf(body.styles[0], 'stylesheet')).expect(200)).text);
    expect(Object.values(style.sources)).toEqual([
      { type: 'vector', url: 'http://o.vn/xyz/land.planning_zone/tilejson.json' },
    ]);
    for (const layer of filled(style.layers)) {
      expect([layer['source-layer'], layer.layout.visibility]).toEqual(['land.planning_zone', 'visible']);
    }
    await get('/collections/land.parcel/styles/environment').expect(404);
    await get('/collections/land.right_holder/styles').expect(404);
  });
});
