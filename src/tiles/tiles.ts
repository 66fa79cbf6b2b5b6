import type { Arguments, Layer, TileFunction } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type Query, sql } from '../database/sql.ts';
import { isNoTable } from '../database/sqlstate.ts';
import { type TileAddress, tileAt } from '../geo/tile.ts';
import { Problem } from '../lib/errors.ts';
import type { DerivedState } from './derived/derived-state.ts';
import type { Encoder } from './encoder.ts';
import type { RowLayer } from './encoder-worker.ts';
import { filterOf, formed, isAnnounced, type TileForm } from './tile-form.ts';
import { featuresQuery, type MvtRow, mvtQuery, tileFunctionQuery } from './tile-query.ts';
import { rowsFrom, type TileSource } from './tile-rows.ts';
import { TileStatements } from './tile-statements.ts';

/** Reports for each layer if its derived rows can be read. */
export interface DerivedStates {
  stateOf(layer: Layer): Pick<DerivedState, 'isDerived' | 'mosaic'>;
  /** Reads the states again, after a statement missed a table. */
  recheck(): Promise<void>;
}

/** Everything is read from the tables themselves. */
const UNDERIVED: DerivedStates = { stateOf: () => ({ isDerived: false, mosaic: 'none' }), recheck: async () => {} };

/** A rendered tile, and its snapshot. */
export interface RenderedTile {
  /** MVT 2.1; undefined if nothing is visible. */
  readonly body: Uint8Array | undefined;
  /** `pg_current_snapshot()` of the rows, or of a moment before; undefined if nothing was read. */
  readonly snapshot: string | undefined;
  /**
   * True if it shows the layers as of its snapshot; false for a mosaic of earlier rows while the next one is being
   * built.
   */
  readonly isCurrent: boolean;
}

const EMPTY_TILE: RenderedTile = Object.freeze({ body: undefined, snapshot: undefined, isCurrent: true });

type TileRendering = Omit<RenderedTile, 'isCurrent'>;

type RenderOptions = QueryOptions & { readonly form?: TileForm | undefined };

/** Renders vector tiles (MVT 2.1) of layers, whole or empty, never truncated at a number of features. */
export class Tiles {
  readonly #db: Database;
  readonly #encoder: Encoder;
  readonly #derived: DerivedStates;
  readonly #statements = new TileStatements();

  constructor(db: Database, encoder: Encoder, derived: DerivedStates = UNDERIVED) {
    this.#db = db;
    this.#encoder = encoder;
    this.#derived = derived;
  }

  /**
   * Renders tiles around a place and discards them. On the embedded engine the first tile of a process takes 1 s longer
   * (PROJ reads its grids, WebAssembly is compiled, a thread starts). No client should wait for that.
   */
  async warmUp(layers: readonly Layer[], [lon, lat]: readonly [number, number], signal: AbortSignal): Promise<void> {
    // PostgreSQL needs none of it, and a z13 tile of a whole province takes it seconds.
    if (this.#db.capabilities.mvt) return;
    for (const z of [10, 13, 15]) await this.render(layers, tileAt(z, lon, lat), { priority: 'background', signal });
  }

  /**
   * Renders the tile of one layer or several, each an MVT layer named by its id.
   * @param layers already narrowed to what the principal may see
   * @throws Problem overloaded while everything visible is still being built
   */
  async render(layers: readonly Layer[], tile: TileAddress, options: RenderOptions): Promise<RenderedTile> {
    const seen = layers.map((layer) => this.#derived.stateOf(layer));
    try {
      return await this.#render(layers, tile, options);
    } catch (error) {
      if (!isNoTable(error)) throw error;
      // Somebody has dropped derived rows, which anyone may do. The table itself has all rows.
      await this.#derived.recheck();
      const isSame = layers.every((layer, index) => {
        const { isDerived, mosaic } = this.#derived.stateOf(layer);
        return isDerived === seen[index]?.isDerived && mosaic === seen[index]?.mosaic;
      });
      if (isSame) throw error;
      return this.#render(layers, tile, options);
    }
  }

  async #render(
    layers: readonly Layer[],
    tile: TileAddress,
    { form = {}, ...options }: RenderOptions,
  ): Promise<RenderedTile> {
    const sources = this.#sourcesOf(layers, form);
    const from = sources.map((source) => rowsFrom(source, tile.z));
    const isCurrent = !from.includes('former') && !from.includes('unready');
    const rendered = this.#db.capabilities.mvt
      ? await this.#askFor(this.#queryFor(sources, tile, form), { ...options, prepared: !form.filters })
      : await this.#encodeHere(sources, tile, options);
    if (!rendered.body && from.includes('unready')) throw unready();
    return { ...rendered, isCurrent };
  }

  /** Returns the current query of a tile that the database encodes; undefined if no query is needed. */
  queryOf(layers: readonly Layer[], tile: TileAddress, form: TileForm = {}): Query | undefined {
    return this.#db.capabilities.mvt ? this.#queryFor(this.#sourcesOf(layers, form), tile, form) : undefined;
  }

  /** Returns a tile of MVT 2.1 as MLT. */
  convert(mvt: Uint8Array): Promise<Uint8Array> {
    return this.#encoder.convert(mvt);
  }

  /** Returns the tile of a function call; undefined if the function returns none. */
  async call(
    tileFunction: TileFunction,
    tile: TileAddress,
    given: Arguments,
    options: QueryOptions,
  ): Promise<Uint8Array | undefined> {
    const query = tileFunctionQuery(tileFunction, tile, given);
    const [row] = await this.#db.query<{ tile: Uint8Array | null }>(query, { ...options, prepared: true });
    return row?.tile?.length ? row.tile : undefined;
  }

  #sourcesOf(layers: readonly Layer[], form: TileForm): TileSource[] {
    return layers.map((layer) => ({
      layer: formed(layer, form),
      ...this.#derived.stateOf(layer),
      filter: filterOf(layer, form),
      needsTable: !isAnnounced(layer, form),
    }));
  }

  #queryFor(sources: readonly TileSource[], tile: TileAddress, { filters, properties }: TileForm): Query | undefined {
    const isPlain = !filters && !properties;
    return (isPlain ? this.#statements.of(sources, tile) : mvtQuery(sources, tile)) ?? undefined;
  }

  async #askFor(query: Query | undefined, options: QueryOptions): Promise<TileRendering> {
    if (!query) return EMPTY_TILE;
    const [row] = await this.#db.query<MvtRow>(query, options);
    return { body: row?.tile.length ? row.tile : undefined, snapshot: row?.snapshot };
  }

  async #encodeHere(sources: readonly TileSource[], tile: TileAddress, options: QueryOptions): Promise<TileRendering> {
    const [now] = await this.#db.query<{ snapshot: string }>(
      sql`SELECT pg_current_snapshot()::text AS snapshot`,
      options,
    );
    const filled: RowLayer[] = [];
    for (const source of sources) {
      const query = featuresQuery(source, tile);
      const rows = query ? await this.#db.query<RowLayer['rows'][number]>(query, options) : [];
      if (rows.length) filled.push({ name: source.layer.id, rows });
    }
    const body = filled.length ? await this.#encoder.encode(filled) : undefined;
    return { body, snapshot: now?.snapshot };
  }
}

function unready(): Problem {
  return new Problem('overloaded', {
    vi: 'Ô bản đồ ở mức thu phóng này đang được tạo lần đầu. Hãy thử lại sau.',
    en: 'Tiles of this zoom are being made for the first time. Try again later.',
  });
}
