import type { Worker } from 'node:worker_threads';
import type { TileAddress } from '../geo/tile.ts';
import { startThread } from '../lib/thread.ts';
import type { EncoderRequest, RowLayer, TextLayer } from './encoder-worker.ts';

interface Answer {
  readonly id: number;
  readonly result?: Uint8Array;
  readonly error?: string;
}

/** Encodes tiles in a thread of its own. Started at the first question. */
export class Encoder {
  readonly #waiting = new Map<
    number,
    { resolve: (tile: Uint8Array | undefined) => void; reject: (error: Error) => void }
  >();
  #worker: Worker | undefined;
  #next = 0;

  /** One tile from rows; undefined where nothing is left of them. */
  encode(layers: readonly RowLayer[]): Promise<Uint8Array | undefined> {
    return this.#ask({ kind: 'tile', layers });
  }

  /** Keeps features cut for any tile of them, until {@link drop}. */
  async index(index: string, layers: readonly TextLayer[]): Promise<void> {
    await this.#ask({ kind: 'index', index, layers });
  }

  /** A tile of an index; undefined where it is empty. */
  encodeFrom(index: string, tile: TileAddress): Promise<Uint8Array | undefined> {
    return this.#ask({ kind: 'tile-of', index, tile });
  }

  async drop(index: string): Promise<void> {
    if (this.#worker) await this.#ask({ kind: 'drop', index });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(request: EncoderRequest): Promise<Uint8Array | undefined> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, request });
    });
  }

  #start(): Worker {
    const worker = startThread('./encoder-worker', import.meta.url);
    worker.on('message', ({ id, result, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    const fail = (error: Error) => {
      // A thread that failed also exits: by then another may have been started, whose questions these are not.
      if (this.#worker !== worker) return;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      // The next question starts a new one; what was indexed is gone with the thread.
      this.#worker = undefined;
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the encoder has ended')));
    worker.unref();
    return worker;
  }
}
