import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Late } from './deadline.ts';
import type { ThreadAnswer, ThreadFailure, ThreadQuestion } from './thread-answers.ts';

/**
 * Starts the module `path` (relative to `from`, without its extension) in a worker thread.
 * @param from `import.meta.url` of the caller
 */
export function startThread(path: string, from: string, workerData?: unknown): Worker {
  const extension = extname(new URL(from).pathname);
  const url = new URL(`${path}${extension}`, from);
  if (extension === '.js') return new Worker(url, { workerData });
  // When run from source (tests, `npm run diaba`), the thread must itself register the loader that runs TypeScript.
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(boot, { workerData, eval: true });
}

/** Error that a thread has answered with. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  readonly code: string | undefined;
  readonly detail: string | undefined;

  constructor({ message, stack, code, detail }: ThreadFailure) {
    super(message);
    if (stack !== undefined) this.stack = stack;
    this.code = code;
    this.detail = detail;
  }
}

interface PendingAnswer<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly askedAt: number;
  readonly timer: NodeJS.Timeout | undefined;
}

export interface ThreadOptions {
  /** Message of the error if the thread exits by itself. */
  readonly exited: string;
  /** Maps the error of a failed question, and the cause of the end of the thread. */
  readonly toError?: (error: Error) => Error;
  /** Receives the messages that are not answers. */
  readonly onMessage?: (message: unknown) => void;
}

/**
 * Client of a thread that runs `answerQuestions`. Several questions can wait at once. After the thread has ended, for
 * whatever cause, pending and later questions are rejected with that cause.
 */
export class Thread<Request, Answer> {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, PendingAnswer<Answer>>();
  #next = 0;
  #end: { readonly cause: Error; readonly gone: Promise<unknown> } | undefined;
  #onEnd: (cause: Error, gone: Promise<unknown>) => void = () => {};

  constructor(worker: Worker, options: ThreadOptions) {
    this.#worker = worker;
    this.#options = options;
    const end = (error: Error) => void this.end(this.#toError(error));
    worker.on('message', (message: ThreadAnswer<Answer>) => this.#receive(message));
    worker.on('messageerror', end);
    worker.on('error', end);
    worker.on('exit', () => end(new Error(options.exited)));
  }

  /**
   * Asks one question.
   * @param limit milliseconds after which the thread is ended with the error `Late`; nothing else can stop its work
   */
  ask(request: Request, limit?: number): Promise<Answer> {
    if (this.#end) return Promise.reject(this.#end.cause);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      // Throws if the request cannot be cloned. Nothing waits for an answer then.
      this.#worker.postMessage({ id, request } satisfies ThreadQuestion<Request>);
      const late = () => void this.end(this.#toError(new Late(`no answer within ${limit} ms`)));
      const timer = limit === undefined ? undefined : setTimeout(late, limit);
      this.#waiting.set(id, { resolve, reject, askedAt: performance.now(), timer });
    });
  }

  /** Number of questions that wait for their answers. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Milliseconds since the oldest pending question was asked. */
  get busyMs(): number {
    const [first] = this.#waiting.values();
    return first ? performance.now() - first.askedAt : 0;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Registers the one listener of the end. It is called before any question can be rejected for it.
   * @param onEnd receives the cause, and a promise that is fulfilled when the thread no longer runs
   */
  onEnd(onEnd: (cause: Error, gone: Promise<unknown>) => void): void {
    this.#onEnd = onEnd;
    if (this.#end) onEnd(this.#end.cause, this.#end.gone);
  }

  /**
   * Terminates the thread, whatever it does. A thread must not be left to end by itself: a loader that runs TypeScript in
   * it would keep it, and the process, alive.
   */
  async end(cause: Error): Promise<void> {
    if (!this.#end) {
      this.#end = { cause, gone: this.#worker.terminate() };
      this.#onEnd(cause, this.#end.gone);
      for (const { reject, timer } of this.#waiting.values()) {
        clearTimeout(timer);
        reject(cause);
      }
      this.#waiting.clear();
    }
    await this.#end.gone;
  }

  #receive(message: ThreadAnswer<Answer>): void {
    if (typeof message.id !== 'number') {
      this.#options.onMessage?.(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    clearTimeout(waiting?.timer);
    if ('failure' in message) waiting?.reject(this.#toError(new ThreadError(message.failure)));
    else waiting?.resolve(message.answer);
  }

  #toError(error: Error): Error {
    return this.#options.toError?.(error) ?? error;
  }
}
