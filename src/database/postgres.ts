import pg from 'pg';
import Cursor from 'pg-cursor';
import { BootError } from '../errors.ts';
import type { Capabilities, CopyTarget, Database, QueryOptions, Session } from './database.ts';
import { ask, ClientSession, StatementNames } from './postgres-session.ts';
import { ident, type Query, sql } from './sql.ts';
import { cancelled, isUnreachable, toDatabaseError } from './sqlstate.ts';
import { READERS } from './values.ts';

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && READERS[oid]) || pg.types.getTypeParser(oid, format as 'text'),
};

/**
 * An idle connection is kept so long. pg closes it after 10 s: whoever then moves the map would wait 26 ms for a tile of 4, for
 * new connections that plan everything anew.
 */
const IDLE_MS = 600_000;
const KEEP_ALIVE_MS = 30_000;
const STREAM_BATCH = 500;
const RECONNECT_MS = 1000;
/** A replica that does not answer is passed over: nobody should wait for it. */
const REPLICA_CONNECTION_MS = 1000;

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Milliseconds a statement may take. Transactions (imports, migrations) are not bound by it. */
  readonly statementTimeout: number;
  /** Milliseconds to wait for a connection; 10 000 where nothing is said. */
  readonly connectionTimeout?: number;
}

/** Opens pools to a real PostgreSQL with PostGIS. @throws BootError where it cannot be reached or PostGIS is missing */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pools = openPools(options);
  try {
    return new Postgres(pools, options, { ...(await probe(pools.pool)), sessions: options.poolSize });
  } catch (error) {
    await pools.pool.end();
    throw error;
  }
}

/**
 * Opens pools to a streaming replica, which may be away: it is asked when it is back.
 * @param capabilities of its primary
 * @throws BootError where it is there and is no replica
 */
export async function openReplica(options: PostgresOptions, capabilities: Capabilities): Promise<Database> {
  const pools = openPools({ connectionTimeout: REPLICA_CONNECTION_MS, ...options });
  const replica = new Postgres(pools, options, capabilities);
  const inRecovery = await replica
    .query<{ is: boolean }>(sql`SELECT pg_is_in_recovery() AS is`)
    .then(([row]) => row?.is === true)
    .catch(isUnreachable);
  if (inRecovery) return replica;
  await replica.close();
  throw new BootError('A database of DATABASE_REPLICA_URLS is no streaming replica (pg_is_in_recovery() is false).');
}

interface Pools {
  readonly pool: pg.Pool;
  /** For statements that are planned once, whatever their values. */
  readonly prepared: pg.Pool;
}

function openPools(options: PostgresOptions): Pools {
  // A tile of 2 400 parcels takes 8 ms, and 24 where workers are started for it; compiling takes longer than any of ours.
  const settings = [
    `statement_timeout = ${options.statementTimeout}`,
    'jit = off',
    'max_parallel_workers_per_gather = 0',
  ];
  return {
    pool: openPool(options, settings),
    // Planned five times anew, as PostgreSQL has it, a tile of ten layers takes 10 ms in place of 2 on every new connection.
    prepared: openPool(options, [...settings, 'plan_cache_mode = force_generic_plan']),
  };
}

function openPool(options: PostgresOptions, settings: readonly string[]): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    types,
    application_name: 'diaba',
    connectionTimeoutMillis: options.connectionTimeout ?? 10_000,
    idleTimeoutMillis: IDLE_MS,
    // What stands in between (a firewall, a load balancer) forgets connections that say nothing, and tells nobody.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    onConnect: (client) => client.query(settings.map((setting) => `SET ${setting};`).join(' ')),
  });
  // A connection that breaks is replaced by the pool, and whoever used it is told by its statement; without a listener
  // it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function probe(pool: pg.Pool): Promise<Omit<Capabilities, 'sessions'>> {
  try {
    await pool.query('CREATE EXTENSION IF NOT EXISTS postgis');
    const { rows } = await pool.query(
      `SELECT current_setting('server_version') AS postgres, postgis_lib_version() AS postgis`,
    );
    return { engine: 'postgres', mvt: true, replicas: false, postgres: rows[0].postgres, postgis: rows[0].postgis };
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    throw new BootError(
      code === '0A000' || code === '42501' || /postgis/.test(message)
        ? `PostGIS is missing in the database of DATABASE_URL: install it and run CREATE EXTENSION postgis (${message}).`
        : `The database of DATABASE_URL cannot be reached (${message || code}).`,
    );
  }
}

