import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBareEngines } from '../engine.ts';
import { giveKey, known, RESTRICTED_TABLES, SECOND_UNIT } from '../http/access/keys.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { Mirror } from './mirror.ts';

const SECRET = '/collections/odd.secret/changes';
const OPEN = '/collections/odd.open/changes';

describeBareEngines('rights on changes', (engine) => {
  let test: TestApp;
  let key: string;
  beforeAll(async () => {
    await engine.db.script(RESTRICTED_TABLES);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
    key = (await giveKey(engine.db, { databases: ['odd'], units: SECOND_UNIT })).text;
    await known(test);
  });
  afterAll(() => test?.close());

  it('narrow a key to its unit: a row that moves away is a delete, one that comes an insert', async () => {
    const mirror = new Mirror(test.app, SECRET, { 'x-api-key': key });
    await mirror.follow();
    expect([...mirror.rows.keys()]).toEqual([2]);
    await engine.db.script(`UPDATE odd.secret SET name = 'zebrafinch 2' WHERE id = 1`);
    await mirror.follow();
    expect(mirror.seen.length).toBe(1);
    await engine.db.script(
      `UPDATE odd.secret SET unit_code = CASE unit_code WHEN '11111' THEN '22222' ELSE '11111' END`,
    );
    await mirror.follow();
    expect([...mirror.rows.keys()]).toEqual([1]);
    const told = mirror.seen.slice(1).map(({ id, change }) => [id, change.op, change.reason]);
    expect(told.sort()).toEqual([
      [1, 'insert', 'entered'],
      [2, 'delete', 'left'],
    ]);
    // What the row was in the other unit stays there.
    expect(JSON.stringify(mirror.seen.slice(1))).not.toContain('nighthawk 2');
    const digest = await mirror.get<{ units: unknown[]; hash: string }>(mirror.digestUrl);
    expect([digest.units, digest.hash]).toMatchObject([[{ unit: '22222', count: 1 }], mirror.hash()]);
  });

  it('hide a restricted layer, and personal fields in versions of the past', async () => {
    expect((await request(test.app).get(SECRET)).status).toBe(404);
    expect((await request(test.app).get(SECRET.replace('changes', 'digest'))).status).toBe(404);
    const mirror = new Mirror(test.app, OPEN);
    await mirror.follow();
    await engine.db.script(`UPDATE odd.open SET cccd = 'kingfisher 2'`);
    await mirror.follow();
    expect([mirror.seen.length, JSON.stringify(mirror.seen).includes('kingfisher')]).toEqual([2, false]);
  });

  it('end a token when they change', async () => {
    const mirror = new Mirror(test.app, OPEN);
    await mirror.follow();
    const { pathname, search } = new URL(mirror.next);
    const asKey = await request(test.app)
      .get(pathname + search)
      .set({ 'x-api-key': key, 'accept-language': 'en' });
    expect([asKey.status, asKey.body.detail]).toEqual([410, expect.stringMatching(/rights of the key/)]);
    await engine.db.script(`INSERT INTO access.restricted_layer VALUES ('odd.open', 'a test')`);
    await test.services.catalog.refresh();
    expect((await request(test.app).get(pathname + search)).status).toBe(404);
  });
});
