/** Tables with a history, what it says of writers, and its end. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raw, sql } from '../../src/database/sql.ts';
import { Recording } from '../../src/history/recording.ts';
import { describeBareEngines } from '../engine.ts';
import { giveKey, known } from '../http/access/keys.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { Mirror } from './mirror.ts';
import { PLOTS, square } from './plots.ts';

const PATH = '/collections/odd.plot/changes';

describeBareEngines('recording', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`${PLOTS}
      CREATE TABLE odd.other (id integer PRIMARY KEY, geom geometry(Point, 9210));
      CREATE TABLE odd.keyless (name text, geom geometry(Point, 9210));
      CREATE TABLE odd.divided (id integer PRIMARY KEY, geom geometry(Point, 9210)) PARTITION BY RANGE (id);
      CREATE VIEW odd.seen AS SELECT * FROM odd.other`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'keys', DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
  });
  afterAll(() => test?.close());

  const run = (text: string) => engine.db.script(text);
  const recorded = async () =>
    (await engine.db.query<{ relation: string }>(raw('SELECT relation FROM history.layer ORDER BY 1'))).map(
      ({ relation }) => relation,
    );
  const ensure = async (days: number, without: readonly string[] = []) => {
    const recording = new Recording(engine.db, { days, without });
    await recording.ensure(test.services.catalog.current());
    await recording.close();
  };
  const ops = async () =>
    (
      await engine.db.query<{ id: number; op: string; name: string | null }>(
        raw('SELECT id, "diaba op"::text AS op, name FROM history."odd.plot" ORDER BY "diaba seq"'),
      )
    ).map(({ id, op, name }) => [id, op, name]);

  it('is of tables with a key', async () => {
    expect(await recorded()).toEqual(['odd.other', 'odd.plot']);
  });

  it('stores what was, and only the key of a new row', async () => {
    await run(`INSERT INTO odd.plot (id, name, geom) VALUES (1, 'a', ${square(600_000)}), (2, 'b', ${square(600_000)});
      UPDATE odd.plot SET name = 'c' WHERE id = 1; UPDATE odd.plot SET name = name; DELETE FROM odd.plot WHERE id = 2`);
    expect(await ops()).toEqual([
      [1, 'i', null],
      [2, 'i', null],
      [1, 'u', 'a'],
      [2, 'd', 'b'],
    ]);
  });

  it('follows COPY, and gives a transaction one number', async () => {
    const before = (await ops()).length;
    await engine.db.transaction(async (session) => {
      await session.copy({ schema: 'odd', table: 'plot', columns: ['id', 'name'] }, ['10\tx\n', '11\ty\n']);
      await session.script(
        `SAVEPOINT s; UPDATE odd.plot SET name = 'lost' WHERE id = 10; ROLLBACK TO s; UPDATE odd.plot SET name = 'z' WHERE id = 11`,
      );
    });
    expect((await ops()).slice(before)).toEqual([
      [10, 'i', null],
      [11, 'i', null],
      [11, 'u', 'y'],
    ]);
    const [{ count }] = (await engine.db.query(
      raw(
        'SELECT count(DISTINCT "diaba xid") AS count FROM (SELECT * FROM history."odd.plot" ORDER BY "diaba seq" DESC LIMIT 3) AS last',
      ),
    )) as [{ count: number }];
    expect(count).toBe(1);
  });

  it('numbers a transaction again that goes on after immediate constraints', async () => {
    await engine.db.transaction(async (session) => {
      await session.script(
        `UPDATE odd.plot SET name = 'early' WHERE id = 10; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED`,
      );
      await session.script(`UPDATE odd.plot SET name = 'late' WHERE id = 10`);
    });
    const [row] = await engine.db.query<{ right: boolean }>(
      raw(
        `SELECT place > (SELECT max("diaba seq") FROM history."odd.plot") AS right FROM history.transaction ORDER BY xid DESC LIMIT 1`,
      ),
    );
    expect(row?.right).toBe(true);
  });

  it('names who wrote: the key of an edit, else the role', async () => {
    const { id, text } = await giveKey(engine.db, { databases: ['odd'], operations: ['read', 'edit'] });
    await known(test);
    const sent = { type: 'Feature', geometry: null, properties: { name: 'by key' } };
    const answer = await request(test.app)
      .patch('/collections/odd.plot/items/1')
      .set({ 'x-api-key': text, 'content-type': 'application/merge-patch+json' })
      .send(JSON.stringify({ properties: sent.properties }));
    expect(answer.status).toBe(200);
    await run(`UPDATE odd.plot SET name = 'by role' WHERE id = 1`);
    const last = await engine.db.query(
      raw('SELECT author, role = session_user AS own FROM history.transaction ORDER BY place DESC LIMIT 2'),
    );
    expect(last).toEqual([
      { author: null, own: true },
      { author: `key:${id}`, own: true },
    ]);
  });

  it('begins anew where writes may have been missed, and tokens of before are gone', async () => {
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    await run(`DROP TRIGGER diaba_history_update ON odd.plot; UPDATE odd.plot SET name = 'unseen'`);
    expect((await request(test.app).get(PATH)).status).toBe(404);
    await ensure(400);
    const { pathname, search } = new URL(mirror.next);
    expect((await request(test.app).get(pathname + search)).status).toBe(410);
    expect(await ops()).toEqual([]);
  });

  it('begins anew with the numbers of another cluster, as after a dump is restored', async () => {
    await run(`UPDATE odd.plot SET name = 'x'; UPDATE history.layer SET system = 'other'`);
    await ensure(400);
    expect(await ops()).toEqual([]);
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    await run(`UPDATE odd.plot SET name = 'y'`);
    await mirror.follow();
    expect(mirror.seen.at(-1)?.properties.name).toBe('y');
  });

  it('changes nothing when all is well', async () => {
    await run(`UPDATE odd.plot SET name = 'kept'`);
    const before = await ops();
    await ensure(400);
    expect(await ops()).toEqual(before);
  });

  it('begins anew with a column of another type', async () => {
    await run('ALTER TABLE odd.plot ALTER COLUMN area TYPE text USING area::text');
    await ensure(400);
    expect(await ops()).toEqual([]);
    await run(`UPDATE odd.plot SET area = 'a'`);
    const [gap] = await engine.db.query(
      sql`SELECT kind FROM history.gap WHERE relation = 'odd.plot' ORDER BY id DESC LIMIT 1`,
    );
    expect(gap).toEqual({ kind: 'begin' });
  });

  it('ends by setting, for a layer or for all', async () => {
    await ensure(400, ['odd.plot']);
    expect(await recorded()).toEqual(['odd.other']);
    await run(`UPDATE odd.plot SET name = 'free'`);
    await ensure(0);
    expect(await recorded()).toEqual([]);
    const left = await engine.db.query(
      raw(
        `SELECT tgname FROM pg_trigger WHERE tgname LIKE 'diaba_history%' UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'history'::regnamespace AND relname IN ('odd.plot', 'odd.other')`,
      ),
    );
    expect(left).toEqual([]);
  });
});
