import type { Database, QueryOptions } from '../../database/database.ts';
import { findUnits } from '../../parcels/unit-lookup.ts';
import { readUnitName } from '../../phrase/parcel-phrase.ts';
import { communesOf } from '../../phrase/unit-scope.ts';
import type { ListUnit } from './list-query.ts';

/** Finds the communes, present and former, that each text names. A text with other words names none. */
export async function findListUnits(
  db: Database,
  texts: readonly string[],
  options: QueryOptions,
): Promise<ListUnit[]> {
  const recognized = await findUnits(db, texts.map(readUnitName), options);
  return recognized.flatMap((each, place) =>
    each.unknown.length + each.others.length > 0
      ? []
      : communesOf(each).map(({ code, validFrom }) => ({ place, code, validFrom })),
  );
}
