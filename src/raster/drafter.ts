import type { Worker } from 'node:worker_threads';
import { startThread } from '../thread.ts';
import type { DrafterRequest } from './drafter-worker.ts';

interface Answer {
  readonly id: number;
  readonly svg?: string;
  readonly error?: string;
}

/** Draws SVG in a thread of its own, started at the first question and again after it has failed. */
export class Drafter {
  readonly #waiting = new Map<number, { resolve: (svg: string) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #next = 0;

  draw(request: DrafterRequest): Promise<string> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread('./drafter-worker', import.meta.url);
    worker.on('message', ({ id, svg, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (svg === undefined) waiting?.reject(new Error(error));
      else waiting?.resolve(svg);
    });
    const fail = (error: Error) => {
      // A thread that failed also exits: by then another may have been started, whose questions these are not.
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
