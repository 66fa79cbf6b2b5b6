import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Query } from '../../database/sql.ts';
import { StoredTile } from './stored-tile.ts';

/** Longer than Redis takes for 1 MB. After this timeout the tile is rendered. */
const ANSWER_MS = 100;
/** A tile that no instance requested for this long expires. */
const TTL_SECONDS = 86_400;

/** A tile rendered by some instance, and its snapshot. */
export interface SharedTile {
  readonly tile: StoredTile;
  readonly snapshot: string;
}

const HEADER = z.object({ snapshot: z.string(), digest: z.string(), encoding: z.enum(['gzip', 'identity', 'none']) });

/** Interval between probes of a silent Redis. */
const PROBE_MS = 500;
/** Number of unanswered probes after which the connection is replaced, because the other side may have forgotten it. */
const PROBES = 4;

/**
 * Tiles that instances share in Redis. A change deletes none: each carries its snapshot, which the reader compares with
 * the received changes. If Redis is unreachable or slow, the tile is rendered. After a silence, no request waits for it
 * until it has answered a probe.
 */
export class SharedTiles {
  readonly #redis: Redis;
  readonly #log: Logger;
  #isAway = false;
  #probing: NodeJS.Timeout | undefined;

  constructor(url: string, log: Logger) {
    this.#log = log;
    this.#redis = new Redis(url, {
      commandTimeout: ANSWER_MS,
      connectTimeout: 2000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(times * 500, 5000),
    });
    this.#redis.on('error', (error) => this.#lose(error));
    this.#redis.on('ready', () => {
      this.#isAway = false;
    });
  }

  async get(key: string): Promise<SharedTile | undefined> {
    if (this.#isAway) return undefined;
    const value = await this.#redis.getBuffer(key).catch((error) => this.#fail(error));
    return value ? readSharedTile(value) : undefined;
  }

  async set(key: string, { tile, snapshot }: SharedTile): Promise<void> {
    if (this.#isAway) return;
    const encoding = tile.isEmpty ? 'none' : tile.encodingFor(['gzip']) === 'gzip' ? 'gzip' : 'identity';
    const header = JSON.stringify({ snapshot, digest: tile.digest, encoding });
    const body = encoding === 'none' ? new Uint8Array() : await tile.form(encoding);
    const value = Buffer.concat([Buffer.from(`${header}\n`), body]);
    await this.#redis.set(key, value, 'EX', TTL_SECONDS).catch((error) => this.#fail(error));
  }

  close(): void {
    clearTimeout(this.#probing);
    this.#redis.disconnect();
  }

  #lose(error: unknown): void {
    if (!this.#isAway) this.#log.warn({ err: error }, 'Redis is away: tiles are not shared');
    this.#isAway = true;
  }

  /** Redis's own errors (it is full, or loading) are answers; only silence disables it. */
  #fail(error: unknown): null {
    if (error instanceof Error && /timed out|closed|writeable/i.test(error.message) && !this.#isAway) {
      this.#lose(error);
      this.#probe();
    }
    return null;
  }

  #probe(failed = 0): void {
    this.#probing = setTimeout(() => {
      this.#redis.ping().then(
        () => {
          this.#isAway = false;
        },
        () => {
          if (failed + 1 === PROBES) this.#redis.disconnect(true);
          this.#probe((failed + 1) % PROBES);
        },
      );
    }, PROBE_MS).unref();
  }
}

/**
 * Returns the key of a tile: the full query and its database. Thus no difference of settings, versions or access can
 * give two tiles the same key.
 */
export function sharedKey(database: string, { text, values }: Query): string {
  return `diaba:tile:${database}:${createHash('sha1').update(text).update(JSON.stringify(values)).digest('base64url')}`;
}

function readSharedTile(value: Buffer): SharedTile | undefined {
  const end = value.indexOf(10);
  try {
    const { snapshot, digest, encoding } = HEADER.parse(JSON.parse(value.toString('utf8', 0, end)));
    const body = value.subarray(end + 1);
    return { snapshot, tile: encoding === 'none' ? new StoredTile(undefined) : StoredTile.of(digest, encoding, body) };
  } catch {
    return undefined;
  }
}
