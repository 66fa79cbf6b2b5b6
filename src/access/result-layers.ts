import type { Layer } from '../catalog/layer.ts';
import type { Principal } from './principal.ts';

/**
 * Layers of results that were read from the database. No list names them. The id of a job is the right to read it, and
 * for the job of a key that key as well.
 */
export interface ResultLayers {
  /**
   * Returns the layer of an id as the principal may see it, and notes what it was computed from; null if there is none.
   * @throws UnreadResult if it must be read first
   */
  find(id: string, principal: Principal): Layer | null;
}

/** No results, for commands without jobs. */
export const NO_RESULTS: ResultLayers = { find: () => null };

/** The layer of a result is not in memory. The request runs again once it has been read. */
export class UnreadResult extends Error {
  override readonly name = 'UnreadResult';
  readonly job: string;

  constructor(job: string) {
    super(`the result of ${job} was not read`);
    this.job = job;
  }
}
