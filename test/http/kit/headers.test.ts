import { connect } from 'node:net';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { headerName } from '../../../src/http/kit/headers.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

const log = pino({ level: 'silent' });

/** Names that QGIS before 3.42 finds, and the registered spelling of names without capitals in each part. */
const CAPITALISED = /^([A-Z][a-z]*(-[A-Z][a-z]*)*|ETag|WWW-Authenticate)$/;

const GET_FEATURE_INFO =
  '/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=land.parcel&QUERY_LAYERS=land.parcel&CRS=CRS:84&BBOX=106.68,10.98,106.69,10.99&WIDTH=100&HEIGHT=100&I=50&J=50&INFO_FORMAT=application/json';
const TILE = '/xyz/land.parcel/15/26094/15377.mvt';
const EXECUTION = JSON.stringify({
  inputs: { geometry: { type: 'Point', coordinates: [106.6806, 10.9876] }, distance: 50, layers: ['land.parcel'] },
});
const DELTA = JSON.stringify({ type: 'Feature', geometry: null, properties: {} });

/** Every kind of answer: documents, pages, streams, tiles, pictures, files, XML, reports, problems, redirections. */
const REQUESTS: readonly (readonly [line: string, headers?: string, body?: string])[] = [
  ['GET /'],
  ['GET /?f=html', 'Accept-Encoding: gzip'],
  ['GET /api?f=json', 'Accept-Encoding: br'],
  ['GET /collections/land.parcel/items?limit=1'],
  ['HEAD /collections/land.parcel/items?limit=1'],
  ['GET /collections/base.railway/items?f=csv'],
  ['GET /collections/base.railway/items?f=csv', 'Accept-Encoding: gzip'],
  ['GET /collections/base.railway/items?f=fgb'],
  ['GET /parcels?q=12+345'],
  [`GET ${TILE}`],
  [`GET ${TILE}`],
  [`GET ${TILE}`, 'Accept-Encoding: br'],
  [`HEAD ${TILE}`],
  ['GET /xyz/land.parcel/15/0/0.mvt'],
  ['GET /xyz/land.parcel/15/0/0.mvt'],
  ['GET /styles/land/15/26094/15377.png'],
  ['GET /fonts/Noto%20Sans%20Regular/0-255.pbf'],
  ['GET /wfs?SERVICE=WFS&REQUEST=GetCapabilities'],
  ['GET /wfs?SERVICE=WFS&REQUEST=Nothing'],
  [`GET ${GET_FEATURE_INFO}`],
  ['GET /wmts?SERVICE=WMTS&REQUEST=Nothing'],
  ['GET /map'],
  ['GET /map/'],
  ['GET /map/assets/page.css', 'Accept-Encoding: br'],
  ['GET /map/lib/maplibre-gl/maplibre-gl.css', 'Accept-Encoding: gzip'],
  ['GET /health/live'],
  ['GET /health/ready'],
  ['GET /nowhere'],
  ['GET /nowhere', 'Accept: text/html'],
  ['GET /collections/land.parcel/items?limit=0'],
  ['OPTIONS /collections/land.parcel/items'],
  ['OPTIONS /parcels', 'Origin: https://o.vn\r\nAccess-Control-Request-Method: GET'],
  ['OPTIONS /map/assets/page.css'],
  ['DELETE /parcels'],
  ['POST /processes/buffer/execution', 'Content-Type: application/json', EXECUTION],
  ['POST /processes/buffer/execution', 'Content-Type: application/json\r\nPrefer: respond-async', EXECUTION],
  ['POST /collections/base.road/items', 'Content-Type: application/geo+json', DELTA],
  ['nonsense'],
];

