import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Principal, PUBLIC } from '../access/principal.ts';
import type { Outcome, Process } from '../analysis/process.ts';
import type { Database } from '../database/database.ts';
import { databaseProblem } from '../database/problem.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { ends } from '../lib/deadline.ts';
import { internalProblem, Problem } from '../lib/errors.ts';
import type { Siblings } from '../lib/siblings.ts';
import { hasEnded, type Job, mayRead, type RequestedRun, type StoredOutcome, type StoredProblem } from './job.ts';
import * as queries from './job-query.ts';
import type { JobSource } from './job-source.ts';
import { forgetRows, JobStore } from './job-store.ts';
import { storeFile } from './result-file.ts';
import { writeLayers } from './result-writer.ts';
import { JobRun } from './run.ts';
import type { StoredLayers } from './stored-layers.ts';

export const JOB_LIMITS = {
  /** Concurrent jobs of an instance; on the embedded engine they share one session anyway. */
  running: 2,
  /** Waiting jobs of all instances. */
  waiting: 20,
  /** Milliseconds that a job may run. */
  duration: 900_000,
  /** Milliseconds without a heartbeat after which its instance is gone: twice the time of the longest statement. */
  silentMs: 60_000,
  /** Runs of a job whose instances ended. */
  attempts: 3,
  /** Rows of all results together; the oldest results are dropped first. */
  rows: 5_000_000,
} as const;

export interface JobsOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly processes: readonly Process[];
  /**
   * Returns the layers that a job of a key reads; null: of the public.
   * @throws Problem unauthorized if the key was revoked or has expired
   */
  readonly layersOf: (owner: Job['owner']) => JobSource;
  readonly stored: StoredLayers;
  readonly siblings: Siblings;
  /** Days until a result expires. */
  readonly days: number;
  readonly limits?: { readonly [K in keyof typeof JOB_LIMITS]: number };
}

/** Interval in milliseconds at which jobs of other instances, dead or overloaded, are looked for. */
const LOOK_MS = 2000;
const SWEEP_MS = 600_000;
/** Results emptied in one statement. */
const SWEPT_AT_ONCE = 5;
/** Interval in milliseconds at which a job that runs elsewhere is read. */
const ELSEWHERE_MS = 200;
/** Milliseconds for running jobs to stop at the end of the server. */
const CLOSE_MS = 500;
/** Share of the progress for the process itself; the rest is for writing its layers. */
const RUN_SHARE = 0.9;

interface Ready {
  readonly process: Process;
  readonly prepared: unknown;
}

