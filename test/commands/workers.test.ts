/** Several worker processes behind one port answer as one server would, and end with it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { decodeTile } from '../tiles/decode.ts';
import { type Started, startCommand } from './process.ts';

const SLOW = { timeout: 60_000 };

interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
}

/** A connection to one of the workers, whichever takes it. */
class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
  }

  ask(path: string, patch?: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = patch ? { 'content-type': 'application/merge-patch+json' } : {};
      const options = { agent: this.#agent, headers, method: patch ? 'PATCH' : 'GET' };
      const asked = request(new URL(path, this.#url), options, async (response) => {
        const body = Buffer.concat(await response.toArray());
        const isZipped = response.headers['content-encoding'] === 'gzip';
        resolve({ status: response.statusCode, body: isZipped ? gunzipSync(body) : body });
      });
      asked.on('error', reject).end(patch && JSON.stringify(patch));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
const isRunning = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe.skipIf(!hasPostgres())('workers', SLOW, () => {
  let started: Started[] = [];
  let databaseUrl: string;
  let place: { readonly id: number; readonly path: string };

  beforeAll(async () => {
    databaseUrl = await copyPostgres();
    const db = await openPostgres({ url: databaseUrl, poolSize: 1, statementTimeout: 30_000 });
    const [row] = await db.query<{ id: number; lon: number; lat: number }>(
      sql`SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM (
        SELECT id, ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM land.parcel ORDER BY id LIMIT 1) AS inside`,
    );
    // Else a server would first continue the observations of a sample that is hours old.
    await db.script('UPDATE catalog.sample SET stations = NULL');
    await db.close();
    const { z, x, y } = tileAt(16, row!.lon, row!.lat);
    place = { id: row!.id, path: `/xyz/land.parcel/${z}/${x}/${y}.mvt` };
  });
  afterEach(() => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    started = [];
  });

  async function serve(): Promise<Started & { readonly url: URL; readonly pid: number }> {
    const env = { DATABASE_URL: databaseUrl, DIABA_WORKERS: '2', PORT: '0', DIABA_LOG: 'silent', DIABA_EDITING: 'on' };
    const more = { DIABA_QUALITY_CHECKS: 'off', DIABA_METRICS_PORT: '0' };
    const program = startCommand(['serve'], { ...env, ...more });
    started.push(program);
    await vi.waitFor(() => expect(program.said.out).toMatch(/ready: http/), { timeout: 30_000, interval: 20 });
    const url = new URL(/ready: (http:\/\/\S+)/.exec(program.said.out)![1]!.replace('localhost', '127.0.0.1'));
    return { ...program, url, pid: program.child.pid! };
  }

  /** Returns a connection to each of the two workers: while one of them stands still, one answers. */
  async function connectToBoth({ url, pid }: { readonly url: URL; readonly pid: number }): Promise<Connection[]> {
    for (;;) {
      const both = [new Connection(url), new Connection(url)];
      for (const each of both) await each.ask('/health/ready');
      const [stopped] = childrenOf(pid);
      process.kill(stopped!, 'SIGSTOP');
      const answers = both.map((each) => each.ask('/health/live').then(() => 1));
      const counts = await Promise.all(answers.map((answer) => Promise.race([answer, wait(200, 0)])));
      process.kill(stopped!, 'SIGCONT');
      await Promise.all(answers);
      if (counts[0]! + counts[1]! === 1) return both;
      for (const each of both) each.close();
      await wait(50);
    }
  }

  const areaIn = ({ body }: Answer) =>
    decodeTile(body)['land.parcel']?.find(({ id }) => id === place.id)?.properties.legal_area_m2;

  it('answer on one port, show each edit at once, are replaced, and end by one signal', async () => {
    const server = await serve();
    const both = await connectToBoth(server);
    for (let round = 0; round < 20; round++) {
      for (const each of both) expect((await each.ask(place.path)).status).toBe(200);
      const area = 1000 + round;
      const patch = { properties: { legal_area_m2: area } };
      const edited = await both[round % 2]!.ask(`/collections/land.parcel/items/${place.id}`, patch);
      expect(edited.status).toBe(200);
      for (const each of [both[(round + 1) % 2]!, both[round % 2]!])
        expect(areaIn(await each.ask(place.path))).toBe(area);
    }

    for (const each of both) await each.ask('/conformance');
    const [measurements] = /http:\/\/\S+\/metrics/.exec(server.said.out)!;
    const figures = await (await fetch(measurements)).text();
    expect(figures).toMatch(/_count\{method="GET",route="\/conformance",layer="",status="2xx"\} 2$/m);
    expect(figures).toMatch(/^diaba_database_answering 1$/m);
    for (const each of both) each.close();

    const before = childrenOf(server.pid);
    expect(before).toHaveLength(2);
    process.kill(before[0]!, 'SIGKILL');
    await vi.waitFor(() => expect(childrenOf(server.pid).filter((pid) => !before.includes(pid))).toHaveLength(1), 5000);
    const after = await connectToBoth(server);
    for (let round = 0; round < 20; round++) expect((await after[round % 2]!.ask(place.path)).status).toBe(200);
    for (const each of after) each.close();

    const workers = childrenOf(server.pid);
    const exit = once(server.child, 'exit');
    // A terminal signals every process, and npm passes the signal on.
    for (const pid of [...workers, server.pid, server.pid]) process.kill(pid, 'SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(workers.filter(isRunning)).toEqual([]);
    expect(server.said.out.match(/is ready/g)).toHaveLength(1);
    expect(server.said.out).toMatch(/, 2 workers; [\d.]+ s\. Ctrl-C stops\.\nStopping…\n$/);
    expect(server.said.err).toBe('');
  });

  it('end with their primary, whatever ends it, and share its port with nobody', async () => {
    const server = await serve();
    await vi.waitFor(() => expect(childrenOf(server.pid)).toHaveLength(2), 5000);
    const other = startCommand(['serve'], { DATABASE_URL: databaseUrl, DIABA_WORKERS: '2', PORT: server.url.port });
    started.push(other);
    expect(await once(other.child, 'close')).toEqual([1, null]);
    expect(other.said.out).not.toContain('is ready');
    expect(other.said.err).toMatch(/^diaba: Port \d+ on 127\.0\.0\.1 is in use\. [^\n]+\n$/);

    const workers = childrenOf(server.pid);
    server.child.kill('SIGKILL');
    await vi.waitFor(() => expect(workers.filter(isRunning)).toEqual([]), 5000);
  });
});
