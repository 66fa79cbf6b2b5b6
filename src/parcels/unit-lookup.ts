import type { Database, QueryOptions } from '../database/database.ts';
import type { Mention } from '../phrase/mentions.ts';
import { unitKeys } from '../phrase/parcel-phrase.ts';
import { type NamedByWords, type RecognizedUnits, recognizeUnits } from '../phrase/units.ts';
import { namedUnitsQuery } from './unit-query.ts';

/** Texts of one statement: some 20 units of the same name each are within its bound of rows. */
const BATCH = 20;

/** Finds the units that each text names, in their order. */
export async function findUnits(
  db: Database,
  texts: readonly (readonly Mention[])[],
  options: QueryOptions,
): Promise<RecognizedUnits[]> {
  const found: RecognizedUnits[] = [];
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    const keys = unitKeys(batch.flat());
    const rows = keys.length ? await db.query<NamedByWords>(namedUnitsQuery(keys), { ...options, prepared: true }) : [];
    found.push(...batch.map((mentions) => recognizeUnits(mentions, rows)));
  }
  return found;
}