class Postgres implements Database {
  readonly capabilities: Capabilities;
  readonly #pools: Pools;
  readonly #options: PostgresOptions;
  readonly #listeners = new Set<pg.Client>();
  readonly #names = new StatementNames();
  #closed = false;

  constructor(pools: Pools, options: PostgresOptions, capabilities: Capabilities) {
    this.#pools = pools;
    this.#options = options;
    this.capabilities = capabilities;
  }

  query<R>(query: Query, options: QueryOptions = {}): Promise<R[]> {
    return this.#withClient(options, (client) =>
      ask<R>(client, query, options.prepared ? this.#names.of(query.text) : undefined),
    );
  }

  script(text: string): Promise<void> {
    return this.#withClient({}, (client) => new ClientSession(client).script(text));
  }

  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    return this.transaction((session) => session.copy(target, lines));
  }

  async *stream<R>(query: Query, options: QueryOptions = {}): AsyncIterable<R> {
    const { client, giveBack } = await this.#lend(options);
    const cursor = client.query(new Cursor<R>(query.text, [...query.values], { types } as never));
    try {
      for (let rows = await cursor.read(STREAM_BATCH); rows.length; rows = await cursor.read(STREAM_BATCH)) {
        options.signal?.throwIfAborted();
        yield* rows;
      }
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      await cursor.close().catch(() => {});
      await giveBack();
    }
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      await client.query('BEGIN');
      await client.query('SET LOCAL statement_timeout = 0');
      const result = await work(new ClientSession(client));
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      const lost = await client.query('ROLLBACK').then(
        () => undefined,
        (failure: Error) => failure,
      );
      client.release(lost);
      throw toDatabaseError(error);
    }
  }

  async listen(channel: string, heard: (payload: string) => void, lost = () => {}): Promise<() => Promise<void>> {
    let stopped = false;
    let client: pg.Client | undefined;
    const connect = async () => {
      const next = new pg.Client({ connectionString: this.#options.url, application_name: `diaba listen ${channel}` });
      const end = () => next.end().catch(() => {});
      next.on('error', end);
      try {
        await next.connect();
        await next.query(`LISTEN ${ident(channel).text}`);
      } catch (error) {
        await end();
        throw error;
      }
      next.on('notification', (message) => heard(message.payload ?? ''));
      next.once('end', () => {
        this.#listeners.delete(next);
        if (stopped || this.#closed) return;
        lost();
        retry();
      });
      this.#listeners.add(next);
      client = next;
    };
    const retry = () =>
      setTimeout(() => {
        if (stopped || this.#closed) return;
        // What was notified in between is lost: '' tells the listener to look for itself.
        connect().then(() => heard(''), retry);
      }, RECONNECT_MS).unref();
    await connect();
    return async () => {
      stopped = true;
      await client?.end();
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#listeners].map((client) => client.end()));
    await Promise.all([this.#pools.pool.end(), this.#pools.prepared.end()]);
  }

  async #connect(prepared = false): Promise<pg.PoolClient> {
    try {
      return await (prepared ? this.#pools.prepared : this.#pools.pool).connect();
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  async #withClient<T>(options: QueryOptions, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, giveBack } = await this.#lend(options);
    let lost: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      // Told of its end, the connection has yet to notice: given back as whole, it would fail whoever comes next.
      if (isUnreachable(error)) lost = error;
      throw error;
    } finally {
      await giveBack(lost);
    }
  }

  /** A connection whose statement is cancelled when the signal says so; to be given back, whole or lost. */
  async #lend({ signal, prepared }: QueryOptions): Promise<Loan> {
    if (signal?.aborted) throw cancelled();
    const client = await this.#connect(prepared);
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#cancel(client);
    };
    if (signal?.aborted) {
      client.release();
      throw cancelled();
    }
    signal?.addEventListener('abort', cancel, { once: true });
    return {
      client,
      giveBack: async (lost) => {
        signal?.removeEventListener('abort', cancel);
        // Given back before the cancellation has arrived, the connection's next statement would be the one that it ends.
        await cancelling;
        client.release(lost);
      },
    };
  }

  /** Cancels what the connection runs, over a connection of its own: the pool may be full of what is to be cancelled. */
  async #cancel(client: pg.PoolClient): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    const other = new pg.Client({ connectionString: this.#options.url });
    try {
      await other.connect();
      await other.query('SELECT pg_cancel_backend($1)', [processID]);
    } catch {
      // The statement ends by its timeout instead.
    } finally {
      await other.end().catch(() => {});
    }
  }
}

interface Loan {
  readonly client: pg.PoolClient;
  readonly giveBack: (lost?: Error) => Promise<void>;
}
