import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeBareEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { Mirror } from './mirror.ts';
import { PLOTS, randomNumbers, randomTransaction, square } from './plots.ts';

const PATH = '/collections/odd.plot/changes';
const HISTORY = { DIABA_SCHEMAS: 'odd', DIABA_HISTORY_DAYS: '400' };

describeBareEngines('changes', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`${PLOTS}
      INSERT INTO odd.plot (id, name, owner_name, geom) SELECT n, 'plot ' || n, 'somebody', ST_MakeEnvelope(600000 + n, 1210000, 600001 + n, 1210001, 9210) FROM generate_series(1, 30) AS n`);
    test = await openApp(engine.db, HISTORY);
    await test.services.recording?.ensure(test.services.catalog.current());
  });
  afterAll(() => test?.close());

  const run = (text: string) => engine.db.script(text);
  const items = async (query: Record<string, string> = {}) => {
    const { body } = await request(test.app)
      .get('/collections/odd.plot/items')
      .query({ limit: '10000', ...query });
    return new Map(
      (body.features as { id: number; geometry: unknown; properties: unknown }[]).map(
        ({ id, geometry, properties }) => [id, { geometry, properties }],
      ),
    );
  };
  const contents = (mirror: Mirror) =>
    new Map(
      [...mirror.rows]
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([id, { geometry, properties }]) => [id, { geometry, properties }]),
    );

  it.each([
    ['every version', {}],
    ['net changes', { net: 'true' }],
    ['a part of the layer', { filter: "unit_code <> '2' AND id <> 7" }],
    ['a box', { bbox: '106.0,10.9,106.92,10.96' }],
  ])('rebuild the table from random transactions: %s', async (_, query) => {
    const random = randomNumbers('net' in query ? 7 : 5);
    const mirror = new Mirror(test.app, `${PATH}?${new URLSearchParams({ ...query, limit: '7' })}`);
    const { net: __, ...filter } = query as Record<string, string>;
    await mirror.follow();
    expect(contents(mirror)).toEqual(await items(filter));
    for (let round = 0; round < 15; round++) {
      for (let n = random(5); n >= 0; n--) await randomTransaction(engine.db, random);
      await mirror.follow();
      expect(contents(mirror)).toEqual(await items(filter));
      const digest = await mirror.get<{ count: number; hash: string }>(mirror.digestUrl);
      expect(digest).toMatchObject({ count: mirror.rows.size, hash: mirror.hash() });
    }
    expect(mirror.seen.length).toBeGreaterThan(100);
  });

  it('show no state in the midst of a transaction that fits on a page', async () => {
    await run(
      `DELETE FROM odd.plot; INSERT INTO odd.plot (id, name, area, geom) VALUES (1, 'a', 50, ${square(600_000)}), (2, 'b', 50, ${square(600_020)})`,
    );
    const mirror = new Mirror(test.app, `${PATH}?limit=3`);
    await mirror.follow();
    // Each moves area from one plot to the other.
    for (let n = 1; n < 20; n++)
      await engine.db.transaction(async (session) => {
        await session.script(`UPDATE odd.plot SET area = area - ${n} WHERE id = 1`);
        await session.script(`UPDATE odd.plot SET area = area + ${n} WHERE id = 2`);
      });
    const sums: number[] = [];
    mirror.onWhole = () => {
      sums.push(
        [...mirror.rows.values()].reduce(
          (sum, { properties }) => sum + Number((properties as { area: number }).area),
          0,
        ),
      );
    };
    await mirror.follow();
    expect(sums.length).toBeGreaterThan(5);
    expect(new Set(sums)).toEqual(new Set([100]));
  });

  it('tell that a transaction longer than a page goes on', async () => {
    await run('DELETE FROM odd.plot');
    const mirror = new Mirror(test.app, `${PATH}?limit=4`);
    await mirror.follow();
    await run(`INSERT INTO odd.plot (id, geom) SELECT n, ${square(600_000)} FROM generate_series(1, 10) AS n`);
    const counts: number[] = [];
    mirror.onWhole = () => counts.push(mirror.rows.size);
    await mirror.follow();
    expect(counts).toEqual([10]);
  });

  it('are of those who see the row: what enters or leaves is told', async () => {
    await run(
      `DELETE FROM odd.plot; INSERT INTO odd.plot (id, name, geom) VALUES (1, 'in', ${square(600_000)}), (2, 'out', ${square(600_000)})`,
    );
    const mirror = new Mirror(test.app, `${PATH}?filter=name='in'`);
    await mirror.follow();
    expect([...mirror.rows.keys()]).toEqual([1]);
    await run(`UPDATE odd.plot SET name = CASE name WHEN 'in' THEN 'out' ELSE 'in' END`);
    await mirror.follow();
    const told = mirror.seen.slice(1).map(({ id, change }) => [id, change.op, change.reason]);
    expect(told.sort()).toEqual([
      [1, 'delete', 'left'],
      [2, 'insert', 'entered'],
    ]);
    await run('DELETE FROM odd.plot WHERE id = 2');
    await mirror.follow();
    expect(mirror.seen.at(-1)?.change).toMatchObject({ op: 'delete', becomes: null });
    expect(mirror.seen.at(-1)?.change.reason).toBeUndefined();
  });

  it('say nothing of a hidden field, not even that it changed', async () => {
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    const before = mirror.seen.length;
    await run(`INSERT INTO odd.plot (id, owner_name, geom) VALUES (70, 'Kingfisher', ${square(600_000)})`);
    await mirror.follow();
    await run(`UPDATE odd.plot SET owner_name = 'Nighthawk'`);
    await mirror.follow();
    expect(mirror.seen.length).toBe(before + 1);
    expect(JSON.stringify(mirror.seen)).not.toMatch(/kingfisher|nighthawk|owner_name/i);
  });

  it('go on from the state of a digest, by its link', async () => {
    const { body } = await request(test.app).get(PATH.replace('/changes', '/digest')).expect(200);
    const { href } = body.links.find(({ rel }: { rel: string }) => rel === 'delta');
    expect(href.split('?')[0]).toMatch(new RegExp(`${PATH}$`));
    const { body: page } = await request(test.app)
      .get(href.slice(href.indexOf(PATH)))
      .expect(200);
    expect(page).toMatchObject({ type: 'FeatureCollection', complete: true, features: [] });
  });

  it('come in lines as well', async () => {
    const { text, headers } = await request(test.app).get(`${PATH}?f=ndjson`).buffer(true);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(headers['content-type']).toMatch(/^application\/x-ndjson/);
    const last = lines.pop();
    expect(last).toMatchObject({ numberReturned: lines.length, complete: true });
    expect(filled(lines)[0]).toMatchObject({ op: 'insert', was: null, becomes: { feature: { type: 'Feature' } } });
    expect(headers.link).toContain('rel="delta"');
  });

  it('follow a trigger that changes the rows of its statement again', async () => {
    await run(`CREATE FUNCTION odd.again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE odd.plot SET area = coalesce(area, 0) + 1 WHERE id = NEW.id; RETURN NULL; END $$;
      CREATE TRIGGER again AFTER INSERT OR UPDATE OF name ON odd.plot FOR EACH ROW EXECUTE FUNCTION odd.again()`);
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    await run(
      `INSERT INTO odd.plot (id, name, geom) VALUES (80, 'a', ${square(600_000)}), (81, 'b', ${square(600_000)})`,
    );
    await mirror.follow();
    await run(`UPDATE odd.plot SET name = name || '!' WHERE id >= 80`);
    await mirror.follow();
    await run('DROP FUNCTION odd.again() CASCADE');
    expect(contents(mirror)).toEqual(await items());
    expect(mirror.rows.get(80)?.properties).toMatchObject({ area: 2 });
  });

  describe('of a token', () => {
    const ask = (token: string, query: Record<string, string> = {}) =>
      request(test.app)
        .get(PATH)
        .query({ since: token, ...query })
        .set('accept-language', 'en');
    const token = async (path = PATH) => {
      const mirror = new Mirror(test.app, path);
      await mirror.follow();
      return new URL(mirror.next).searchParams.get('since') as string;
    };

    it('that was altered, or is of another question, say what would be right', async () => {
      const good = await token();
      const altered = `${good.startsWith('a') ? 'b' : 'a'}${good.slice(1)}`;
      for (const [given, query] of [
        [altered, {}],
        ['x', {}],
        [good, { filter: "name = 'a'" }],
        [good, { crs: 'EPSG:9210' }],
      ] as const) {
        const { status, body } = await ask(given, query);
        expect([status, body.detail]).toEqual([400, expect.stringMatching(/"since" must be the token/)]);
      }
      expect((await ask('Ω')).status).toBe(400);
    });

    it('are gone with the history before it, with the way back', async () => {
      const old = await token();
      await run(`UPDATE odd.plot SET name = 'x'`);
      expect((await ask(old)).status).toBe(200);
      await run(`SELECT history.purge(clock_timestamp())`);
      const { status, body } = await ask(old);
      expect([status, body.detail]).toEqual([410, expect.stringMatching(/Load everything again/)]);
      expect((await ask(await token())).status).toBe(200);
    });

    it('are gone after a change of the definition, and the history goes on', async () => {
      const old = await token();
      await run('ALTER TABLE odd.plot ADD COLUMN extra integer');
      await test.services.catalog.refresh();
      await test.services.recording?.ensure(test.services.catalog.current());
      expect((await ask(old)).status).toBe(410);
      const mirror = new Mirror(test.app, PATH);
      await mirror.follow();
      await run('UPDATE odd.plot SET extra = id; DELETE FROM odd.plot WHERE id = 80');
      await mirror.follow();
      expect(contents(mirror)).toEqual(await items());
    });

    it('are gone after a change that could not be written', async () => {
      const old = await token();
      const name = 'odd.plot';
      await run(`ALTER TABLE history."${name}" RENAME COLUMN "diaba op" TO other`);
      await run(`UPDATE odd.plot SET name = 'unwritten'`);
      await run(`ALTER TABLE history."${name}" RENAME COLUMN other TO "diaba op"`);
      expect((await ask(old)).status).toBe(410);
      expect((await ask(await token())).status).toBe(200);
    });
  });

  it('need a history', async () => {
    await run(`CREATE TABLE odd.keyless (name text, geom geometry(Point, 9210))`);
    await test.services.catalog.refresh();
    const { status, body } = await request(test.app)
      .get('/collections/odd.keyless/changes')
      .set('accept-language', 'en');
    expect([status, body.detail]).toEqual([404, expect.stringMatching(/has no history/)]);
  });
});
