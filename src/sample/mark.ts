import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/** What the sample was made from. */
export interface SampleMark {
  readonly seed: number;
  readonly parcels: number;
  readonly loadedAt: string;
}

/** The mark that the sample leaves; undefined where the data is not the sample. */
export async function readSampleMark(db: Database): Promise<SampleMark | undefined> {
  const [table] = await db.query<{ exists: boolean }>(sql`SELECT to_regclass('catalog.sample') IS NOT NULL AS exists`);
  if (!table?.exists) return undefined;
  const [mark] = await db.query<SampleMark>(sql`SELECT seed, parcels, loaded_at AS "loadedAt" FROM catalog.sample`);
  return mark;
}
