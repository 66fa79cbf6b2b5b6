import { RenewedThread } from '../lib/renewed-thread.ts';
import { startThread } from '../lib/thread.ts';
import type { RowLayer } from './encoder-worker.ts';

/** Encodes tiles in a thread of its own. */
export class Encoder {
  readonly #thread = new RenewedThread<readonly RowLayer[], Uint8Array | undefined>({
    start: () => startThread('./encoder-worker', import.meta.url),
    name: 'the encoder',
  });

  /** Returns one tile from rows; undefined if it is empty. */
  encode(layers: readonly RowLayer[]): Promise<Uint8Array | undefined> {
    return this.#thread.ask(layers);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
