import cluster, { type Worker } from 'node:cluster';
import type { SiblingTopic } from '../lib/siblings.ts';
import type { Measurements } from '../metrics/metrics.ts';
import type { Listening, ToPrimary, ToWorker } from './messages.ts';

/** Passes an announcement of a worker to the others. Resolves when they have handled it. */
export type PassOn = (from: WorkerProcess, topic: SiblingTopic) => Promise<unknown>;

/** A worker process, from its start to its end. */
export class WorkerProcess {
  readonly #worker: Worker = cluster.fork();
  readonly #passOn: PassOn;
  /** Receipts for which the primary waits. */
  readonly #waiting = new Map<number, (measurements?: Measurements) => void>();
  #next = 0;
  /** Messages until the worker receives them. */
  #early: ToWorker[] | undefined = [];
  #reason: string | undefined;
  /** True from when it may receive connections. */
  isListening = false;
  /** Resolves when it listens; never if it ends before. */
  readonly listening: Promise<Listening>;
  /** Resolves with the reason when the process has ended and all of its messages are read. */
  readonly ended: Promise<string>;

  constructor(passOn: PassOn) {
    this.#passOn = passOn;
    this.#worker.on('listening', () => {
      this.isListening = true;
    });
    this.listening = new Promise((resolve) => {
      this.#worker.on('message', (message: ToPrimary) => this.#receive(message, resolve));
    });
    this.ended = this.#untilEnd();
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  start(isLead: boolean): void {
    this.#send({ kind: 'start', isLead });
  }

  stop(): void {
    this.#send({ kind: 'stop' });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  /** Resolves when the worker has handled it, or has ended. */
  async announce(topic: SiblingTopic): Promise<void> {
    await this.#ask((id) => ({ kind: 'announcement', topic, id }));
  }

  /** Resolves with the figures of the worker; none if it ends before. */
  async measure(): Promise<Measurements> {
    return (await this.#ask((id) => ({ kind: 'measure', id }))) ?? [];
  }

  /** Sends a message, and resolves with its receipt; with nothing if the worker ends before. */
  #ask(message: (id: number) => ToWorker): Promise<Measurements | undefined> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send(message(id));
    });
  }

  #receive(message: ToPrimary, listen: (listening: Listening) => void): void {
    if (message.kind === 'open') this.#open();
    else if (message.kind === 'listening') listen(message);
    else if (message.kind === 'failed') this.#reason = message.reason;
    else if (message.kind === 'receipt') this.#settle(message.id, message.measurements);
    else void this.#passOn(this, message.topic).then(() => this.#send({ kind: 'receipt', id: message.id }));
  }

  #settle(id: number, measurements?: Measurements): void {
    this.#waiting.get(id)?.(measurements);
    this.#waiting.delete(id);
  }

  async #untilEnd(): Promise<string> {
    const worker = this.#worker;
    const end = await new Promise<string | number>((resolve) => {
      worker.on('exit', (code, signal) => {
        // Its last messages may still be on their way.
        if (worker.isConnected()) worker.once('disconnect', () => resolve(signal ?? code));
        else resolve(signal ?? code);
      });
      // An error without a process is that none could be started. Others concern messages to one that ends.
      worker.on('error', (error) => {
        if (this.pid === undefined) resolve(error.message);
      });
    });
    this.isListening = false;
    for (const id of this.#waiting.keys()) this.#settle(id);
    return this.#reason ?? `A worker process has ended (${end}).`;
  }

  #open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.#send(message);
  }

  #send(message: ToWorker): void {
    if (this.#early) return void this.#early.push(message);
    // Its end is noticed elsewhere.
    this.#worker.send(message, undefined, () => {});
  }
}
