import { LRUCache } from 'lru-cache';
import { narrow } from '../access/narrowed-layers.ts';
import type { Principal } from '../access/principal.ts';
import { type ResultLayers, UnreadResult } from '../access/result-layers.ts';
import type { Layer } from '../catalog/layer.ts';
import { describeResult, jobOfLayer, type StoredLayer } from '../catalog/result-layer.ts';
import type { Database } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import type { Siblings } from '../lib/siblings.ts';
import { mayRead } from './job.ts';
import { layersQuery } from './layer-query.ts';

/** Results that one request may name. */
const MOST_TRIES = 100;
/** Jobs in memory. */
const MOST = 1000;
/** Milliseconds after which another server's dismissal is noticed here. */
const FRESH_MS = 2000;

/** The layers of a job, by id, and who may see them. */
interface JobLayers {
  readonly owner: string | null;
  readonly restricted: readonly string[];
  readonly layers: ReadonlyMap<string, Layer>;
}

/** A row of {@link layersQuery}. */
type OwnedLayer = Omit<StoredLayer, 'accessClass'> & Pick<JobLayers, 'owner' | 'restricted'>;

/** Layers of results by job, read when a request names one, and for two seconds only: another server may drop them. */
export class StoredLayers implements ResultLayers {
  readonly #db: Database;
  readonly #jobs = new LRUCache<string, JobLayers>({ max: MOST, ttl: FRESH_MS });
  readonly #siblings: Siblings;

  constructor(db: Database, siblings: Siblings) {
    this.#db = db;
    this.#siblings = siblings;
    siblings.on('results', () => this.#jobs.clear());
  }

  find(id: string, principal: Principal): Layer | null {
    const job = jobOfLayer(id);
    if (job === undefined) return null;
    const stored = this.#jobs.get(job);
    if (!stored) throw new UnreadResult(job);
    const layer = mayRead(stored, principal) ? stored.layers.get(id) : undefined;
    if (!layer) return null;
    for (const source of stored.restricted) principal.onAccess?.(source);
    // The job of a key saw no more than the key may.
    return stored.owner === null ? (narrow(layer, undefined) ?? null) : layer;
  }

  /** Reads the layers of a job; none if it has no result, or the role may not read results. */
  async read(job: string): Promise<void> {
    const rows = await this.#db.query<OwnedLayer>(layersQuery(job), { prepared: true }).catch((error) => {
      if (isForbidden(error)) return [];
      throw error;
    });
    const layers = rows.map((row) => describeResult({ ...row, accessClass: 'public' }));
    this.#jobs.set(job, {
      ...{ owner: rows[0]?.owner ?? null, restricted: rows[0]?.restricted ?? [] },
      layers: new Map(layers.map((layer) => [layer.id, layer])),
    });
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
