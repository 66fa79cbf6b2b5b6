import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { tileId } from '../../geo/hilbert.ts';
import type { TileAddress } from '../../geo/tile.ts';
import { Problem } from '../../lib/errors.ts';
import { readShape } from '../../lib/shape.ts';
import { inOrder } from './in-order.ts';
import type { TilePyramid } from './tile-pyramid.ts';

/** Waits before a tile is requested again, milliseconds. */
const RETRIES = [500, 2000, 5000];

const zoom = z.int().min(0).max(22);
const collectionsShape = z.object({ collections: z.array(z.object({ id: z.string() })) });
const tileJsonShape = z.object({
  minzoom: zoom,
  maxzoom: zoom,
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});

/**
 * The combined tiles of some layers, as the server's TileJSON describes them. Bounds are in degrees; undefined without
 * rows.
 */
export type ServedTiles = z.output<typeof tileJsonShape>;

/** A running server, known by its URL only. */
export class TileServer {
  readonly #url: string;
  readonly #signal: AbortSignal;

  /** @param signal aborts pending requests */
  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /**
   * Returns the ids of the public layers.
   * @throws Problem if the server does not answer, or is not ours
   */
  async layers(): Promise<string[]> {
    const answer = await this.#get('/collections?f=json');
    const { collections } = readShape(collectionsShape, await answer.json(), { root: '/collections' });
    return collections.map(({ id }) => id);
  }

  async describe(layers: readonly string[]): Promise<ServedTiles> {
    const answer = await this.#get(`${tilesPath(layers)}/tilejson.json`);
    return readShape(tileJsonShape, await answer.json(), { root: 'tilejson.json' });
  }

  /** Requests one tile as a browser does, so that the server renders it. */
  async ask(layers: readonly string[], { z: level, x, y }: TileAddress): Promise<void> {
    const answer = await this.#get(`${tilesPath(layers)}/${level}/${x}/${y}.mvt`);
    await answer.arrayBuffer();
  }

  /** Retries after each of {@link RETRIES} if the server is unreachable or overloaded. */
  async #get(path: string): Promise<Response> {
    let reason = '';
    for (const wait of [0, ...RETRIES]) {
      try {
        await sleep(wait, undefined, { signal: this.#signal });
        const answer = await fetch(this.#url + path, { headers: { 'accept-encoding': 'gzip' }, signal: this.#signal });
        if (answer.ok) return answer;
        reason = `HTTP ${answer.status}`;
        await answer.body?.cancel();
        if (answer.status < 500 && answer.status !== 429) break;
      } catch (error) {
        this.#signal.throwIfAborted();
        reason = String(((error as Error).cause as Error | undefined)?.message ?? (error as Error).message);
      }
    }
    throw noAnswer(this.#url + path, reason);
  }
}

function tilesPath(layers: readonly string[]): string {
  return `/xyz/${layers.map(encodeURIComponent).join(',')}`;
}

export interface SeedRequest {
  readonly pyramid: TilePyramid;
  /** Number of the last tile of an earlier run; -1: none. */
  readonly after: number;
  readonly ask: (tile: TileAddress) => Promise<void>;
  /** Number of concurrent requests. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Called with the number of a tile once it and all before it were answered. */
  readonly onTile: (id: number) => void;
  /** `before` is the part of `done` that an earlier run requested. */
  readonly onProgress?: (done: number, total: number, before: number) => void;
}

/**
 * Requests every tile.
 * @returns true if it reached the end; false if it was stopped
 * @throws as `ask`
 */
export async function seedTiles({ pyramid, after, ask, concurrency, signal, ...tell }: SeedRequest): Promise<boolean> {
  const total = pyramid.count();
  const before = total - pyramid.count(after);
  let done = before;
  tell.onProgress?.(done, total, before);
  try {
    for await (const { item } of inOrder(pyramid.tiles(after), concurrency, ask)) {
      tell.onTile(tileId(item));
      tell.onProgress?.(++done, total, before);
      if (signal.aborted) return false;
    }
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}

function noAnswer(url: string, reason: string): Problem {
  return new Problem('overloaded', {
    vi: `Máy chủ không trả lời ${url} (${reason}).`,
    en: `The server does not answer ${url} (${reason}).`,
  });
}
