/** SIGTERM ends the process within 10 s with exit code 0, whatever it is doing. Real processes, on both engines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openEmbedded } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { openPostgres } from '../src/database/postgres.ts';
import { loadReference } from '../src/database/reference.ts';
import { raw } from '../src/database/sql.ts';
import { copyPostgres, hasPostgres } from './engine.ts';
import { FaultyNetwork } from './setup/faulty-network.ts';
import { PROGRAM } from './setup/program.ts';

/** A layer with a statement of an hour, and one of 80 MB of GeoJSON. */
const SLOW = `CREATE FUNCTION base.endless(what integer) RETURNS SETOF base.road LANGUAGE plpgsql STABLE AS $$
  BEGIN PERFORM count(*) FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b WHERE what > 0; END $$;
  GRANT EXECUTE ON FUNCTION base.endless TO PUBLIC;
  CREATE TABLE base.long AS SELECT id, repeat('x', 4000) AS line, ST_SetSRID(ST_Point(600000, 1230000), 9210)::geometry(Point, 9210) AS geom
    FROM generate_series(1, 20000) AS id;
  ALTER TABLE base.long ADD PRIMARY KEY (id)`;

interface Server {
  readonly process: ChildProcess;
  readonly url: URL;
}

let servers: ChildProcess[] = [];
afterEach(() => {
  for (const server of servers) if (server.exitCode === null) server.kill('SIGKILL');
  servers = [];
});

function spawnServer(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: { PATH: process.env.PATH, PORT: '0', DIABA_SAMPLE: '0', DIABA_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  servers.push(child);
  return child;
}

async function serve(env: Record<string, string>): Promise<Server> {
  const child = spawnServer(env);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes) => {
      said += bytes;
    });
  }
  await vi.waitFor(() => expect(said).toMatch(/ready: http/), { timeout: 50_000, interval: 50 });
  return { process: child, url: new URL(/http:\/\/\S+/.exec(said)![0].replace('localhost', '127.0.0.1')) };
}

/**
 * Sends a signal.
 * @returns the exit code and the milliseconds until the end
 */
async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const began = performance.now();
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return { code, ms: performance.now() - began };
}

/** Opens a client that sends a request and never reads. */
async function askAndSleep({ url }: Server, path: string): Promise<Socket> {
  const socket = connect(Number(url.port), '127.0.0.1').pause();
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return socket;
}

/** Opens a client that reuses its connection again and again. */
function keepAsking({ url }: Server): () => void {
  const agent = new Agent({ keepAlive: true });
  const timer = setInterval(() => {
    get(new URL('/health/live', url), { agent }, (response) => response.resume()).on('error', () => {});
  }, 50);
  return () => {
    clearInterval(timer);
    agent.destroy();
  };
}

const KINDS = [
  { name: 'embedded', skip: false },
  { name: 'postgres', skip: !hasPostgres() },
] as const;

describe.each(KINDS.filter(({ skip }) => !skip))('the process ($name)', ({ name }) => {
  let root: string;
  let url: string;
  let straight: Database | undefined;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'diaba-shutdown-'));
    url = name === 'postgres' ? await copyPostgres() : '';
    const db = url
      ? await openPostgres({ url, poolSize: 2, statementTimeout: 30_000 })
      : await openEmbedded({ folder: join(root, 'made', 'pg'), snapshot: readFileSync(inject('snapshot')) });
    await migrate(db);
    await loadReference(db);
    await db.script(SLOW);
    // Else a server would first continue the observations of a sample that is hours old, for seconds.
    await db.script('UPDATE catalog.sample SET stations = NULL');
    if (url) straight = db;
    else await db.close();
  }, 240_000);
  afterAll(async () => {
    await straight?.close();
    rmSync(root, { recursive: true, force: true });
  });

  let copies = 0;
  function settings(): Record<string, string> {
    if (url) return { DATABASE_URL: url };
    const folder = join(root, `copy-${copies++}`);
    cpSync(join(root, 'made'), folder, { recursive: true });
    return { DIABA_DATA: folder };
  }

  /** Asks for what takes an hour. @returns once the database is at it: the answer, or the error in its place, when it comes */
  async function askEndlessly({ url: base }: Server): Promise<{ readonly answer: Promise<unknown> }> {
    const answer = fetch(new URL('/collections/base.endless/items?what=1', base)).catch((error) => error);
    await vi.waitFor(async () => expect(await isAtWork(base)).toBe(true), { timeout: 30_000, interval: 100 });
    return { answer };
  }

  /** The embedded engine answers nobody while it is at a statement, and says so after 1.5 s. */
  async function isAtWork(base: URL): Promise<boolean> {
    if (!straight) return (await fetch(new URL('/health/ready', base))).status === 503;
    const [row] = await straight.query<{ n: number }>(
      raw(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%endless%'
        AND datname = current_database() AND pid <> pg_backend_pid()`),
    );
    return (row?.n ?? 0) > 0;
  }

  it('ends at once where nothing is under way', async () => {
    const server = await serve(settings());
    const { code, ms } = await stop(server.process);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(4000);
  }, 240_000);

  it('ends within 10 s with a statement, a stream that nobody reads and a client that keeps asking, and ends them', async () => {
    const server = await serve(settings());
    const stopAsking = keepAsking(server);
    const stream = await askAndSleep(server, '/collections/base.long/items?f=geojson');
    const { answer } = await askEndlessly(server);
    const { code, ms } = await stop(server.process);
    stopAsking();
    stream.destroy();
    expect(await answer).toBeInstanceOf(Error);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    if (straight) {
      const [row] = await straight.query<{ n: number }>(
        raw(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'diaba%' AND state = 'active'
          AND datname = current_database() AND pid <> pg_backend_pid()`),
      );
      expect(row?.n).toBe(0);
    }
  }, 240_000);

  it('ends at once on a second signal', async () => {
    const server = await serve(settings());
    const { answer } = await askEndlessly(server);
    server.process.kill('SIGTERM');
    // Sooner than that, it is the same Ctrl-C that npm passes on.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const { code, ms } = await stop(server.process);
    expect(await answer).toBeInstanceOf(Error);
    expect(code).toBe(130);
    expect(ms).toBeLessThan(1000);
  }, 240_000);

  it('ends while it is starting', async () => {
    const child = spawnServer({ ...settings(), DIABA_SAMPLE: '200000' });
    await once(child.stdout!, 'data').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { code, ms } = await stop(child, 'SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  }, 240_000);

  it.skipIf(name === 'embedded')(
    'ends within 10 s with a database that nothing is heard of any more',
    async () => {
      const network = await FaultyNetwork.start(url);
      const server = await serve({ DATABASE_URL: network.url });
      const { answer } = await askEndlessly(server);
      network.weather = 'swallow';
      const { code, ms } = await stop(server.process);
      await answer;
      await network.stop();
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
    },
    240_000,
  );
});
