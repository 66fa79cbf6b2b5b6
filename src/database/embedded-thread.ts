import { Late } from '../lib/deadline.ts';
import { startThread, Thread, ThreadError } from '../lib/thread.ts';
import { type CopyTarget, DatabaseError, type Session } from './database.ts';
import type { EmbeddedWorkerData } from './embedded-engine.ts';
import type { EmbeddedMessage, EmbeddedRequest } from './embedded-worker.ts';
import { ident, identList, type Query, sql } from './sql.ts';
import { disconnected, INTERNAL_ERROR, outOfRoom, timeoutError } from './sqlstate.ts';

/** Characters of COPY text sent to the engine at once. */
const COPY_CHUNK = 4_000_000;

export type EmbeddedThread = Thread<EmbeddedRequest, unknown>;

/**
 * Starts PGlite on the folder's content.
 * @throws DatabaseError with PostgreSQL's message if it cannot start
 */
export async function startEmbedded(
  workerData: EmbeddedWorkerData,
  onNotify: (channel: string, payload: string) => void,
): Promise<EmbeddedThread> {
  const worker = startThread('./embedded-worker', import.meta.url, workerData);
  let onReady = () => {};
  const thread: EmbeddedThread = new Thread(worker, {
    exited: 'the embedded database has ended',
    toError,
    onMessage: (message) => {
      const received = message as EmbeddedMessage;
      if (received.kind === 'ready') onReady();
      else if (received.kind === 'notification') onNotify(received.channel, received.payload);
      else void thread.end(broken(received.message));
    },
  });
  await new Promise<void>((resolve, reject) => {
    onReady = resolve;
    thread.onEnd(reject);
  });
  return thread;
}

/** Closes the database before the thread ends. */
export async function endInOrder(thread: EmbeddedThread): Promise<void> {
  await thread.ask({ kind: 'close' });
  await thread.end(disconnected('the embedded database is closed'));
}

/** A failed statement has an SQLSTATE; all else ends the session. */
function toError(error: Error): DatabaseError {
  if (error instanceof ThreadError)
    return new DatabaseError(error.message, error.code ?? INTERNAL_ERROR, error.detail || undefined);
  if (error instanceof Late) return timeoutError(`${error.message}: the embedded database is started anew`);
  return disconnected(error.message);
}

function broken(message: string): DatabaseError {
  return /no space left/i.test(message) ? outOfRoom(message) : disconnected(message);
}

/** Runs statements in the thread, one after the other. */
export class ThreadSession implements Session {
  readonly #thread: EmbeddedThread;
  readonly #limit: number | undefined;

  /** @param limit timeout of each statement in milliseconds; absent: none */
  constructor(thread: EmbeddedThread, limit?: number) {
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
