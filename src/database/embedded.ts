import type { Worker } from 'node:worker_threads';
import { BootError } from '../errors.ts';
import { startThread } from '../thread.ts';
import {
  type Capabilities,
  type CopyTarget,
  type Database,
  DatabaseError,
  type QueryOptions,
  type Session,
} from './database.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData } from './embedded-worker.ts';
import { lockFolder } from './folder-lock.ts';
import { ident, identList, type Query, sql } from './sql.ts';
import { cancelled, disconnected } from './sqlstate.ts';
import { Turns } from './turns.ts';

/** Characters of COPY text handed to the engine at once. */
const COPY_CHUNK = 4_000_000;

export interface EmbeddedOptions {
  /** Folder of the database; undefined: in memory, gone at the end. */
  readonly folder?: string | undefined;
  /** Snapshot made by {@link EmbeddedDatabase.dump}, loaded into an empty folder or memory. */
  readonly snapshot?: Uint8Array;
}

/** Starts PGlite with PostGIS in a worker thread. @throws BootError where the folder is in use or cannot be opened */
export async function openEmbedded({ folder, snapshot }: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const unlock = folder ? lockFolder(folder) : () => {};
  const workerData: EmbeddedWorkerData = { folder, snapshot };
  const worker = startThread('./embedded-worker', import.meta.url, workerData);
  try {
    await opened(worker);
    const thread = new Thread(worker);
    const session = new ThreadSession(thread);
    await session.script('CREATE EXTENSION IF NOT EXISTS postgis');
    const [versions] = await session.query<{ postgres: string; postgis: string }>(
      sql`SELECT current_setting('server_version') AS postgres, postgis_lib_version() AS postgis`,
    );
    if (!versions) throw new BootError('The embedded database does not answer.');
    // Compiled without protobuf: ST_AsMVT fails.
    return new EmbeddedDatabase(
      thread,
      { engine: 'embedded', mvt: false, replicas: false, sessions: 1, ...versions },
      unlock,
    );
  } catch (error) {
    unlock();
    await worker.terminate();
    throw error;
  }
}

function opened(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: EmbeddedMessage) =>
      message.kind === 'ready'
        ? resolve()
        : reject(
            new BootError(
              `The embedded database cannot be opened (${message.kind === 'failed' ? message.message : ''}).`,
            ),
          ),
    );
  });
}

/** Questions to the worker and its answers. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly heard = new Map<string, Set<(payload: string) => void>>();
  #next = 0;
  #failure: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: EmbeddedMessage) => this.#receive(message));
    worker.on('error', ({ message }) => this.#fail(message));
    worker.on('exit', () => this.#fail('the embedded database has ended'));
  }

  ask(request: EmbeddedRequest): Promise<unknown> {
    // A thread that has ended answers nothing: asked all the same, its caller would wait for ever.
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  async end(): Promise<void> {
    if (!this.#failure) await this.ask({ kind: 'close' });
    // Not left to end by itself: a loader that runs TypeScript there would keep it, and the process, alive.
    await this.#worker.terminate();
  }

  #receive(message: EmbeddedMessage): void {
    if (message.kind === 'heard') for (const heard of this.heard.get(message.channel) ?? []) heard(message.payload);
    if (message.kind !== 'answer' && message.kind !== 'error') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.result);
    else waiting?.reject(new DatabaseError(message.message, message.code, message.detail || undefined));
  }

  #fail(message: string): void {
    this.#failure ??= disconnected(message);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** PGlite: one session, so statements take turns; a transaction keeps its turn to the end. */
export class EmbeddedDatabase implements Database {
  readonly capabilities: Capabilities;
  readonly #thread: Thread;
  readonly #turns = new Turns();
  readonly #session: Session;
  readonly #unlock: () => void;
  #closing: Promise<void> | undefined;

  constructor(thread: Thread, capabilities: Capabilities, unlock: () => void) {
    this.#thread = thread;
    this.capabilities = capabilities;
    this.#session = new ThreadSession(thread);
    this.#unlock = unlock;
  }

  query<R>(query: Query, options?: QueryOptions): Promise<R[]> {
    return this.#turn(options, () => this.#session.query<R>(query));
  }

  script(text: string): Promise<void> {
    return this.#turn({}, () => this.#session.script(text));
  }

  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    return this.transaction((session) => session.copy(target, lines));
  }

  async *stream<R>(query: Query, options?: QueryOptions): AsyncIterable<R> {
    yield* await this.query<R>(query, options);
  }

  transaction<T>(work: (session: Session) => Promise<T>, options?: QueryOptions): Promise<T> {
    return this.#turn(options, async () => {
      await this.#session.script('BEGIN');
      try {
        const result = await work(this.#session);
        await this.#session.script('COMMIT');
        return result;
      } catch (error) {
        await this.#session.script('ROLLBACK');
        throw error;
      }
    });
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    const listeners = this.#thread.heard.get(channel) ?? new Set();
    if (!this.#thread.heard.has(channel)) {
      this.#thread.heard.set(channel, listeners);
      await this.#turn({}, () => this.#thread.ask({ kind: 'listen', channel }));
    }
    listeners.add(heard);
    return async () => void listeners.delete(heard);
  }

  /** The whole database as a gzipped snapshot, for {@link EmbeddedOptions.snapshot}. */
  dump(): Promise<Uint8Array> {
    return this.#turn({}, () => this.#thread.ask({ kind: 'dump' }) as Promise<Uint8Array>);
  }

  close(): Promise<void> {
    this.#closing ??= this.#turn({}, () => this.#thread.end()).then(() => this.#unlock());
    return this.#closing;
  }

  #turn<T>({ signal, priority }: QueryOptions = {}, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(cancelled());
    return this.#turns.take(priority ?? 'interactive', () => {
      if (signal?.aborted) throw cancelled();
      return work();
    });
  }
}

class ThreadSession implements Session {
  readonly #thread: Thread;

  constructor(thread: Thread) {
    this.#thread = thread;
  }

  query<R>({ text, values }: Query): Promise<R[]> {
    return this.#thread.ask({ kind: 'query', query: { text, values } }) as Promise<R[]>;
  }

  async script(text: string): Promise<void> {
    await this.#thread.ask({ kind: 'script', text });
  }

  async copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const columns = identList(target.columns);
    const statement = sql`COPY ${ident(target.schema, target.table)} (${columns}) FROM '/dev/blob'`.text;
    let data = '';
    const flush = async () => {
      if (data) await this.#thread.ask({ kind: 'copy', statement, data });
      data = '';
    };
    for await (const line of lines) {
      data += line;
      if (data.length >= COPY_CHUNK) await flush();
    }
    await flush();
  }
}
