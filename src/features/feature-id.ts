import type { Layer } from '../catalog/layer.ts';
import { EMPTY, ident, join, type Sql, sql } from '../database/sql.ts';

/**
 * The key of a row, each column as text: of `columns` in their order, `[ctid]`, `[tableoid, ctid]`, or
 * `[digest, number among equal rows]`. null: only where nothing holds the key to be unique.
 */
export type KeyValues = readonly (string | null)[];

/** How many values the key of a layer has. */
export function keyWidth({ key }: Layer): number {
  if (key.kind === 'columns') return key.columns.length;
  return key.kind === 'ctid' && !key.isSpread ? 1 : 2;
}

/** Whether a key may stand for several rows, or be null: nothing holds it to be unique. */
export function repeatsKeys({ key }: Layer): boolean {
  return key.kind === 'columns' && !key.isUnique;
}

/** The id of a feature as text, as {@link parseFeatureId} reads it; undefined where the layer has no key. */
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
 * Reads the id of a feature as `items-query` writes it: the key as text; a composite key joined by `:`, with `%` and `:`
 * in its parts escaped; `block-row` for a row known by its place only, `table-block-row` where its table has to be known too; `digest-number` for a row without any key.
 * @returns undefined for what cannot be an id of this layer
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
