import { ends } from '../lib/deadline.ts';
import { BootError } from '../lib/errors.ts';
import type { Subscriber } from './database.ts';
import {
  type Capabilities,
  type CopyTarget,
  type Database,
  DatabaseError,
  type EngineState,
  type Listener,
  type PoolLoad,
  type QueryOptions,
  type Session,
  type TransactionOptions,
} from './database.ts';
import { startCheckpoints } from './embedded-checkpoints.ts';
import type { EmbeddedWorkerData } from './embedded-engine.ts';
import { prepareFolder } from './embedded-folder.ts';
import { type EmbeddedThread, endInOrder, startEmbedded, ThreadSession } from './embedded-thread.ts';
import { lockFolder } from './folder-lock.ts';
import { pinSession } from './session-settings.ts';
import { type Query, sql } from './sql.ts';
import { cancelled, disconnected } from './sqlstate.ts';
import { Turns } from './turns.ts';

/** A statement that runs longer makes the engine count as unresponsive, which clients learn within 2 s. */
const STUCK_MS = 1500;
/** Delay after a failed attempt to restart. */
const RETRY_MS = 1000;
/** Milliseconds for running statements to finish when the database is closed. */
const END_MS = 1500;

export interface EmbeddedOptions {
  /** Folder of the database; undefined: in memory, lost at the end. */
  readonly folder?: string | undefined;
  /** Snapshot written by {@link EmbeddedDatabase.dump}, loaded into an empty folder or memory. */
  readonly snapshot?: Uint8Array | undefined;
  /**
   * Timeout of statements outside of transactions, in milliseconds; absent: none. Beyond it the thread is restarted on
   * the same folder. A database in memory is then lost for good.
   */
  readonly statementTimeout?: number;
}

/**
 * Starts PGlite with PostGIS in a worker thread.
 * @throws BootError if the folder is in use or cannot be opened
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const { folder, snapshot } = options;
  const unlock = folder ? lockFolder(folder) : () => {};
  try {
    if (!folder) return await startWorker(options, unlock);
    await prepareFolder(folder, async (draft) => (await startWorker({ folder: draft, snapshot })).close());
    return await startWorker({ ...options, snapshot: undefined }, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startWorker(options: EmbeddedOptions, unlock = () => {}): Promise<EmbeddedDatabase> {
  const db = new EmbeddedDatabase(options, unlock);
  try {
    await db.start();
    return db;
  } catch (error) {
    await db.close();
    if (!(error instanceof DatabaseError)) throw error;
    const place = options.folder ? `in ${options.folder} ` : '';
    throw new BootError(
      `The embedded database ${place}cannot be opened (${error.message}). Restore its folder from a backup, or set DIABA_DATA to another one.`,
    );
  }
}

/** PGlite has one session, so statements take turns; a transaction holds its turn to the end. */
export class EmbeddedDatabase implements Database {
  // Compiled without protobuf: ST_AsMVT fails.
  capabilities: Capabilities = {
    engine: 'embedded',
    mvt: false,
    replicas: false,
    sessions: 1,
    postgres: '',
    postgis: '',
  };
  readonly #options: EmbeddedOptions;
  readonly #unlock: () => void;
  readonly #turns = new Turns();
  readonly #channels = new Map<string, Set<Subscriber>>();
  /** Rejected while a restart fails. */
  #thread: Promise<EmbeddedThread> | undefined;
  #running: EmbeddedThread | undefined;
  /** Reason why there is no thread. */
  #reason = '';
  #closing: Promise<void> | undefined;
  #stopCheckpoints = () => {};

  constructor(options: EmbeddedOptions, unlock: () => void) {
    this.#options = options;
    this.#unlock = unlock;
  }

  /** @throws DatabaseError */
  async start(): Promise<void> {
    this.#thread = this.#startThread({ folder: this.#options.folder, snapshot: this.#options.snapshot });
    const session = new ThreadSession(await this.#thread);
    await session.script('CREATE EXTENSION IF NOT EXISTS postgis');
    const [versions] = await session.query<{ postgres: string; postgis: string }>(
      sql`SELECT current_setting('server_version') AS postgres, postgis_lib_version() AS postgis`,
    );
    this.capabilities = { ...this.capabilities, ...versions };
    if (this.#options.folder) this.#stopCheckpoints = startCheckpoints(this);
  }

  query<R>(query: Query, options?: QueryOptions): Promise<R[]> {
    return this.#turn({ ...options, statementMs: this.#options.statementTimeout }, (session) =>
      session.query<R>(query),
    );
  }

  script(text: string): Promise<void> {
    return this.#turn({ statementMs: this.#options.statementTimeout }, (session) => session.script(text));
  }

  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    return this.transaction((session) => session.copy(target, lines));
  }

