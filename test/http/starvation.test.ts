/** One client's work leaves database connections for others. */
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';

const POOL = 4;

/** 60 MB of GeoJSON, and a view with a millisecond for each row. */
const TABLES = `
  CREATE TABLE base.long AS SELECT id, repeat('x', 4000) AS line, ST_SetSRID(ST_Point(600000, 1230000), 9210)::geometry(Point, 9210) AS geom
    FROM generate_series(1, 15000) AS id;
  ALTER TABLE base.long ADD PRIMARY KEY (id);
  CREATE VIEW base.slow AS SELECT id, geom, pg_sleep(0.001)::text AS slow FROM base.long;`;

describe.skipIf(!hasPostgres())('work of one client', () => {
  let db: Database;
  let straight: Database;
  let server: RunningServer;
  beforeAll(async () => {
    const url = await copyPostgres();
    straight = await openPostgres({ url, poolSize: 1, statementTimeout: 30_000 });
    const config = readConfig({ PORT: '0', DATABASE_URL: url, DIABA_POOL: String(POOL) });
    db = await openDatabase(config);
    await db.script(TABLES);
    server = await startServer(config, db, pino({ level: 'silent' }));
  }, 240_000);
  afterAll(async () => {
    await server?.close();
    await db?.close();
    await straight?.close();
  });

  const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status;
  const everyday = async () =>
    Promise.all([
      statusOf('/xyz/land.parcel,base.road/15/26094/15377.mvt'),
      statusOf('/parcels?q=1+1'),
      statusOf('/collections/land.parcel/items?limit=3'),
      statusOf('/health/ready'),
    ]);

  it('is a layer that it does not read: others get tiles, lookups and pages', async () => {
    const { hostname, port } = new URL(server.url);
    const sockets: Socket[] = [];
    for (let index = 0; index < 2 * POOL; index++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write('GET /collections/base.long/items?f=geojsonseq HTTP/1.1\r\nHost: a\r\n\r\n');
      sockets.push(socket.pause());
    }
    // By then the first of them streams.
    await expect.poll(async () => statusOf('/parcels?q=1+1')).toBe(200);
    expect(await everyday()).toEqual([200, 200, 200, 200]);
    for (const socket of sockets) socket.destroy();
  });

  it('is more filters than there are connections: others get tiles and lookups', async () => {
    const stop = new AbortController();
    const heavy = Array.from({ length: 5 * POOL }, () =>
      fetch(`${server.url}/collections/base.slow/items?limit=1&filter=slow='x'&filter-lang=cql2-text`, {
        signal: stop.signal,
      }).catch(() => undefined),
    );
    const busy = sql`SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE state = 'active' AND query LIKE '%"slow"%' AND pid <> pg_backend_pid() AND datname = current_database()`;
    await vi.waitFor(async () => {
      const [row] = await straight.query<{ n: number }>(busy);
      expect(row?.n).toBeGreaterThanOrEqual(POOL / 2);
    }, 10_000);
    const [tile, lookup, , ready] = await Promise.all([
      statusOf('/xyz/land.parcel,base.road/15/26094/15377.mvt'),
      statusOf('/parcels?q=1+1'),
      undefined,
      statusOf('/health/ready'),
    ]);
    expect([tile, lookup, ready]).toEqual([200, 200, 200]);
    stop.abort();
    await Promise.all(heavy);
  });

  it('is refused with the time to ask again, once too many wait', async () => {
    const stop = new AbortController();
    const answers = Array.from({ length: 32 * POOL }, async () => {
      const response = await fetch(`${server.url}/collections/base.slow/items?limit=1&filter=slow='x'`, {
        signal: stop.signal,
      }).catch(() => undefined);
      return response?.status === 503 ? response.headers.get('retry-after') : undefined;
    });
    const first = await Promise.race(answers.map((answer) => answer.then((told) => told ?? new Promise(() => {}))));
    expect(first).toBe('5');
    stop.abort();
    await Promise.all(answers);
  });
});
