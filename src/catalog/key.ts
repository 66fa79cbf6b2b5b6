import type { Database } from '../database/database.ts';
import { ident, type Sql, sql } from '../database/sql.ts';
import { isCancelled } from '../database/sqlstate.ts';
import type { ColumnRow } from './column.ts';
import type { Key, Layer } from './layer.ts';

/** By convention the key of a relation without an index. */
const CONVENTIONAL_KEY = 'id';

/** Returns the column that is the layer's whole key and holds whole numbers; undefined for other keys. */
export function integerKey({ key, fields }: Layer): string | undefined {
  if (key.kind !== 'columns' || key.columns.length !== 1) return undefined;
  return fields.find(({ name, type }) => name === key.columns[0] && type === 'integer')?.name;
}

/** Types whose values have an order, and a text that parses to the same value. */
const ORDERED = /^(int[248]|oid|numeric|float[48]|text|varchar|bpchar|name|citext|uuid|bool|date|timestamp(tz)?)$/;

/** Returns the key of a function's rows, which are unknown before the call: `id`, unique or not. */
export function keyByName(columns: readonly ColumnRow[]): Key {
  return columns.some(({ name, base }) => name === CONVENTIONAL_KEY && ORDERED.test(base))
    ? { kind: 'columns', columns: [CONVENTIONAL_KEY], isUnique: false }
    : { kind: 'none' };
}

/** Timeout for reading every `id`, in milliseconds. In a slower view, `id` is assumed to be unique. */
const PROOF_MS = 5_000;

/** Returns the key of a view or a foreign table: `id`, if it is unique today, for which all rows are read. */
export async function keyOfRows(db: Pick<Database, 'query'>, from: Sql, columns: readonly ColumnRow[]): Promise<Key> {
  const key = keyByName(columns);
  if (key.kind === 'none') return key;
  const id = ident(CONVENTIONAL_KEY);
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
