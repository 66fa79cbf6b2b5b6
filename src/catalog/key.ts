import type { Database } from '../database/database.ts';
import { ident, type Sql, sql } from '../database/sql.ts';
import { isCancelled } from '../database/sqlstate.ts';
import type { ColumnRow } from './column.ts';
import type { Key, Layer } from './layer.ts';

/** By convention the key of what has no index. */
const ID = 'id';

/** The column that is the layer's whole key and holds whole numbers; undefined where the key is anything else. */
export function integerKey({ key, fields }: Layer): string | undefined {
  if (key.kind !== 'columns' || key.columns.length !== 1) return undefined;
  return fields.find(({ name, type }) => name === key.columns[0] && type === 'integer')?.name;
}

/** Types whose values have an order, and a text that is read again as the same value. */
const ORDERED = /^(int[248]|oid|numeric|float[48]|text|varchar|bpchar|name|citext|uuid|bool|date|timestamp(tz)?)$/;

/** Of a function's rows, which nobody has before they are asked for: `id`, unique or not. */
export function keyByName(columns: readonly ColumnRow[]): Key {
  return columns.some(({ name, base }) => name === ID && ORDERED.test(base))
    ? { kind: 'columns', columns: [ID], isUnique: false }
    : { kind: 'none' };
}

/** Milliseconds that it may take to read every `id`: a view that takes longer is taken at its word. */
const PROOF_MS = 5_000;

/** Of a view or a foreign table: `id`, where it tells its rows apart today, for which they are all read. */
export async function keyOfRows(db: Pick<Database, 'query'>, from: Sql, columns: readonly ColumnRow[]): Promise<Key> {
  const key = keyByName(columns);
  if (key.kind === 'none') return key;
  const id = ident(ID);
  const rows = await db
    .query<{ unique: boolean }>(
      sql`SELECT count(*) = count(DISTINCT ${id}) AS unique FROM (SELECT ${id} FROM ${from}) AS rows`,
      {
        signal: AbortSignal.timeout(PROOF_MS),
      },
    )
    .catch((error) => {
      if (isCancelled(error)) return [{ unique: true }];
      throw error;
    });
  return rows[0]?.unique ? key : { kind: 'none' };
}
