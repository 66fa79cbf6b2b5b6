import { LRUCache } from 'lru-cache';
import type { Layer } from '../catalog/layer.ts';
import type { Query } from '../database/sql.ts';
import type { TileAddress } from '../geo/tile.ts';
import { mvtQuery, tileNumbers } from './tile-query.ts';
import { rowsFrom, type TileSource } from './tile-rows.ts';

/** Number of cached statements: more than the combinations of layers and zooms that are requested in turn. */
const KEPT = 300;

interface Statement {
  readonly layers: readonly Layer[];
  readonly text: string;
  /** Values after the tile's numbers. */
  readonly values: readonly unknown[];
}

/**
 * Caches the statements of tiles. Tiles of a zoom differ only in their numbers, so the rest is composed once. Composing
 * takes 0.14 ms for ten layers, of 2.3 for the whole tile.
 */
export class TileStatements {
  readonly #kept = new LRUCache<string, Statement>({ max: KEPT });

  /** Returns {@link mvtQuery} of layers without filters, with their default fields. */
  of(sources: readonly TileSource[], tile: TileAddress): Query | null {
    const key = `${tile.z} ${sources.map((source) => `${source.layer.id} ${rowsFrom(source, tile.z)}`).join()}`;
    const kept = this.#kept.get(key);
    // A reloaded catalog has other layers of the same names.
    if (kept?.layers.every((layer, index) => layer === sources[index]?.layer))
      return { text: kept.text, values: [...tileNumbers(tile), ...kept.values] };
    const query = mvtQuery(sources, tile);
    if (!query) return null;
    const { text, values } = query;
    const layers = sources.map(({ layer }) => layer);
    this.#kept.set(key, { layers, text, values: values.slice(tileNumbers(tile).length) });
    return query;
  }
}
