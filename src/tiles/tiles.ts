import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type TileAddress, tileAt } from '../geo/tile.ts';
import type { Encoder } from './encoder.ts';
import type { RowLayer } from './encoder-worker.ts';
import { featuresQuery, mvtQuery } from './tile-query.ts';

/** Vector tiles (MVT 2.1) of layers, whole or empty, never cut off at a number of features. */
export class Tiles {
  readonly #db: Database;
  readonly #encoder: Encoder;

  constructor(db: Database, encoder: Encoder) {
    this.#db = db;
    this.#encoder = encoder;
  }

  /**
   * Renders tiles about a place and forgets them: the first of a process takes 1 s longer on the embedded engine (PROJ reads
   * its grids, WebAssembly is compiled, a thread starts), and nobody should be the one who waits for that.
   */
  async warmUp(layers: readonly Layer[], [lon, lat]: readonly [number, number], signal: AbortSignal): Promise<void> {
    // PostgreSQL needs none of it, and a z13 tile of a whole province is seconds of its work.
    if (this.#db.capabilities.mvt) return;
    for (const z of [10, 13, 15]) await this.render(layers, tileAt(z, lon, lat), { priority: 'background', signal });
  }

  /**
   * The tile of one layer or several, each an MVT layer named by its id; undefined where nothing is to be seen.
   * @param layers already narrowed to what the principal may see
   */
  async render(layers: readonly Layer[], tile: TileAddress, options: QueryOptions): Promise<Uint8Array | undefined> {
    // Above a layer's last zoom its tiles are those of that zoom, cut finer: clients overzoom, some do not.
    const shown = layers.filter(({ zooms }) => tile.z >= zooms.min);
    if (shown.length === 0) return undefined;
    return this.#db.capabilities.mvt
      ? this.#fromDatabase(shown, tile, options)
      : this.#encodeHere(shown, tile, options);
  }

  async #fromDatabase(
    layers: readonly Layer[],
    tile: TileAddress,
    options: QueryOptions,
  ): Promise<Uint8Array | undefined> {
    const parts = await Promise.all(
      layers.map(async (layer) => {
        const query = mvtQuery(layer, tile);
        const [row] = query ? await this.#db.query<{ tile: Uint8Array }>(query, options) : [];
        return row?.tile ?? new Uint8Array();
      }),
    );
    // Layers of a tile are repeated fields of one message: tiles are joined by joining their bytes.
    const whole = Buffer.concat(parts);
    return whole.length ? whole : undefined;
  }

  async #encodeHere(
    layers: readonly Layer[],
    tile: TileAddress,
    options: QueryOptions,
  ): Promise<Uint8Array | undefined> {
    const filled: RowLayer[] = [];
    for (const layer of layers) {
      const query = featuresQuery(layer, tile);
      const rows = query ? await this.#db.query<RowLayer['rows'][number]>(query, options) : [];
      if (rows.length) filled.push({ name: layer.id, rows });
    }
    return filled.length ? this.#encoder.encode(filled, tile) : undefined;
  }
}
