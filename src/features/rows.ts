import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { countCheaply } from './counting.ts';
import { endOfPage, readPage } from './cursor.ts';
import type { PagePosition } from './row-key.ts';
import {
  type CountBounds,
  countRowsQuery,
  type PlainRow,
  type ReadRow,
  type RowsFilter,
  type RowsQuestion,
  rowsQuery,
} from './rows-query.ts';

/** A page of a {@link RowsQuestion}. */
export interface Rows {
  readonly rows: readonly PlainRow[];
  /** True if more rows follow. */
  readonly hasMore: boolean;
  /** Position of the last row in key order; undefined if there are no rows. */
  readonly end: PagePosition | undefined;
}

/** @throws DatabaseError; `isUnreadable` is true of it if a value is none of its field's type */
export async function readRows(
  db: Database,
  layer: Layer,
  question: RowsQuestion,
  options: QueryOptions,
): Promise<Rows> {
  const { limit, skip, after } = question;
  const mayCut = skip > 0 || (after?.given ?? 0) > 0;
  const { rows, more } = await readPage(layer, { limit, mayCut }, async (isTied) =>
    (await db.query<ReadRow>(rowsQuery(layer, { ...question, isTied }), options)).map(plainRow),
  );
  const place = ({ key }: PlainRow): PagePosition => ({ sort: [], key });
  const end = endOfPage(layer, { rows: rows.map(place), more: more && place(more) }, after);
  return { rows, hasMore: more !== undefined, end };
}

/**
 * Yields the rows of a question one by one, up to its limit.
 * @throws as {@link readRows}
 */
export async function* streamRows(
  db: Database,
  layer: Layer,
  question: RowsQuestion,
  options: QueryOptions,
): AsyncGenerator<PlainRow> {
  let left = question.limit;
  for await (const row of db.stream<ReadRow>(rowsQuery(layer, question), options)) {
    if (left-- <= 0) return;
    yield plainRow(row);
  }
}

/**
 * Returns the exact number of rows, whatever that costs.
 * @throws as {@link readRows}
 */
export async function countRows(
  db: Database,
  layer: Layer,
  filter: RowsFilter,
  { signal, ...bounds }: CountBounds & QueryOptions,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(countRowsQuery(layer, filter, bounds), { signal });
  return Number(row?.count ?? 0);
}

/**
 * Returns the number of rows; undefined if counting them is expensive.
 * @throws as {@link readRows}
 */
export function countRowsCheaply(
  db: Database,
  layer: Layer,
  filter: RowsFilter,
  { signal }: QueryOptions,
): Promise<number | undefined> {
  const isFiltered = filter.filter !== undefined || filter.keys !== undefined;
  return countCheaply(layer, isFiltered, (most) => countRows(db, layer, filter, { most, signal }));
}

function plainRow(row: ReadRow): PlainRow {
  return {
    key: row['diaba key'],
    id: row['diaba id'],
    version: row['diaba version'] ?? undefined,
    geometry: row['diaba geometry'],
    values: row['diaba values'],
    feature: row['diaba feature'] ?? undefined,
  };
}
