import type { Worker } from 'node:worker_threads';
import { startThread } from '../lib/thread.ts';
import { type CopyTarget, DatabaseError, type Session } from './database.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData } from './embedded-worker.ts';
import { ident, identList, type Query, sql } from './sql.ts';
import { disconnected, outOfRoom, tookTooLong } from './sqlstate.ts';

/** Characters of COPY text sent to the engine at once. */
const COPY_CHUNK = 4_000_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly askedAt: number;
  readonly timer: NodeJS.Timeout | undefined;
}

/** @param gone resolves once the thread no longer touches the folder */
type Ended = (error: DatabaseError, gone: Promise<unknown>) => void;

/** The database's thread, with its requests and answers. Once ended, it cannot be used again. */
export class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #notify: (channel: string, payload: string) => void;
  #next = 0;
  #failure: DatabaseError | undefined;
  #ended: Ended = () => {};

  private constructor(worker: Worker, notify: (channel: string, payload: string) => void) {
    this.#worker = worker;
    this.#notify = notify;
  }

  /**
   * Starts PGlite on the folder's content.
   * @throws DatabaseError with PostgreSQL's message if it cannot start
   */
  static async start(
    workerData: EmbeddedWorkerData,
    notify: (channel: string, payload: string) => void,
  ): Promise<Thread> {
    const worker = startThread('./embedded-worker', import.meta.url, workerData);
    const thread = new Thread(worker, notify);
    const ready = new Promise<void>((resolve, reject) => {
      thread.onEnd(reject);
      worker.once('message', ({ kind }: EmbeddedMessage) => kind === 'ready' && resolve());
    });
    worker.on('message', (message: EmbeddedMessage) => thread.#receive(message));
    worker.on('error', ({ message }) => thread.kill(disconnected(message)));
    worker.on('exit', () => thread.kill(disconnected('the embedded database has ended')));
    await ready;
    return thread;
  }

  /** Registers a callback for the end of the thread, whatever its cause. It runs before any further request. */
  onEnd(ended: Ended): void {
    this.#ended = ended;
    if (this.#failure) ended(this.#failure, Promise.resolve());
  }

  /** Milliseconds since the oldest pending request was sent. */
  get busyMs(): number {
    const [first] = this.#waiting.values();
    return first ? performance.now() - first.askedAt : 0;
  }

  /** @param limit milliseconds after which the thread is ended, the only way to end a statement */
  ask(request: EmbeddedRequest, limit?: number): Promise<unknown> {
    // An ended thread never answers, so its caller would wait forever.
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = limit === undefined ? undefined : setTimeout(() => this.kill(tooLong(limit)), limit);
      this.#waiting.set(id, { resolve, reject, askedAt: performance.now(), timer });
      this.#worker.postMessage({ id, request });
    });
  }

  /** Ends the thread in order. */
  async end(): Promise<void> {
    await this.ask({ kind: 'close' });
    await this.kill(disconnected('the embedded database is closed'));
  }

  /**
   * Terminates the thread at any point, like a crash: committed data is in the folder. It must be terminated, since the
   * loader that runs TypeScript would keep it and the process alive.
   */
  async kill(error: DatabaseError): Promise<void> {
    if (this.#failure) return;
    this.#failure = error;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    const gone = this.#worker.terminate();
    this.#ended(error, gone);
    await gone;
  }

  #receive(message: EmbeddedMessage): void {
    if (message.kind === 'notification') this.#notify(message.channel, message.payload);
    if (message.kind === 'failed' || message.kind === 'panic') void this.kill(broken(message.message));
    if (message.kind !== 'answer' && message.kind !== 'error') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    clearTimeout(waiting?.timer);
    if (message.kind === 'answer') waiting?.resolve(message.result);
    else waiting?.reject(new DatabaseError(message.message, message.code, message.detail || undefined));
  }
}

function tooLong(limit: number): DatabaseError {
  return tookTooLong(`longer than ${limit} ms: the embedded database is started anew`);
}

function broken(message: string): DatabaseError {
  return /no space left/i.test(message) ? outOfRoom(message) : disconnected(message);
}

/** Runs statements in the thread, one after the other. */
export class ThreadSession implements Session {
  readonly #thread: Thread;
  readonly #limit: number | undefined;

  /** @param limit timeout of each statement in milliseconds; absent: none */
  constructor(thread: Thread, limit?: number) {
    this.#thread = thread;
    this.#limit = limit;
  }

  query<R>({ text, values }: Query): Promise<R[]> {
    return this.#thread.ask({ kind: 'query', query: { text, values } }, this.#limit) as Promise<R[]>;
  }

  async script(text: string): Promise<void> {
    await this.#thread.ask({ kind: 'script', text }, this.#limit);
  }

  async copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const columns = identList(target.columns);
    const statement = sql`COPY ${ident(target.schema, target.table)} (${columns}) FROM '/dev/blob'`.text;
    let data = '';
    const flush = async () => {
      if (data) await this.#thread.ask({ kind: 'copy', statement, data }, this.#limit);
      data = '';
    };
    for await (const line of lines) {
      data += line;
      if (data.length >= COPY_CHUNK) await flush();
    }
    await flush();
  }
}
