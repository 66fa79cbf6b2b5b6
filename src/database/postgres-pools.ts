import type pg from 'pg';
import { ends } from '../lib/deadline.ts';
import type { QueryOptions } from './database.ts';
import { ask } from './postgres-connection.ts';
import { ConnectionPool } from './postgres-pool.ts';
import { StatementNames } from './postgres-session.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Query } from './sql.ts';
import { isStalePlan } from './sqlstate.ts';

/** Milliseconds to wait for one of the connections that are in use. */
const QUEUE_MS = 10_000;
/** Milliseconds that an answer may be on its way: beyond it, and what a statement may take, nothing comes any more. */
export const TRAVEL_MS = 1000;
/** Milliseconds that what runs has to end by itself, then to be cancelled, when the pools are closed. */
const END_MS = 1000;

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Milliseconds a statement may take. Transactions are not bound by it. */
  readonly statementTimeout: number;
}

/** Edits wait for each other's locks while they hold a connection: with fewer, none is left for whoever would end the wait. */
const LEAST_PLAIN = 4;
/** Statements that wait for one of a pool's connections, for each of them: beyond, a client does better to ask again. */
const WAITING_EACH = 32;

/**
 * The connections to one server, by what they are for: no kind of work takes those of another. Together they are twice the
 * size that was asked for.
 */
export class Pools {
  /** Questions as they come: pages of features, filters, edits. Half as many as tiles have: 20 filters without an index leave them room. */
  readonly plain: ConnectionPool;
  /** Tiles and lookups: statements that are planned once, whatever their values. */
  readonly prepared: ConnectionPool;
  /** Whole layers, each as long as its reader takes. */
  readonly streams: ConnectionPool;
  /** Jobs and whatever else may wait, planned once. */
  readonly background: ConnectionPool;
  readonly #names = new StatementNames();
  readonly #limit: number;

  constructor({ url, poolSize, statementTimeout }: PostgresOptions) {
    // A tile of 2 400 parcels takes 8 ms, and 24 where workers are started for it; compiling takes longer than any of ours.
    const settings = {
      statement_timeout: String(statementTimeout),
      jit: 'off',
      max_parallel_workers_per_gather: '0',
    };
    const pool = (share: number, own: SessionSettings, least = 1) => {
      const size = Math.max(Math.min(least, poolSize), Math.ceil(poolSize * share));
      return new ConnectionPool({
        ...{ url, name: 'diaba', size, queueMs: QUEUE_MS },
        mostWaiting: WAITING_EACH * size,
        settings: own,
      });
    };
    this.#limit = statementTimeout + TRAVEL_MS;
    // Planned five times anew, as PostgreSQL has it, a tile of ten layers takes 10 ms in place of 2 on every new connection.
    const planned = { ...settings, plan_cache_mode: 'force_generic_plan' };
    this.prepared = pool(1, planned);
    this.plain = pool(1 / 2, settings, LEAST_PLAIN);
    this.streams = pool(1 / 4, settings);
    this.background = pool(1 / 4, planned);
  }

  /** @param accept throws where the connection has turned out to be none to believe */
  query<R>(
    query: Query,
    { prepared, priority, signal }: QueryOptions = {},
    accept: (client: pg.PoolClient) => void = () => {},
  ): Promise<R[]> {
    const fast = priority === 'background' ? this.background : this.prepared;
    const asked = () =>
      (prepared ? fast : this.plain).use(signal, async (client) => {
        const name = prepared ? this.#names.of(query.text) : undefined;
        const rows = await ask<R>(client, query, { name, limit: this.#limit });
        accept(client);
        return rows;
      });
    return asked().catch((error) => {
      if (!isStalePlan(error)) throw error;
      this.#names.renew(query.text);
      return asked();
    });
  }

  /** As {@link ConnectionPool.doubt}. */
  doubt(): void {
    for (const pool of this.#all) pool.doubt();
  }

  /** As {@link ConnectionPool.cutBounded}. */
  cutBounded(): void {
    for (const pool of this.#all) pool.cutBounded();
  }

  /** As {@link ConnectionPool.suspects}. */
  get suspects(): number[] {
    return this.#all.flatMap(({ suspects }) => suspects);
  }

  /** As {@link ConnectionPool.cutProcesses}. */
  cutProcesses(ids: ReadonlySet<number>): void {
    for (const pool of this.#all) pool.cutProcesses(ids);
  }

  /** What runs may end by itself for 1 s, is cancelled, and then cut: 2.5 s in all. */
  async close(): Promise<void> {
    const ended = Promise.all(this.#all.map((pool) => pool.end()));
    if (await ends(END_MS, ended)) return;
    await ends(END_MS, Promise.all(this.#all.map((pool) => pool.cancelLoans())));
    if (await ends(END_MS / 2, ended)) return;
    for (const pool of this.#all) pool.cutLoans();
  }

  get #all(): readonly ConnectionPool[] {
    return [this.plain, this.prepared, this.streams, this.background];
  }
}
