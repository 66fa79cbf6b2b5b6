import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { TileAddress } from '../geo/tile.ts';
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

  /** Done once at boot, so that the first tile does not wait 0.4 s for PROJ to read its grids and for a thread to start. */
  async warmUp(homeSrid: number): Promise<void> {
    await this.#db.query(
      sql`SELECT ST_Transform(ST_Transform(ST_SetSRID(ST_MakePoint(600000, 1200000), ${homeSrid}::int), 3857), 4326)`,
    );
    if (!this.#db.capabilities.mvt) await this.#encoder.encode([], { z: 0, x: 0, y: 0 });
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
