import { randomBytes } from 'node:crypto';
import { Problem } from '../lib/errors.ts';

export type JobStatus = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

/** The public state of a stored job. Times are ISO 8601. */
export interface Job<T, A = unknown> {
  /** 128 random bits, which nobody can guess. Only clients that received the id can read the result. */
  readonly id: string;
  /** The request, which the store does not interpret. */
  readonly asked: A;
  readonly status: JobStatus;
  /** Percent of the work that is done. */
  readonly progress: number;
  readonly created: string;
  readonly started: string | undefined;
  readonly finished: string | undefined;
  readonly updated: string;
  /** Set for a successful job. */
  readonly outcome: T | undefined;
  /** Set for a failed job. */
  readonly error: unknown;
}

export interface JobContext {
  /** Aborted when the job is dismissed or runs out of time. */
  readonly signal: AbortSignal;
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress: (share: number) => void;
}

export type Work<T> = (context: JobContext) => Promise<T>;

/** Limits of the store. Jobs live in memory, so a restart ends them all. */
export const JOB_LIMITS = {
  /** Concurrent jobs; on the embedded engine they share one session anyway. */
  running: 2,
  waiting: 20,
  stored: 200,
  /** Characters of all results together; the oldest are dropped first. */
  weight: 256_000_000,
  /** Milliseconds for which a job is stored after its end. */
  age: 3_600_000,
  /** Milliseconds that a job may run. */
  duration: 900_000,
} as const;

export interface JobsOptions {
  /** Called when a job's result was dropped. */
  readonly onGone?: (id: string) => void;
  readonly limits?: { readonly [K in keyof typeof JOB_LIMITS]: number };
}

type Entry<T, A> = { -readonly [K in keyof Job<T, A>]: Job<T, A>[K] } & {
  readonly work: Work<T>;
  readonly controller: AbortController;
  readonly done: PromiseWithResolvers;
};

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Number of ids of dropped jobs, by which they differ from ids that never existed. */
const REMEMBERED = 1000;

/**
 * Long work in the background of requests. A job is started, polled for its progress, dismissed, and dropped in time.
 */
export class Jobs<T extends { readonly weight: number }, A = void> {
  readonly #limits: NonNullable<JobsOptions['limits']>;
  readonly #onGone: (id: string) => void;
  /** In order of their start. */
  readonly #jobs = new Map<string, Entry<T, A>>();
  readonly #gone = new Set<string>();

  constructor({ onGone = () => {}, limits = JOB_LIMITS }: JobsOptions = {}) {
    this.#onGone = onGone;
    this.#limits = limits;
  }

  /**
   * Starts the work, or queues it.
   * @throws Problem overloaded if the queue is full
   */
  start(work: Work<T>, asked: A): Job<T, A> {
    this.#sweep();
    if (this.#count('accepted') >= this.#limits.waiting) {
      throw new Problem('overloaded', {
        vi: `Đã có ${this.#limits.waiting} tác vụ đang chờ. Hãy thử lại sau ít phút.`,
        en: `${this.#limits.waiting} jobs are waiting already. Try again in a few minutes.`,
      });
    }
    const now = new Date().toISOString();
    const entry: Entry<T, A> = {
      id: randomBytes(16).toString('hex'),
      asked,
      status: 'accepted',
      progress: 0,
      created: now,
      started: undefined,
      finished: undefined,
      updated: now,
      outcome: undefined,
      error: undefined,
      work,
      controller: new AbortController(),
      done: withResolvers(),
    };
    this.#jobs.set(entry.id, entry);
    this.#next();
    return entry;
  }

  /** @throws Problem not-found for an unknown id, gone for a dropped job */
  require(id: string): Job<T, A> {
    return this.#entry(id);
  }

  /** Resolves when the job has ended, by success or failure. */
  async ended(id: string): Promise<Job<T, A>> {
    const entry = this.#entry(id);
    await entry.done.promise;
    return entry;
  }

