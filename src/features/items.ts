import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { isUnreadable } from '../database/sqlstate.ts';
import { countCheaply } from './counting.ts';
import { encodeCursor, endOfPage, readPage } from './cursor.ts';
import { parseFeatureId } from './feature-id.ts';
import {
  countQuery,
  type FeatureForm,
  type ItemRow,
  type ItemsFilter,
  type ItemsQuestion,
  itemQuery,
  itemsQuery,
} from './items-query.ts';

/** Most rows of a page that is answered immediately. Larger pages take turns. */
export const LARGE_PAGE = 1000;

/** A page of a layer. */
export interface Items {
  /** GeoJSON features as text. */
  readonly features: readonly string[];
  /** The cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
  /** Exact number of features that match the filter; undefined if counting them is expensive. */
  readonly matched: number | undefined;
}

/**
 * Reads a page.
 * @returns undefined if the database cannot read a value of the question as a value of its field
 */
export async function readItems(
  db: Database,
  layer: Layer,
  question: ItemsQuestion,
  options: QueryOptions,
): Promise<Items | undefined> {
  try {
    const { limit, after } = question;
    const [page, matched] = await Promise.all([
      readPage(layer, { limit, mayCut: (after?.given ?? 0) > 0 }, (isTied) =>
        db.query<ItemRow>(itemsQuery(layer, { ...question, isTied }), options),
      ),
      countMatched(db, layer, question, options),
    ]);
    const end = page.more && endOfPage(layer, page, after);
    const next = end && encodeCursor(end, question.sort ?? []);
    return { features: page.rows.map(({ feature }) => feature), next, matched };
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** A feature as GeoJSON text, and the version of its state. */
export interface FeatureItem {
  readonly feature: string;
  readonly version: string;
}

/** Reads a feature; undefined if there is none with this id. */
export async function findItem(
  db: Database,
  layer: Layer,
  id: string,
  { form, ...options }: QueryOptions & { readonly form?: FeatureForm },
): Promise<FeatureItem | undefined> {
  const key = parseFeatureId(layer, id);
  if (!key) return undefined;
  try {
    const [row] = await db.query<FeatureItem>(itemQuery(layer, key, form), options);
    return row;
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Returns the number of features that match a filter; undefined if counting them is expensive. */
async function countMatched(
  db: Database,
  layer: Layer,
  filter: ItemsFilter,
  options: QueryOptions,
): Promise<number | undefined> {
  const isFiltered =
    filter.boxes !== undefined || filter.time !== undefined || filter.filter !== undefined || filter.equals.length > 0;
  return countCheaply(layer, isFiltered, async (most) => {
    const [row] = await db.query<{ count: number }>(countQuery(layer, filter, most), options);
    return row?.count ?? 0;
  });
}

/** Returns the number of rows of a layer: exact if counting is cheap, else the planner's estimate. */
export async function countFeatures(db: Database, layer: Layer): Promise<{ count: number; isExact: boolean }> {
  const count = await countMatched(db, layer, { equals: [] }, {});
  return { count: count ?? layer.rowEstimate, isExact: count !== undefined };
}
