import type { Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/** Parameters from which the sample was generated. */
export interface SampleMark {
  readonly seed: number;
  readonly parcels: number;
  /** Id of its last station; null if an earlier version generated it. */
  readonly stations: number | null;
  /** ISO 8601, UTC. */
  readonly loadedAt: string;
}

/** Reads the mark of the sample; undefined if the data is not synthetic. */
export async function readSampleMark(db: Session): Promise<SampleMark | undefined> {
  const [mark] = await db.query<SampleMark>(
    sql`SELECT seed, parcels, stations, loaded_at AS "loadedAt" FROM catalog.sample`,
  );
  return mark;
}
