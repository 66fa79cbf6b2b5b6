import type { TileAddress } from '../geo/tile.ts';
import { RenewedThread } from '../lib/renewed-thread.ts';
import { startThread } from '../lib/thread.ts';
import type { EncoderRequest, RowLayer, TextLayer } from './encoder-worker.ts';

/** Encodes tiles in a thread of its own. Its indexes are lost if the thread ends. */
export class Encoder {
  readonly #thread = new RenewedThread<EncoderRequest, Uint8Array | undefined>({
    start: () => startThread('./encoder-worker', import.meta.url),
    name: 'the encoder',
  });

  /** Returns one tile from rows; undefined if it is empty. */
  encode(layers: readonly RowLayer[]): Promise<Uint8Array | undefined> {
    return this.#thread.ask({ kind: 'tile', layers });
  }

  /** Stores features from which any tile can be cut, until {@link drop}. */
  async index(index: string, layers: readonly TextLayer[]): Promise<void> {
    await this.#thread.ask({ kind: 'index', index, layers });
  }

  /** Returns a tile of an index; undefined if it is empty. */
  encodeFrom(index: string, tile: TileAddress): Promise<Uint8Array | undefined> {
    return this.#thread.ask({ kind: 'tile-of', index, tile });
  }

  async drop(index: string): Promise<void> {
    if (this.#thread.isRunning) await this.#thread.ask({ kind: 'drop', index });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
