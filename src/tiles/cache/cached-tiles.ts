import type { Logger } from 'pino';
import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { TileAddress } from '../../geo/tile.ts';
import type { Derivation } from '../derived/derivation.ts';
import type { RenderedTile, Tiles } from '../tiles.ts';
import { type Change, touches } from './change.ts';
import { ChangeFeed } from './change-feed.ts';
import { RecentChanges } from './recent-changes.ts';
import { StoredTile } from './stored-tile.ts';
import { type TileKey, TileStore } from './tile-store.ts';

/** What a tile is asked for by. */
export interface TileRequest {
  /** Already narrowed to what the access class may see. */
  readonly layers: readonly Layer[];
  readonly tile: TileAddress;
  readonly accessClass: string;
  /** The URL, where whoever asks for it again may be given the same without a look at the request: public, unfiltered. */
  readonly url?: string | undefined;
}

export interface CacheOptions {
  readonly db: Database;
  readonly tiles: Tiles;
  readonly derivation: Derivation;
  readonly log: Logger;
  /** What cached tiles may weigh; 0: none is kept. */
  readonly bytes: number;
  /** Milliseconds that a statement may take. */
  readonly statementTimeout: number;
  /** Told of every change; the whole layer of it where `areas` is null. */
  readonly onChange?: (change: Change) => void;
}

/** One render, for all who ask for the same tile meanwhile. */
interface Flight {
  readonly key: TileKey;
  readonly done: Promise<StoredTile>;
  readonly abort: AbortController;
  waiting: number;
  /** Something it shows has changed since it began. */
  isOutdated: boolean;
}

/**
 * Tiles that are kept until what they show changes. A tile is never older than a change that has been heard: heard of,
 * the change drops what is kept, and what is being made is given to those who asked before and not kept.
 */
export class CachedTiles {
  readonly #options: CacheOptions;
  readonly #store: TileStore | undefined;
  readonly #recent: RecentChanges;
  readonly #flights = new Map<string, Flight>();
  #feed: ChangeFeed | undefined;

  private constructor(options: CacheOptions) {
    this.#options = options;
    this.#store = options.bytes > 0 ? new TileStore(options.bytes) : undefined;
    this.#recent = new RecentChanges(options.statementTimeout + 60_000);
  }

  static async open(options: CacheOptions): Promise<CachedTiles> {
    const cached = new CachedTiles(options);
    cached.#feed = await ChangeFeed.open(options.db, options.log, (change) => cached.#change(change));
    return cached;
  }

  /** Bytes and number of the tiles that are kept. */
  get held(): { readonly bytes: number; readonly tiles: number } {
    return { bytes: this.#store?.weight ?? 0, tiles: this.#store?.count ?? 0 };
  }

  /** The tile that was given under a URL before, where nothing has changed since. */
  getByUrl(url: string): StoredTile | undefined {
    return this.#feed?.isCurrent() ? this.#store?.getByUrl(url) : undefined;
  }

  async get(request: TileRequest, signal: AbortSignal): Promise<StoredTile> {
    const key = keyOf(request);
    const kept = this.#feed?.isCurrent() ? this.#store?.get(key, request.url) : undefined;
    if (kept) return kept;
    const id = `${key.set} ${key.tile.z}/${key.tile.x}/${key.tile.y}`;
    const flight = this.#flights.get(id) ?? this.#start(id, key, request);
    flight.waiting++;
    const leave = () => {
      if (--flight.waiting > 0) return;
      flight.abort.abort();
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      return await flight.done;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Drops everything: layers are defined anew. */
  forget(): void {
    this.#store?.clear();
    for (const flight of this.#flights.values()) flight.isOutdated = true;
    this.#flights.clear();
  }

  async close(): Promise<void> {
    await this.#feed?.close();
    this.#store?.clear();
  }

  #start(id: string, key: TileKey, request: TileRequest): Flight {
    const abort = new AbortController();
    const flight: Flight = {
      key,
      abort,
      waiting: 0,
      isOutdated: false,
      done: this.#render(request, { signal: abort.signal }, () => flight),
    };
    this.#flights.set(id, flight);
    const end = () => {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    };
    flight.done.then(end, end);
    return flight;
  }

  async #render(request: TileRequest, options: QueryOptions, flightOf: () => Flight): Promise<StoredTile> {
    const { tiles, derivation } = this.#options;
    const isKept = this.#store !== undefined && request.layers.every((layer) => derivation.stateOf(layer).isWatched);
    const rendered = await tiles.render(request.layers, request.tile, options);
    const tile = new StoredTile(rendered.body);
    const { key, isOutdated } = flightOf();
    if (isKept && !isOutdated && this.#isTrue(key, rendered)) this.#store?.set(key, tile, request.url);
    return tile;
  }

  #isTrue({ layers, tile }: TileKey, { snapshot }: RenderedTile): boolean {
    if (!this.#feed?.isCurrent()) return false;
    return snapshot === undefined || !this.#recent.isOutdated(snapshot, layers, tile);
  }

  #change(change: Change): void {
    this.#recent.add(change);
    this.#store?.evict(change);
    for (const [id, flight] of this.#flights) {
      const { layers, tile } = flight.key;
      if (change.layer !== '*' && !(layers.has(change.layer) && touches(change, tile))) continue;
      flight.isOutdated = true;
      this.#flights.delete(id);
    }
    this.#options.onChange?.(change);
  }
}

function keyOf({ layers, tile, accessClass }: TileRequest): TileKey {
  const names = layers.map(({ id }) => id);
  return { set: `${names.join(',')} ${accessClass}`, layers: new Set(names), tile };
}
