import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { tileId } from '../../geo/hilbert.ts';
import type { TileAddress } from '../../geo/tile.ts';
import { Problem } from '../../lib/errors.ts';
import { readShape } from '../../lib/shape.ts';
import { inOrder } from './in-order.ts';
import type { TilePyramid } from './tile-pyramid.ts';

/** Waits before a tile is asked for again, milliseconds. */
const RETRIES = [500, 2000, 5000];

const zoom = z.int().min(0).max(22);
const collectionsShape = z.object({ collections: z.array(z.object({ id: z.string() })) });
const tileJsonShape = z.object({
  minzoom: zoom,
  maxzoom: zoom,
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});

/** A server's tiles of layers together, as it describes them. Bounds in degrees; undefined where there are no rows. */
export type ServedTiles = z.output<typeof tileJsonShape>;

/** A running server, known by its URL only. */
export class TileServer {
  readonly #url: string;
  readonly #signal: AbortSignal;

  /** @param signal ends what is under way */
  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /** Ids of the layers that everybody may see. @throws Problem where the server does not answer, or not as ours does */
  async layers(): Promise<string[]> {
    const answer = await this.#get('/collections?f=json');
    const { collections } = readShape(collectionsShape, await answer.json(), { root: '/collections' });
    return collections.map(({ id }) => id);
  }

  async describe(layers: readonly string[]): Promise<ServedTiles> {
    const answer = await this.#get(`${pathOf(layers)}/tilejson.json`);
    return readShape(tileJsonShape, await answer.json(), { root: 'tilejson.json' });
  }

  /** Has one tile made, as a browser would ask for it. */
  async ask(layers: readonly string[], { z: level, x, y }: TileAddress): Promise<void> {
    const answer = await this.#get(`${pathOf(layers)}/${level}/${x}/${y}.mvt`);
    await answer.arrayBuffer();
  }

  /** Asks again after each of {@link RETRIES} where the server is away or overloaded. */
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

function pathOf(layers: readonly string[]): string {
  return `/xyz/${layers.map(encodeURIComponent).join(',')}`;
}

export interface SeedRequest {
  readonly pyramid: TilePyramid;
  /** Number of the last tile of an earlier run; -1: none. */
  readonly after: number;
  readonly ask: (tile: TileAddress) => Promise<void>;
  /** Requests under way at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Called with the number of a tile when it and all before it have been answered. */
  readonly onTile: (id: number) => void;
  /** `before`: how many of `done` an earlier run had asked for. */
  readonly onProgress?: (done: number, total: number, before: number) => void;
}

/** Asks for every tile. @returns whether it came to the end; false where it was stopped @throws what `ask` throws */
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
