import type { Layer } from '../catalog/layer.ts';
import { keyWidth } from './feature-id.ts';
import type { Position } from './items-query.ts';
import { type SortKey, sortText } from './sort.ts';

/** Where a page ended, as an opaque text for the link to the next; it goes with its order. */
export function encodeCursor({ sort, key }: Position, keys: readonly SortKey[]): string {
  const values = keys.length ? [sortText(keys), ...sort, ...key] : key;
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @returns undefined for what no {@link encodeCursor} of this layer and order gives */
export function decodeCursor(layer: Layer, keys: readonly SortKey[], cursor: string): Position | undefined {
  const values = readList(cursor);
  const rest = keys.length ? values?.slice(1) : values;
  if (!values || !rest || (keys.length > 0 && values[0] !== sortText(keys))) return undefined;
  const [sort, key] = [rest.slice(0, keys.length), rest.slice(keys.length)];
  const isSort = sort.every((value): value is string | null => value === null || typeof value === 'string');
  const isKey = key.length === keyWidth(layer) && key.every((value): value is string => typeof value === 'string');
  return isSort && isKey ? { sort: sort as (string | null)[], key: key as string[] } : undefined;
}

function readList(cursor: string): unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}
