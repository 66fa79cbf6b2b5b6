import type { Layer } from '../catalog/layer.ts';
import { ident, join, type Sql, sql } from '../database/sql.ts';

/** The key of a row, each column as text: of `columns` in their order, `[ctid]`, or `[digest, number among equal rows]`. */
export type KeyValues = readonly string[];

/** How many values the key of a layer has. */
export function keyWidth({ key }: Layer): number {
  return { columns: key.kind === 'columns' ? key.columns.length : 0, ctid: 1, none: 2 }[key.kind];
}

/** The id of a feature as text, as {@link parseFeatureId} reads it; undefined where the layer has no key. */
export function featureIdText({ key }: Layer): Sql | undefined {
  if (key.kind === 'none') return undefined;
  if (key.kind === 'ctid') return sql`translate(ctid::text, ',()', '-')`;
  const texts = key.columns.map((name) => sql`${ident(name)}::text`);
  if (texts.length === 1) return texts[0];
  return join(
    texts.map((text) => sql`replace(replace(${text}, '%', '%25'), ':', '%3A')`),
    " || ':' || ",
  );
}

/**
 * Reads the id of a feature as `items-query` writes it: the key as text; a composite key joined by `:`, with `%` and `:`
 * in its parts escaped; `block-row` for a row known by its place only; `digest-number` for a row without any key.
 * @returns undefined for what cannot be an id of this layer
 */
export function parseFeatureId({ key }: Layer, id: string): KeyValues | undefined {
  if (key.kind === 'ctid') {
    const [, block, row] = /^(\d{1,10})-(\d{1,5})$/.exec(id) ?? [];
    return block === undefined ? undefined : [`(${block},${row})`];
  }
  if (key.kind === 'none') return /^([0-9a-f]{32})-(\d{1,15})$/.exec(id)?.slice(1);
  if (key.columns.length === 1) return [id];
  const parts = id.split(':').map((part) => part.replaceAll('%3A', ':').replaceAll('%25', '%'));
  return parts.length === key.columns.length ? parts : undefined;
}
