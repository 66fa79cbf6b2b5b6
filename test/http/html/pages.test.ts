import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

/** Parameters that shared links gather. */
const GATHERED = 'fbclid=IwAR0x&utm_source=zalo&utm_medium=a%3Fb&gclid=1&zarsrc=30&zz=1&zz=2&%3Cb%3E=%22';
/** Questions that pages cannot do without. */
const NEEDED: Readonly<Record<string, string>> = {
  '/parcels': 'q=12+345&',
  '/parcels/at': 'x=106.68&y=10.98&',
  '/search': 'q=12+345&',
};
const STRANGE = /fbclid|utm_|gclid|zarsrc|%3Cb%3E|zz=/;

/** Returns the positions of the outer rings of a polygon or multipolygon. */
const positionsOf = ({ type, coordinates }: { type: string; coordinates: never[] }): [number, number][] =>
  (type === 'Polygon' ? [coordinates[0]] : coordinates.map((polygon) => polygon[0])).flat() as never;

describeEngines('pages', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string, accept: string) => request(test.app).get(path).set('host', 'o.vn').set('accept', accept);
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

  /** Returns a parcel, and the URL of a question that finds it. */
  const known = async () => {
    const [first] = (await get('/collections/land.parcel/items?limit=1', '*/*').expect(200)).body.features;
    const parcel = (await get(`/parcels/${first.id}`, '*/*').expect(200)).body;
    const { unit, sheet, number } = parcel.properties;
    return { parcel, question: `/parcels?${new URLSearchParams({ unit: unit.code, sheet, number })}` };
  };

  /** Returns every route with a page, from its document. WMS has HTML of its own, and ignores unknown keys. */
  const paths = async () => {
    const { body } = await request(test.app).get('/api?f=json');
    const described = Object.entries<Record<string, { responses: Record<string, { content?: object }> }>>(body.paths);
    return described
      .filter(
        ([path, { get: read }]) =>
          !/\/collections\/[^{]/.test(path) && path !== '/wms' && 'text/html' in (read?.responses[200]?.content ?? {}),
      )
      .map(([path]) => path.replace('{collection}', 'land.parcel').replace('{feature}', '1'))
      .filter((path) => !path.includes('{'));
  };

  it('ignore what they do not know, and pass none of it on', async () => {
    const list = await paths();
    expect(list).toEqual(expect.arrayContaining(['/', '/map', '/collections', '/collections/land.parcel/items']));
    for (const path of filled(list)) {
      const { status, text } = await get(`${path}?${NEEDED[path] ?? ''}${GATHERED}`, BROWSER);
      expect([path, status]).toEqual([path, 200]);
      expect(text.match(new RegExp(`href="[^"]*(${STRANGE.source})[^"]*"`))?.[0]).toBeUndefined();
    }
  });

  it('keep what they know', async () => {
    const { text } = await get(`/collections/land.parcel/items?limit=2&${GATHERED}&sheet=12&lang=en`, BROWSER).expect(
      200,
    );
    expect(text).toContain('/collections/land.parcel/items?limit=2&amp;sheet=12&amp;lang=vi&amp;f=html');
    const wrong = await get(`/collections/land.parcel/items?limit=none&${GATHERED}`, BROWSER);
    expect([wrong.status, wrong.text.includes('limit')]).toEqual([400, true]);
  });

  it('are there of styles, processes, jobs and parcels, beside their JSON', async () => {
    const { parcel, question } = await known();
    const [x, y] = parcel.geometry.coordinates[0][0][0];
    const execution = { inputs: { geometry: { type: 'Point', coordinates: [106.68, 10.98] }, distance: 5 } };
    const sent = request(test.app).post('/processes/buffer/execution').set('prefer', 'respond-async').send(execution);
    const job = (await sent.expect(201)).body.jobID;
    const documents: readonly (readonly [path: string, shown: string])[] = [
      ['/styles', '/styles/land/thumbnail.png'],
      ['/tiles', '/tiles/WebMercatorQuad'],
      ['/tiles/WebMercatorQuad', 'land.parcel'],
      ['/styles/land/metadata', '/styles/land/thumbnail.png'],
      ['/collections/land.parcel/styles', '/collections/land.parcel/styles/land'],
      ['/processes', '/processes/buffer'],
      ['/processes/buffer', '<code>distance</code></td><td>number 0 … 50000</td>'],
      ['/processes/buffer/presets', 'chưa đối chiếu'],
      ['/jobs', '<dt>jobs</dt>'],
      [`/jobs/${job}`, '#run=buffer&amp;inputs=%7B'],
      ['/search?q=106.68%2C+10.98', '/map?lang=vi#map=16/1'],
      [question, `/parcels/${parcel.id}?f=html`],
      ['/parcels?q=to+9999+thua+9999', '/parcels?'],
      [`/parcels/at?x=${x}&y=${y}`, '</svg>'],
      [`/parcels/${parcel.id}`, parcel.properties.nationalId ?? parcel.properties.unit.name],
    ];
    for (const [path, shown] of documents) {
      const [page, document, refused] = [
        await get(path, BROWSER),
        await get(path, '*/*'),
        await get(path, 'image/png'),
      ];
      expect([path, page.status, page.headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8']);
      expect([path, page.text.includes(shown)]).toEqual([path, true]);
      expect(page.text).not.toMatch(/\[object Object\]|undefined/);
      expect([path, document.status, document.type.includes('json')]).toEqual([path, 200, true]);
      expect([path, refused.status]).toEqual([path, 406]);
      const join = path.includes('?') ? '&' : '?';
      expect((await get(`${path}${join}f=html`, '*/*')).type).toBe('text/html');
      expect((await get(`${path}${join}f=json`, BROWSER)).body).toEqual(document.body);
      expect((await get(`${path}${join}f=xml`, BROWSER)).status).toBe(400);
    }
  });

  it('draw shapes over a picture of their place', async () => {
    const [feature] = (await get('/collections/base.unit/items?limit=1&level=commune', '*/*').expect(200)).body
      .features;
    const { text, headers } = await get(`/collections/base.unit/items/${feature.id}`, BROWSER).expect(200);
    const [, picture = ''] = /<image href="http:\/\/o\.vn([^"]+)"/.exec(text) ?? [];
    expect(headers['content-security-policy']).toContain('img-src data: http://o.vn;');
    expect((await get(picture, 'image/png').expect(200)).type).toBe('image/png');
    // The view holds the whole shape with a margin, in Web Mercator as the picture.
    const [lon, lat, zoom] = (/static\/([^/]+)\//.exec(picture)?.[1] ?? '').split(',').map(Number) as [
      number,
      number,
      number,
    ];
    const scale = (512 * 2 ** zoom) / 360;
    const y = (degrees: number) => (Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) * 180) / Math.PI;
    const expected = positionsOf(feature.geometry).map(([east, north]) => [
      480 + (east - lon) * scale,
      200 - (y(north) - y(lat)) * scale,
    ]);
    const [, drawn = ''] = / d="M([^Z"]+)/.exec(text) ?? [];
    const [x0, y0] = drawn.split(/[ L]/).map(Number) as [number, number];
    expect(Math.hypot(x0 - expected[0]![0]!, y0 - expected[0]![1]!)).toBeLessThan(0.2);
    for (const [x, north] of filled(expected) as number[][]) {
      expect(x).toSatisfy((value: number) => value >= 15 && value <= 945);
      expect(north).toSatisfy((value: number) => value >= 15 && value <= 385);
    }
  });

  it('head columns by their titles and units', async () => {
    const [vi, en] = await Promise.all(
      ['vi', 'en'].map((lang) => get(`/collections/land.parcel/items?limit=1&lang=${lang}`, BROWSER).expect(200)),
    );
    // The Vietnamese title names its unit already.
    expect(vi?.text).toMatch(/<span title="legal_area_m2">Diện tích pháp lý \(trên giấy chứng nhận\), m²<\/span>/);
    expect(en?.text).toMatch(/<span title="legal_area_m2">[^<²]*\(m²\)<\/span>/);
    expect(en?.text).toMatch(/<span title="sheet">sheet number<\/span>/);
  });

  it('draw parcels in degrees whatever system is asked for', async () => {
    const { question } = await known();
    const [own, degrees] = [`${question}&crs=EPSG:9210&f=html`, `${question}&f=html`].map((path) => get(path, BROWSER));
    const pictures = (await Promise.all([own, degrees])).map(
      (page) => /<svg class="map"[\s\S]*<\/svg>/.exec(page?.text ?? '')?.[0],
    );
    expect(pictures[0]).toBeDefined();
    expect(pictures[0]).toBe(pictures[1]);
  });

  it('say so on the API as before', async () => {
    for (const [path, accept] of [
      ['/collections?fbclid=1', '*/*'],
      ['/collections?fbclid=1&f=json', BROWSER],
      ['/collections/land.parcel/items?fbclid=1', 'application/geo+json'],
      ['/collections/land.parcel/items?fbclid=1&f=csv', BROWSER],
      ['/collections/land.parcel/items/1?fbclid=1', 'application/json'],
      ['/collections?fbclid=1&f=nothing', BROWSER],
      ['/xyz/land.parcel/tilejson.json?fbclid=1', BROWSER],
    ] as const) {
      const { status } = await get(path, accept);
      expect([path, status]).toEqual([path, 400]);
    }
  });
});
