import type { Database, QueryOptions } from '../database/database.ts';
import type { Query } from '../database/sql.ts';

/** Characters of a piece of the answer: one is made while the one before is sent. */
const CHUNK = 65_536;

/** How a layer is written as one text, whatever its size: the rows of a query one by one, and what stands around them. */
export interface LayerText<R> {
  readonly query: Query;
  readonly head: string;
  readonly write: (row: R) => string;
  /** Between two rows; absent: nothing. */
  readonly between?: string;
  /** @param count how many rows were written */
  readonly tail?: (count: number) => string;
}

/** The text in pieces, each read from the database when the one before was taken: memory does not grow with the layer. */
export async function* writeLayer<R>(
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
