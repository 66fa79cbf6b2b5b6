import { gunzipSync } from 'node:zlib';
import { PMTiles } from 'pmtiles';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { bytesOf } from '../http/features/file-bytes.ts';

const LAYER = 'land.parcel';
/** Bytes of a stored part. */
const PART = 1 << 20;

describeEngines('a layer as the file of a job', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const execute = (inputs: object) => request(test.app).post('/processes/export/execution').send({ inputs });
  /** Runs an export, and returns the address of its file. */
  async function fileOf(inputs: object): Promise<string> {
    const { status, body } = await execute(inputs);
    expect([status, status === 200 ? '' : body.detail]).toEqual([200, '']);
    const link = body.links.find(
      ({ rel, href }: { rel: string; href: string }) => rel === 'enclosure' && /\/file$/.test(href),
    );
    return new URL(link.href).pathname;
  }
  const get = (path: string, headers: Record<string, string> = {}) => bytesOf(request(test.app).get(path).set(headers));

  it.each([
    ['csv', 'text/csv; charset=utf-8; header=present'],
    ['geojsonseq', 'application/geo+json-seq'],
    ['kml', 'application/vnd.google-earth.kml+xml'],
    ['parquet', 'application/vnd.apache.parquet'],
  ])('%s: the bytes of the download, without compression', async (format, type) => {
    const { body, headers, status } = await get(await fileOf({ layer: LAYER, format }));
    const { body: whole } = await get(`/collections/${LAYER}/items?f=${format}`);
    expect([status, headers['content-type'], headers['content-encoding']]).toEqual([200, type, undefined]);
    expect(Number(headers['content-length'])).toBe(whole.length);
    expect(headers['content-disposition']).toMatch(
      new RegExp(`land\\.parcel\\.${format === 'geojsonseq' ? 'geojsons' : format}$`),
    );
    expect(whole.equals(body)).toBe(true);
  });

  it.each([
    ['geojson', '{"type":"FeatureCollection"'],
    ['gpkg', 'SQLite format 3'],
    ['fgb', 'fgb\u0003fgb'],
    ['shp', 'PK\u0003\u0004'],
    ['xlsx', 'PK\u0003\u0004'],
    ['dxf', '0\nSECTION\n2\nHEADER'],
    ['pmtiles', 'PMTiles\u0003'],
  ])('%s: a whole file', async (format, start) => {
    const { body, headers } = await get(await fileOf({ layer: LAYER, format }));
    expect(body.subarray(0, start.length).toString('latin1')).toBe(start);
    expect(body.length).toBe(Number(headers['content-length']));
  });

  it('is what the inputs ask for', async () => {
    const filter = { op: '<=', args: [{ property: 'id' }, 3] };
    const inputs = { layer: LAYER, format: 'csv', filter, properties: ['sheet'], crs: 'EPSG:9210', headers: 'vi' };
    const { body } = await get(await fileOf(inputs));
    const { body: same } = await get(
      `/collections/${LAYER}/items?f=csv&filter=id%20%3C=%203&properties=sheet&crs=EPSG:9210&headers=vi`,
    );
    expect(body.toString()).toBe(same.toString());
    expect(body.toString().split('\r\n')).toHaveLength(5);
  });

  it('is read by ranges of bytes, also across parts', async () => {
    const path = await fileOf({ layer: LAYER, format: 'geojson' });
    const { body: whole, headers } = await get(path);
    expect(whole.length).toBeGreaterThan(PART + 100);
    expect(headers['accept-ranges']).toBe('bytes');
    const { etag } = headers as { etag: string };
    const size = whole.length;
    const cases = [
      ['bytes=0-9', {}, 206, 0, 10],
      [`bytes=${PART - 5}-${PART + 4}`, {}, 206, PART - 5, PART + 5],
      ['bytes=-7', {}, 206, size - 7, size],
      [`bytes=${size - 3}-`, {}, 206, size - 3, size],
      [`bytes=${PART}-${size + 50}`, {}, 206, PART, size],
      ['bytes=0-9', { 'if-range': etag }, 206, 0, 10],
      ['bytes=0-9', { 'if-range': '"other"' }, 200, 0, size],
      ['bytes=0-1,5-6', {}, 200, 0, size],
      ['lines=1-2', {}, 200, 0, size],
    ] as const;
    for (const [range, more, status, from, to] of cases) {
      const part = await get(path, { range, ...more });
      const place = status === 206 ? `bytes ${from}-${to - 1}/${size}` : undefined;
      expect([part.status, part.headers['content-range'], part.body.length], range).toEqual([status, place, to - from]);
      expect(whole.subarray(from, to).equals(part.body), range).toBe(true);
    }
    const beyond = await get(path, { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${size}`]);
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
    const head = await request(test.app).head(path);
    expect([head.status, head.headers['content-length']]).toEqual([200, String(size)]);
  });

  it('pmtiles are read where they are, tile by tile', async () => {
    const path = await fileOf({ layer: LAYER, format: 'pmtiles' });
    const archive = new PMTiles({
      getKey: () => path,
      getBytes: async (offset, length) => {
        const { body, status } = await get(path, { range: `bytes=${offset}-${offset + length - 1}` });
        expect(status).toBe(206);
        return { data: new Uint8Array(body).buffer };
      },
    });
    const [row] = await engine.db.query<{ lon: number; lat: number }>(
      sql`SELECT ST_X(point) AS lon, ST_Y(point) AS lat
        FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS point FROM land.parcel WHERE id = 1) AS parcel`,
    );
    const { z, x, y } = tileAt(15, row?.lon ?? 0, row?.lat ?? 0);
    const tile = await archive.getZxy(z, x, y);
    const { body: served } = await get(`/xyz/${LAYER}/${z}/${x}/${y}.mvt`, { 'accept-encoding': 'identity' });
    const bytes = Buffer.from(tile?.data ?? new ArrayBuffer(0));
    expect(bytes.length).toBeGreaterThan(0);
    expect((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).equals(served)).toBe(true);
  });

  it('goes with its job', async () => {
    const path = await fileOf({ layer: LAYER, format: 'csv' });
    const job = path.split('/')[2] ?? '';
    const count = async () => {
      const [row] = await engine.db.query<{ count: number }>(
        sql`SELECT count(*)::int AS count FROM result.file_part WHERE job = ${job}`,
      );
      return row?.count;
    };
    expect(await count()).toBeGreaterThan(0);
    await request(test.app).delete(`/jobs/${job}`).expect(200);
    expect(await count()).toBe(0);
    expect((await request(test.app).get(path)).status).toBe(410);
  });

  it.each([
    ['an unknown layer', { layer: 'land.nothing', format: 'csv' }, 'land.nothing'],
    ['an unknown format', { layer: LAYER, format: 'dwg' }, 'format'],
    ['an unknown field', { layer: LAYER, format: 'csv', properties: ['nothing'] }, 'There is no field "nothing"'],
    ['degrees of a drawing', { layer: LAYER, format: 'dxf', crs: 'EPSG:4326' }, 'in metres such as EPSG:9210'],
    ['an unknown field of a drawing', { layer: LAYER, format: 'dxf', by: 'nothing' }, 'must be a field of the layer'],
    ['an unknown system', { layer: LAYER, format: 'csv', crs: 'EPSG:1' }, 'EPSG:1'],
  ])('%s is refused', async (_, inputs, said) => {
    const { status, body } = await execute(inputs).set('accept-language', 'en');
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(said.replaceAll('"', '\\"'));
  });

  it('a result without a file says so', async () => {
    const { body } = await request(test.app)
      .post('/processes/summarise/execution')
      .send({ inputs: { layer: 'base.place' } })
      .expect(200);
    expect((await request(test.app).get(`/jobs/${body.job}/file`)).status).toBe(404);
  });
});
