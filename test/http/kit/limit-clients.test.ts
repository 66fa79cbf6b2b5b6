import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { addressReader, networkOf } from '../../../src/http/kit/client-address.ts';
import { clientLimit } from '../../../src/http/kit/limit-clients.ts';
import { answerFromCache } from '../../../src/http/tiles/tile-reply.ts';
import { describeEngines } from '../../engine.ts';
import { giveKey } from '../access/keys.ts';
import { openApp, type TestApp } from '../app.ts';

const POINTS = 210;
const TILE = '/xyz/land.parcel/15/26094/15377.mvt';

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    ['loopback', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['loopback', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['loopback', '198.51.100.9', '203.0.113.7', '198.51.100.9'],
    ['none', '127.0.0.1', '203.0.113.7', '127.0.0.1'],
    ['loopback', '127.0.0.1', undefined, '127.0.0.1'],
  ])('behind the trusted proxies %s: from %s with %s it is %s', (trusted, remoteAddress, forwarded, client) => {
    const read = addressReader(trusted === 'none' ? [] : [trusted]);
    const asking = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
    expect(read(asking as never)).toBe(client);
  });
});

describeEngines('clients that ask much', (engine) => {
  let test: TestApp;
  let server: Server;
  let key: string;
  let address: string;
  let clients = 0;
  beforeAll(async () => {
    key = (await giveKey(engine.db, { layers: ['land.parcel'] })).text;
    test = await openApp(engine.db, { DIABA_REQUEST_LIMIT: String(POINTS) });
    const { countCached } = clientLimit(test.services);
    server = createServer(answerFromCache(test.services.cachedTiles, countCached, createApp(test.services)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server?.close();
    await test?.close();
  });
  beforeEach(() => {
    address = `203.0.113.${++clients}`;
  });

  const ask = (path: string, headers: Record<string, string> = {}) =>
    request(test.app)
      .get(path)
      .set({ 'x-forwarded-for': address, ...headers });

  it('are told once little is left, and then refused until the minute ends', async () => {
    const answers = [];
    for (let n = 0; n <= POINTS; n++) answers.push(await ask('/health/live'));
    expect(answers.slice(0, POINTS).every(({ status }) => status === 200)).toBe(true);
    expect(answers[0]?.headers.ratelimit).toBeUndefined();
    expect(answers[POINTS - 1]?.headers).toMatchObject({
      'ratelimit-policy': `"client";q=${POINTS};w=60`,
      ratelimit: expect.stringMatching(/^"client";r=0;t=\d+$/),
    });
    const refused = answers[POINTS];
    expect(refused?.status).toBe(429);
    expect(refused?.body).toMatchObject({ type: 'urn:diaba:problem:too-many-requests', status: 429 });
    expect(refused?.body.details.en).toContain(`${POINTS} points a minute`);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60);
    // Pages and paths that are not there are refused alike; another client is not.
    expect((await ask('/nothing')).status).toBe(429);
    expect((await ask('/', { accept: 'text/html' })).status).toBe(429);
    expect((await ask('/health/live', { 'x-forwarded-for': '198.51.100.1' })).status).toBe(200);
  });

  it('spend a hundred points for an analysis, and ten for a picture', async () => {
    const body = { inputs: { geometry: { type: 'Point', coordinates: [106.68, 10.98] }, distance: 10 } };
    const run = () => request(test.app).post('/processes/buffer/execution').set('x-forwarded-for', address).send(body);
    expect((await run()).status).toBe(200);
    expect((await run()).status).toBe(200);
    expect((await run()).status).toBe(429);
    address = '203.0.113.200';
    for (let n = 0; n < POINTS / 10; n++) expect((await ask('/styles/land/0/0/0.png')).status).toBeLessThan(300);
    expect((await ask('/styles/land/0/0/0.png')).status).toBe(429);
  });

  it('have points of their key, wherever they ask from', async () => {
    for (let n = 0; n < POINTS; n++) await ask('/health/live', { 'x-api-key': key, 'x-forwarded-for': `192.0.2.${n}` });
    expect((await ask('/health/live', { 'x-api-key': key })).status).toBe(429);
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('spend fifty points for a key that is none', async () => {
    for (let n = 0; n < 4; n++) expect((await ask('/', { 'x-api-key': `wrong${n}` })).status).toBe(401);
    expect((await ask('/', { 'x-api-key': 'wrong' })).status).toBe(429);
    expect((await ask('/health/live')).status).toBe(429);
  });

  it('spend points for tiles from the cache as well, a tenth', async () => {
    const { port } = server.address() as AddressInfo;
    const tile = () => fetch(`http://127.0.0.1:${port}${TILE}`, { headers: { 'x-forwarded-for': address } });
    expect((await tile()).status).toBe(200);
    const cached = vi.spyOn(test.services.cachedTiles, 'getByUrl');
    for (let n = 0; n < POINTS * 10; n++) (await tile()).body?.cancel();
    await vi.waitFor(async () => expect((await tile()).status).toBe(429), { timeout: 5000, interval: 100 });
    expect(cached.mock.results.filter(({ value }) => value !== undefined).length).toBeGreaterThan(POINTS);
    cached.mockRestore();
  });
});
