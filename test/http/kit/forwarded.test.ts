import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

const PROXIED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'ban-do.example.vn',
  'x-forwarded-prefix': '/dia-ba',
};
const BASE = 'https://ban-do.example.vn/dia-ba';

/** A path of each face, with a URL in its answer. */
const FACES: readonly (readonly [path: string, url: RegExp, accept?: string])[] = [
  ['/', /"href":"([^"]*)\/conformance"/],
  ['/', /href="([^"]*)\/collections\?/, 'text/html'],
  ['/api?f=json', /"servers":\[\{"url":"([^"]*)"/],
  ['/collections', /"href":"([^"]*)\/collections\/base.road"/],
  ['/collections/base.road/items?limit=1', /"href":"([^"]*)\/collections\/base.road\/items\?limit=1&cursor=/],
  ['/collections/base.road/items?limit=1', /"href":"([^"]*)\/collections\/base.road\/items\?limit=1&f=html"/],
  ['/collections/base.road/schema', /"\$id":"([^"]*)\/collections\/base.road\/schema"/],
  ['/collections/base.road/queryables', /"\$id":"([^"]*)\/collections\/base.road\/queryables"/],
  ['/collections/base.road/tiles/WebMercatorQuad', /"href":"([^"]*)\/collections\/base.road\/tiles/],
  ['/collections/base.road/map/tiles/WebMercatorQuad', /"href":"([^"]*)\/collections\/base.road\/map\/tiles/],
  ['/tileMatrixSets', /"href":"([^"]*)\/tileMatrixSets\/WebMercatorQuad"/],
  ['/xyz/base.road/tilejson.json', /"tiles":\["([^"]*)\/xyz\/base.road/],
  ['/styles', /"href":"([^"]*)\/styles\/land/],
  ['/styles/land', /"glyphs":"([^"]*)\/fonts/],
  ['/styles/land', /"url":"([^"]*)\/xyz/],
  ['/processes', /"href":"([^"]*)\/processes\/buffer"/],
  ['/jobs', /"href":"([^"]*)\/jobs\?f=json"/],
  ['/wfs?SERVICE=WFS&REQUEST=GetCapabilities', /xlink:href="([^"]*)\/wfs/],
  ['/wms?SERVICE=WMS&REQUEST=GetCapabilities', /xlink:href="([^"]*)\/wms\?"/],
  ['/wmts?SERVICE=WMTS&REQUEST=GetCapabilities', /xlink:href="([^"]*)\/wmts/],
  ['/nowhere', /href="([^"]*)\/\?lang/, 'text/html'],
];

