/** A real PostgreSQL behind a network that swallows, freezes, forgets and cuts connections. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database, DatabaseError } from '../../src/database/database.ts';
import { openPostgres, Postgres } from '../../src/database/postgres.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { isUnreachable } from '../../src/database/sqlstate.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { freePort } from '../setup/cluster.ts';
import { FaultyNetwork } from '../setup/faulty-network.ts';

const ONE = sql`SELECT 1 AS one`;
const TIMEOUT = 5000;

describe.skipIf(!hasPostgres())('a network between the server and its database', () => {
  let straight: Database;
  let network: FaultyNetwork;
  let db: Database;
  let heard: string[];

  beforeAll(async () => {
    const url = await copyPostgres('template1');
    straight = await openPostgres({ url, poolSize: 2, statementTimeout: 30_000 });
    network = await FaultyNetwork.start(url);
    db = await openPostgres({ url: network.url, poolSize: 3, statementTimeout: TIMEOUT });
    heard = [];
    await db.listen('tin', (payload) => heard.push(payload));
  });
  afterAll(async () => {
    network.weather = 'fair';
    await db?.close();
    await straight?.close();
    await network?.stop();
  });
  beforeEach(async () => {
    network.weather = 'fair';
    network.delayMs = 0;
    // Waits until the effects of the previous test have ended.
    await vi.waitFor(() => Promise.all([1, 2, 3].map(() => db.query(ONE))), 15_000);
    await vi.waitFor(() => expect(db.state().isAnswering).toBe(true), 5000);
  });

  const isAnswering = () => db.state().isAnswering;
  /** Returns the milliseconds until `is` holds. */
  async function until(is: () => boolean): Promise<number> {
    const began = performance.now();
    await vi.waitFor(() => expect(is()).toBe(true), { timeout: 6000, interval: 20 });
    return performance.now() - began;
  }

  it('without a server at its end is told from a failure of the program', async () => {
    const port = await freePort();
    const options = { url: `postgres://127.0.0.1:${port}/none`, poolSize: 1, statementTimeout: TIMEOUT };
    const nobody = new Postgres(options, db.capabilities);
    await expect(nobody.query(ONE)).rejects.toSatisfy(isUnreachable);
    await nobody.close();
  });

  it.each(['swallow', 'freeze'] as const)(
    'that begins to %s is noticed within 2 s, and so is its end',
    async (weather) => {
      network.weather = weather;
      expect(await until(() => !isAnswering())).toBeLessThan(2000);
      network.weather = 'fair';
      expect(await until(isAnswering)).toBeLessThan(2000);
      expect(await db.query(ONE)).toEqual([{ one: 1 }]);
    },
  );

  it('that swallows ends what was asked before, and lets nobody wait for what is asked then', async () => {
    const slow = db.query(sql`SELECT pg_sleep(30)`).catch((error) => error);
    await vi.waitFor(async () => expect(await sleepers()).toBe(1));
    network.weather = 'swallow';
    const began = performance.now();
    expect(await slow).toMatchObject({ name: 'DatabaseError', code: '08006' });
    expect(performance.now() - began).toBeLessThan(TIMEOUT);
    const asked = performance.now();
    await expect(db.query(ONE)).rejects.toMatchObject({ code: '08006' });
    expect(performance.now() - asked).toBeLessThan(4000);
  });

  it('that forgets its connections delays nobody who asks 2 s later', async () => {
    network.forget();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    for (let n = 0; n < 4; n++) {
      const began = performance.now();
      expect(await db.query(ONE)).toEqual([{ one: 1 }]);
      expect(performance.now() - began).toBeLessThan(500);
    }
  });

  it('that forgets what was asked over it tells so long before the limit of a statement, and ends no other', async () => {
    const patient = db.query(sql`SELECT pg_sleep(4)`);
    await vi.waitFor(async () => expect(await sleepers()).toBe(1));
    // One of three connections is busy at the server; statements on the others never arrive.
    network.forget();
    const began = performance.now();
    await expect(db.query(ONE)).rejects.toMatchObject({ code: '08006' });
    expect(performance.now() - began).toBeLessThan(3000);
    await expect(patient).rejects.toMatchObject({ code: '08006' });
  });

  it('that forgets the connection which listens costs no more than 2 s of hearing', async () => {
    network.forget();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    heard.length = 0;
    await straight.query(sql`SELECT pg_notify('tin', 'đổi')`);
    await vi.waitFor(() => expect(heard).toContain('đổi'), 500);
  });

  it('that cuts is noticed at once, and what is asked next is answered', async () => {
    network.cut();
    expect(await until(() => heard.at(-1) === '')).toBeLessThan(1500);
    expect(await db.query(ONE)).toEqual([{ one: 1 }]);
  });

  it.runIf(existsSync('/proc/net/tcp'))(
    'is told of connections that say nothing, the one that listens among them',
    async () => {
      await Promise.all([1, 2, 3].map(() => db.query(ONE)));
      const port = Number(new URL(network.url).port).toString(16).toUpperCase().padStart(4, '0');
      // The addresses, the state (01: established), the queues and the timer (02: keepalive) of each socket.
      const sockets = readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , remote, state]) => remote?.endsWith(`:${port}`) && state === '01');
      expect(sockets.length).toBeGreaterThanOrEqual(4);
      expect(sockets.map(([, , , , , timer]) => timer?.slice(0, 2)).filter((timer) => timer !== '02')).toEqual([]);
    },
  );

  it('proves what was received by its own clock', async () => {
    const listener = await db.listen('khác', () => {});
    await vi.waitFor(() => expect(performance.now() - listener.provenAt()).toBeLessThan(700));
    network.weather = 'swallow';
    const at = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(listener.provenAt()).toBeLessThanOrEqual(at);
    await listener.stop();
  });

  it('ends a statement that the server does not end, and gives the connection away', async () => {
    // A statement that PostgreSQL cannot interrupt equals a lost one: its own timeout has no effect.
    const began = performance.now();
    network.delayMs = 20_000;
    const answer = await db.query(ONE).catch((error: DatabaseError) => error);
    network.delayMs = 0;
    expect(answer).toMatchObject({ code: '08006' });
    expect(performance.now() - began).toBeLessThan(TIMEOUT + 1500);
  });

  it('does not hold up a transaction with a limit, a stream or a cancellation', async () => {
    const controller = new AbortController();
    const began = performance.now();
    const asked = [
      db.transaction((session) => session.query(sql`SELECT pg_sleep(60)`), { statementMs: 1000 }),
      db.query(sql`SELECT pg_sleep(60)`, { signal: controller.signal }),
      (async () => {
        for await (const _ of db.stream(sql`SELECT pg_sleep(60)`));
      })(),
    ].map((each) => each.catch((error: DatabaseError) => error.code));
    await vi.waitFor(async () => expect(await sleepers()).toBe(3));
    network.weather = 'swallow';
    controller.abort();
    for (const each of asked) expect(await each).toBe('08006');
    expect(performance.now() - began).toBeLessThan(TIMEOUT + 1500);
  });

  it('bounds each batch of a stream, not the time of its reader', async () => {
    const limited = await openPostgres({ url: network.url, poolSize: 2, statementTimeout: 1000 });
    try {
      let count = 0;
      for await (const _ of limited.stream(sql`SELECT repeat('x', 1000) FROM generate_series(1, 30000)`)) {
        if (++count % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 70));
      }
      expect(count).toBe(30_000);
      const began = performance.now();
      const slow = limited.stream(sql`SELECT pg_sleep(20)`)[Symbol.asyncIterator]().next();
      await expect(slow).rejects.toMatchObject({ code: '57014' });
      expect(performance.now() - began).toBeLessThan(5000);
    } finally {
      await limited.close();
    }
  });

  it('closes within 3 s though nothing comes back', async () => {
    const other = await openPostgres({ url: network.url, poolSize: 2, statementTimeout: 60_000 });
    await other.listen('tin', () => {});
    const slow = other.transaction((session) => session.query(sql`SELECT pg_sleep(60)`)).catch(() => {});
    await vi.waitFor(async () => expect(await sleepers()).toBeGreaterThan(0));
    network.weather = 'swallow';
    const began = performance.now();
    await other.close();
    await slow;
    expect(performance.now() - began).toBeLessThan(3500);
  });

  it('cancels what runs when it is closed', async () => {
    const other = await openPostgres({ url: network.url, poolSize: 2, statementTimeout: 60_000 });
    const slow = other.transaction((session) => session.query(sql`SELECT pg_sleep(61)`)).catch((error) => error.code);
    await vi.waitFor(async () => expect(await sleepers('61')).toBe(1));
    await other.close();
    expect(await slow).toBe('57014');
    expect(await sleepers('61')).toBe(0);
  });

  async function sleepers(seconds = ''): Promise<number> {
    const [row] = await straight.query<{ n: number }>(
      raw(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(${seconds}%'
        AND pid <> pg_backend_pid() AND datname = current_database()`),
    );
    return row?.n ?? 0;
  }
});
