import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { insertKeyQuery, revokeKeyQuery } from '../../../src/access/key-query.ts';
import { sql } from '../../../src/database/sql.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { audited, type GivenKey, giveKey, known, RESTRICTED_TABLES } from './keys.ts';

const SECRET = '/collections/odd.secret/items';

describeBareEngines('API keys', (engine) => {
  let test: TestApp;
  let key: GivenKey;

  beforeAll(async () => {
    await engine.db.script(RESTRICTED_TABLES);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    key = await giveKey(engine.db, { layers: ['odd.secret'] });
    await known(test);
  });
  afterAll(() => test?.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    request(test.app)
      .get(path)
      .set({ 'accept-language': 'en', ...headers });
  const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

  it('are accepted in every form, and the public sees nothing', async () => {
    expect((await get(SECRET)).status).toBe(404);
    const forms: [string, Record<string, string>][] = [
      [SECRET, { authorization: `Bearer ${key.text}` }],
      [SECRET, { authorization: `bearer  ${key.text} ` }],
      [SECRET, { 'x-api-key': key.text }],
      [SECRET, { authorization: basic('qgis', key.text) }],
      [SECRET, { authorization: basic(key.text, '') }],
      [`${SECRET}?key=${key.text}`, {}],
      [`${SECRET}?limit=5&%6Bey=${key.text}`, {}],
      [`${SECRET}?KEY=${key.text}&f=json`, { 'x-api-key': key.text }],
    ];
    for (const [path, headers] of forms) {
      const { status, body, text, headers: sent } = await get(path, headers);
      expect([path, headers, status]).toEqual([path, headers, 200]);
      expect(body.numberReturned).toBe(2);
      expect(text + JSON.stringify(sent)).not.toContain(key.text);
      expect(sent['cache-control']).toBe('private, no-cache');
    }
    const rows = await audited(engine.db);
    expect(rows).toHaveLength(forms.length);
    expect(JSON.stringify(rows)).not.toContain(key.text);
    expect(rows[6]).toMatchObject({
      key_id: key.id,
      action: 'read',
      layer: 'odd.secret',
      request: `GET ${SECRET}?limit=5`,
    });
  });

  it('that are wrong are 401, which says why, on any path', async () => {
    const expired = await giveKey(engine.db);
    const revoked = await giveKey(engine.db);
    await engine.db.query(
      sql`UPDATE access.key SET created_at = now() - interval '9 days', expires_at = now() - interval '1 second' WHERE id = ${expired.id}`,
    );
    await engine.db.query(revokeKeyQuery(revoked.id));
    await known(test);
    const unknown = key.text.slice(0, -4) + (key.text.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    const cases: [string, RegExp][] = [
      [unknown, /does not know/],
      ['nonsense', /no API key/],
      ['', /no API key/],
      [expired.text, /expired/],
      [revoked.text, /revoked/],
    ];
    for (const [text, reason] of cases)
      for (const path of ['/', SECRET, '/nothing/here', '/health/live']) {
        const answers = [await get(path, { 'x-api-key': text }), await get(path, { authorization: `Bearer ${text}` })];
        for (const { status, body, headers } of answers) {
          expect([text, path, status, body.type]).toEqual([text, path, 401, 'urn:diaba:problem:unauthorized']);
          expect(body.detail).toMatch(reason);
          expect(headers['www-authenticate']).toMatch(/^Bearer .*Basic /);
        }
      }
    expect((await get(`/?key=${unknown}`)).status).toBe(401);
    expect((await get('/?key=wrong')).status).toBe(401);
    expect((await get('/', { authorization: 'Digest x' })).status).toBe(401);
    const two = await get(`${SECRET}?key=${key.text}`, { 'x-api-key': unknown });
    expect([two.status, two.body.type]).toEqual([400, 'urn:diaba:problem:invalid-parameter']);
  });

  it('are in no link, page or log line', async () => {
    const lines: string[] = [];
    vi.spyOn(test.services.log, 'error').mockImplementation(
      (...given: unknown[]) => void lines.push(JSON.stringify(given)),
    );
    for (const path of [
      '/',
      '/collections',
      SECRET,
      `${SECRET}?limit=1`,
      '/collections/odd.secret',
      '/map',
      '/wfs?service=WFS&request=GetCapabilities',
    ])
      for (const accept of ['application/json', 'text/html']) {
        const url = `${path}${path.includes('?') ? '&' : '?'}key=${key.text}`;
        const { status, text, headers } = await get(url, { accept });
        expect([path, status]).toEqual([path, 200]);
        expect(text + JSON.stringify(headers)).not.toContain(key.text.slice(15));
      }
    // A fault of the server is logged.
    vi.spyOn(test.services, 'recordAccess').mockRejectedValueOnce(new Error('broken'));
    const broken = await get(`${SECRET}?key=${key.text}`);
    vi.restoreAllMocks();
    expect(broken.status).toBe(200);
    expect(lines.join()).not.toContain(key.text);
  });

  it('that are revoked end everywhere within 2 s, also without a notification', async () => {
    const other = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    const lost = await giveKey(engine.db, { layers: ['odd.secret'] });
    const silent = await giveKey(engine.db, { layers: ['odd.secret'] });
    const statusAt = async ({ app }: TestApp, { text }: GivenKey) =>
      (await request(app).get(SECRET).set('x-api-key', text)).status;
    for (const server of [test, other])
      for (const each of [lost, silent]) await expect.poll(() => statusAt(server, each), { timeout: 2000 }).toBe(200);
    await engine.db.query(revokeKeyQuery(lost.id));
    for (const server of [test, other]) await expect.poll(() => statusAt(server, lost), { timeout: 500 }).toBe(401);
    await engine.db.script('ALTER TABLE access.key DISABLE TRIGGER USER');
    await engine.db.query(revokeKeyQuery(silent.id));
    await engine.db.script('ALTER TABLE access.key ENABLE TRIGGER USER');
    for (const server of [test, other]) await expect.poll(() => statusAt(server, silent), { timeout: 2000 }).toBe(401);
    await other.close();
  });

  it('are stored as digests only, and their last use is written', async () => {
    await expect
      .poll(
        async () =>
          (
            await engine.db.query(
              sql`SELECT FROM access.key WHERE id = ${key.id} AND last_used_at > now() - interval '1 hour'`,
            )
          ).length,
      )
      .toBe(1);
    const [row] = await engine.db.query<{ text: string }>(
      sql`SELECT key::text || encode(hash, 'escape') AS text FROM access.key WHERE id = ${key.id}`,
    );
    expect(row?.text).not.toContain(key.text.slice(15));
    expect(insertKeyQuery.length).toBe(1);
  });

  it('a layer that becomes restricted disappears, and its cached tiles with it', async () => {
    const paths = ['/collections/odd.later/items', '/xyz/odd.later/0/0/0.mvt'];
    await engine.db.script(`CREATE TABLE odd.later (id int PRIMARY KEY, geom geometry(Point, 9210));
      INSERT INTO odd.later VALUES (1, ST_SetSRID(ST_Point(600000, 1220000), 9210))`);
    await test.services.catalog.refresh();
    for (const path of [...paths, ...paths]) expect((await get(path)).status).toBe(200);
    await engine.db.script("INSERT INTO access.restricted_layer VALUES ('odd.later', 'a test')");
    for (const path of paths) await expect.poll(async () => (await get(path)).status, { timeout: 5000 }).toBe(404);
    expect((await get('/collections')).text).not.toContain('odd.later');
    const own = "INSERT INTO access.restricted_layer VALUES ('land.parcel', 'a test')";
    await expect(engine.db.script(own)).rejects.toThrow(/restricted_layer_is_no_own_layer/);
  });

  it('get nothing from the fast path of the public', async () => {
    expect((await get('/xyz/odd.open/0/0/0.mvt')).status).toBe(200);
    const revoked = await get('/xyz/odd.open/0/0/0.mvt', { 'x-api-key': 'wrong' });
    expect(revoked.status).toBe(401);
  });
});
