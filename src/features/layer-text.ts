import type { Database, QueryOptions } from '../database/database.ts';
import type { Query } from '../database/sql.ts';

/** Characters in a chunk of the answer. One chunk is rendered while the previous is sent. */
const CHUNK = 65_536;

/** The form of a layer as one text of any size: the text of each row, and what surrounds the rows. */
export interface LayerText<R> {
  readonly query: Query;
  readonly head: string;
  readonly write: (row: R) => string;
  /** Separator of rows; absent: none. */
  readonly between?: string;
  /** @param count number of rows written */
  readonly tail?: (count: number) => string;
}

/**
 * Yields the text in chunks. Each is read from the database once the previous was consumed, so memory does not grow
 * with the layer.
 */
export async function* writeLayerText<R>(
  db: Database,
  { query, head, write, between = '', tail }: LayerText<R>,
  options: QueryOptions,
): AsyncGenerator<string> {
  let text = head;
  let count = 0;
  for await (const row of db.stream<R>(query, options)) {
    text += (count++ > 0 ? between : '') + write(row);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield text + (tail?.(count) ?? '');
}
