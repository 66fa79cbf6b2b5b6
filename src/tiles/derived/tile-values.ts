import type { Field, Layer } from '../../catalog/layer.ts';
import { ident, join, literal, raw, type Sql, sql } from '../../database/sql.ts';

/** Returns the fields that tiles carry. */
export function tileFields(layer: Layer): Field[] {
  return layer.fields.filter(({ name }) => layer.tileFields.includes(name));
}

/** Returns the fields that tiles of a zoom carry. */
export function fieldsAt(layer: Layer, zoom: number): Field[] {
  return tileFields(layer).filter(({ name }) => zoom >= (layer.fieldsFrom[name] ?? 0));
}

/** Beyond it doubles skip whole numbers, and not every writer and reader of MVT supports them. */
const MAX_SAFE = raw(String(Number.MAX_SAFE_INTEGER));

/**
 * Returns the condition that a client can read a field's value as a number; undefined if every value of its type is
 * readable.
 */
function isReadable({ name, type, sqlType }: Field): Sql | undefined {
  const isNumber = type === 'integer' || type === 'number';
  if (!isNumber || /^(smallint|integer)$/.test(sqlType)) return undefined;
  const inRange = sql`${ident(name)} BETWEEN -${MAX_SAFE} AND ${MAX_SAFE}`;
  if (type === 'integer' || /^(real|double precision)$/.test(sqlType)) return inRange;
  // A numeric can also be too small for a double.
  return sql`(${inRange} AND (${ident(name)} = 0 OR abs(${ident(name)}::numeric) >= 5e-324))`;
}

/**
 * Returns the value of a field in tiles. Numbers and booleans stay, and everything else is text, so that both encoders
 * write the same. Numbers that a client cannot read are NULL; {@link tileTexts} holds them.
 */
export function tileValue(field: Field): Sql {
  const { name, type } = field;
  if (type !== 'integer' && type !== 'number') return type === 'boolean' ? ident(name) : sql`${ident(name)}::text`;
  const value = type === 'number' ? sql`${ident(name)}::float8` : ident(name);
  const readable = isReadable(field);
  return readable ? sql`CASE WHEN ${readable} THEN ${value} END` : value;
}

/** Returns the fields that can hold numbers unreadable for clients: 1e400, NaN, int8 beyond 2^53. */
export function unsafeFields(fields: readonly Field[]): Field[] {
  return fields.filter((field) => isReadable(field));
}

/**
 * Returns those numbers of a row as JSON of their texts by name; NULL if it has none, as nearly every row. undefined:
 * no row can have any.
 */
export function tileTexts(fields: readonly Field[]): Sql | undefined {
  const unsafe = unsafeFields(fields);
  if (unsafe.length === 0) return undefined;
  const isText = unsafe.map((field) => sql`NOT ${isReadable(field)}`);
  const texts = unsafe.map(({ name }, index) => sql`CASE WHEN ${isText[index]} THEN ${ident(name)}::text END`);
  return sql`CASE WHEN ${join(isText, ' OR ')} THEN ${textsByName(
    unsafe.map(({ name }) => literal(name)),
    texts,
  )} END`;
}

/**
 * Returns JSON without NULL members. It uses arrays, because a function takes 100 arguments, and a table has up to 1600
 * columns.
 */
export function textsByName(names: readonly Sql[], texts: readonly Sql[]): Sql {
  return sql`jsonb_strip_nulls(jsonb_object(ARRAY[${join(names, ', ')}], ARRAY[${join(texts, ', ')}]))`;
}
