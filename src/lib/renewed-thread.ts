import type { Worker } from 'node:worker_threads';
import { Thread } from './thread.ts';

export interface RenewedThreadOptions {
  /** Starts the worker thread. It does not keep the process alive. */
  readonly start: () => Worker;
  /** Name in messages, for example `the encoder`. */
  readonly name: string;
  /** Milliseconds without a question after which the thread ends and frees its memory; absent: it stays. */
  readonly idleMs?: number;
}

/** Client of a thread that starts with the first question, and again with the next question after it has ended. */
export class RenewedThread<Request, Answer> {
  readonly #options: RenewedThreadOptions;
  #thread: Thread<Request, Answer> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RenewedThreadOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#thread !== undefined && !this.#thread.hasEnded;
  }

  /**
   * Asks one question.
   * @param limit milliseconds after which the thread is ended with the error `Late`; nothing else can stop its work
   * @throws what the thread fails with, or the cause of its end
   */
  async ask(request: Request, limit?: number): Promise<Answer> {
    clearTimeout(this.#idle);
    const thread = this.#running();
    try {
      return await thread.ask(request, limit);
    } finally {
      if (thread === this.#thread && thread.pending === 0) this.#endWhenIdle(thread);
    }
  }

  /** Ends the thread. Pending and later questions are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.#thread?.end(this.#closed());
  }

  #running(): Thread<Request, Answer> {
    const { start, name } = this.#options;
    if (this.#isClosed) throw this.#closed();
    if (this.#thread && !this.#thread.hasEnded) return this.#thread;
    const worker = start();
    this.#thread = new Thread(worker, { exited: `${name} has ended` });
    worker.unref();
    return this.#thread;
  }

  #endWhenIdle(thread: Thread<Request, Answer>): void {
    const { idleMs, name } = this.#options;
    if (idleMs === undefined || this.#isClosed) return;
    this.#idle = setTimeout(() => void thread.end(new Error(`${name} was idle`)), idleMs).unref();
  }

  #closed(): Error {
    return new Error(`${this.#options.name} is closed`);
  }
}
