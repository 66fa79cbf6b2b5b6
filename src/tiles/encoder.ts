import type { Worker } from 'node:worker_threads';
import type { TileAddress } from '../geo/tile.ts';
import { startThread } from '../lib/thread.ts';
import type { EncoderRequest, RowLayer, TextLayer } from './encoder-worker.ts';

interface Answer {
  readonly id: number;
  readonly result?: Uint8Array;
  readonly error?: string;
}

/** Encodes tiles in a thread of its own, started on first use. */
export class Encoder {
  readonly #waiting = new Map<
    number,
    { resolve: (tile: Uint8Array | undefined) => void; reject: (error: Error) => void }
  >();
  #worker: Worker | undefined;
  #next = 0;

  /** Returns one tile from rows; undefined if it is empty. */
  encode(layers: readonly RowLayer[]): Promise<Uint8Array | undefined> {
    return this.#ask({ kind: 'tile', layers });
  }

  /** Stores features from which any tile can be cut, until {@link drop}. */
  async index(index: string, layers: readonly TextLayer[]): Promise<void> {
    await this.#ask({ kind: 'index', index, layers });
  }

  /** Returns a tile of an index; undefined if it is empty. */
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
      // A thread that failed also exits. By then another may have been started, and it owns the pending requests.
      if (this.#worker !== worker) return;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      // The next request starts a new thread; indexes are lost with the old one.
      this.#worker = undefined;
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the encoder has ended')));
    worker.unref();
    return worker;
  }
}
