import { LRUCache } from 'lru-cache';
import type { Layer } from '../catalog/layer.ts';
import type { Query } from '../database/sql.ts';
import type { TileAddress } from '../geo/tile.ts';
import { mvtQuery, tileNumbers } from './tile-query.ts';
import { rowsFrom, type TileSource } from './tile-rows.ts';

/** More sets of layers, with their zooms, than are asked for in turn. */
const KEPT = 300;

interface Statement {
  readonly layers: readonly Layer[];
  readonly text: string;
  /** Those that follow the tile's numbers. */
  readonly values: readonly unknown[];
}

/**
 * What tiles are asked for with. Where only derived rows are read, tiles of a zoom differ by their numbers alone, and the
 * rest is composed once: that takes 0.13 ms, of 2.3 for a whole tile of seven layers.
 */
export class TileStatements {
  readonly #kept = new LRUCache<string, Statement>({ max: KEPT });

  /** {@link mvtQuery} of layers with the fields that they always have. */
  of(sources: readonly TileSource[], tile: TileAddress): Query | null {
    const origins = sources.map((source) => rowsFrom(source, tile.z));
    if (origins.includes('table')) return mvtQuery(sources, tile);
    const key = `${tile.z} ${sources.map(({ layer }, index) => `${layer.id} ${origins[index]}`).join()}`;
    const kept = this.#kept.get(key);
    // A catalog that was read anew has other layers of the same names.
    if (kept?.layers.every((layer, index) => layer === sources[index]?.layer))
      return { text: kept.text, values: [...tileNumbers(tile), ...kept.values] };
    const query = mvtQuery(sources, tile);
    if (!query) return null;
    this.#kept.set(key, {
      layers: sources.map(({ layer }) => layer),
      text: query.text,
      values: query.values.slice(tileNumbers(tile).length),
    });
    return query;
  }
}
