import type { Layer } from '../catalog/layer.ts';
import { ident, join, raw, type Sql, sql } from '../database/sql.ts';

/** Separator of fields. No term holds it, so none matches across two fields. */
const BETWEEN = raw("E'\\x01'");

/**
 * True where a text field of a row holds one of the terms, ignoring case, tone marks and amounts of white space. All
 * fields are concatenated, folded once and searched once.
 * @param layer already narrowed to what the principal may see
 * @param terms as `fold` returns them
 */
export function searchCondition({ fields }: Layer, terms: readonly string[]): Sql {
  const texts = fields.filter(({ type }) => type === 'string').map(({ name }) => sql`${ident(name)}::text`);
  if (texts.length === 0) return raw('FALSE');
  const pattern = terms.map((term) => term.replace(/[^\p{L}\p{N} ]/gu, '\\$&')).join('|');
  return sql`(base.fold(concat_ws(${BETWEEN}, ${join(texts, ', ')})) ~ ${pattern}::text)`;
}