describeEngines('behind a proxy', (engine) => {
  let test: TestApp;
  let untrusting: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_EDITING: 'on' });
    untrusting = await openApp(engine.db, { DIABA_TRUSTED_PROXIES: '192.0.2.7' });
  });
  afterAll(() => Promise.all([test.close(), untrusting.close()]));

  /** Returns the base URL that the landing page names. */
  const baseFor = async ({ app }: TestApp, headers: Record<string, string | string[]>): Promise<string> => {
    const { body, text } = await request(app)
      .get('/')
      .set('host', 'inner:8080')
      .set(headers as Record<string, string>);
    const [self] = body.links ?? [];
    return self ? self.href.replace(/\/\?f=json$/, '') : text;
  };

  it('every face says where the client reached it', async () => {
    const wrong: unknown[] = [];
    for (const [path, url, accept = '*/*'] of FACES) {
      const { text, body } = await request(test.app).get(path).set(PROXIED).set('accept', accept).buffer(true);
      const whole = text ?? JSON.stringify(body);
      const [, found] = url.exec(whole.replaceAll('&amp;', '&')) ?? [];
      if (found !== BASE || whole.includes('127.0.0.1')) wrong.push([path, found]);
    }
    expect(wrong).toEqual([]);
  });

  it('Location says it as well', async () => {
    await engine.db.script(
      `CREATE SCHEMA proxied; CREATE TABLE proxied.spot (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, geom geometry(Point, 4326))`,
    );
    const other = await openApp(engine.db, { DIABA_EDITING: 'on', DIABA_SCHEMAS: 'proxied' });
    const sent = request(other.app).post('/collections/proxied.spot/items').set(PROXIED).type('application/geo+json');
    const feature = { type: 'Feature', geometry: { type: 'Point', coordinates: [106.68, 10.98] }, properties: {} };
    expect((await sent.send(JSON.stringify(feature)).expect(201)).headers.location).toBe(
      `${BASE}/collections/proxied.spot/items/1`,
    );
    await other.close();
    const execution = { inputs: { geometry: { type: 'Point', coordinates: [106.68, 10.98] }, distance: 5 } };
    const job = request(test.app).post('/processes/buffer/execution').set(PROXIED).set('prefer', 'respond-async');
    expect((await job.send(execution).expect(201)).headers.location).toMatch(new RegExp(`^${BASE}/jobs/`));
  });

  it('each header is taken by itself', async () => {
    expect(await baseFor(test, {})).toBe('http://inner:8080');
    expect(await baseFor(test, { 'x-forwarded-proto': 'https' })).toBe('https://inner:8080');
    expect(await baseFor(test, { 'x-forwarded-host': '[2001:db8::1]:8443' })).toBe('http://[2001:db8::1]:8443');
    expect(await baseFor(test, { 'x-forwarded-prefix': '/a/b-c_d~e/v1.2/' })).toBe('http://inner:8080/a/b-c_d~e/v1.2');
    expect(await baseFor(test, { 'x-forwarded-prefix': '/' })).toBe('http://inner:8080');
  });

  it.each([
    ['x-forwarded-proto', 'javascript'],
    ['x-forwarded-proto', 'HTTPS://evil'],
    ['x-forwarded-proto', ''],
    ['x-forwarded-host', 'evil.example/path'],
    ['x-forwarded-host', 'evil.example" onload="x'],
    ['x-forwarded-host', 'user@evil.example'],
    ['x-forwarded-host', 'evil.example:99999'],
    ['x-forwarded-host', 'evil.example:'],
    ['x-forwarded-host', 'a'.repeat(300)],
    ['x-forwarded-prefix', '//evil.example'],
    ['x-forwarded-prefix', '/a//b'],
    ['x-forwarded-prefix', '/../etc'],
    ['x-forwarded-prefix', '/a/./b'],
    ['x-forwarded-prefix', 'no-slash'],
    ['x-forwarded-prefix', '/a?b'],
    ['x-forwarded-prefix', '/a"onload=x'],
    ['x-forwarded-prefix', '/%2e%2e'],
    ['x-forwarded-prefix', `/${'a'.repeat(300)}`],
    ['forwarded', 'proto=https;host=evil.example'],
  ])('%s: %s means nothing', async (name, value) => {
    expect(await baseFor(test, { [name]: value })).toBe('http://inner:8080');
  });

  it('of several values the one of the outermost trusted proxy holds, and no client can put one before it', async () => {
    const hosts = { 'x-forwarded-host': 'evil.example, ban-do.example.vn' };
    expect(await baseFor(test, hosts)).toBe('http://ban-do.example.vn');
    expect(await baseFor(test, { ...hosts, 'x-forwarded-for': '203.0.113.9' })).toBe('http://ban-do.example.vn');
    const two = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 127.0.0.1' };
    const chain = { ...two, 'x-forwarded-host': 'evil.example, ban-do.example.vn, inner' };
    expect(await baseFor(test, chain)).toBe('http://ban-do.example.vn');
    expect(await baseFor(test, { ...two, 'x-forwarded-host': 'ban-do.example.vn' })).toBe('http://ban-do.example.vn');
    expect(await baseFor(test, { 'x-forwarded-proto': 'javascript, https' })).toBe('https://inner:8080');
    expect(await baseFor(test, { 'x-forwarded-proto': 'https, javascript' })).toBe('http://inner:8080');
  });

  it('nobody else is believed', async () => {
    expect(await baseFor(untrusting, PROXIED)).toBe('http://inner:8080');
    expect(await baseFor(untrusting, { ...PROXIED, 'x-forwarded-for': '192.0.2.7' })).toBe('http://inner:8080');
  });

  it('a Host that is none is refused', async () => {
    const { status, body } = await request(test.app).get('/').set('host', 'evil"x');
    expect([status, body.parameter]).toEqual([400, 'Host']);
  });
});

it('the setting wins over every header', async () => {
  const { baseUrl } = await import('../../../src/http/kit/links.ts');
  const { readConfig } = await import('../../../src/config.ts');
  expect(baseUrl(readConfig({ DIABA_PUBLIC_URL: 'https://o.vn/a/' }), {} as never)).toBe('https://o.vn/a');
});
