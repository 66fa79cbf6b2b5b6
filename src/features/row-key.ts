import { integerKey } from '../catalog/key.ts';
import type { Layer } from '../catalog/layer.ts';
import { ident, identList, join, raw, type Sql, sql } from '../database/sql.ts';
import { featureIdText, type KeyValues, repeatsKeys } from './feature-id.ts';
import { castType, type SortValues } from './sort.ts';

/** The position of a feature in an order. */
export interface PagePosition {
  readonly sort: SortValues;
  readonly key: KeyValues;
  /** Number of rows of this key up to here, if the key may repeat; 0: all. */
  readonly given?: number;
}

/** The largest integer that a JSON reader represents exactly. */
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Names that no column has by accident. */
export const DIGEST = ident('diaba digest');
export const ROW_NUMBER = ident('diaba number');

export function keyColumns({ key }: Layer): Sql[] {
  if (key.kind === 'columns') return key.columns.map((name) => ident(name));
  if (key.kind === 'ctid') return key.isSpread ? [raw('tableoid'), raw('ctid')] : [raw('ctid')];
  return [DIGEST, ROW_NUMBER];
}

/**
 * Returns the terms of ORDER BY.
 * @param isTied as in `Order` of items-query
 */
export function keyOrder(layer: Layer, isTied = false): Sql[] {
  return [...keyColumns(layer), ...(isTied ? [sql`ROW(${allColumns(layer)})::text`] : [])];
}

/**
 * Returns the condition for rows after a position in key order. If not all rows of that key were delivered, it includes
 * the key.
 */
export function afterKey(layer: Layer, { key, given = 0 }: Pick<PagePosition, 'key' | 'given'>): Sql {
  if (!repeatsKeys(layer)) return keyCondition(layer, '>', key);
  const isNull = join(
    keyColumns(layer).map((column) => sql`${column} IS NULL`),
    ' OR ',
  );
  if (key.includes(null)) return given > 0 ? isNull : raw('FALSE');
  return sql`(${keyCondition(layer, given > 0 ? '>=' : '>', key)} OR ${isNull})`;
}

export function allColumns({ geometry, fields }: Layer): Sql {
  return identList([geometry.column, ...fields.map(({ name }) => name)]);
}

/** Compares whole keys in their own types and order, so that their index is used. */
export function keyCondition(layer: Layer, operator: '=' | '>' | '>=', values: KeyValues): Sql {
  const types = keyTypes(layer);
  const given = values.map((value, index) => sql`${value}::text::${raw(types[index] ?? 'text')}`);
  return sql`(${join(keyColumns(layer), ', ')}) ${raw(operator)} (${join(given, ', ')})`;
}

/**
 * Matches any of several keys. Each column gets one array, so that the statement does not grow with the number of keys.
 */
export function anyKeyCondition(layer: Layer, keys: readonly KeyValues[]): Sql {
  const types = keyTypes(layer);
  const lists = types.map((type, index) => sql`${keys.map((key) => key[index])}::text[]::${raw(type)}[]`);
  const columns = join(keyColumns(layer), ', ');
  return lists.length === 1
    ? sql`${columns} = ANY(${lists[0]})`
    : sql`(${columns}) IN (SELECT * FROM unnest(${join(lists, ', ')}))`;
}

function keyTypes({ key, fields }: Layer): string[] {
  if (key.kind === 'ctid') return key.isSpread ? ['oid', 'tid'] : ['tid'];
  if (key.kind === 'none') return ['text', 'int8'];
  return key.columns.map((name) => castType(fields.find((field) => field.name === name)?.sqlType ?? 'text'));
}

export function featureId(layer: Layer): Sql {
  const name = integerKey(layer);
  if (name === undefined) return featureIdText(layer) ?? sql`${DIGEST} || '-' || ${ROW_NUMBER}`;
  const column = ident(name);
  return sql`CASE WHEN ${column}::int8 BETWEEN ${raw(`-${MAX_SAFE} AND ${MAX_SAFE}`)} THEN to_json(${column}) ELSE to_json(${column}::text) END`;
}
