import pg from 'pg';
import type { QueryOptions } from './database.ts';
import {
  type ConnectionOptions,
  connectAlone,
  connectionConfig,
  cut,
  inTime,
  settle,
  WatchedClient,
} from './postgres-connection.ts';
import type { SessionSettings } from './session-settings.ts';
import { cancelled, disconnected, isUnreachable, noConnectionLeft, toDatabaseError } from './sqlstate.ts';

/**
 * An idle connection is kept so long. pg closes it after 10 s: whoever then moves the map would wait 26 ms for a tile of 4, for
 * new connections that plan everything anew.
 */
const IDLE_MS = 600_000;
/** Milliseconds that a cancellation may take: it is no more than a courtesy to the database. */
const CANCEL_MS = 2000;

export interface PoolOptions extends ConnectionOptions {
  readonly size: number;
  /** Milliseconds to wait for a connection of those that are in use. */
  readonly queueMs: number;
  /** How many may wait at once. */
  readonly mostWaiting: number;
  readonly settings: SessionSettings;
}

/** A connection on loan; to be given back whole, or with what it was lost to. */
export interface Loan {
  readonly client: pg.PoolClient;
  readonly giveBack: (lost?: Error) => Promise<void>;
}

/** Connections to one server, given out one at a time. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #pool: pg.Pool;
  /** When each connection last answered. */
  readonly #answeredAt = new WeakMap<pg.PoolClient, number>();
  /** What is on loan, whether it is given back in bounded time, and since when. */
  readonly #lent = new Map<pg.PoolClient, { readonly isBounded: boolean; readonly since: number }>();
  /** What has been idle since before is not believed to be whole. */
  #doubtedAt = Number.NEGATIVE_INFINITY;

  constructor(options: PoolOptions) {
    this.#options = options;
    const config = connectionConfig(options);
    this.#pool = new pg.Pool({
      ...config,
      max: options.size,
      connectionTimeoutMillis: options.queueMs,
      idleTimeoutMillis: IDLE_MS,
      // The pool gives each the time that it gives to the queue.
      Client: class extends WatchedClient {
        constructor(own?: pg.ClientConfig) {
          super({ ...own, ...config });
        }
      },
      onConnect: (client) => settle(client, options.settings),
    });
    // A connection that breaks is replaced by the pool, and whoever used it is told by its statement; without a listener
    // it would end the process.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** Runs `work` over a connection whose statement is cancelled when the signal says so. @throws DatabaseError */
  async use<T>(signal: AbortSignal | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, giveBack } = await this.lend(signal);
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

  /** @param isBounded whether what it is for ends by itself before long: an import does not */
  async lend(signal: QueryOptions['signal'], isBounded = true): Promise<Loan> {
    if (signal?.aborted) throw cancelled();
    const client = await this.#connect();
    if (signal?.aborted) {
      client.release();
      throw cancelled();
    }
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#cancel([client]);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#lent.set(client, { isBounded, since: performance.now() });
    return {
      client,
      giveBack: async (lost) => {
        signal?.removeEventListener('abort', cancel);
        // Given back before the cancellation has arrived, the connection's next statement would be the one that it ends.
        await cancelling;
        this.#lent.delete(client);
        this.#answeredAt.set(client, performance.now());
        if (lost) cut(client);
        client.release(lost);
      },
    };
  }

  /** The server was silent: connections that have been idle since are made anew when they are next asked for. */
  doubt(): void {
    this.#doubtedAt = performance.now();
  }

  /** Cuts what is on loan for a bounded time: the server cannot be reached, and whoever waits for it is told so. */
  cutBounded(): void {
    for (const [client, { isBounded }] of this.#lent) if (isBounded) cut(client);
  }

  /** Ids of the server's processes for what was on loan when it was silent, and is yet. */
  get suspects(): number[] {
    const before = this.#doubtedAt;
    return [...this.#lent].flatMap(([client, { isBounded, since }]) =>
      isBounded && since < before ? [processOf(client)] : [],
    );
  }

  /** Cuts what is on loan from processes of the server that do nothing for it: what it was asked never came there. */
  cutProcesses(ids: ReadonlySet<number>): void {
    for (const client of this.#lent.keys()) if (ids.has(processOf(client))) cut(client);
  }

  /** Cuts all that is on loan. */
  cutLoans(): void {
    for (const client of this.#lent.keys()) cut(client);
  }

  /** Cancels what runs. */
  cancelLoans(): Promise<void> {
    return this.#cancel([...this.#lent.keys()]);
  }

  /** Resolves when every connection has been given back and closed. */
  end(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#pool.waitingCount >= this.#options.mostWaiting) throw noConnectionLeft();
    for (;;) {
      const client = await this.#pool.connect().catch((error) => {
        throw toDatabaseError(error);
      });
      if ((this.#answeredAt.get(client) ?? Number.POSITIVE_INFINITY) > this.#doubtedAt) return client;
      cut(client);
      client.release(disconnected('idle while the server was silent'));
    }
  }

  /** Over a connection of its own: the pool may be full of what is to be cancelled. */
  async #cancel(clients: readonly pg.PoolClient[]): Promise<void> {
    if (clients.length === 0) return;
    const ids = clients.map(processOf);
    try {
      const other = await connectAlone({ ...this.#options, connectMs: CANCEL_MS });
      await inTime(other, CANCEL_MS, other.query('SELECT pg_cancel_backend(id) FROM unnest($1::int[]) AS id', [ids]));
      cut(other);
    } catch {
      // The statement ends by its timeout instead.
    }
  }
}

/** Id of the server's process for a connection, as in pg_stat_activity. */
function processOf(client: pg.PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}
