import type { Logger } from 'pino';
import type { Layer } from '../../catalog/layer.ts';
import { type Change, touches } from '../../changes/change.ts';
import type { ChangeFeed } from '../../changes/feed.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { TileAddress } from '../../geo/tile.ts';
import { type Flight, Flights } from '../../lib/flights.ts';
import type { Siblings } from '../../lib/siblings.ts';
import type { Derivation } from '../derived/derivation.ts';
import { isAnnounced, type TileForm } from '../tile-form.ts';
import type { Tiles } from '../tiles.ts';
import { type SharedTile, SharedTiles, sharedKey } from './shared-tiles.ts';
import { StoredTile } from './stored-tile.ts';
import { type TileKey, TileStore } from './tile-store.ts';

/** While changes are not received, requests may join a render for this long. */
const JOINED_MS = 1000;

/** A request for a tile. */
export interface TileRequest {
  /** Already narrowed to what the access class may see. */
  readonly layers: readonly Layer[];
  readonly tile: TileAddress;
  readonly accessClass: string;
  readonly form?: TileForm | undefined;
  /** The URL, if a repeated request for it may get the cached tile without being parsed: public and unfiltered. */
  readonly url?: string | undefined;
}

export interface CacheOptions {
  readonly db: Database;
  readonly feed: ChangeFeed;
  readonly tiles: Tiles;
  readonly derivation: Derivation;
  readonly log: Logger;
  /** Size of the cache in bytes; 0 switches it off. */
  readonly bytes: number;
  /** `redis://…` of the cache that instances share; undefined: none. */
  readonly redisUrl?: string | undefined;
  readonly siblings: Pick<Siblings, 'announce'>;
}

interface KeyedRequest extends TileRequest {
  readonly key: TileKey;
}

/** A rendered tile and its snapshot; undefined if nothing was read. */
type TileOfSnapshot = Omit<SharedTile, 'snapshot'> &
  Partial<Pick<SharedTile, 'snapshot'>> & { readonly isCurrent: boolean };

/**
 * Caches tiles until their content changes. A tile is never older than a change that has been received. A change evicts
 * cached tiles; a render in progress then answers its waiting requests, but is not cached.
 */