  async *stream<R>(query: Query, options?: QueryOptions): AsyncIterable<R> {
    yield* await this.query<R>(query, options);
  }

  transaction<T>(work: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#turn(options, async (session) => {
      await session.script('BEGIN');
      try {
        const result = await work(session);
        await session.script('COMMIT');
        return result;
      } catch (error) {
        // It fails if the thread has ended, and the transaction with it.
        await session.script('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }

  async listen(channel: string, receive: (payload: string) => void, lost = () => {}): Promise<Listener> {
    const subscribers = this.#channels.get(channel) ?? new Set();
    const subscriber = { receive, lost };
    if (!this.#channels.has(channel)) {
      this.#channels.set(channel, subscribers);
      await this.#turn({}, (_, thread) => thread.ask({ kind: 'listen', channel }));
    }
    subscribers.add(subscriber);
    return {
      // Only this process writes, and notifications of its statements arrive before their answers.
      provenAt: () => performance.now(),
      query: <R>(query: Query) => this.query<R>(query, { priority: 'background' }),
      stop: async () => void subscribers.delete(subscriber),
    };
  }

  state(): EngineState {
    if (!this.#running) return { isAnswering: false, reason: stopped(this.#reason) };
    const seconds = Math.round(this.#running.busyMs / 1000);
    return this.#running.busyMs > STUCK_MS ? { isAnswering: false, reason: stuck(seconds) } : { isAnswering: true };
  }

  load(): readonly PoolLoad[] {
    return [{ pool: 'session', open: this.#running ? 1 : 0, ...this.#turns.load }];
  }

  /** Returns the whole database as a gzipped snapshot, for {@link EmbeddedOptions.snapshot}. */
  dump(): Promise<Uint8Array> {
    return this.#turn({}, (_, thread) => thread.ask({ kind: 'dump' }) as Promise<Uint8Array>);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopCheckpoints();
    const inOrder = this.#turns.take('interactive', async () => {
      const thread = await this.#thread;
      if (thread) await endInOrder(thread);
    });
    if (!(await ends(END_MS, inOrder))) {
      await this.#running?.end(disconnected('the embedded database is closed'));
    }
    this.#unlock();
  }

  #turn<T>(
    { signal, priority, statementMs }: TransactionOptions = {},
    work: (session: ThreadSession, thread: EmbeddedThread) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(cancelled());
    return this.#turns.take(priority ?? 'interactive', async () => {
      if (signal?.aborted) throw cancelled();
      const thread = await this.#thread;
      if (!thread) throw disconnected('the embedded database has not been started');
      return work(new ThreadSession(thread, statementMs), thread);
    });
  }

  async #startThread(workerData: EmbeddedWorkerData): Promise<EmbeddedThread> {
    const thread = await startEmbedded(workerData, (channel, payload) => {
      for (const { receive } of this.#channels.get(channel) ?? []) receive(payload);
    });
    await new ThreadSession(thread).query(pinSession());
    for (const channel of this.#channels.keys()) await thread.ask({ kind: 'listen', channel });
    thread.onEnd((error, gone) => this.#replace(error, gone));
    this.#running = thread;
    return thread;
  }

  /** Restarts the engine on its folder, which holds all committed data. */
  #replace({ message }: Error, gone: Promise<unknown>): void {
    this.#running = undefined;
    this.#reason = message;
    if (this.#closing) return;
    for (const { lost } of this.#subscribers()) lost();
    const { folder } = this.#options;
    this.#thread = folder
      ? gone.then(() => this.#startThread({ folder, snapshot: undefined }))
      : Promise.reject(disconnected(`in memory, and gone with its thread (${message})`));
    this.#thread.then(
      () => {
        for (const { receive } of this.#subscribers()) receive('');
      },
      (error: Error) => folder && setTimeout(() => this.#replace(error, gone), RETRY_MS).unref(),
    );
  }

  #subscribers(): Subscriber[] {
    return [...this.#channels.values()].flatMap((each) => [...each]);
  }
}

function stuck(seconds: number) {
  return {
    vi: `Cơ sở dữ liệu nhúng bận với một câu lệnh đã ${seconds} giây.`,
    en: `The embedded database has been at one statement for ${seconds} s.`,
  };
}

function stopped(reason: string) {
  return {
    vi: `Cơ sở dữ liệu nhúng đang được khởi động lại (${reason}).`,
    en: `The embedded database is being started anew (${reason}).`,
  };
}
