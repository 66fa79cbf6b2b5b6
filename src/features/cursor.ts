import type { Layer } from '../catalog/layer.ts';
import { keyWidth, repeatsKeys } from './feature-id.ts';
import type { PagePosition } from './row-key.ts';
import { type SortKey, sortText } from './sort.ts';

/**
 * Encodes the position at the end of a page as an opaque text for the next link. The cursor is valid for one order
 * only.
 */
export function encodeCursor({ sort, key, given }: PagePosition, keys: readonly SortKey[]): string {
  const values = [...(keys.length ? [sortText(keys), ...sort] : []), ...key, ...(given === undefined ? [] : [given])];
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @returns undefined if the text is no cursor of this layer and order */
export function decodeCursor(layer: Layer, keys: readonly SortKey[], cursor: string): PagePosition | undefined {
  const values = readEntries(cursor);
  const rest = keys.length ? values?.slice(1) : values;
  if (!values || !rest || (keys.length > 0 && values[0] !== sortText(keys))) return undefined;
  const end = keys.length + keyWidth(layer);
  const [sort, key, counts] = [rest.slice(0, keys.length), rest.slice(keys.length, end), rest.slice(end)];
  const mayRepeat = repeatsKeys(layer);
  if (key.length !== keyWidth(layer) || counts.length !== (mayRepeat ? 1 : 0)) return undefined;
  if (!isTexts(sort) || !isTexts(key) || (!mayRepeat && key.includes(null))) return undefined;
  const [given] = counts;
  if (given === undefined) return { sort, key };
  return Number.isSafeInteger(given) && Number(given) >= 0 ? { sort, key, given: Number(given) } : undefined;
}

/** A page as read: the requested rows, and one more if another page follows. */
export interface ReadPage<R> {
  readonly rows: readonly R[];
  readonly more: R | undefined;
}

/**
 * Reads a page. If keys turn out to repeat, it is read again with `isTied`. Rows of equal key then have the same order on
 * the next page.
 * @param mayCut true if rows of one key may lie on both sides of the page's start
 */
export async function readPage<R extends Pick<PagePosition, 'key'>>(
  layer: Layer,
  { limit, mayCut }: { readonly limit: number; readonly mayCut: boolean },
  read: (isTied: boolean) => Promise<readonly R[]>,
): Promise<ReadPage<R>> {
  const isTied = mayCut && repeatsKeys(layer);
  const first = await read(isTied);
  const rows = repeatsKeys(layer) && !isTied && hasRepeats(first) ? await read(true) : first;
  return { rows: rows.slice(0, limit), more: rows[limit] };
}

function hasRepeats(rows: readonly Pick<PagePosition, 'key'>[]): boolean {
  return rows.some(({ key }, index) => index > 0 && JSON.stringify(key) === JSON.stringify(rows[index - 1]?.key));
}

/**
 * Returns the position at the end of a page; undefined if the page is empty.
 * @param before position at the end of the previous page
 */
export function endOfPage(
  layer: Layer,
  { rows, more }: ReadPage<PagePosition>,
  before: PagePosition | undefined,
): PagePosition | undefined {
  const last = rows.at(-1);
  if (!last || !repeatsKeys(layer)) return last && { sort: last.sort, key: last.key };
  const name = (position: PagePosition | undefined) => JSON.stringify(position && [position.sort, position.key]);
  if (name(more) !== name(last)) return { sort: last.sort, key: last.key, given: 0 };
  const others = rows.findLastIndex((row) => name(row) !== name(last));
  const earlier = others < 0 && name(before) === name(last) ? (before?.given ?? 0) : 0;
  return { sort: last.sort, key: last.key, given: rows.length - 1 - others + earlier };
}

function isTexts(values: readonly unknown[]): values is (string | null)[] {
  return values.every((value) => value === null || typeof value === 'string');
}

function readEntries(cursor: string): unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}
