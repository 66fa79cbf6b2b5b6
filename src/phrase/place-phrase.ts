import { isMark, type PhraseWord } from './words.ts';

/** Types of places that a question can name. */
export const PLACE_TYPES = [
  'unit',
  'station',
  'road',
  'waterway',
  'waste_site',
  'decision',
  'control_point',
  'place',
  'address',
] as const;

export type PlaceType = (typeof PLACE_TYPES)[number];

/** Words by which people say which type they mean, the longest first. They are no part of the name in the data. */
const CUES: Partial<Record<PlaceType, readonly string[]>> = {
  station: ['tram quan trac', 'diem quan trac', 'ma tram', 'tram do', 'tram', 'quan trac', 'station'],
  road: ['ten duong', 'tuyen duong', 'con duong', 'duong', 'dg', 'd', 'pho', 'street', 'road'],
  waterway: ['long ho'],
  waste_site: ['bai rac', 'khu xu ly rac'],
  decision: ['quyet dinh so', 'quyet dinh', 'quy hoach theo', 'quy hoach', 'qd so'],
  control_point: [
    'diem khong che toa do',
    'diem khong che',
    'diem toa do',
    'diem dia chinh',
    'moc toa do',
    'moc',
    'diem',
    'control point',
  ],
  place: ['dia danh'],
  address: ['dia chi thua dat', 'dia chi'],
};

/** English puts the kind behind the name. */
const ENDS: Partial<Record<PlaceType, RegExp>> = { road: / (?:street|st|road)$/ };

/** Number and issuer of a decision, wherever they stand in a sentence about it. */
const DECISION = /(?<![^ ])(\d+) ((?:qd|nq) [a-z]+)(?![^ ])/;

/** Abbreviations and other spellings, and those of the data. */
const SYNONYMS: readonly (readonly [RegExp, string])[] = [
  [/\bquoc lo\b/g, 'ql'],
  [/\b(?:duong )?tinh lo\b|\btl(?= \d)/g, 'dt'],
  [/\bduong tinh\b/g, 'dt'],
  [/\bduong huyen\b|\bhuong lo\b/g, 'dh'],
  [/\bvd(?= \d)/g, 'vanh dai'],
  [/\bdl\b/g, 'dai lo'],
  [/^s (?=[a-z]{2})/g, 'song '],
  [/\bkhu cong nghiep\b/g, 'kcn'],
  [/\bkp(?= \d)/g, 'khu pho'],
  [/\bquyet dinh\b/g, 'qd'],
  [/\b(?:diem )?dia chinh co so\b/g, 'dccs'],
  [/\bcmt ?8\b|\bcach mang thang 8\b/g, 'cach mang thang tam'],
  [/\bhcm\b/g, 'ho chi minh'],
  [/\bthanh pho\b/g, 'tp'],
  [/\btram trung chuyen (?:rac|chat thai)\b/g, 'tram trung chuyen'],
  [/\bbai chon lap(?: rac thai)?\b/g, 'bai rac'],
  [/\bnuoc (?:ngam|duoi dat)\b/g, 'gieng quan trac'],
  [/\bkhi thai\b/g, 'ong khoi'],
];

/** Number of the first letters from which people are answered while they type. */
export const FEWEST_LETTERS = 3;

/** Most words of a name that are looked for. */
const MOST_TERMS = 30;
/** PostgreSQL refuses words of more than 2046 bytes. */
const LONGEST_TERM = 50;

/** A name as it is looked for among the places of a type. */
export interface PlaceName {
  /** Words and numbers, folded; the last one may be incomplete. */
  readonly terms: readonly string[];
  /** True if the question says that it means this type. */
  readonly isCued: boolean;
}

/** Returns a question's words without marks, with abbreviations as in the data. */
export function placeTerms(words: readonly PhraseWord[]): string[] {
  const text = words
    .map((word) => word.text)
    .filter((word) => !isMark(word))
    .join(' ');
  const spelled = SYNONYMS.reduce((known, [pattern, written]) => known.replace(pattern, written), text);
  const terms = (spelled.match(/[a-z]+|\d+/g) ?? []).map((term) =>
    term.replace(/^0+(?=\d)/, '').slice(0, LONGEST_TERM),
  );
  // `KK0` is the beginning of KK01, whose zero counts for nothing.
  const known = terms.length > 1 && terms.at(-1) === '0' ? terms.slice(0, -1) : terms;
  return known.slice(0, MOST_TERMS);
}

/** Returns the name as a type of place has it, without the words that say which type is meant. */
export function nameFor(type: PlaceType, terms: readonly string[]): PlaceName {
  const text = terms.join(' ');
  const decision = type === 'decision' ? DECISION.exec(text) : undefined;
  if (decision) return { terms: decision.slice(1).join(' ').split(' '), isCued: true };
  const cue = (CUES[type] ?? []).find((each) => text.startsWith(`${each} `));
  if (cue !== undefined) return { terms: terms.slice(cue.split(' ').length), isCued: true };
  if (ENDS[type]?.test(text)) return { terms: terms.slice(0, -1), isCued: true };
  return { terms, isCued: false };
}

/** Numerals of names, which are written either way: `KCN Sóng Thần 1`, `KCN VSIP II`. */
const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'];

/** Returns the other numeral of a term. */
function otherNumeral(term: string): string | undefined {
  const place = ROMAN.indexOf(term);
  return place >= 0 ? String(place + 1) : ROMAN[Number(term) - 1];
}

/** Terms that the data writes in two words. */
const IN_TWO: Readonly<Record<string, string>> = { tp: `'thanh' & 'pho'`, rac: `'chat' & 'thai'` };

/** Returns the texts in one piece that a name's words can have in the data, as typed first. */
export function writtenKeys(terms: readonly string[]): string[] {
  return [...new Set([terms.join(''), terms.map((term) => otherNumeral(term) ?? term).join('')])];
}

/** Returns a text search query: every term or another way to write it, the last one also as the beginning of a word. */
export function searchTerms(terms: readonly string[]): string {
  return terms
    .map((term, index) => {
      const typed = `'${term}'${index === terms.length - 1 ? ':*' : ''}`;
      const numeral = otherNumeral(term);
      const other = IN_TWO[term] ?? (numeral && `'${numeral}'`);
      return other ? `(${typed} | ${other})` : typed;
    })
    .join(' & ');
}
