/** No request blocks the event loop: meanwhile the health check answers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { circle, star } from './shapes.ts';

/**
 * Limit on an idle machine; each request takes a fraction of it. 40 000 ids once took 28 s, and a text of CQL2 0.5 s.
 */
const LONGEST_MS = 300;
/** Time of {@link work} on such a machine. */
const WORK_MS = 40;
const MEGABYTE = 1_000_000;

const fill = (piece: string, length: number) => piece.repeat(Math.floor(length / piece.length));
const url = (path: string, query: Record<string, string> = {}) => ({ path: `${path}?${new URLSearchParams(query)}` });
const json = (path: string, body: string | object) => ({
  ...{ path, method: 'POST', type: 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const wfs = (filter: string) => ({
  ...{ path: '/wfs', method: 'POST', type: 'application/xml' },
  body: `<GetFeature service="WFS" version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0"><Query typeNames="diaba:land.parcel"><Filter xmlns="http://www.opengis.net/fes/2.0">${filter}</Filter></Query></GetFeature>`,
});
const items = (filter: string) => url('/collections/land.parcel/items', { filter, limit: '1' });
const buffer = (inputs: object) => json('/processes/buffer/execution', { inputs });
const chosen = (features: object) => buffer({ features: { layer: 'land.parcel', ...features }, distance: 1 });
const text = (unit: string) => items(`${fill(unit, 12_000)}a=1`);

interface Hostile {
  readonly path: string;
  readonly method?: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

const HOSTILE: Readonly<Record<string, Hostile>> = {
  '40 000 ids': wfs(fill('<ResourceId rid="land.parcel.1"/>', 40_000 * 33)),
  '10 000 ids': wfs(fill('<ResourceId rid="land.parcel.1"/>', 10_000 * 33)),
  'ids of a buffer': chosen({ ids: Array.from({ length: 250_000 }, (_, id) => id) }),
  'ids that are none': chosen({ ids: Array.from({ length: 200_000 }, () => ({})) }),
  'layers of a buffer': buffer({ geometry: circle(10), distance: 1, layers: Array(300_000).fill('x') }),
  'conditions of a buffer': chosen({ filter: { op: 'or', args: Array(30_000).fill({ op: '=', args: [1, 1] }) } }),
  'values of a list': chosen({ filter: { op: 'in', args: [{ property: 'id' }, Array(500_000).fill(1)] } }),
  'a star of 80 000 corners': buffer({ geometry: star(80_001), distance: 1 }),
  'a star of 20 000 corners': buffer({ geometry: star(19_999), distance: 1 }),
  'a circle of 20 000 corners': buffer({ geometry: circle(20_000), distance: 1, layers: ['base.place'] }),
  'positions that are texts': buffer({
    geometry: { type: 'LineString', coordinates: Array(99_000).fill(['', '']) },
    distance: 1,
  }),
  'a position of texts': buffer({ geometry: { type: 'Point', coordinates: Array(380_000).fill('') }, distance: 1 }),
  'lists within lists': json('/processes/buffer/execution', fill('[', MEGABYTE) + fill(']', MEGABYTE)),
  members: json(
    '/processes/buffer/execution',
    `{${Array.from({ length: 150_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
  ),
  lists: json('/processes/buffer/execution', `[${fill('[],', 1.9 * MEGABYTE)}[]]`),
  'an overlay': json('/styles/land/static/106.68,10.98,14/80x60.png', {
    type: 'FeatureCollection',
    features: Array(20_000).fill({ type: 'Feature', geometry: null, properties: null }),
  }),
  'an overlay of points': json('/styles/land/static/106.68,10.98,14/80x60.png', {
    type: 'MultiPoint',
    coordinates: Array(90_000).fill([106.6, 11]),
  }),
  alternatives: text('a=1 OR '),
  sums: items(`a=${fill('1+', 12_000)}1`),
  brackets: text(`${fill('(', 19)}a=1${fill(')', 19)} or `),
  calls: text(`${fill('f(', 36)}1${fill(')', 18)}=1 or `),
  arguments: items(`f(${fill('a,', 15_000)}a)=1`),
  'a line': items(`S_INTERSECTS(geom,LINESTRING(${fill('106 11,', 14_000)}106 12))`),
  'quotation marks': items(`a='${fill("''", 14_000)}`),
  'a pattern': items(`address LIKE '${fill('%_', 990)}'`),
  elements: wfs(fill('<a/>', 1.9 * MEGABYTE)),
  attributes: wfs(`<a ${Array.from({ length: 150_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`),
  entities: wfs(fill('&amp;', 1.9 * MEGABYTE)),
  'numbers of a line': wfs(
    `<Intersects><ValueReference>geom</ValueReference><gml:LineString xmlns:gml="http://www.opengis.net/gml/3.2"><gml:posList>${fill('1 2 ', 1.9 * MEGABYTE)}</gml:posList></gml:LineString></Intersects>`,
  ),
  'fields to sort by': url('/collections/land.parcel/items', { sortby: fill('a,', 15_000) }),
  'fields to show': url('/collections/land.parcel/items', { properties: fill('a,', 15_000) }),
  'layers of a tile': url(`/xyz/${fill('land.parcel,', 15_000)}land.parcel/14/13047/7688.mvt`),
  'a path': url(`/collections/${fill('a%2F', 15_000)}/items`),
  slashes: url(`/${fill('/a', 15_000)}`),
  'keys of a query': { path: `/collections/land.parcel/items?${fill('a=1&', 15_000)}` },
  'words of a search': url('/parcels', { q: fill('to 1 ', 15_000) }),
  'digits of a search': url('/parcels', { q: fill('1', 15_000) }),
  'a cursor': url('/collections/land.parcel/items', { cursor: fill('a', 15_000) }),
  'a time': url('/collections/land.parcel/items', { datetime: fill('2025-01-01T00:00:00', 15_000) }),
  'names of WMS': url('/wms', { SERVICE: 'WMS', REQUEST: 'GetMap', VERSION: '1.3.0', LAYERS: fill('land,', 15_000) }),
  'media types': { path: '/', headers: { accept: fill('a/b;q=0.1,', 15_000) } },
  languages: { path: '/', headers: { 'accept-language': fill('vi;q=0.1,', 15_000) } },
  versions: { path: '/xyz/land.parcel/14/13047/7688.mvt', headers: { 'if-none-match': fill('"a", ', 15_000) } },
  'spaces of a header': { path: '/processes', headers: { prefer: fill('a ', 15_000), range: fill('1-', 400) } },
};

/** Returns the milliseconds of a fixed piece of work, to calibrate for busy machines. */
function work(): number {
  const texts = Array.from({ length: 20 }, (_, at) =>
    JSON.stringify(Array.from({ length: 10_000 }, (_, n) => [n / 7, at])),
  );
  const started = performance.now();
  for (const each of texts) JSON.parse(each);
  return performance.now() - started;
}

describe('the event loop', () => {
  let db: Database;
  let test: TestApp;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    db = await borrowEmbedded();
    test = await openApp(db, { DIABA_EDITING: 'on' });
    server = createServer(test.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // Modules loaded at the first request do not count.
    await fetch(`${base}/collections/land.parcel/items?limit=1&filter=a%3D1`);
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await test?.close();
    if (db) await giveBack(db);
  });

  // A busy machine can stop any process for a while; a request that blocks the loop does so three times of three.
  it.each(Object.entries(HOSTILE))(
    'serves others while it reads %s',
    { retry: 2 },
    async (_, { path, method = 'GET', type, body, headers }) => {
      const slowness = Math.max(1, work() / WORK_MS);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      let isAnswered = false;
      const asked = fetch(base + path, {
        ...{ method, headers: { ...headers, ...(type && { 'content-type': type }) } },
        ...(body !== undefined && { body }),
      }).then(async (response) => {
        await response.arrayBuffer();
        isAnswered = true;
        return response.status;
      });
      let live = 0;
      do {
        expect((await fetch(`${base}/health/live`)).status).toBe(200);
        live++;
      } while (!isAnswered && live < 500);
      delay.disable();
      expect(await asked).toBeLessThan(500);
      expect(delay.max / 1e6).toBeLessThan(LONGEST_MS * slowness);
    },
  );
});
