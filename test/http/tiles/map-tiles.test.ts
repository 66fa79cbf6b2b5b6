import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

interface Limits {
  readonly tileMatrix: string;
  readonly minTileRow: number;
  readonly maxTileRow: number;
  readonly minTileCol: number;
  readonly maxTileCol: number;
}

const REL = 'http://www.opengis.net/def/rel/ogc/1.0';
/** Phú Lợi at zoom 15: row before column here, column before row in the paths of pictures. */
const ADDRESS = '15/15377/26094';
const PICTURE = '15/26094/15377';
const QUAD = 'map/tiles/WebMercatorQuad';

describeEngines('OGC API - Tiles of pictures', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`CREATE TABLE base.plain (id int PRIMARY KEY, geom geometry(Point, 4326));
      INSERT INTO base.plain VALUES (1, ST_SetSRID(ST_MakePoint(106.6855, 10.9835), 4326))`);
    test = await openApp(engine.db, { DIABA_PUBLIC_URL: 'http://o.vn' });
  });
  afterAll(() => test.close());

  const get = (path: string) => request(test.app).get(path.replace('http://o.vn', ''));
  const picture = async (path: string) => (await get(path).expect(200)).body as Buffer;
  const linkOf = (body: { links: Link[] }, rel: string, type?: string) =>
    body.links.find((link) => link.rel === rel && (!type || link.type === type))?.href ?? '';
  const opacities = async (body: Buffer) => {
    const data = await sharp(body).ensureAlpha().extractChannel('alpha').raw().toBuffer();
    return [data.reduce((least, value) => Math.min(least, value)), data.reduce((most, value) => Math.max(most, value))];
  };

  it.each([
    ['/', 'all'],
    ['/collections/land.parcel', 'land'],
    ['/collections/base.road', 'base'],
  ])('leads from %s to a picture, link by link', async (start, style) => {
    const list = (await get(linkOf((await get(start).expect(200)).body, `${REL}/tilesets-map`)).expect(200)).body;
    expect(list.tilesets).toHaveLength(1);
    const set = (await get(linkOf(list.tilesets[0], 'self')).expect(200)).body;
    expect(set).toMatchObject({ ...list.tilesets[0], dataType: 'map', style: { id: style } });
    expect((await get(linkOf(set, `${REL}/tiling-scheme`)).expect(200)).body.uri).toBe(set.tileMatrixSetURI);
    await get(linkOf(set.style, 'stylesheet')).expect(200);
    for (const format of ['png', 'webp']) {
      const template = linkOf(set, 'item', `image/${format}`);
      const body = await picture(template.replace('{tileMatrix}/{tileRow}/{tileCol}', ADDRESS));
      expect(await sharp(body).metadata()).toMatchObject({ format, width: 256, height: 256 });
      expect((await sharp(body).stats()).entropy).toBeGreaterThan(0.1);
    }
  });

  it('leads there from every style, of the whole and of a collection', async () => {
    for (const start of ['/styles', '/collections/land.parcel/styles']) {
      const { styles } = (await get(start).expect(200)).body;
      expect(styles.length).toBeGreaterThan(1);
      for (const style of filled(styles)) {
        const [set] = (await get(linkOf(style, `${REL}/tilesets-map`)).expect(200)).body.tilesets;
        const { body } = await get(linkOf(set, 'self')).expect(200);
        expect(body.style).toMatchObject({ id: style.id, links: [{ href: linkOf(style, 'stylesheet') }] });
      }
    }
  });

  it('gives the pictures of the styles, byte by byte', async () => {
    const same = async (path: string, other: string) =>
      expect(Buffer.compare(await picture(path), await picture(other)), path).toBe(0);
    await same(`/${QUAD}/${ADDRESS}`, `/styles/all/${PICTURE}.png`);
    for (const style of ['base', 'land', 'environment', 'quality', 'all']) {
      await same(`/styles/${style}/${QUAD}/${ADDRESS}?f=png`, `/styles/${style}/${PICTURE}.png`);
    }
    await same(`/styles/land/${QUAD}/${ADDRESS}?f=webp`, `/styles/land/${PICTURE}.webp`);
  });

  it('draws a collection by itself on nothing, alike in every path', async () => {
    const alone = await picture(`/collections/land.parcel/${QUAD}/${ADDRESS}`);
    const [least, most] = await opacities(alone);
    expect([least, Number(most) > 100]).toEqual([0, true]);
    const onWhite = await sharp(alone).flatten({ background: '#ffffff' }).raw().toBuffer();
    const known = await sharp(await picture(`/styles/land/${PICTURE}.png?layers=land.parcel`))
      .removeAlpha()
      .raw()
      .toBuffer();
    const differing = onWhite.filter((value, at) => Math.abs(value - (known[at] ?? 0)) > 2).length;
    expect(differing).toBe(0);
    for (const path of [
      `/collections/land.parcel/styles/land/${QUAD}/${ADDRESS}`,
      `/styles/land/${QUAD}/${ADDRESS}?collections=land.parcel`,
    ]) {
      expect(Buffer.compare(await picture(path), alone), path).toBe(0);
    }
    const two = `/${QUAD}/${ADDRESS}?collections=land.parcel,base.road`;
    expect(Buffer.compare(await picture(two), alone)).not.toBe(0);
    expect((await opacities(await picture(two)))[0]).toBe(0);
  });

  it('draws a collection that no style draws', async () => {
    const { body } = await get(`/collections/base.plain/${QUAD}`).expect(200);
    expect(body.style).toBeUndefined();
    const { tileMatrix, minTileRow, minTileCol } = (body.tileMatrixSetLimits as Limits[])[15] as Limits;
    const drawn = await picture(`/collections/base.plain/${QUAD}/${tileMatrix}/${minTileRow}/${minTileCol}`);
    expect(await opacities(drawn)).toEqual([0, 255]);
  });

  it('tells which format is had by Accept, and revalidates by ETag', async () => {
    const path = `/styles/land/${QUAD}/${ADDRESS}`;
    const typeFor = async (accept: string) =>
      (await get(path).set('accept', accept).expect(200)).headers['content-type'];
    expect(await typeFor('*/*')).toBe('image/png');
    expect(await typeFor('image/avif,image/webp,*/*;q=0.8')).toBe('image/webp');
    expect(await typeFor('image/png')).toBe('image/png');
    const { body } = await get(path).set('accept', 'image/jpeg').expect(406);
    expect(body.details.en).toContain('f=webp');
    const { headers } = await get(path).expect(200);
    expect([headers['cache-control'], headers.vary]).toEqual(['no-cache', expect.stringContaining('Accept')]);
    await get(path)
      .set('if-none-match', headers.etag ?? '')
      .expect(304);
  });

  it('describes the tileset of chosen layers', async () => {
    const { body } = await get(`/${QUAD}?collections=land.parcel,base.road`).set('accept-language', 'en').expect(200);
    expect(linkOf(body, 'item', 'image/png')).toBe(
      `http://o.vn/${QUAD}/{tileMatrix}/{tileRow}/{tileCol}?collections=land.parcel%2Cbase.road&f=png`,
    );
    expect(body.layers).toEqual([
      { id: 'land.parcel', title: 'Parcel', dataType: 'map' },
      { id: 'base.road', title: expect.any(String), dataType: 'map' },
    ]);
    expect(body.boundingBox.lowerLeft[0]).toBeLessThan(body.centerPoint.coordinates[0]);
    const whole = (await get(`/styles/land/${QUAD}`).expect(200)).body;
    const shown = whole.layers.map(({ id }: { id: string }) => id);
    expect(shown).toContain('land.parcel');
    // The style hides plans.
    expect(shown).not.toContain('land.planning_zone');
    expect(JSON.stringify(whole)).not.toContain('right_holder');
  });

  it.each(['/map/tiles', '/collections/land.parcel/map/tiles'])('keeps to the limits that %s tells', async (tiles) => {
    const [{ tileMatrixSetLimits }] = (await get(tiles).expect(200)).body.tilesets;
    expect(tileMatrixSetLimits.map(({ tileMatrix }: Limits) => Number(tileMatrix))).toEqual([...Array(23).keys()]);
    const { tileMatrix, minTileRow, maxTileRow, minTileCol, maxTileCol } = tileMatrixSetLimits[14] as Limits;
    for (const corner of [`${minTileRow}/${minTileCol}`, `${maxTileRow}/${maxTileCol}`]) {
      await get(`${tiles}/WebMercatorQuad/${tileMatrix}/${corner}`).expect(200);
    }
    for (const beyond of [`${maxTileRow + 1}/${minTileCol}`, `${minTileRow}/${minTileCol - 1}`]) {
      const { body } = await get(`${tiles}/WebMercatorQuad/${tileMatrix}/${beyond}`).expect(404);
      expect(body.details.en, beyond).toContain('tileMatrixSetLimits');
    }
  });

  it('names the conformance class of PNG', async () => {
    const { body } = await get('/conformance').expect(200);
    expect(body.conformsTo).toContain('http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png');
  });

  it('is not there for functions and where no style is', async () => {
    expect(linkOf((await get('/collections/land.parcel_near_waste').expect(200)).body, `${REL}/tilesets-map`)).toBe('');
    await get('/collections/land.parcel_near_waste/map/tiles').expect(404);
    await engine.db.script('CREATE SCHEMA odd; CREATE TABLE odd.t (id int PRIMARY KEY, geom geometry(Point, 4326))');
    const other = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    const { body } = await request(other.app).get('/').expect(200);
    expect(linkOf(body, `${REL}/tilesets-map`)).toBe('');
    await request(other.app).get('/map/tiles').expect(404);
    const { tilesets } = (await request(other.app).get('/collections/odd.t/map/tiles').expect(200)).body;
    expect(tilesets[0].tileMatrixSetLimits).toBeUndefined();
    await request(other.app).get(`/collections/odd.t/${QUAD}/0/0/0`).expect(200);
    await other.close();
    await engine.db.script('DROP SCHEMA odd CASCADE');
  });

  it.each([
    [`/${QUAD}/1/2/0`, 404],
    [`/${QUAD}/23/0/0`, 400],
    [`/${QUAD}/a/0/0`, 400],
    [`/${QUAD}/${ADDRESS}?f=jpeg`, 400],
    [`/${QUAD}/${ADDRESS}?colour=red`, 400],
    [`/${QUAD}/${ADDRESS}?collections=no.such`, 404],
    [`/${QUAD}/${ADDRESS}?collections=land.right_holder`, 404],
    [`/styles/base/${QUAD}/${ADDRESS}?collections=land.parcel`, 400],
    ['/map/tiles/Other', 404],
    ['/styles/satellite/map/tiles', 404],
    ['/collections/no.such/map/tiles', 404],
    [`/collections/land.right_holder/${QUAD}/${ADDRESS}`, 404],
    [`/collections/land.parcel/${QUAD}/${ADDRESS}?collections=base.road`, 400],
    [`/collections/land.parcel/styles/base/${QUAD}/${ADDRESS}`, 404],
  ])('refuses %s with %i', async (path, status) => {
    const { body, status: got } = await get(path);
    expect(got).toBe(status);
    expect(body.details.vi).toBeTruthy();
  });
});
