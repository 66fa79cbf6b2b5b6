import type { Worker } from 'node:worker_threads';
import { startThread } from '../lib/thread.ts';
import type { DrafterRequest } from './drafter-worker.ts';

interface Answer {
  readonly id: number;
  readonly svg?: string;
  readonly error?: string;
}

/** An idle thread ends after this time. After large pictures its caches of tiles and glyphs take some 100 MB. */
const IDLE_MS = 30_000;

/** Renders SVG in a thread of its own. The thread starts on demand, ends when idle, and restarts after a failure. */
export class Drafter {
  readonly #waiting = new Map<number, { resolve: (svg: string) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #next = 0;
  #idle: NodeJS.Timeout | undefined;

  draw(request: DrafterRequest): Promise<string> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #endWhenIdle(worker: Worker): void {
    this.#idle = setTimeout(() => {
      // The next request starts another thread.
      if (this.#worker === worker) this.#worker = undefined;
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  #start(): Worker {
    const worker = startThread('./drafter-worker', import.meta.url);
    worker.on('message', ({ id, svg, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (svg === undefined) waiting?.reject(new Error(error));
      else waiting?.resolve(svg);
      if (this.#waiting.size === 0) this.#endWhenIdle(worker);
    });
    const fail = (error: Error) => {
      // A thread that failed also exits. By then another may have been started, and it owns the pending requests.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the drafter has ended')));
    worker.unref();
    return worker;
  }
}