  /** Cancels a running job; drops the result of an ended one. */
  dismiss(id: string): Job<T, A> {
    const entry = this.#entry(id);
    const hadEnded = entry.finished !== undefined;
    entry.controller.abort();
    this.#end(entry, 'dismissed');
    if (hadEnded) this.#onGone(id);
    return entry;
  }

  /** Cancels all running jobs. */
  close(): void {
    for (const entry of this.#jobs.values()) if (!entry.finished) this.dismiss(entry.id);
  }

  #entry(id: string): Entry<T, A> {
    this.#sweep();
    const entry = this.#jobs.get(id);
    if (entry) return entry;
    const stored = `${this.#limits.stored}`;
    const minutes = Math.round(this.#limits.age / 60_000);
    throw new Problem(this.#gone.has(id) ? 'gone' : 'not-found', {
      vi: `Không có (hoặc không còn) tác vụ này. Kết quả được giữ ${minutes} phút, nhiều nhất ${stored} tác vụ, trong bộ nhớ; hãy chạy lại.`,
      en: `There is no such job, or no longer. Results are kept ${minutes} minutes, ${stored} jobs at most, in memory; run it again.`,
    });
  }

  #count(status: JobStatus): number {
    return [...this.#jobs.values()].filter((entry) => entry.status === status).length;
  }

  #next(): void {
    if (this.#count('running') >= this.#limits.running) return;
    const entry = [...this.#jobs.values()].find(({ status }) => status === 'accepted');
    if (entry) void this.#run(entry);
  }

  async #run(entry: Entry<T, A>): Promise<void> {
    entry.status = 'running';
    entry.started = entry.updated = new Date().toISOString();
    const signal = AbortSignal.any([entry.controller.signal, AbortSignal.timeout(this.#limits.duration)]);
    const onProgress = (share: number) => {
      entry.progress = Math.max(entry.progress, Math.min(99, Math.floor(share * 100)));
      entry.updated = new Date().toISOString();
    };
    try {
      const outcome = await entry.work({ signal, onProgress });
      if (!entry.finished) entry.outcome = outcome;
      this.#end(entry, 'successful');
    } catch (error) {
      if (!entry.finished) entry.error = error;
      this.#end(entry, 'failed');
    }
    this.#sweep();
    this.#next();
  }

  /** Ends a job. A dismissed one stays so, whatever the result of its work. */
  #end(entry: Entry<T, A>, status: JobStatus): void {
    if (status === 'dismissed') entry.outcome = undefined;
    else if (entry.finished) return;
    if (entry.finished && entry.status === 'dismissed') return;
    entry.status = status;
    entry.finished = entry.updated = new Date().toISOString();
    if (status === 'successful') entry.progress = 100;
    entry.done.resolve();
    // A dismissed job frees its slot when its last statement has ended, not before: see #run.
    if (status === 'dismissed' && !entry.started) this.#next();
  }

  #sweep(): void {
    const ended = [...this.#jobs.values()].filter(({ finished }) => finished !== undefined);
    const oldest = Date.now() - this.#limits.age;
    let weight = ended.reduce((sum, { outcome }) => sum + (outcome?.weight ?? 0), 0);
    for (const [index, entry] of ended.entries()) {
      const isLast = index === ended.length - 1;
      const isTooOld = Date.parse(entry.finished as string) < oldest;
      // The newest result stays, whatever its weight, because a client is about to read it.
      if (!isTooOld && this.#jobs.size <= this.#limits.stored && (weight <= this.#limits.weight || isLast)) continue;
      weight -= entry.outcome?.weight ?? 0;
      this.#forget(entry.id);
    }
  }

  #forget(id: string): void {
    this.#jobs.delete(id);
    this.#gone.add(id);
    const [first] = this.#gone;
    if (this.#gone.size > REMEMBERED && first !== undefined) this.#gone.delete(first);
    this.#onGone(id);
  }
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
