import type { Database } from '../database/database.ts';
import { heartbeatQuery } from './job-query.ts';

/** Interval of heartbeats in milliseconds. A dismissal by another instance is noticed by the next one. */
const HEARTBEAT_MS = 1000;

interface RunOptions {
  readonly db: Database;
  readonly id: string;
  readonly worker: string;
  /** Milliseconds that it may take. */
  readonly duration: number;
}

/** One run of a job by this instance. It reports its progress until it ends, and stops when the job is no longer its. */
export class JobRun {
  readonly #options: RunOptions;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly signal: AbortSignal;
  readonly done: Promise<void>;
  #progress = 0;
  #resolve = () => {};

  constructor(options: RunOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([this.#controller.signal, AbortSignal.timeout(options.duration)]);
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Percent, at most 99 before the end. */
  get progress(): number {
    return this.#progress;
  }

  get isCancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  report(share: number): void {
    this.#progress = Math.max(this.#progress, Math.min(99, Math.floor(share * 100)));
  }

  cancel(): void {
    this.#controller.abort();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#resolve();
  }

  async #beat(): Promise<void> {
    const { db, id, worker } = this.#options;
    // A database that does not answer ends no run: its own statements fail.
    const rows = await db.query(heartbeatQuery(id, worker, this.#progress)).catch(() => undefined);
    if (rows?.length === 0) this.cancel();
  }
}
