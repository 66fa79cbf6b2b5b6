import { ident, join, raw, type Sql, sql } from '../database/sql.ts';
import {
  FEWEST_LETTERS,
  nameFor,
  type PlaceName,
  type PlaceType,
  searchTerms,
  writtenKeys,
} from '../phrase/place-phrase.ts';
import type { ScopeEntry } from '../phrase/unit-scope.ts';
import type { UnitReference } from '../phrase/units.ts';

/** A question about places. */
export interface PlaceQuestion {
  /** All words of the question. */
  readonly terms: readonly string[];
  /** The words without the kinds of units. */
  readonly plain: readonly string[];
  /** The words without those that name units; equal to `terms` if none do. */
  readonly own: readonly string[];
  /** The words without those that name districts and provinces, which addresses do not hold. */
  readonly address: readonly string[];
  /** Units that the question names. */
  readonly units: readonly UnitReference[];
  readonly scope: readonly ScopeEntry[];
  /** Types to look for, and the layers that may be seen. */
  readonly types: readonly PlaceType[];
  readonly layers: ReadonlySet<string>;
  readonly limit: number;
  readonly offset: number;
}

/** Returns a folded name in one piece, without leading zeros and with `tp`, as {@link writtenKeys} are. */
const squeezed = (folded: Sql) =>
  sql`regexp_replace(regexp_replace(replace(${folded}, 'thanh pho ', 'tp '), '(^|[^0-9])0+(?=[0-9])', '\\1', 'g'), '[^a-z0-9]+', '', 'g')`;

/** Kinds in front of names, which people leave out. */
const KIND = raw(`'^(kcn|khu (?:cong nghiep|lien hop|pho)|ap|song|suoi|kenh|rach|ho|bai rac|nha may|lo dot) '`);

/** Lowers every rank of a type that the question names below those of other types. */
const CUED = 5;

/** Conditions and order of the rows that match, on the columns of which `words` consists. */
export interface Matching {
  /** Holds all words, or those beside the unit's. */
  readonly holds: Sql;
  /** Holds all words; a row that does not must lie in the units of the question. */
  readonly holdsWhole: Sql;
  /** Distance of names from the question; the lower, the closer. It takes some 30 µs: rank each name once. */
  readonly rank: (names: readonly Sql[]) => Sql;
}

/**
 * Returns the match of a type's rows: by all words, or by those beside the unit's within the unit.
 * @param words text search vector of a row
 */
export function matching(type: PlaceType, words: Sql, question: PlaceQuestion): Matching {
  const { terms, plain, own, address, scope } = question;
  // Addresses name their unit themselves, and a decision holds for a province.
  const isFixed = type === 'address' || type === 'decision';
  const whole = nameFor(type, type === 'address' ? address : terms);
  const wholes = plain.length < terms.length && !isFixed ? [whole, nameFor(type, plain)] : [whole];
  const part = nameFor(type, own);
  // A short word is the beginning of too many names.
  const isPart =
    !isFixed && own.length < terms.length && scope.length > 0 && part.terms.join('').length >= FEWEST_LETTERS;
  const names = isPart ? [...wholes, part] : wholes;
  const holds = (asked: readonly PlaceName[]) => {
    const queries = asked.filter((name) => name.terms.length > 0).map((name) => `(${searchTerms(name.terms)})`);
    return sql`${words} @@ ${queries.join(' | ')}::tsquery`;
  };
  const holdsWhole = isPart ? holds(wholes) : raw('TRUE');
  return { holds: holds(names), holdsWhole, rank: (columns) => matchRank(columns, names, holdsWhole) };
}

/** 0 equal, 1 equal but for the kind in front, 2 it begins so, 3 it holds all words, 4 those beside the unit's. */
function matchRank(columns: readonly Sql[], names: readonly PlaceName[], holdsWhole: Sql): Sql {
  const keys = [...new Set(names.flatMap(({ terms }) => writtenKeys(terms)))];
  const bonus = names.some(({ isCued }) => isCued) ? CUED : 0;
  const folded = columns.map((column) => sql`(base.fold(${column}))`);
  return sql`(SELECT min(CASE WHEN key = ANY(${keys}::text[]) THEN 0
      WHEN folded ~ ${KIND} AND ${squeezed(sql`regexp_replace(folded, ${KIND}, '')`)} = ANY(${keys}::text[]) THEN 1
      WHEN starts_with(key, ${keys[0] ?? ''}) THEN 2 WHEN ${holdsWhole} THEN 3 ELSE 4 END) - ${bonus}::int
    FROM (SELECT folded, ${squeezed(raw('folded'))} AS key FROM (VALUES ${join(folded, ', ')}) AS name (folded) OFFSET 0) AS name)`;
}

/** Condition that the row `t` lies in the units of the question. */
export function isInScope({ scope }: PlaceQuestion): Sql {
  return sql`EXISTS (SELECT FROM base.unit s WHERE ${isOneOf('s', scope)} AND s.geom && t.geom AND ST_Intersects(s.geom, t.geom))`;
}

/** Condition that a unit is one of these. */
export function isOneOf(alias: string, units: readonly UnitReference[]): Sql {
  const [codes, from] = [units.map(({ code }) => code), units.map(({ validFrom }) => validFrom)];
  return sql`(${ident(alias)}.code, ${ident(alias)}.valid_from) IN (SELECT * FROM unnest(${codes}::text[], ${from}::date[]))`;
}
