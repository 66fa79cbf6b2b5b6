import pg from 'pg';
import type { PoolLoad, QueryOptions } from './database.ts';
import {
  type ConnectionOptions,
  connectAlone,
  connectionConfig,
  cutOff,
  inTime,
  settle,
  WatchedClient,
} from './postgres-connection.ts';
import type { SessionSettings } from './session-settings.ts';
import { cancelled, disconnected, isUnreachable, noConnectionLeft, toDatabaseError } from './sqlstate.ts';

/**
 * Lifetime of an idle connection. pg closes it after 10 s by default. A tile would then take 26 ms instead of 4,
 * because a new connection plans everything again.
 */
const IDLE_MS = 600_000;
/** Timeout of a cancellation in milliseconds. It only spares the database some work. */
const CANCEL_MS = 2000;

export interface PoolOptions extends ConnectionOptions {
  readonly size: number;
  /** Timeout for a connection if all are in use, in milliseconds. */
  readonly queueMs: number;
  /** Longest queue. */
  readonly mostWaiting: number;
  readonly settings: SessionSettings;
}

/** A borrowed connection. It is released whole, or with the error that broke it. */
export interface Loan {
  readonly client: pg.PoolClient;
  readonly giveBack: (lost?: Error) => Promise<void>;
}

/** Connections to one server, lent to one borrower at a time. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #pool: pg.Pool;
  /** Time at which each connection last answered. */
  readonly #answeredAt = new WeakMap<pg.PoolClient, number>();
  /** Borrowed connections, each with the time of the loan, and if its use is bounded in time. */
  readonly #lent = new Map<pg.PoolClient, { readonly isBounded: boolean; readonly since: number }>();
  /** Rejections of those who wait for a connection. */
  readonly #waiting = new Set<() => void>();
  /** Connections idle since before this time may be broken. */
  #doubtedAt = Number.NEGATIVE_INFINITY;

  constructor(options: PoolOptions) {
    this.#options = options;
    const config = connectionConfig(options);
    this.#pool = new pg.Pool({
      ...config,
      max: options.size,
      connectionTimeoutMillis: options.queueMs,
      idleTimeoutMillis: IDLE_MS,
      // The pool uses one timeout for connecting and for the queue.
      Client: class extends WatchedClient {
        constructor(own?: pg.ClientConfig) {
          super({ ...own, ...config });
        }
      },
      onConnect: (client) => settle(client, options.settings),
    });
    // The pool replaces a broken connection, and its statement reports the error; without a listener the process would
    // exit.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /**
   * Runs `work` on a connection, and cancels its statement on abort.
   * @throws DatabaseError
   */
  async use<T>(signal: AbortSignal | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, giveBack } = await this.lend(signal);
    let lost: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      // The connection may not have noticed its end. Released as whole, it would fail the next borrower.
      if (isUnreachable(error)) lost = error;
      throw error;
    } finally {
      await giveBack(lost);
    }
  }

  /** @param isBounded true if the use ends soon by itself, unlike an import */
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
        // If the connection were released before the cancellation arrives, its next statement would be cancelled.
        await cancelling;
        this.#lent.delete(client);
        this.#answeredAt.set(client, performance.now());
        if (lost) cutOff(client);
        client.release(lost);
      },
    };
  }

  /** Called when the server was silent. Connections idle since before are replaced at their next use. */
  doubt(): void {
    this.#doubtedAt = performance.now();
  }

  /**
   * Closes connections borrowed for a bounded time, because the server is unreachable. Their borrowers and those who
   * wait for a connection receive an error.
   */
  cutBounded(): void {
    for (const [client, { isBounded }] of this.#lent) if (isBounded) cutOff(client);
    for (const giveUp of this.#waiting) giveUp();
  }

  get load(): Omit<PoolLoad, 'pool'> {
    return { open: this.#pool.totalCount, busy: this.#lent.size, waiting: this.#pool.waitingCount };
  }

  /** Server process ids of connections that were borrowed while the server was silent, and still are. */
  get suspects(): number[] {
    const before = this.#doubtedAt;
    return [...this.#lent].flatMap(([client, { isBounded, since }]) =>
      isBounded && since < before ? [serverProcess(client)] : [],
    );
  }

  /** Closes borrowed connections whose server process is idle, since their statement never arrived. */
  cutProcesses(ids: ReadonlySet<number>): void {
    for (const client of this.#lent.keys()) if (ids.has(serverProcess(client))) cutOff(client);
  }

  /** Closes all borrowed connections. */
  cutLoans(): void {
    for (const client of this.#lent.keys()) cutOff(client);
  }

  /** Cancels all running statements. */
  cancelLoans(): Promise<void> {
    return this.#cancel([...this.#lent.keys()]);
  }

  /** Resolves when every connection has been released and closed. */
  end(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#pool.waitingCount >= this.#options.mostWaiting) throw noConnectionLeft();
    for (;;) {
      const client = await this.#take();
      if ((this.#answeredAt.get(client) ?? Number.POSITIVE_INFINITY) > this.#doubtedAt) return client;
      cutOff(client);
      client.release(disconnected('idle while the server was silent'));
    }
  }

  /** Takes a connection from the pool as soon as one is free. */
  #take(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(giveUp);
        reject(disconnected('the server is silent'));
      };
      this.#waiting.add(giveUp);
      this.#pool.connect().then(
        (client) => (this.#waiting.delete(giveUp) ? resolve(client) : client.release()),
        (error) => {
          this.#waiting.delete(giveUp);
          reject(toDatabaseError(error));
        },
      );
    });
  }

  /** Cancels over a connection of its own, since the pool may be full of statements to cancel. */
  async #cancel(clients: readonly pg.PoolClient[]): Promise<void> {
    if (clients.length === 0) return;
    const ids = clients.map(serverProcess);
    try {
      const other = await connectAlone({ ...this.#options, connectMs: CANCEL_MS });
      await inTime(other, CANCEL_MS, other.query('SELECT pg_cancel_backend(id) FROM unnest($1::int[]) AS id', [ids]));
      cutOff(other);
    } catch {
      // The statement ends by its timeout instead.
    }
  }
}

/** Returns the server process id of a connection, as in pg_stat_activity. */
function serverProcess(client: pg.PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}