/** Runs jobs from the queue in the database, which all instances share. Any instance reads and dismisses every job. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #limits: NonNullable<JobsOptions['limits']>;
  readonly #store: JobStore;
  readonly #worker = randomUUID();
  readonly #processes: Map<string, Process>;
  readonly #runs = new Map<string, JobRun>();
  /** Jobs that this instance has accepted and prepared, until their end. */
  readonly #ready = new Map<string, Ready>();
  readonly #timers: readonly NodeJS.Timeout[];
  /** The first look into the queue, and the first sweep. */
  readonly #started: Promise<unknown>;
  #filling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#limits = options.limits ?? JOB_LIMITS;
    this.#store = new JobStore(options.db, { waiting: this.#limits.waiting, days: options.days });
    this.#processes = new Map(options.processes.map((process) => [process.id, process]));
    this.#timers = [
      setInterval(() => void this.#look(), LOOK_MS).unref(),
      setInterval(() => void this.#sweep(), SWEEP_MS).unref(),
    ];
    options.siblings.on('jobs', () => this.#look());
    this.#started = Promise.all([this.#look(), this.#sweep()]);
  }

  /**
   * Stores a job for any instance to run. This one, if it does, uses what it has prepared.
   * @throws Problem overloaded if too many wait
   */
  async start(asked: Omit<RequestedRun, 'process'>, ready: Ready): Promise<Job> {
    const { process } = ready;
    const id = await this.#store.add({ ...asked, process: process.id });
    this.#processes.set(process.id, process);
    this.#ready.set(id, ready);
    await this.#fill();
    if (!this.#runs.has(id)) void this.#options.siblings.announce('jobs');
    return this.#read(id);
  }

  /** @throws Problem not-found for an unknown id and for the job of another key, gone for an expired job */
  require(id: string, principal: Principal = PUBLIC): Promise<Job> {
    return this.#read(id, (job) => mayRead(job, principal));
  }

  async #read(id: string, isVisible?: (job: Job) => boolean): Promise<Job> {
    // Before the row, since the run may end while that is read.
    const run = this.#runs.get(id);
    const job = await this.#store.require(id, isVisible);
    return { ...job, progress: Math.max(job.progress, job.status === 'running' ? (run?.progress ?? 0) : 0) };
  }

  /** Returns the result of a successful job; undefined if it was dropped. */
  outcome(id: string): Promise<StoredOutcome | undefined> {
    return this.#store.outcome(id);
  }

  /** Resolves when the job has ended, by success or failure, wherever it runs. */
  async ended(id: string): Promise<Job> {
    for (;;) {
      const job = await this.#read(id);
      if (hasEnded(job)) return job;
      await Promise.race([this.#runs.get(id)?.done ?? pause(ELSEWHERE_MS), pause(10 * ELSEWHERE_MS)]);
    }
  }

  /** Cancels a running job, whose id the caller has required; drops the result of an ended one. */
  async dismiss(id: string): Promise<Job> {
    const run = this.#runs.get(id);
    const job = await this.#store.dismiss(id, run?.progress ?? 0);
    run?.cancel();
    this.#ready.delete(id);
    await this.#options.stored.forget(id);
    return job;
  }

  /** Stops running jobs, and returns them to the queue. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await ends(CLOSE_MS, this.#started);
    await this.#filling;
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return;
    for (const run of runs) run.cancel();
    await ends(CLOSE_MS, Promise.all(runs.map(({ done }) => done)));
    await this.#options.db.query(queries.releaseQuery(this.#worker)).catch(() => {});
  }

  async #look(): Promise<void> {
    const { db, log } = this.#options;
    try {
      await db.query(queries.recoverQuery(this.#limits, storedProblem(workerLost())));
      await this.#fill();
    } catch (error) {
      if (!isForbidden(error)) return log.debug({ err: error }, 'queue of jobs not read');
      for (const timer of this.#timers) clearInterval(timer);
      log.warn('the role may not write to schema "result": processes cannot be run');
    }
  }

  /** Claims jobs while there are free slots, one call after the other. */
  #fill(): Promise<void> {
    const filled = this.#filling.then(() => this.#claim());
    this.#filling = filled.catch(() => {});
    return filled;
  }

  async #claim(): Promise<void> {
    const { db } = this.#options;
    while (!this.#isClosed && this.#runs.size < this.#limits.running) {
      const [job] = await db.query<Job>(queries.claimQuery(this.#worker, [...this.#processes.keys()]));
      if (!job) return;
      void this.#run(job);
    }
  }

  async #run(job: Job): Promise<void> {
    const { db, log } = this.#options;
    const { id } = job;
    const run = new JobRun({ db, id, worker: this.#worker, duration: this.#limits.duration });
    this.#runs.set(id, run);
    try {
      const { values, layers, file } = await this.#compute(job, run);
      const options = { signal: run.signal, priority: 'background' as const };
      const onProgress = (share: number) => run.report(RUN_SHARE + share * (1 - RUN_SHARE));
      await forgetRows(db, id, options);
      if (file) await storeFile(db, id, file, options);
      await writeLayers(db, id, layers, { ...options, onProgress });
      await db.query(queries.successQuery(id, this.#worker, { values, days: this.#options.days }));
      void this.#options.stored.forget(id);
    } catch (error) {
      await this.#fail(job, run, error).catch((failure) => log.warn({ err: failure }, 'end of a job not stored'));
    }
    this.#ready.delete(id);
    this.#runs.delete(id);
    run.end();
    if (!this.#isClosed) await this.#fill().catch((error) => log.debug({ err: error }, 'queue of jobs not read'));
  }

  async #compute(job: Job, run: JobRun): Promise<Outcome> {
    // Also of a job that is ready: its key can have been revoked while it waited.
    const layers = this.#options.layersOf(job.owner);
    const { process, prepared } = this.#ready.get(job.id) ?? (await this.#prepare(job, run, layers));
    return process.run(prepared, { signal: run.signal, onProgress: (share) => run.report(share * RUN_SHARE) });
  }

  /** Prepares a job that another instance accepted, or this one before its end. */
  async #prepare({ process: id, inputs }: Job, { signal }: JobRun, layers: JobSource): Promise<Ready> {
    const process = this.#processes.get(id);
    if (!process) throw new Error(`no process ${id}`);
    const context = { ...layers, signal };
    return { process, prepared: await this.#options.stored.reading(() => process.prepare(inputs, context)) };
  }

  async #fail({ id, process }: Job, run: JobRun, error: unknown): Promise<void> {
    const { db, log } = this.#options;
    // Dismissed, or about to run elsewhere.
    if (run.isCancelled) return;
    const known = error instanceof Problem ? error : run.signal.aborted ? tookTooLong() : databaseProblem(error);
    if (!known) log.error({ err: error, process }, 'failed');
    const end = { error: storedProblem(known ?? internalProblem()), progress: run.progress };
    await db.query(queries.failureQuery(id, this.#worker, end));
    await forgetRows(db, id);
  }

  async #sweep(): Promise<void> {
    const { db, log, stored } = this.#options;
    const options = { priority: 'background' as const };
    try {
      for (let count = SWEPT_AT_ONCE; count === SWEPT_AT_ONCE && !this.#isClosed; ) {
        const limits = { rows: this.#limits.rows, atOnce: SWEPT_AT_ONCE };
        const swept = await db.query<{ id: string }>(queries.expireQuery(limits), options);
        for (const { id } of swept) void stored.forget(id);
        count = swept.length;
      }
      await db.query(queries.forgetJobsQuery(), options);
    } catch (error) {
      if (!isForbidden(error)) log.debug({ err: error }, 'expired results not dropped');
    }
  }
}

function storedProblem({ type, detail, extra }: Problem): StoredProblem {
  return { type, detail, extra };
}

function workerLost(): Problem {
  return new Problem('internal', {
    vi: 'Máy chủ đã dừng giữa chừng nhiều lần khi chạy tác vụ này. Hãy thu hẹp phạm vi rồi chạy lại.',
    en: 'The server ended several times while it ran this job. Narrow it and run it again.',
  });
}

function tookTooLong(): Problem {
  return new Problem('timeout', {
    vi: 'Tác vụ mất quá nhiều thời gian và đã bị dừng. Hãy thu hẹp phạm vi.',
    en: 'The job took too long and was stopped. Narrow it.',
  });
}

function pause(ms: number): Promise<void> {
  return wait(ms, undefined, { ref: false });
}
