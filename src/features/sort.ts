import type { Field } from '../catalog/layer.ts';
import { EMPTY, ident, join, raw, type Sql, sql } from '../database/sql.ts';

/** One key of an order. NULL counts as larger than every value, as in PostgreSQL's indexes. */
export interface SortKey {
  readonly field: Field;
  readonly descending: boolean;
}

/** The values of the sort keys of a row, each as text. */
export type SortValues = readonly (string | null)[];

/** Types whose values sort by themselves. Others (inet, xml, enums, …) are sorted by the text that clients receive. */
const ORDERED = /^(text|character|uuid|time|interval)/;

/**
 * Returns the fields by which rows can be sorted. JSON is left out, because it has no order that a reader would expect.
 */
export function sortableFields(fields: readonly Field[]): Field[] {
  return fields.filter(({ type }) => type !== 'json');
}

/** Returns the order as text, `+a,-b`. Equal orders give equal texts. */
export function sortText(keys: readonly SortKey[]): string {
  return keys.map(({ field, descending }) => `${descending ? '-' : '+'}${field.name}`).join(',');
}

/** Returns the values as text, for a cursor. */
export function sortColumns(keys: readonly SortKey[]): Sql[] {
  return keys.map(({ field }) => sql`${ident(field.name)}::text`);
}

/** Returns the terms of ORDER BY. */
export function sortOrder(keys: readonly SortKey[]): Sql[] {
  return keys.map((key) => sql`${sortedValue(key)} ${raw(key.descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST')}`);
}

/**
 * Returns the condition for rows after a row in the order. Such a row is later by one sort key and equal in those
 * before, or equal in all and later by its own key.
 * @param tie the condition on the row's own key
 */
export function sortedAfter(keys: readonly SortKey[], values: SortValues, tie: Sql): Sql {
  const cases = [...keys.keys(), keys.length].map((at) => {
    const key = keys[at];
    const same = keys.slice(0, at).map((each, index) => sql`${sortsEqual(each, values[index] ?? null)} AND `);
    return sql`(${same.length ? join(same, '') : EMPTY}${key ? isLater(key, values[at] ?? null) : tie})`;
  });
  return sql`(${firstBound(keys[0], values[0] ?? null)}(${join(cases, ' OR ')}))`;
}

/**
 * Returns a bound on the first key, because no index can answer the OR alone. In the middle of 1.2 million rows it
 * takes 11 ms instead of 170, for 600 000 rows skipped.
 */
function firstBound(key: SortKey | undefined, value: string | null): Sql {
  // Empty values come last: in ascending order they may follow any value.
  if (!key || value === null || (!key.descending && key.field.nullable)) return EMPTY;
  return sql`${sortedValue(key)} ${raw(key.descending ? '<=' : '>=')} ${typedBound(key, value)} AND `;
}

function sortsEqual(key: SortKey, value: string | null): Sql {
  return value === null ? sql`${sortedValue(key)} IS NULL` : sql`${sortedValue(key)} = ${typedBound(key, value)}`;
}

function isLater(key: SortKey, value: string | null): Sql {
  const column = sortedValue(key);
  if (key.descending) return value === null ? sql`${column} IS NOT NULL` : sql`${column} < ${typedBound(key, value)}`;
  return value === null ? raw('FALSE') : sql`(${column} > ${typedBound(key, value)} OR ${column} IS NULL)`;
}

function isTextKey({ field: { type, sqlType } }: SortKey): boolean {
  return type === 'string' && !ORDERED.test(sqlType);
}

function sortedValue(key: SortKey): Sql {
  const column = ident(key.field.name);
  return isTextKey(key) ? sql`${column}::text` : column;
}

function typedBound(key: SortKey, value: string): Sql {
  return isTextKey(key) ? sql`${value}::text` : sql`${value}::text::${raw(castType(key.field.sqlType))}`;
}

/**
 * Returns the type without its length, which would shorten the value in a cast. A bare `character` or `bit` would mean
 * length one.
 */
export function castType(sqlType: string): string {
  if (sqlType.includes('"')) return sqlType;
  const type = sqlType.replace(/\([\d, -]+\)/, '');
  return type.replace(/^character(?=\[|$)/, 'bpchar').replace(/^bit(?=\[|$)/, 'bit varying');
}
