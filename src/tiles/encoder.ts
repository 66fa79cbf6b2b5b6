import { RenewedThread } from '../lib/renewed-thread.ts';
import { startThread } from '../lib/thread.ts';
import type { EncoderTask, RowLayer } from './encoder-worker.ts';

/** Encodes tiles in a thread of its own. */
export class Encoder {
  readonly #thread = new RenewedThread<EncoderTask, Uint8Array | undefined>({
    start: () => startThread('./encoder-worker', import.meta.url),
    name: 'the encoder',
  });

  /** Returns one tile (MVT 2.1) from rows; undefined if it is empty. */
  encode(layers: readonly RowLayer[]): Promise<Uint8Array | undefined> {
    return this.#thread.ask({ layers });
  }

  /** Returns a tile of MVT 2.1 as MLT. */
  async convert(mvt: Uint8Array): Promise<Uint8Array> {
    return (await this.#thread.ask({ mvt })) ?? new Uint8Array();
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
