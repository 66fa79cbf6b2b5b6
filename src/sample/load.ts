import type { Database } from '../database/database.ts';

export interface SampleOptions {
  /** How many parcels to make, roughly. */
  readonly parcels: number;
  /** The same seed makes the same province. */
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Placeholder until the generator lands. */
export async function loadSample(_db: Database, _options: SampleOptions): Promise<void> {}
