import { EXACT_ROWS } from '../catalog/extent.ts';
import type { Field, Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import type { Database } from '../database/database.ts';
import { ident, type Query, sql } from '../database/sql.ts';
import { fieldValue, timeField } from './items-query.ts';

/** Begin and end, both included: RFC 3339 in UTC; null: open or unknown. */
export type TimeExtent = readonly [string | null, string | null];

const OPEN: TimeExtent = [null, null];

/**
 * Returns the period of a layer's features, by the field that `datetime` refers to. Returns null if there is no such
 * field or no value in it, and for the rows of a function. A large layer without an index on that field is open at both
 * ends, which is correct and free. The period is not cached, since edits move it.
 */
export async function timeExtent(db: Database, layer: Layer): Promise<TimeExtent | null> {
  const field = timeField(layer);
  if (!field || layer.call) return null;
  if (layer.rowEstimate > EXACT_ROWS && !(await isIndexed(db, layer, field))) return OPEN;
  const [row] = await db.query<{ begin: string | null; end: string | null }>(spanQuery(layer, field));
  if (!row || row.begin === null || row.end === null) return null;
  return [instant(field, row.begin, '00:00:00'), instant(field, row.end, '23:59:59')];
}

/** Selects one row, `{begin, end}`, as texts. */
function spanQuery(layer: Layer, field: Field): Query {
  const column = ident(field.name);
  const text = (name: string) => sql`to_json(${fieldValue({ ...field, name })}) #>> '{}'`;
  return sql`SELECT ${text('begin')} AS "begin", ${text('end')} AS "end"
    FROM (SELECT min(${column}) AS "begin", max(${column}) AS "end" FROM ${relation(layer)}) AS span`;
}

/** Returns true if an index can give the first and the last value. */
async function isIndexed(db: Database, { schema, table }: Layer, { name }: Field): Promise<boolean> {
  const rows = await db.query(sql`SELECT FROM pg_index
    JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_am AS method ON method.oid = index.relam
    JOIN pg_attribute AS first ON first.attrelid = indrelid AND first.attnum = indkey[0]
    WHERE indrelid = to_regclass(${ident(schema, table).text}::text) AND indisvalid AND indpred IS NULL
      AND method.amname = 'btree' AND first.attname = ${name}`);
  return rows.length > 0;
}

/**
 * @param time appended to a date, which denotes the whole day
 * @returns null for infinity and for years that RFC 3339 cannot express
 */
function instant({ type }: Field, text: string, time: string): string | null {
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/.test(text)) return null;
  if (type === 'date') return `${text}T${time}Z`;
  return text.endsWith('Z') ? text : `${text}Z`;
}
