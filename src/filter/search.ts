import type { Layer } from '../catalog/layer.ts';
import { ident, join, raw, type Sql, sql } from '../database/sql.ts';
import { fold } from '../lib/text.ts';

/** Separator of fields. No term holds it, so none matches across two fields. */
const BETWEEN = raw("E'\\x01'");

/**
 * True where a text field of a row holds one of the terms, ignoring case, tone marks and amounts of white space. All
 * fields are concatenated and searched once.
 * @param layer already narrowed to what the principal may see
 * @param terms as `fold` returns them
 */
export function searchCondition({ fields }: Layer, terms: readonly string[]): Sql {
  const texts = fields.filter(({ type }) => type === 'string').map(({ name }) => sql`${ident(name)}::text`);
  if (texts.length === 0) return raw('FALSE');
  const text = sql`concat_ws(${BETWEEN}, ${join(texts, ', ')})`;
  const patterns = terms.map(patternOf);
  if (patterns.every((pattern) => pattern !== undefined)) return sql`(${text} ~ ${patterns.join('|')}::text)`;
  return sql`(base.fold(${text}) ~ ${terms.map(escaped).join('|')}::text)`;
}

function escaped(term: string): string {
  return term.replace(/[^\p{L}\p{N} ]/gu, '\\$&');
}

/** Characters by what `fold` returns for each, where that is ASCII. */
const UNFOLDED: ReadonlyMap<string, string> = (() => {
  const characters = new Map<string, string>();
  for (let code = 0x21; code < 0x10000; code++) {
    const folded = fold(String.fromCharCode(code));
    if (/^[!-~]$/.test(folded)) characters.set(folded, (characters.get(folded) ?? '') + String.fromCharCode(code));
  }
  return characters;
})();

/** White space as JavaScript has it. PostgreSQL does not count no-break spaces. */
const BLANKS = '[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+';

/** Most characters of a term that becomes a pattern: 200 make one of 10 KB. */
const LONGEST = 200;

/**
 * Returns a pattern that finds in the plain text what the term finds in the text folded by `base.fold`. It takes 6 µs a
 * parcel instead of 40. Returns undefined where the term is not ASCII, or longer than {@link LONGEST}.
 */
function patternOf(term: string): string | undefined {
  if (term.length > LONGEST) return undefined;
  let pattern = '';
  for (const character of term) {
    const variants = UNFOLDED.get(character);
    if (character !== ' ' && variants === undefined) return undefined;
    // A tone mark can be a character of its own, behind its letter.
    pattern += character === ' ' ? BLANKS : `[${variants?.replace(/[\]\\^-]/g, '\\$&')}][\u0300-\u036f]*`;
  }
  return pattern;
}
