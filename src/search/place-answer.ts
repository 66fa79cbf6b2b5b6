import type { QueryOptions } from '../database/database.ts';
import type { LocatedUnits } from '../parcels/parcels.ts';
import { essentialWords } from '../phrase/essential-words.ts';
import { type Mention, readMentions } from '../phrase/mentions.ts';
import { FEWEST_LETTERS, PLACE_TYPES, type PlaceType, placeTerms } from '../phrase/place-phrase.ts';
import { isInitials, knownNames, meantNames } from '../phrase/typing-faults.ts';
import { wordsBesideUnits } from '../phrase/unit-words.ts';
import { type PhraseWord, splitWords } from '../phrase/words.ts';
import type { OtherQuestion, SearchAnswer, SearchOptions } from './answer.ts';
import type { SearchContext } from './context.ts';
import { type PlaceRow, placeHit } from './place-hit.ts';
import { placeNamesQuery } from './place-names-query.ts';
import { placesQuery } from './place-query.ts';
import type { PlaceQuestion } from './place-rank.ts';

/** Most names offered for a misspelt one. */
const MOST_MEANT = 3;
/** Characters of a question that are repeated in its answer. */
const LONGEST_SHOWN = 80;

/** Finds places: as asked, else without the words around a name. Of a miss it says what may have been meant. */
export async function answerPlaces(
  text: string,
  context: SearchContext,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const words = splitWords(text);
  if (placeTerms(words).length === 0 || text.trim().length < FEWEST_LETTERS) return TOO_SHORT;
  const mentions = readMentions(words);
  const located = await context.parcels.locate(mentions, false, options);
  const understood = understoodUnits(located);
  const essential = essentialOf(words, mentions, located);
  const isLess = essential.length > 0 && essential.length < words.length;
  const questions = [words, ...(isLess ? [essential] : [])].map((each) => questionOf(each, mentions, located, options));
  for (const question of questions) {
    const rows = await findPlaces(question, context, options);
    if (rows.length) return { hits: rows.map(placeHit), numberMatched: rows[0]?.total ?? 0, understood };
  }
  const question = questions.at(-1) as PlaceQuestion;
  const elsewhere = await offerElsewhere(question, context, options);
  const didYouMean = elsewhere.length ? elsewhere : await offerMeant(question, context, options);
  const { groups } = located.recognized;
  const left = wordsBesideUnits(isLess ? essential : words, mentions, { kindsOf: groups, namesOf: groups });
  return { hits: [], numberMatched: 0, understood, ...explainNothing(text, { located, left, didYouMean }) };
}

/** Groups of units above communes. */
const higherOf = ({ recognized: { groups } }: LocatedUnits) =>
  groups.filter(({ units }) => !units.some(({ level }) => level === 'commune'));

/** Returns the words without those around the place, and without districts and provinces. */
function essentialOf(words: readonly PhraseWord[], mentions: readonly Mention[], located: LocatedUnits): PhraseWord[] {
  const higher = higherOf(located);
  return essentialWords(wordsBesideUnits(words, mentions, { kindsOf: higher, namesOf: higher }));
}

function questionOf(
  words: readonly PhraseWord[],
  mentions: readonly Mention[],
  located: LocatedUnits,
  { types, layers, limit, offset }: SearchOptions,
): PlaceQuestion {
  const { groups } = located.recognized;
  const higher = higherOf(located);
  const without = (kindsOf: typeof groups, namesOf: typeof groups) =>
    placeTerms(wordsBesideUnits(words, mentions, { kindsOf, namesOf }));
  const units = groups.length ? meantUnits(located) : [];
  const beside = without(groups, groups);
  return {
    terms: placeTerms(words),
    plain: without(groups, []),
    // A letter beside the name of a unit says nothing.
    own: units.length && /^[a-z]?$/.test(beside.join('')) ? [] : beside,
    address: without(higher, higher),
    units,
    scope: located.entries ?? [],
    types: PLACE_TYPES.filter((type: PlaceType) => types?.includes(type) ?? true),
    ...{ layers, limit, offset },
  };
}

function findPlaces(question: PlaceQuestion, { db }: SearchContext, { signal }: QueryOptions): Promise<PlaceRow[]> {
  return db.query<PlaceRow>(placesQuery(question), { signal, prepared: true });
}