describeEngines('headers', (engine) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(readConfig({ PORT: '0', DIABA_EDITING: 'on' }), engine.db, log);
  });
  afterAll(() => server.close());

  /** Returns the raw head of an answer. */
  const head = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (data) => void pieces.push(data));
      socket.on('end', () => resolve(Buffer.concat(pieces).toString('latin1').split('\r\n\r\n', 1)[0] ?? ''));
      socket.on('error', reject);
    });
  const ask = (line: string, headers = '', body = '') =>
    head(
      `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${headers && `${headers}\r\n`}\r\n${body}`,
    );

  it('are named as they are registered, in every answer', async () => {
    const wrong: unknown[] = [];
    for (const [line, headers, body] of REQUESTS) {
      const [status, ...lines] = (await ask(line, headers, body)).split('\r\n');
      const names = lines.map((each) => each.split(':', 1)[0] ?? '');
      const small = names.filter((name) => !CAPITALISED.test(name));
      if (!status?.startsWith('HTTP/1.1 ') || names.length < 3 || small.length > 0) wrong.push([line, status, small]);
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('are named so of what has not changed', async () => {
    for (const path of [TILE, '/conformance']) {
      const [, etag] = /\r\nETag: (.*)/.exec(await ask(`GET ${path}`)) ?? [];
      const again = await ask(`GET ${path}`, `If-None-Match: ${etag}`);
      expect(again).toMatch(/^HTTP\/1.1 304 /);
      expect(again).toContain(`\r\nETag: ${etag}`);
      expect(again).not.toMatch(/\r\n[a-z]/);
    }
  });
});

it('are named once and for all', () => {
  const names = ['content-type', 'ETAG', 'www-authenticate', 'x-content-type-options', 'Content-Crs'];
  expect(names.map(headerName)).toEqual([
    'Content-Type',
    'ETag',
    'WWW-Authenticate',
    'X-Content-Type-Options',
    'Content-Crs',
  ]);
});

describeEngines('OPTIONS and Allow', (engine) => {
  let readOnly: TestApp;
  let editable: TestApp;
  beforeAll(async () => {
    readOnly = await openApp(engine.db);
    editable = await openApp(engine.db, { DIABA_EDITING: 'on' });
  });
  afterAll(() => Promise.all([readOnly.close(), editable.close()]));

  const allowed = async ({ app }: TestApp, path: string) => {
    const { status, headers } = await request(app).options(path);
    return [status, headers.allow];
  };

  it('name what can be done, with editing on and off', async () => {
    const items = '/collections/land.parcel/items';
    expect(await allowed(readOnly, items)).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(await allowed(readOnly, `${items}/1`)).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(await allowed(editable, items)).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
    expect(await allowed(editable, `${items}/1`)).toEqual([204, 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS']);
  });

  it('name reading alone for views and functions', async () => {
    for (const id of ['environment.station_status', 'land.parcel_near_waste']) {
      const items = `/collections/${id}/items`;
      expect(await allowed(editable, items)).toEqual([204, 'GET, HEAD, OPTIONS']);
      expect(await allowed(editable, `${items}/1`)).toEqual([204, 'GET, HEAD, OPTIONS']);
      for (const sent of [request(editable.app).post(items), request(editable.app).delete(`${items}/1`)]) {
        const { status, headers } = await sent.send({ type: 'Feature', geometry: null, properties: {} });
        expect([id, status, headers.allow]).toEqual([id, 405, 'GET, HEAD, OPTIONS']);
      }
    }
  });

  it('are there for every route, and 404 where there is nothing', async () => {
    expect(await allowed(readOnly, '/processes/buffer/execution')).toEqual([204, 'POST, OPTIONS']);
    expect(await allowed(readOnly, '/jobs/1')).toEqual([204, 'GET, DELETE, HEAD, OPTIONS']);
    expect(await allowed(readOnly, '/map/assets/page.css')).toEqual([204, 'GET, HEAD, OPTIONS']);
    for (const path of ['/nowhere', '/collections/land.nothing/items', '/map/assets/nothing.css'])
      expect([path, ...(await allowed(editable, path))]).toEqual([path, 404, undefined]);
  });

  it('stand in every 405', async () => {
    const { status, headers } = await request(editable.app).put('/collections/land.parcel/items');
    expect([status, headers.allow]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
    const file = await request(editable.app).post('/map/assets/page.css');
    expect([file.status, file.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('leave preflights of other origins as they are', async () => {
    const preflight = request(readOnly.app).options('/parcels').set('origin', 'https://o.vn');
    const { status, headers } = await preflight.set('access-control-request-method', 'GET');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
    });
  });
});
