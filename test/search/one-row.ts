import type { Database } from '../../src/database/database.ts';
import type { sql } from '../../src/database/sql.ts';

export type Values = Readonly<Record<string, string>>;

export type Row = Record<string, string | number>;

export async function one<R extends object = Row>(db: Database, query: ReturnType<typeof sql>): Promise<R> {
  const [row] = await db.query<R>(query);
  if (!row) throw new Error(`the sample has no row for ${query.text.slice(0, 200)}`);
  return row;
}

/** The name of a unit without its kind. */
export const bare = (unit: string) => unit.replace(/^(Phường|Xã|Thị trấn|Thành phố|Huyện) /, '');
