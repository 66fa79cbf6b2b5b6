import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

describeBareEngines('/health/ready', (engine) => {
  let test: TestApp;

  beforeAll(async () => {
    // A table whose disk is full or damaged if a row says so.
    await engine.db.script(`CREATE SCHEMA odd;
      CREATE TABLE odd.disk (id int PRIMARY KEY, code text, geom geometry(Point, 9210));
      CREATE FUNCTION odd.fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file "base/5/1"' USING ERRCODE = NEW.code; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON odd.disk FOR EACH ROW WHEN (NEW.code IS NOT NULL) EXECUTE FUNCTION odd.fail()`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
  });
  afterAll(() => test.close());

  const ready = () => request(test.app).get('/health/ready');
  const insert = (code: string | null) =>
    request(test.app)
      .post('/collections/odd.disk/items')
      .send({ type: 'Feature', geometry: null, properties: { id: 1, code } });

  it('says nothing of faults where there are none', async () => {
    const { status, body } = await ready();
    expect([status, body.status, body.faults]).toEqual([200, 'ready', undefined]);
  });

  it('tells of a full disk, as does the edit that met it, until something can be written', async () => {
    const { status, body } = await insert('53100');
    expect([status, body.type]).toEqual([507, 'urn:diaba:problem:disk-full']);
    expect(body.details.vi).toBe('Đĩa của cơ sở dữ liệu đã đầy: không ghi được gì nữa. Hãy giải phóng dung lượng.');
    const told = await ready();
    expect([told.status, told.body.status]).toEqual([200, 'degraded']);
    expect(told.body.faults).toEqual([
      { code: '53100', reason: body.details, since: expect.stringMatching(/^20.*Z$/) },
    ]);
    await vi.waitFor(async () => expect((await ready()).body.status).toBe('ready'), { timeout: 20_000, interval: 100 });
  });

  it('tells of a damaged table, as does the request that met it', async () => {
    const { status, body } = await insert('XX001');
    expect([status, body.type]).toEqual([500, 'urn:diaba:problem:damaged-data']);
    const told = await ready();
    expect(told.body.status).toBe('degraded');
    expect(told.body.faults).toContainEqual(expect.objectContaining({ code: 'XX001', reason: body.details }));
    expect(body.details.en).toMatch(/damaged on the disk/);
  });

  it('tells of an engine that is away, with the reason', async () => {
    const state = vi
      .spyOn(engine.db, 'state')
      .mockReturnValue({ isAnswering: false, reason: { vi: 'đi vắng', en: 'away' } });
    const { status, body } = await ready();
    expect([status, body.details]).toEqual([503, { vi: 'đi vắng', en: 'away' }]);
    state.mockReturnValue({ isAnswering: true, ailing: [{ vi: 'một bản sao', en: 'a replica' }] });
    expect((await ready()).body.faults).toContainEqual({
      code: 'replica',
      reason: { vi: 'một bản sao', en: 'a replica' },
    });
    state.mockRestore();
  });

  it.runIf(engine.name === 'embedded')('is 503 while the engine is at one statement for long', async () => {
    const endless = sql`SELECT count(*) FROM generate_series(1, 3000) AS a, generate_series(1, 9000) AS b`;
    const slow = engine.db.query(endless);
    await vi.waitFor(async () => expect((await ready()).status).toBe(503), { timeout: 10_000, interval: 100 });
    await slow;
    expect((await ready()).status).toBe(200);
  });

  it('does not wait for the database', async () => {
    const slow = engine.db.query(sql`SELECT count(*) FROM generate_series(1, 3000000)`);
    const began = performance.now();
    await ready();
    expect(performance.now() - began).toBeLessThan(300);
    await slow;
  });
});
