import cluster from 'node:cluster';
import { ends } from '../lib/deadline.ts';
import type { Siblings, SiblingTopic } from '../lib/siblings.ts';
import type { Measurements } from '../metrics/metrics.ts';
import type { Listening, ToPrimary, ToWorker } from './messages.ts';

/** Milliseconds to wait for siblings. One that is silent for longer trusts none of its cached tiles. */
const SILENT_MS = 2000;

/** The link of a worker process to its primary, and through it to the other workers. */
export class WorkerLink implements Siblings {
  /** Resolves when the database is ready for this worker. */
  readonly started: Promise<{ readonly isLead: boolean }>;
  /** Resolves when the primary stops its workers. */
  readonly stopped: Promise<void>;
  readonly #handlers = new Map<SiblingTopic, () => unknown>();
  readonly #waiting = new Map<number, () => void>();
  #measure: () => Promise<Measurements> = async () => [];
  #next = 0;

  /** @returns undefined in a process that is no worker. A worker ends by itself when its primary has ended. */
  static open(): WorkerLink | undefined {
    return cluster.isWorker ? new WorkerLink() : undefined;
  }

  private constructor() {
    let start: (message: { readonly isLead: boolean }) => void;
    let stop: () => void;
    this.started = new Promise((resolve) => {
      start = resolve;
    });
    this.stopped = new Promise((resolve) => {
      stop = resolve;
    });
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'start') start(message);
      else if (message.kind === 'stop') stop();
      else if (message.kind === 'measure') void this.#sendMeasurements(message.id);
      else if (message.kind === 'announcement') void this.#handle(message);
      else this.#waiting.get(message.id)?.();
    });
    void sendToPrimary({ kind: 'open' });
  }

  listening(listening: Listening): void {
    void sendToPrimary({ kind: 'listening', ...listening });
  }

  /** Sets what reads the figures of this worker. */
  measuring(measure: () => Promise<Measurements>): void {
    this.#measure = measure;
  }

  /** Resolves when the reason is on its way, so that the process can end. */
  failed(reason: string): Promise<void> {
    return sendToPrimary({ kind: 'failed', reason });
  }

  on(topic: SiblingTopic, handle: () => unknown): void {
    this.#handlers.set(topic, handle);
  }

  async announce(topic: SiblingTopic): Promise<void> {
    const id = this.#next++;
    const handled = new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    void sendToPrimary({ kind: 'announcement', topic, id });
    await ends(SILENT_MS, handled);
    this.#waiting.delete(id);
  }

  async #sendMeasurements(id: number): Promise<void> {
    const measurements = await this.#measure().catch((): Measurements => []);
    await sendToPrimary({ kind: 'receipt', id, measurements });
  }

  async #handle({ topic, id }: { readonly topic: SiblingTopic; readonly id: number }): Promise<void> {
    try {
      await this.#handlers.get(topic)?.();
    } finally {
      void sendToPrimary({ kind: 'receipt', id });
    }
  }
}

/** Without a primary nobody receives it, and this process is about to end. */
function sendToPrimary(message: ToPrimary): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
