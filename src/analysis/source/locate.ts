import type { Database, QueryOptions } from '../../database/database.ts';
import type { BBox } from '../../geo/bbox.ts';
import { type AskedPlace, hasOneText } from './source.ts';
import {
  type CheckRow,
  requirePlace,
  requireSelection,
  requireUntangled,
  requireValid,
  type SelectionRow,
} from './source-check.ts';
import { checkQuery, selectionQuery } from './source-query.ts';

export interface LocateOptions extends QueryOptions {
  /** Column of the width of the features, to count those without. */
  readonly width?: string | undefined;
}

/** A place that has passed every check but its distance from the meridian. */
export interface LocatedSource {
  /** Longitude and latitude. */
  readonly box: BBox;
  /** Selected features without a width, if a column was named. */
  readonly widthless: number;
}

/**
 * Validates a source, and returns its box.
 * @throws Problem that says what would be right
 */
export async function locateSource(
  db: Database,
  source: AskedPlace,
  { width, ...given }: LocateOptions,
): Promise<LocatedSource> {
  const options = { ...given, prepared: hasOneText(source) };
  if (source.kind === 'features') {
    const [row] = await db.query<SelectionRow>(selectionQuery(source, width), options);
    const box = requireSelection(source, row ?? { count: 0, vertices: 0, widthless: 0, found: null, box: null });
    return { box, widthless: row?.widthless ?? 0 };
  }
  requirePlace(source);
  await requireUntangled(source);
  const [row] = await db.query<CheckRow>(checkQuery(source), options);
  if (!row) throw new Error('the check of a geometry gave no row');
  requireValid(row, source.crs);
  return { box: row.box, widthless: 0 };
}
