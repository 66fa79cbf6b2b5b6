import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from './app.ts';

/** What links gather when people pass them on. */
const GATHERED = 'fbclid=IwAR0x&utm_source=zalo&utm_medium=a%3Fb&gclid=1&zarsrc=30&x=1&x=2&%3Cb%3E=%22';
const STRANGE = /fbclid|utm_|gclid|zarsrc|%3Cb%3E|[?&;]x=/;

describeEngines('pages', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string, accept: string) => request(test.app).get(path).set('accept', accept);
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

  /** Every route that has a page, as its document says; WMS has HTML of its own, and no unknown key. */
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
    for (const path of list) {
      const query = path === '/parcels' ? 'q=12+345&' : path === '/parcels/at' ? 'x=106.68&y=10.98&' : '';
      const { status, text } = await get(
        `${path}?${query}${GATHERED.replace(/&x=\d/g, query.includes('x=') ? '' : '$&')}`,
        BROWSER,
      );
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
