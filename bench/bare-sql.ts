import { createHash } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import type { Database } from '../src/database/database.ts';
import { openDatabase } from '../src/database/open.ts';
import type { Query } from '../src/database/sql.ts';
import { Random } from '../src/sample/random.ts';
import { startServer } from '../src/server.ts';
import { POOL_SIZE, tileCache } from './program.ts';

/** Statements that were under way together; those of the next batch waited for an answer. */
export type Batch = readonly Query[];

/**
 * What the server sends to the database for each request: it is started in this process over a database that writes
 * down what it is asked, so that the bare SQL is the server's own, however that comes to be written.
 * @param ask sends the request with this index to the server at `url`
 */
export async function recordStatements(
  databaseUrl: string,
  count: number,
  ask: (url: string, index: number) => Promise<unknown>,
): Promise<(readonly Batch[])[]> {
  const config = readConfig({ DATABASE_URL: databaseUrl, PORT: '0', ...tileCache(0) });
  const db = await openDatabase(config);
  const recorder = new Recorder();
  try {
    const server = await startServer(config, recorder.over(db), pino({ level: 'silent' }));
    try {
      // What is read at the first request only is not part of the others.
      await ask(server.url, 0);
      const recorded: (readonly Batch[])[] = [];
      for (let index = 0; index < count; index++) {
        recorder.take();
        await ask(server.url, index);
        recorded.push(recorder.take());
      }
      return recorded;
    } finally {
      await server.close();
    }
  } finally {
    await db.close();
  }
}

class Recorder {
  #batches: Query[][] = [];
  #underWay = 0;

  /** What was asked since the last time. */
  take(): readonly Batch[] {
    return this.#batches.splice(0);
  }

  over(db: Database): Database {
    return new Proxy(db, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const method = member.bind(target) as (...args: unknown[]) => unknown;
        if (name !== 'query') return method;
        return (query: Query, ...rest: unknown[]) =>
          // A job and its rows are written once, and cannot be replayed.
          query.text.includes('result.')
            ? method(query, ...rest)
            : this.#note(query, method(query, ...rest) as Promise<unknown>);
      },
    });
  }

  async #note(query: Query, answer: Promise<unknown>): Promise<unknown> {
    if (this.#underWay === 0 || this.#batches.length === 0) this.#batches.push([]);
    this.#batches.at(-1)?.push({ text: query.text, values: query.values });
    this.#underWay++;
    try {
      return await answer;
    } finally {
      this.#underWay--;
    }
  }
}

interface BareOptions {
  readonly databaseUrl: string;
  /** What each request sent. */
  readonly statements: readonly (readonly Batch[])[];
  /** How results come back; as text, `pg` makes values of them as it does for anybody. */
  readonly binary: boolean;
}

/**
 * Ways in which the database may run a prepared statement; none is always the fastest. A plan for all values spares the
 * planning, and transforms a point anew for every row; parallel workers take longer to start than a tile does.
 */
const MODES = ['auto', 'force_custom_plan', 'force_generic_plan'].flatMap((plans) =>
  [0, 2].map((workers) => `-c plan_cache_mode=${plans} -c max_parallel_workers_per_gather=${workers}`),
);

/** Requests that the modes are tried with, often enough for the database to settle on a plan. */
const TRIED = { requests: 60, rounds: 8, seed: 1802 };

/** The same statements, prepared, through plain `pg` with as many connections: what no server over them can beat. */
export class BareSql {
  /** Options of its connections. */
  readonly mode: string;
  readonly #pool: pg.Pool;
  readonly #options: BareOptions;

  private constructor(options: BareOptions, mode: string) {
    this.mode = mode;
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: POOL_SIZE,
      options: `-c jit=off ${mode}`,
    });
  }

  /** In the mode that is the faster one for these statements. */
  static async open(options: BareOptions): Promise<BareSql> {
    const tried = [];
    for (const mode of MODES) {
      const sql = new BareSql(options, mode);
      tried.push({ sql, ms: await sql.#try() });
    }
    const best = tried.reduce((a, b) => (b.ms < a.ms ? b : a)).sql;
    await Promise.all(tried.flatMap(({ sql }) => (sql === best ? [] : [sql.close()])));
    return best;
  }

  /** Sends what the request with this index sent. @returns milliseconds */
  async replay(index: number): Promise<number> {
    const began = performance.now();
    for (const batch of this.#options.statements[index] ?? [])
      await Promise.all(batch.map((query) => this.#run(query)));
    return performance.now() - began;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #try(): Promise<number> {
    const { length } = this.#options.statements;
    const random = new Random(TRIED.seed);
    // At random: at equal steps, three composites in turn could come down to one of them.
    const indexes = Array.from({ length: Math.min(TRIED.requests, length) }, () => random.integer(0, length - 1));
    let last = 0;
    for (let round = 0; round < TRIED.rounds; round++) {
      last = 0;
      for (const index of indexes) last += await this.replay(index);
    }
    return last;
  }

  async #run({ text, values }: Query): Promise<void> {
    const query = { name: nameOf(text), text, values: [...values], binary: this.#options.binary };
    await this.#pool.query(query);
  }
}

const names = new Map<string, string>();

/** The name under which a connection keeps a statement. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return name;
}