export class CachedTiles {
  readonly #options: CacheOptions;
  readonly #store: TileStore | undefined;
  readonly #shared: SharedTiles | undefined;
  /** One render for all concurrent requests for a tile. */
  readonly #flights = new Flights<TileKey, StoredTile>(({ set, tile }) => `${set} ${tile.z}/${tile.x}/${tile.y}`);
  readonly #feed: ChangeFeed;
  #hits = 0;
  #misses = 0;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#store = options.bytes > 0 ? new TileStore(options.bytes) : undefined;
    this.#shared = options.redisUrl ? new SharedTiles(options.redisUrl, options.log) : undefined;
    this.#feed = options.feed;
    this.#feed.subscribe((change) => this.#change(change));
  }

  /** Bytes and number of the cached tiles. */
  get held(): { readonly bytes: number; readonly tiles: number } {
    return { bytes: this.#store?.weight ?? 0, tiles: this.#store?.count ?? 0 };
  }

  /** Requests so far, by whether the cache had the tile. */
  get requests(): { readonly hit: number; readonly miss: number } {
    return { hit: this.#hits, miss: this.#misses };
  }

  /** True while every change is received promptly, so not while the database is unreachable. */
  get isCurrent(): boolean {
    return this.#feed.isCurrent();
  }

  /** Returns the cached tile of a URL, if it is current. */
  getByUrl(url: string): StoredTile | undefined {
    const cached = this.isCurrent ? this.#store?.getByUrl(url) : undefined;
    if (cached) this.#hits++;
    return cached;
  }

  async get(request: TileRequest, signal: AbortSignal): Promise<StoredTile> {
    const key = cacheKey(request);
    const cached = this.isCurrent ? this.#store?.get(key, request.url) : undefined;
    if (cached) {
      this.#hits++;
      return cached;
    }
    this.#misses++;
    return this.#flights.join(key, {
      start: (flight) => this.#render({ ...request, key }, flight),
      signal,
      // A change since its start may have been missed.
      ...(this.isCurrent ? {} : { maxAge: JOINED_MS }),
    });
  }

  /** Returns a tile in MLT, which is cached with it. */
  toMlt(tile: StoredTile): Promise<StoredTile> {
    return tile.toMlt((mvt) => this.#options.tiles.convert(mvt));
  }

  /** Receives all committed changes. Tiles that this server returns afterwards include them. */
  async catchUp(): Promise<void> {
    await Promise.all([this.#feed.catchUp(), this.#options.siblings.announce('changes')]);
  }

  /** Clears the cache, after the layers were redefined. */
  forget(): void {
    this.#store?.clear();
    this.#flights.drop();
  }

  close(): void {
    this.#shared?.close();
    this.#store?.clear();
  }

  async #render(request: KeyedRequest, flight: Flight): Promise<StoredTile> {
    const options = { signal: flight.signal };
    const { derivation } = this.#options;
    // A bulk load announces outdated derived rows as a change, which may have been missed.
    if (!this.isCurrent) await derivation.refreshAgain();
    // A layer whose changes are not announced is never cached, and is read from the primary.
    const isWatched = request.layers.every(
      (layer) => derivation.stateOf(layer).isWatched && isAnnounced(layer, request.form ?? {}),
    );
    const tile = isWatched ? await this.#obtain(request, options) : await this.#renderNow(request, options);
    const isOutdated = flight.isDropped || !this.#isTrue(request.key, tile);
    if (isWatched && !isOutdated) this.#store?.set(request.key, tile.tile, request.url);
    return tile.tile;
  }

  /**
   * Returns the tile from the shared cache, else from a replica. If those lack a received change, it comes from the
   * primary.
   */
  async #obtain(request: KeyedRequest, options: QueryOptions): Promise<TileOfSnapshot> {
    const { key } = request;
    const query = this.#shared && this.#options.tiles.queryOf(request.layers, request.tile, request.form);
    const place = query ? sharedKey(this.#feed.database, query) : undefined;
    const shared = place && (await this.#shared?.get(place));
    if (shared && this.#isTrue(key, { ...shared, isCurrent: true })) return { ...shared, isCurrent: true };
    const replica = this.#options.db.capabilities.replicas && this.isCurrent;
    let rendered = await this.#renderNow(request, { ...options, replica });
    if (replica && !this.#isTrue(key, rendered)) rendered = await this.#renderNow(request, options);
    if (place && isDated(rendered) && this.#isTrue(key, rendered)) void this.#shared?.set(place, rendered);
    return rendered;
  }

  async #renderNow({ layers, tile, form }: TileRequest, options: QueryOptions): Promise<TileOfSnapshot> {
    const { body, ...rendered } = await this.#options.tiles.render(layers, tile, { ...options, form });
    return { tile: new StoredTile(body), ...rendered };
  }

  #isTrue({ layers, tile }: TileKey, { snapshot, isCurrent }: TileOfSnapshot): boolean {
    if (!isCurrent || !this.#feed.isCurrent()) return false;
    return snapshot === undefined || !this.#feed.isOutdated(snapshot, layers, tile);
  }

  #change(change: Change): void {
    this.#store?.evict(change);
    this.#flights.drop(
      ({ layers, tile }) => change.layer === '*' || (layers.has(change.layer) && touches(change, tile)),
    );
  }
}

function cacheKey({ layers, tile, accessClass, form }: TileRequest): TileKey {
  const names = layers.map(({ id }) => id);
  const sets = layers.map(({ id, call }) => (call ? `${id}(${JSON.stringify(call.arguments)})` : id));
  return {
    set: `${sets.join(',')} ${accessClass}${form ? ` ${JSON.stringify(form)}` : ''}`,
    layers: new Set(names),
    tile,
  };
}

function isDated(tile: TileOfSnapshot): tile is TileOfSnapshot & SharedTile {
  return tile.snapshot !== undefined;
}
