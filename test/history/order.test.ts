/** Several writers at once: the feed passes over none, in an order in which each reads what it has changed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { Mirror } from './mirror.ts';
import { PLOTS, square } from './plots.ts';

const PATH = '/collections/odd.plot/changes';

describe.skipIf(!hasPostgres())('several writers', () => {
  let db: Database;
  let test: TestApp;
  beforeAll(async () => {
    db = await openPostgres({ url: await copyPostgres(), poolSize: 8, statementTimeout: 30_000 });
    await db.script(`${PLOTS}
      INSERT INTO odd.plot (id, area, geom) SELECT n, 0, ${square(600_000)} FROM generate_series(1, 20) AS n`);
    test = await openApp(db, { DIABA_SCHEMAS: 'odd', DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
    // It locks tables for a moment, and writers would wait for each other behind it.
    await test.services.derivation.idle();
  });
  afterAll(async () => {
    await test?.close();
    await db?.close();
  });

  const areas = async () => {
    const rows = await db.query<{ id: number; area: number }>({
      text: 'SELECT id, area FROM odd.plot ORDER BY id',
      values: [],
    });
    return rows.map(({ id, area }) => [id, Number(area)]);
  };
  const copied = (mirror: Mirror) =>
    [...mirror.rows]
      .map(([id, { properties }]) => [Number(id), Number((properties as { area: number }).area)] as [number, number])
      .sort(([a], [b]) => a - b);

  it('are all told, one who sleeps before the commit too', async () => {
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    const before = mirror.seen.length;
    const sleeper = db.transaction(async (session) => {
      await session.script('UPDATE odd.plot SET area = 1 WHERE id = 1');
      await pause(1500);
    });
    await pause(300);
    await db.script('UPDATE odd.plot SET area = 2 WHERE id = 2');
    await mirror.follow();
    expect(mirror.seen.slice(before).map(({ id }) => id)).toEqual([2]);
    await sleeper;
    await mirror.follow();
    expect(mirror.seen.slice(before).map(({ id }) => id)).toEqual([2, 1]);
    expect(copied(mirror)).toEqual(await areas());
  });

  it('are told in the order in which they changed a row, whichever began first', async () => {
    const mirror = new Mirror(test.app, PATH);
    await mirror.follow();
    await db.transaction(async (early) => {
      await early.script('UPDATE odd.plot SET area = 10 WHERE id = 3');
      await db.script('UPDATE odd.plot SET area = 20 WHERE id = 4');
      await early.script('UPDATE odd.plot SET area = area + 1 WHERE id = 4');
    });
    await mirror.follow();
    expect(copied(mirror)).toEqual(await areas());
    expect(mirror.seen.slice(-3).map(({ id }) => id)).toEqual([4, 3, 4]);
  });

  it('move areas between plots, and no copy ever sees half of it', async () => {
    const mirror = new Mirror(test.app, `${PATH}?limit=50`);
    await mirror.follow();
    const total = copied(mirror).reduce((sum, [, area]) => sum + area, 0);
    const sums = new Set<number>();
    mirror.onWhole = () => sums.add(copied(mirror).reduce((sum, [, area]) => sum + area, 0));
    let isWriting = true;
    const move = async (writer: number) => {
      for (let n = 0; n < 60; n++) {
        const [a, b] = [1 + ((writer * 7 + n * 3) % 20), 1 + ((writer * 5 + n * 11 + 1) % 20)].sort((x, y) => x - y);
        if (a === b) continue;
        await db.transaction(async (session) => {
          await session.script(`UPDATE odd.plot SET area = area - 1 WHERE id = ${a}`);
          await session.script(`UPDATE odd.plot SET area = area + 1 WHERE id = ${b}`);
        });
      }
    };
    const writers = Promise.all([1, 2, 3, 4].map(move)).finally(() => {
      isWriting = false;
    });
    while (isWriting) await mirror.follow();
    await writers;
    await mirror.follow();
    expect([...sums]).toEqual([total]);
    expect(copied(mirror)).toEqual(await areas());
    expect(mirror.seen.length).toBeGreaterThan(300);
  });
});
