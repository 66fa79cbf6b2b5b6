import { setTimeout as wait } from 'node:timers/promises';
import { ends } from '../lib/deadline.ts';
import { BootError } from '../lib/errors.ts';
import type { Measurements } from '../metrics/metrics.ts';
import type { Listening } from './messages.ts';
import { type PassOn, WorkerProcess } from './worker-process.ts';

/** Pause before an ended worker is replaced, in milliseconds; twice as long after each that ends soon. */
const REPLACEMENT_MS = { first: 100, longest: 30_000 };
/** A worker that lives this long has not ended soon. */
const STEADY_MS = 30_000;

export interface WorkersOptions {
  readonly count: number;
  readonly log: { warn(fields: object, text: string): void };
}

/**
 * The worker processes of a server. All accept connections to one port. The first starts alone, since it creates what a
 * first start must create, and then the others. Each is replaced when it ends.
 */
export class Workers {
  readonly #options: WorkersOptions;
  /** The present worker of each place. The first place has the lead. */
  readonly #places: (WorkerProcess | undefined)[];
  readonly #stopping = new AbortController();
  #fail: (error: BootError) => void = () => {};
  /** Rejects when the first worker of a place has ended before it listened. */
  readonly failed: Promise<never>;

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.#places = new Array(options.count).fill(undefined);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  /** Starts the first process, which loads the program while the database is prepared. */
  prepare(): void {
    this.#places[0] ??= new WorkerProcess(this.#passOn);
  }

  /** Resolves when the first worker listens. */
  async start(): Promise<Listening> {
    const listening = await new Promise<Listening>((resolve) => void this.#occupy(0, resolve));
    for (let place = 1; place < this.#places.length; place++) void this.#occupy(place, () => {});
    return listening;
  }

  /** Returns the figures of the workers that listen. */
  measure(): Promise<readonly Measurements[]> {
    return Promise.all(this.#present.filter(({ isListening }) => isListening).map((worker) => worker.measure()));
  }

  /**
   * Stops all workers, each in order, and kills those that take longer than `ms` milliseconds. One that does not listen
   * yet has no client to answer, so it is killed at once.
   */
  async stop(ms: number): Promise<void> {
    this.#stopping.abort();
    const workers = this.#present;
    for (const worker of workers) {
      if (worker.isListening) worker.stop();
      else worker.kill();
    }
    await ends(ms, Promise.all(workers.map(({ ended }) => ended)));
    for (const worker of this.#present) worker.kill();
  }

  get #present(): WorkerProcess[] {
    return this.#places.filter((worker) => worker !== undefined);
  }

  readonly #passOn: PassOn = (from, topic) =>
    Promise.all(
      this.#present.flatMap((worker) => (worker !== from && worker.isListening ? [worker.announce(topic)] : [])),
    );

  /** Runs one worker after the other in a place. */
  async #occupy(place: number, onListening: (listening: Listening) => void): Promise<void> {
    let pause = REPLACEMENT_MS.first;
    for (let hasListened = false; !this.#isStopping; ) {
      const began = Date.now();
      const worker = this.#places[place] ?? new WorkerProcess(this.#passOn);
      this.#places[place] = worker;
      void worker.listening.then((listening) => {
        hasListened = true;
        onListening(listening);
      });
      worker.start(place === 0);
      const reason = await worker.ended;
      this.#places[place] = undefined;
      if (this.#isStopping) return;
      if (!hasListened) return this.#fail(new BootError(reason));
      if (Date.now() - began > STEADY_MS) pause = REPLACEMENT_MS.first;
      this.#options.log.warn({ worker: worker.pid, pause }, `${reason} Another one takes its place.`);
      await wait(pause, undefined, { signal: this.#stopping.signal }).catch(() => {});
      pause = Math.min(2 * pause, REPLACEMENT_MS.longest);
    }
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
