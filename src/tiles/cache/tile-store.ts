import { LRUCache } from 'lru-cache';
import { type Change, touchedTiles } from '../../changes/change.ts';
import { MAX_ZOOM, type TileAddress } from '../../geo/tile.ts';
import type { StoredTile } from './stored-tile.ts';

/** Content of a cached tile: it never contains the person, only the access class. */
export interface TileKey {
  /** Layers and access class, as one text. */
  readonly set: string;
  readonly layers: ReadonlySet<string>;
  readonly tile: TileAddress;
}

interface StoreEntry {
  readonly id: string;
  readonly key: TileKey;
  readonly tile: StoredTile;
  /** The URL that last requested it. */
  url: string | undefined;
}

/** The tiles of the same layers and access class. */
interface TileSet extends Pick<TileKey, 'set' | 'layers'> {
  /** zoom -> column and row as one number -> id of the entry. */
  readonly places: Map<number, Map<number, string>>;
}

/** Stores tiles by content and address, bounded by weight. The least recently used one is evicted first. */
export class TileStore {
  readonly #entries: LRUCache<string, StoreEntry>;
  readonly #sets = new Map<string, TileSet>();
  readonly #byUrl = new Map<string, StoreEntry>();

  /** @param bytes at least 1 */
  constructor(bytes: number) {
    this.#entries = new LRUCache<string, StoreEntry>({
      maxSize: bytes,
      sizeCalculation: ({ tile }) => tile.weight,
      dispose: (entry, _id, reason) => {
        if (reason !== 'set') this.#forget(entry);
      },
    });
  }

  get count(): number {
    return this.#entries.size;
  }

  get weight(): number {
    return this.#entries.calculatedSize;
  }

  get(key: TileKey, url?: string): StoredTile | undefined {
    const entry = this.#entries.get(storeId(key));
    if (entry && url !== undefined) this.#name(entry, url);
    return entry?.tile;
  }

  /** Returns the tile last returned for this URL. */
  getByUrl(url: string): StoredTile | undefined {
    const entry = this.#byUrl.get(url);
    return entry && this.#entries.get(entry.id)?.tile;
  }

  set(key: TileKey, tile: StoredTile, url?: string): void {
    const id = storeId(key);
    const { z, x, y } = key.tile;
    const { set, layers } = this.#sets.get(key.set) ?? key;
    // The entry shares its set's objects, since entries of small tiles weigh more than the tile.
    const entry: StoreEntry = { id, key: { set, layers, tile: { z, x, y } }, tile, url: undefined };
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    if (!this.#entries.has(id)) return;
    const { places } = getOrMake(this.#sets, set, (): TileSet => ({ set, layers, places: new Map() }));
    getOrMake(places, z, () => new Map<number, string>()).set(cellNumber(x, y), id);
    if (url !== undefined) this.#name(entry, url);
    tile.onWeightChange(() => this.#weigh(id));
  }

  /** Evicts every tile that the change touches, buffer included. */
  evict(change: Change): void {
    for (const { layers, places } of this.#sets.values()) {
      if (change.layer !== '*' && !layers.has(change.layer)) continue;
      for (const [z, column] of places) {
        for (const id of change.areas ? touchedEntries(change, z, column) : [...column.values()])
          this.#entries.delete(id);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Replaces the entry by a copy, since the cache counts the weight of new objects only. */
  #weigh(id: string): void {
    const entry = this.#entries.peek(id);
    if (!entry) return;
    const again = { ...entry };
    this.#entries.set(id, again);
    if (again.url !== undefined) this.#byUrl.set(again.url, again);
  }

  #name(entry: StoreEntry, url: string): void {
    if (entry.url === url) return;
    if (entry.url !== undefined) this.#byUrl.delete(entry.url);
    entry.url = url;
    this.#byUrl.set(url, entry);
  }

  #forget({ key, url }: StoreEntry): void {
    if (url !== undefined) this.#byUrl.delete(url);
    const set = this.#sets.get(key.set);
    const { z, x, y } = key.tile;
    const column = set?.places.get(z);
    column?.delete(cellNumber(x, y));
    if (column?.size === 0) set?.places.delete(z);
    if (set?.places.size === 0) this.#sets.delete(key.set);
  }
}

/** Returns the entries in the areas. It looks up each touched tile, or scans the existing ones, whichever are fewer. */
function touchedEntries({ areas }: Change, z: number, column: ReadonlyMap<number, string>): string[] {
  const found: string[] = [];
  for (const area of areas ?? []) {
    const range = touchedTiles(area, z);
    if (!range) continue;
    const [x0, y0, x1, y1] = range;
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > column.size) {
      for (const [place, id] of column) {
        const [x, y] = [Math.floor(place / ROWS), place % ROWS];
        if (x >= x0 && x <= x1 && y >= y0 && y <= y1) found.push(id);
      }
      continue;
    }
    for (let x = x0; x <= x1; x++) {
      for (let y = y0; y <= y1; y++) {
        const id = column.get(cellNumber(x, y));
        if (id !== undefined) found.push(id);
      }
    }
  }
  return found;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

const ROWS = 2 ** MAX_ZOOM;

function cellNumber(x: number, y: number): number {
  return x * ROWS + y;
}

function storeId({ set, tile: { z, x, y } }: TileKey): string {
  return `${set} ${z}/${x}/${y}`;
}
