import { randomBytes } from 'node:crypto';
import { Problem } from '../lib/errors.ts';

export type JobStatus = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

/** What is told of a job while it is kept. Times are ISO 8601. */
export interface Job<T, A = unknown> {
  /** 128 random bits: who has not been told it cannot guess it, and so cannot read the result. */
  readonly id: string;
  /** What was asked for, which the store only holds. */
  readonly asked: A;
  readonly status: JobStatus;
  /** Percent of the work that is done. */
  readonly progress: number;
  readonly created: string;
  readonly started: string | undefined;
  readonly finished: string | undefined;
  readonly updated: string;
  /** Of a successful job. */
  readonly outcome: T | undefined;
  /** Of a failed job. */
  readonly error: unknown;
}

export interface JobContext {
  /** Aborted when the job is dismissed or runs out of time. */
  readonly signal: AbortSignal;
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress: (share: number) => void;
}

export type Work<T> = (context: JobContext) => Promise<T>;

/** What the store holds at most, and for how long. Jobs live in memory: a restart ends them all. */
export const JOB_LIMITS = {
  /** At once; on the embedded engine they share one session anyway. */
  running: 2,
  waiting: 20,
  kept: 200,
  /** Characters of all results together: the oldest go first. */
  weight: 256_000_000,
  /** Milliseconds after its end that a job is kept. */
  age: 3_600_000,
  /** Milliseconds a job may run. */
  duration: 900_000,
} as const;

export interface JobsOptions {
  /** Told when a job's result is no longer kept. */
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

/** Ids of jobs that are gone, so that they are told from those that never were. */
const REMEMBERED = 1000;

/** Long work in the background of requests: started, asked for its progress, dismissed, and forgotten in time. */
export class Jobs<T extends { readonly weight: number }, A = void> {
  readonly #limits: NonNullable<JobsOptions['limits']>;
  readonly #onGone: (id: string) => void;
  /** In the order in which they began. */
  readonly #jobs = new Map<string, Entry<T, A>>();
  readonly #gone = new Set<string>();

  constructor({ onGone = () => {}, limits = JOB_LIMITS }: JobsOptions = {}) {
    this.#onGone = onGone;
    this.#limits = limits;
  }

  /** Starts the work, or lets it wait for its turn. @throws Problem overloaded where too many wait */
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

  /** @throws Problem not-found for an id that there is none of, gone for one that was */
  require(id: string): Job<T, A> {
    return this.#entry(id);
  }

  /** When the job has ended, however it ended. */
  async ended(id: string): Promise<Job<T, A>> {
    const entry = this.#entry(id);
    await entry.done.promise;
    return entry;
  }

  /** Ends a job that has not ended; drops the result of one that has. */
  dismiss(id: string): Job<T, A> {
    const entry = this.#entry(id);
    const hadEnded = entry.finished !== undefined;
    entry.controller.abort();
    this.#end(entry, 'dismissed');
    if (hadEnded) this.#onGone(id);
    return entry;
  }

  /** Ends all that run. */
  close(): void {
    for (const entry of this.#jobs.values()) if (!entry.finished) this.dismiss(entry.id);
  }

  #entry(id: string): Entry<T, A> {
    this.#sweep();
    const entry = this.#jobs.get(id);
    if (entry) return entry;
    const kept = `${this.#limits.kept}`;
    const minutes = Math.round(this.#limits.age / 60_000);
    throw new Problem(this.#gone.has(id) ? 'gone' : 'not-found', {
      vi: `Không có (hoặc không còn) tác vụ này. Kết quả được giữ ${minutes} phút, nhiều nhất ${kept} tác vụ, trong bộ nhớ; hãy chạy lại.`,
      en: `There is no such job, or no longer. Results are kept ${minutes} minutes, ${kept} jobs at most, in memory; run it again.`,
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

  /** A job that was dismissed stays so, whatever its work then comes to. */
  #end(entry: Entry<T, A>, status: JobStatus): void {
    if (status === 'dismissed') entry.outcome = undefined;
    else if (entry.finished) return;
    if (entry.finished && entry.status === 'dismissed') return;
    entry.status = status;
    entry.finished = entry.updated = new Date().toISOString();
    if (status === 'successful') entry.progress = 100;
    entry.done.resolve();
    // A dismissed job frees its turn when its last statement has ended, not before: see #run.
    if (status === 'dismissed' && !entry.started) this.#next();
  }

  #sweep(): void {
    const ended = [...this.#jobs.values()].filter(({ finished }) => finished !== undefined);
    const oldest = Date.now() - this.#limits.age;
    let weight = ended.reduce((sum, { outcome }) => sum + (outcome?.weight ?? 0), 0);
    for (const [index, entry] of ended.entries()) {
      const isLast = index === ended.length - 1;
      const isTooOld = Date.parse(entry.finished as string) < oldest;
      // The newest result stays, however heavy: somebody is about to read it.
      if (!isTooOld && this.#jobs.size <= this.#limits.kept && (weight <= this.#limits.weight || isLast)) continue;
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
