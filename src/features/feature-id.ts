import type { Layer } from '../catalog/layer.ts';
import { EMPTY, ident, join, type Sql, sql } from '../database/sql.ts';

/**
 * The key of a row, each column as text: the `columns` in order, `[ctid]`, `[tableoid, ctid]`, or `[digest, number
 * among equal rows]`. A value is null only if no constraint makes the key unique.
 */
export type KeyValues = readonly (string | null)[];

/** Returns the number of values in the layer's key. */
export function keyWidth({ key }: Layer): number {
  if (key.kind === 'columns') return key.columns.length;
  return key.kind === 'ctid' && !key.isSpread ? 1 : 2;
}

/** Returns true if several rows may have the same key, or a null one, because no constraint makes it unique. */
export function repeatsKeys({ key }: Layer): boolean {
  return key.kind === 'columns' && !key.isUnique;
}

/** Returns the id of a feature as text, for {@link parseFeatureId}; undefined if the layer has no key. */
export function featureIdText({ key }: Layer): Sql | undefined {
  if (key.kind === 'none') return undefined;
  if (key.kind === 'ctid')
    return sql`${key.isSpread ? sql`tableoid::text || '-' || ` : EMPTY}translate(ctid::text, ',()', '-')`;
  const texts = key.columns.map((name) => sql`${ident(name)}::text`);
  if (texts.length === 1) return texts[0];
  return join(
    texts.map((text) => sql`replace(replace(${text}, '%', '%25'), ':', '%3A')`),
    " || ':' || ",
  );
}

/**
 * Parses the id of a feature as `items-query` writes it:
 * - the key as text; the parts of a composite key are joined by `:`, with `%` and `:` escaped in them;
 * - `block-row` for a row known only by its place, `table-block-row` if the table is needed as well;
 * - `digest-number` for a row without any key.
 * @returns undefined if the text cannot be an id of this layer
 */
export function parseFeatureId({ key }: Layer, id: string): KeyValues | undefined {
  if (key.kind === 'ctid') {
    const pattern = key.isSpread ? /^(\d{1,10})-(\d{1,10})-(\d{1,5})$/ : /^(\d{1,10})-(\d{1,5})$/;
    const [row, block, table] = (pattern.exec(id)?.slice(1) ?? []).reverse();
    return row === undefined ? undefined : [...(table === undefined ? [] : [table]), `(${block},${row})`];
  }
  if (key.kind === 'none') return /^([0-9a-f]{32})-(\d{1,15})$/.exec(id)?.slice(1);
  if (key.columns.length === 1) return [id];
  const parts = id.split(':').map((part) => part.replaceAll('%3A', ':').replaceAll('%25', '%'));
  return parts.length === key.columns.length ? parts : undefined;
}
