import type { Layer } from '../catalog/layer.ts';
import { ident, join, raw, type Sql, sql } from '../database/sql.ts';

/** Stands between fields: no term has it, so that none is found across two fields. */
const BETWEEN = raw("E'\\x01'");

/**
 * Whether a text field of a row holds one of the terms, in any case, with or without tone marks and whatever white space is
 * between words: all fields together are folded once, and looked through once.
 * @param layer already narrowed to what the principal may see
 * @param terms as `fold` makes them
 */
export function searchCondition({ fields }: Layer, terms: readonly string[]): Sql {
  const texts = fields.filter(({ type }) => type === 'string').map(({ name }) => sql`${ident(name)}::text`);
  if (texts.length === 0) return raw('FALSE');
  const pattern = terms.map((term) => term.replace(/[^\p{L}\p{N} ]/gu, '\\$&')).join('|');
  return sql`(base.fold(concat_ws(${BETWEEN}, ${join(texts, ', ')})) ~ ${pattern}::text)`;
}