/** Returns places of this name that lie outside of the units that the question names. */
async function offerElsewhere(
  question: PlaceQuestion,
  context: SearchContext,
  options: QueryOptions,
): Promise<OtherQuestion[]> {
  const { own, units } = question;
  if (units.length === 0 || own.join('').length < FEWEST_LETTERS) return [];
  const anywhere = { terms: own, plain: own, address: own, units: [], scope: [], limit: MOST_MEANT, offset: 0 };
  const rows = await findPlaces({ ...question, ...anywhere }, context, options);
  return rows.map(placeHit).map(({ title }) => ({ label: title, q: title.vi }));
}

/** Returns names from which the words differ by typing faults, or whose initials they are. */
async function offerMeant(
  question: PlaceQuestion,
  { db }: SearchContext,
  { signal }: QueryOptions,
): Promise<OtherQuestion[]> {
  const names = knownNames(
    await db.query<{ name: string }>(placeNamesQuery(question.layers), { signal, prepared: true }),
  );
  const typed = [question.terms, question.own].filter(({ length }) => length > 0);
  const texts = typed.flatMap((terms) => [terms, terms.slice(1)]);
  const short = names.filter(({ words }) => texts.some((terms) => isInitials(words, terms))).map(({ name }) => name);
  const meant = short.length ? short : meantNames(names, texts);
  return meant.slice(0, MOST_MEANT).map((name) => ({ label: { vi: name, en: name }, q: name }));
}

const TOO_SHORT: SearchAnswer = {
  hits: [],
  numberMatched: 0,
  understood: {},
  message: {
    vi: `Hãy gõ ít nhất ${FEWEST_LETTERS} chữ cái, ví dụ "phú lợi" hoặc "tờ 12 thửa 345".`,
    en: `Type at least ${FEWEST_LETTERS} letters, e.g. "phú lợi" or "tờ 12 thửa 345".`,
  },
};

/** Returns the units that are meant, in order: those of the scope, then others that the words name. */
function meantUnits({ units = [], recognized }: LocatedUnits) {
  const others = recognized.groups.flatMap((group) => group.units);
  const seen = new Set<string>();
  return [...units, ...others].filter(({ code, validFrom }) => {
    const key = `${code} ${validFrom}`;
    return !seen.has(key) && seen.add(key);
  });
}

function understoodUnits({ units }: LocatedUnits): SearchAnswer['understood'] {
  return units ? { unit: units.map(({ code, validFrom, name }) => ({ code, validFrom, name })) } : {};
}

interface Nothing {
  readonly located: LocatedUnits;
  /** Words that name nothing known. */
  readonly left: readonly PhraseWord[];
  readonly didYouMean: readonly OtherQuestion[];
}

function explainNothing(
  text: string,
  { located: { units = [] }, left, didYouMean }: Nothing,
): Pick<SearchAnswer, 'message' | 'didYouMean' | 'notUnderstood'> {
  const shown = text.trim().slice(0, LONGEST_SHOWN);
  const unknown = left.map((word) => word.shown).join(' ');
  const notUnderstood = units.length && unknown ? [unknown.slice(0, LONGEST_SHOWN)] : [shown];
  const [first] = didYouMean;
  if (first) {
    const message = {
      vi: `Không thấy "${shown}". Có phải ${first.label.vi}?`,
      en: `"${shown}" was not found. Did you mean ${first.label.en}?`,
    };
    return { message, notUnderstood, didYouMean };
  }
  const known = [...new Set(units.map(({ name }) => name))].slice(0, 3).join(', ');
  return {
    message: {
      vi: `Không thấy "${shown}".${known && ` Đã nhận ra: ${known}; chưa hiểu: "${notUnderstood[0]}".`} Hãy thử tên đường, tên phường, mã trạm, tọa độ, hoặc "tờ 12 thửa 345".`,
      en: `"${shown}" was not found.${known && ` Understood: ${known}; not understood: "${notUnderstood[0]}".`} Try a road, a ward, the code of a station, coordinates, or "tờ 12 thửa 345".`,
    },
    notUnderstood,
  };
}
