import { LRUCache } from 'lru-cache';
import { type ResultLayers, UnreadResult } from '../access/result-layers.ts';
import type { Layer } from '../catalog/layer.ts';
import { describeResult, jobOfLayer, type StoredLayer } from '../catalog/result-layer.ts';
import type { Database } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import type { Siblings } from '../lib/siblings.ts';
import { layersQuery } from './layer-query.ts';

/** Results that one request may name. */
const MOST_TRIES = 100;
/** Jobs in memory. */
const MOST = 1000;
/** Milliseconds after which another server's dismissal is noticed here. */
const FRESH_MS = 2000;

/** Layers of results by job, read when a request names one, and for two seconds only: another server may drop them. */
export class StoredLayers implements ResultLayers {
  readonly #db: Database;
  readonly #jobs = new LRUCache<string, ReadonlyMap<string, Layer>>({ max: MOST, ttl: FRESH_MS });
  readonly #siblings: Siblings;

  constructor(db: Database, siblings: Siblings) {
    this.#db = db;
    this.#siblings = siblings;
    siblings.on('results', () => this.#jobs.clear());
  }

  find(id: string): Layer | null {
    const job = jobOfLayer(id);
    if (job === undefined) return null;
    const layers = this.#jobs.get(job);
    if (!layers) throw new UnreadResult(job);
    return layers.get(id) ?? null;
  }

  /** Reads the layers of a job; none if it has no result, or the role may not read results. */
  async read(job: string): Promise<void> {
    const rows = await this.#db.query<StoredLayer>(layersQuery(job), { prepared: true }).catch((error) => {
      if (isForbidden(error)) return [];
      throw error;
    });
    this.#jobs.set(job, new Map(rows.map(describeResult).map((layer) => [layer.id, layer])));
  }

  /** Runs work that names layers, again for every result that must be read first. */
  async reading<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof UnreadResult) || tries === MOST_TRIES) throw error;
        await this.read(error.job);
      }
    }
  }

  /** Resolves when the siblings have forgotten it too. */
  forget(job: string): Promise<void> {
    this.#jobs.delete(job);
    return this.#siblings.announce('results');
  }
}
