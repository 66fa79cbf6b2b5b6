import type pg from 'pg';
import { ends } from '../lib/deadline.ts';
import type { PoolLoad, QueryOptions } from './database.ts';
import { ask } from './postgres-connection.ts';
import { ConnectionPool } from './postgres-pool.ts';
import { StatementNames } from './postgres-session.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Query } from './sql.ts';
import { isStalePlan } from './sqlstate.ts';

/** Timeout for a connection if all are in use, in milliseconds. */
const QUEUE_MS = 10_000;
/** Longest delay of the network in milliseconds. No answer comes later than this beyond the statement's own timeout. */
export const TRAVEL_MS = 1000;
/** Milliseconds for running statements to finish, and then to be cancelled, when the pools are closed. */
const END_MS = 1000;

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Timeout of a statement in milliseconds. It does not apply to transactions. */
  readonly statementTimeout: number;
}

/**
 * Edits hold a connection while they wait for each other's locks. With fewer connections, none would be left for the
 * edit that ends the wait.
 */
const LEAST_PLAIN = 4;
/** Longest queue of a pool for each of its connections. Beyond it a client should retry instead. */
const WAITING_EACH = 32;

/**
 * The connections to one server, by purpose, so that no kind of work takes those of another. In total they are twice
 * the configured number.
 */
export class Pools {
  /**
   * Arbitrary queries: pages of features, filters, edits. They have half as many as tiles, so that 20 filters without
   * an index leave room for tiles.
   */
  readonly plain: ConnectionPool;
  /** Tiles and lookups: statements that are planned once, whatever their values. */
  readonly prepared: ConnectionPool;
  /** Whole layers, each as long as its reader takes. */
  readonly streams: ConnectionPool;
  /** Jobs and other work that may wait, planned once. */
  readonly background: ConnectionPool;
  readonly #names = new StatementNames();
  readonly #limit: number;

  constructor({ url, poolSize, statementTimeout }: PostgresOptions) {
    // A tile of 2 400 parcels takes 8 ms, but 24 if parallel workers start for it. JIT compilation takes longer than
    // any of our statements.
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
    // By default PostgreSQL plans a statement anew five times. On every new connection a tile of ten layers would take
    // 10 ms instead of 2.
    const planned = { ...settings, plan_cache_mode: 'force_generic_plan' };
    this.prepared = pool(1, planned);
    this.plain = pool(1 / 2, settings, LEAST_PLAIN);
    // PostgreSQL would count the time of the reader as well, so the client bounds each batch.
    this.streams = pool(1 / 4, { ...settings, statement_timeout: '0' });
    this.background = pool(1 / 4, planned);
  }

  /** Use of the connections, by purpose. */
  get load(): readonly PoolLoad[] {
    const { plain, prepared, streams, background } = this;
    return Object.entries({ plain, prepared, streams, background }).map(([pool, { load }]) => ({ pool, ...load }));
  }

  /** @param accept throws if the connection turns out to be untrustworthy */
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

  /** Gives running statements 1 s to finish, then cancels and finally cuts them: 2.5 s in all. */
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
