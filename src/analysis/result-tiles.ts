import type { TileAddress } from '../geo/tile.ts';
import type { Encoder } from '../tiles/encoder.ts';
import type { ResultFeatures } from './process.ts';

/** Zoom beyond which the index cuts no finer: clients overzoom. */
export const RESULT_MAX_ZOOM = 18;
/** Results indexed at once: 20 000 parcels take about 60 MB. */
const INDEXED = 8;

/** Tiles of results, cut from their stored features. A result is indexed when its first tile is requested. */
export class ResultTiles {
  readonly #encoder: Encoder;
  /** In the order of their last use. */
  readonly #indexed = new Map<string, Promise<void>>();

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  /** Returns the encoded tile; undefined if it is empty. */
  async render(job: string, features: ResultFeatures, tile: TileAddress): Promise<Uint8Array | undefined> {
    const index = this.#indexed.get(job) ?? this.#encoder.index(job, toLayers(features));
    this.#indexed.delete(job);
    this.#indexed.set(job, index);
    const [oldest] = this.#indexed.keys();
    if (this.#indexed.size > INDEXED && oldest !== undefined) this.drop(oldest);
    try {
      await index;
      return await this.#encoder.encodeFrom(job, tile);
    } catch (error) {
      // The encoder ended and lost its indexes; the next request builds a new one.
      this.#indexed.delete(job);
      throw error;
    }
  }

  drop(job: string): void {
    if (this.#indexed.delete(job)) void this.#encoder.drop(job).catch(() => {});
  }
}

function toLayers({ created, found }: ResultFeatures): { name: string; features: readonly string[] }[] {
  return [...created, ...found].map(({ id, features }) => ({ name: id, features }));
}
