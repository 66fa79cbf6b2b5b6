import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PUBLIC } from '../../../src/access/principal.ts';
import { sql } from '../../../src/database/sql.ts';
import { lonLatToMercator, tileAt } from '../../../src/geo/tile.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue. */
  at(x: number, y: number): readonly [number, number, number];
}

async function decode(body: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(body).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y) * info.width + Math.floor(x)) * 3;
    return [data[start] ?? 0, data[start + 1] ?? 0, data[start + 2] ?? 0] as const;
  };
  return { width: info.width, height: info.height, at };
}

function hex([r, g, b]: readonly [number, number, number]): string {
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((part, index) => Math.abs(part - (b[index] ?? 0))));
}

function count({ width, height, at }: Pixels, test: (pixel: readonly [number, number, number]) => boolean): number {
  let found = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (test(at(x, y))) found++;
  return found;
}

describeEngines('pictures', (engine) => {
  let test: TestApp;
  /** A point in the largest urban residential parcel, longitude and latitude, and the colour of its use. */
  let [LON, LAT, colour] = [0, 0, ''];
  beforeAll(async () => {
    test = await openApp(engine.db);
    const [parcel] = await engine.db.query<{ lon: number; lat: number; colour: string }>(sql`
      SELECT ST_X(place)::float8 AS lon, ST_Y(place)::float8 AS lat, colour FROM (
        SELECT ST_Transform(ST_PointOnSurface(p.geom), 4326) AS place, use.colour
        FROM land.parcel p JOIN land.land_use_type use ON use.code = p.main_use
        WHERE p.main_use = 'ODT' ORDER BY ST_Area(p.geom) DESC LIMIT 1) AS largest`);
    [LON, LAT, colour] = [parcel?.lon ?? 0, parcel?.lat ?? 0, parcel?.colour ?? ''];
  });
  afterAll(() => test.close());

  const get = (path: string, headers: Record<string, string> = {}) => request(test.app).get(path).set(headers);
  const draw = async (path: string) => decode((await get(path).expect(200)).body as Buffer);
  const tileOf = (z: number) => {
    const { x, y } = tileAt(z, LON, LAT);
    return { x, y, path: (dx: number, dy: number) => `/styles/land/${z}/${x + dx}/${y + dy}` };
  };

  it.each([
    ['.png', 'image/png', 'png', 256],
    ['@2x.png', 'image/png', 'png', 512],
    ['.webp', 'image/webp', 'webp', 256],
    ['@2x.webp', 'image/webp', 'webp', 512],
  ])('a tile that ends in %s', async (ending, type, format, side) => {
    const response = await get(`${tileOf(16).path(0, 0)}${ending}`).expect(200);
    expect(response.headers['content-type']).toBe(type);
    expect(await sharp(response.body).metadata()).toMatchObject({ format, width: side, height: side });
  });

  it('shows nothing but paper where there is nothing', async () => {
    const picture = await draw('/styles/base/12/0/0.png');
    expect(count(picture, (pixel) => hex(pixel) !== '#f4f1ea')).toBe(0);
  });

  it('paints parcels in the colour of their use', async () => {
    const picture = await draw(`/styles/land/static/${LON},${LAT},17/400x300.png?layers=paper,parcel`);
    const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    // fill-opacity at zoom 17 is 0.58, over paper #f4f1ea.
    const expected = parts.map((part, index) => part * 0.58 + ([0xf4, 0xf1, 0xea][index] ?? 0) * 0.42);
    expect(distance(picture.at(200, 150), expected)).toBeLessThanOrEqual(2);
  });

  it('writes labels, and the same ones in tiles that meet', async () => {
    const text = (pixel: readonly [number, number, number]) => distance(pixel, [0x33, 0x29, 0x1f]) < 60;
    const { path, x, y } = tileOf(18);
    expect(count(await draw(`${path(0, 0)}.png`), text)).toBeGreaterThan(20);
    // A picture over four tiles equals the four tiles pixel by pixel, with labels across their edges.
    const [dx, dy] = [x % 2, y % 2];
    const side = (2 * 20037508.342789244) / 2 ** 18;
    const corner = [(x - dx) * side - 20037508.342789244, 20037508.342789244 - (y - dy) * side] as const;
    const view = {
      bounds: [corner[0] - 2 * side, corner[1] - 2 * side, corner[0] + 2 * side, corner[1] + 2 * side] as const,
      width: 1024,
      height: 1024,
      scale: 1 as const,
    };
    const style = test.services.styles.get('land');
    if (!style) throw new Error('no style');
    const options = { principal: PUBLIC, signal: new AbortController().signal };
    const whole = await decode(Buffer.from(await test.services.raster.map(style, view, { format: 'png' }, options)));
    expect(count(whole, text)).toBeGreaterThan(200);
    let differing = 0;
    for (const [column, row] of [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => [column, row] as const))) {
      const tile = await draw(`${path(column - 2 - dx, row - 2 - dy)}.png`);
      for (let py = 0; py < 256; py++)
        for (let px = 0; px < 256; px++)
          if (distance(tile.at(px, py), whole.at(column * 256 + px, row * 256 + py)) > 48) differing++;
    }
    expect(differing).toBeLessThan(20);
  });

  it('draws a place by its middle and by its box, with the name of the owner', async () => {
    const [west, south, east, north] = [LON - 0.004, LAT - 0.003, LON + 0.004, LAT + 0.003];
    const picture = await draw(`/styles/land/static/${west},${south},${east},${north}/500x300@2x.png`);
    expect([picture.width, picture.height]).toEqual([1000, 600]);
    const ink = (pixel: readonly [number, number, number]) => distance(pixel, [0x33, 0x33, 0x33]) < 30;
    const corner = { ...picture, width: 400, height: 24, at: (x: number, y: number) => picture.at(600 + x, 576 + y) };
    expect(count(corner, ink)).toBeGreaterThan(100);
    const [vi, en] = await Promise.all(
      ['vi', 'en'].map((language) =>
        get('/styles/base/static/106.68,10.98,12/300x200.png', { 'accept-language': language }),
      ),
    );
    expect(vi?.headers.vary).toContain('Accept-Language');
    expect(vi?.headers.etag).not.toBe(en?.headers.etag);
  });

  it('draws GeoJSON on top, from the query and from the body', async () => {
    const feature = {
      type: 'Feature',
      properties: { fill: '#00ff00', 'fill-opacity': 1, stroke: '#0000ff', 'stroke-width': 4 },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [LON - 1, LAT - 1],
            [LON + 1, LAT - 1],
            [LON + 1, LAT + 0.001],
            [LON - 1, LAT + 0.001],
            [LON - 1, LAT - 1],
          ],
        ],
      },
    };
    const path = `/styles/land/static/${LON},${LAT},14/200x200.png`;
    const posted = await request(test.app)
      .post(path)
      .send({ type: 'FeatureCollection', features: [feature] })
      .expect(200);
    const picture = await decode(posted.body);
    expect(hex(picture.at(100, 120))).toBe('#00ff00');
    // 0.001 degrees of latitude above the middle, in pixels of 512 px tiles.
    const metres = lonLatToMercator(LON, LAT + 0.001)[1] - lonLatToMercator(LON, LAT)[1];
    const edge = 100 - metres / (40075016.68557849 / 512 / 2 ** 14);
    expect(hex(picture.at(100, edge))).toBe('#0000ff');
    const asked = await get(`${path}?geojson=${encodeURIComponent(JSON.stringify(feature))}`).expect(200);
    expect(Buffer.compare(asked.body, posted.body)).toBe(0);
  });

  it('has a preview of every style', async () => {
    for (const id of filled([...test.services.styles.keys()])) {
      const picture = await draw(`/styles/${id}/thumbnail.png`);
      expect(
        count(picture, (pixel) => hex(pixel) !== '#f4f1ea'),
        id,
      ).toBeGreaterThan(10_000);
    }
  });

  it('draws signs without a text', async () => {
    const path = `/styles/quality/static/${LON},${LAT},16/60x60.png?layers=paper,finding-error`;
    const before = await get(path).expect(200);
    await engine.db.query(sql`
      INSERT INTO quality.finding (rule, criterion, severity, layer, key, words_vi, words_en, geom)
      VALUES ('planted', 'correct', 'error', 'land.parcel', '1', 'Sai', 'Wrong',
        ST_Transform(ST_SetSRID(ST_MakePoint(${LON}::float8, ${LAT}::float8), 4326), 9210))`);
    const sign = await vi.waitFor(
      async () => {
        const { body } = await get(path).expect(200);
        expect(Buffer.compare(body, before.body)).not.toBe(0);
        return decode(body);
      },
      { timeout: 15_000, interval: 200 },
    );
    const ground = await decode(before.body);
    expect(hex(sign.at(30, 30))).not.toBe(hex(ground.at(30, 30)));
    expect(hex(sign.at(2, 2))).toBe(hex(ground.at(2, 2)));
    await engine.db.query(sql`DELETE FROM quality.finding WHERE rule = 'planted'`);
  });

  it('is tagged, and drawn anew once what it shows has changed', async () => {
    const path = `${tileOf(17).path(0, 0)}.png`;
    const first = await get(path).expect(200);
    expect(first.headers['cache-control']).toBe('no-cache');
    await get(path, { 'if-none-match': first.headers.etag as string }).expect(304);
    await engine.db.query(sql`
      UPDATE land.parcel SET main_use = CASE main_use WHEN 'ODT' THEN 'DGT' ELSE 'ODT' END
      WHERE geom && ST_Expand(ST_Transform(ST_SetSRID(ST_MakePoint(${LON}::float8, ${LAT}::float8), 4326), 9210), 60)`);
    await vi.waitFor(async () => expect((await get(path).expect(200)).headers.etag).not.toBe(first.headers.etag), {
      timeout: 15_000,
      interval: 200,
    });
  });

  it.each([
    ['/styles/land/14/99999/1.png', 404, /run from 0 to 16383/],
    ['/styles/land/23/1/1.png', 400, /zoom|"z"/i],
    ['/styles/land/14/a/1.png', 400, /"x"/],
    ['/styles/satellite/14/1/1.png', 404, /no style "satellite"/],
    ['/styles/land/14/1/1.jpg', 404, /./],
    ['/styles/land/14/1/1.png?layers=land.nothing', 400, /does not draw the layer "land\.nothing"/],
    ['/styles/land/static/106.7,11,14/2049x10.png', 400, /each side from 1 to 2048/],
    ['/styles/land/static/106.7,11,14/2048x1025@2x.png', 400, /at most 8388608 pixels.* has 8396800/],
    ['/styles/land/static/106.7,11,14/0x10.png', 400, /width x height/],
    ['/styles/land/static/106.7,11/10x10.png', 400, /longitude,latitude,zoom/],
    ['/styles/land/static/106.7,11,23/10x10.png', 400, /zoom from 0 to 22/],
    ['/styles/land/static/107,11,106,12/10x10.png', 400, /west < east/],
    ['/styles/land/static/106.7,95,14/10x10.png', 400, /latitudes from -85/],
    ['/styles/land/static/106.7,11,14/10x10.png?geojson=%7B', 400, /GeoJSON/],
    ['/styles/land/static/106.7,11,14/10x10.png?geojson=%7B%22type%22%3A%22Polygon%22%7D', 400, /geojson/],
  ])('%s is %i', async (path, status, detail) => {
    const { body } = await get(path, { 'accept-language': 'en' }).expect(status);
    expect(body.details.en).toMatch(detail);
  });

  it.each([
    ['no GeoJSON', { type: 'Parcel' }, 400],
    [
      'a colour that is none',
      { type: 'Feature', properties: { fill: 'url(#x)' }, geometry: { type: 'Point', coordinates: [106, 11] } },
      400,
    ],
    [
      'too many vertices',
      { type: 'LineString', coordinates: Array.from({ length: 20_001 }, (_, i) => [106 + i / 1e5, 11]) },
      422,
    ],
  ])('refuses %s on top of a map', async (_, body, status) => {
    const path = '/styles/land/static/106.7,11,14/10x10.png';
    const answer = await request(test.app).post(path).send(body).expect(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});
