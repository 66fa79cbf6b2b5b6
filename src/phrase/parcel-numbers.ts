import { cueText, type PhraseWord } from './words.ts';

/** Numbers of parcels in a question. A part that is missing is undefined. */
export interface ParcelNumbers {
  readonly sheet: string | undefined;
  /** Several if the question lists several parcels of a sheet. */
  readonly numbers: readonly number[];
  /** True if the question calls the numbers old. */
  readonly isFormer: boolean;
  /** True if no word says which number is which. */
  readonly isBare: boolean;
  /** Everything else in the question. */
  readonly rest: readonly PhraseWord[];
}

/** Words between a cue and its number. */
const FILL = '(?: (?:dat|so|thu tu|hieu|cu|moi|la|no|n|dia|chinh|ban|do|bd|thua|thuoc|[:.#(=_"“”‘’«»-]))*';
const PARCEL_CUE = '(?:so )?(?:thua|tua|parcel|plot|lot|td|th)';
const SHEET_CUE =
  '(?:so )?(?:to ban do|to b d|to bd|t \\. b d|t \\. bd|to|tbd|tbdo|tobd|ban do|bd|manh ban do|manh|map sheet|sheet|map)';
const SHEET = '((?:(?!so|cu|moi|ban|do|bd|la|no|n|dia|dat|to|t|th|p|x)[a-z]{1,3} )?(?:- )?\\d{1,5}[a-d]?)';
const NUMBER = '(\\d{1,6})';
const START = '(?<![^ ])';
const END = '(?![^ ])';

const PARCEL = new RegExp(`${START}${PARCEL_CUE}${FILL} ${NUMBER}((?: (?:,|va|and|&|\\+) \\d{1,6}${END})*)${END}`, 'g');
/** Number and sheet after one cue: `thửa 12/40`. */
const PARCEL_PAIR = new RegExp(`${START}thua${FILL} ${NUMBER} [/] (\\d{1,5}[a-d]?)${END}`, 'g');
/** Sheet and number after one cue: `tờ 40/12`. */
const SHEET_PAIR = new RegExp(`${START}${SHEET_CUE}${FILL} (\\d{1,5}[a-d]?) [/-] ${NUMBER}${END}`, 'g');
const SHEETS = new RegExp(`${START}${SHEET_CUE}${FILL} ${SHEET}${END}`, 'g');
/** `T40 T12`: the sheet comes first, as in speech. */
const LETTERS = new RegExp(`${START}t(?: \\.)? (\\d{1,5}[a-d]?)(?: [,;/.-])* th?(?: \\.)? ${NUMBER}${END}`, 'g');
const SHEET_LETTER = new RegExp(`${START}t(?: [.:])* (\\d{1,5}[a-d]?)${END}`, 'g');
const NUMBER_LETTER = new RegExp(`${START}th?(?: [.:])* ${NUMBER}()${END}`, 'g');
const LONE_SHEET = new RegExp(`${START}((?:(?!kp|khu|ap|so|ql|dt|dh|p|f|q|x)[a-z]{1,3} - )?\\d{1,4})${END}`, 'g');
const LONE_NUMBER = new RegExp(`${START}${NUMBER}()${END}`, 'g');
/** The code of a unit may stand in front: `25750-40-12`. */
const FIRST_PAIR = new RegExp(`^(?:\\d{5}(?: [,/.;_-])* )?(\\d{1,5}[a-d]?)(?: [,/.;_-])* ${NUMBER}${END}`, 'g');
const LAST_PAIR = new RegExp(`${START}(\\d{1,5}[a-d]?)(?: [,/.;_-])* ${NUMBER}$`, 'g');

/** Words before which a number belongs to an address: `tổ 5`, `khu phố 3`, `số nhà 12`. */
const ADDRESS_BEFORE = /(?:khu pho|kp|ap|~to|dan pho|duong|hem|so nha|nha|thon|khu|hem so|ngo|quan|q|phuong so) $/;

interface Match {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly groups: readonly string[];
}

/** The question's text while parts of it are taken out. Taken parts become `|`, which nothing matches across. */
class Remainder {
  text: string;
  #words: (PhraseWord | undefined)[];
  isFormer = false;

  constructor(words: readonly PhraseWord[]) {
    this.#words = [...words];
    this.text = cueText(words);
  }

  find(pattern: RegExp): Match[] {
    return [...this.text.matchAll(pattern)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
      text: match[0],
      groups: match.slice(1).map((group) => group ?? ''),
    }));
  }

  take({ from, to, text }: Match): void {
    const after = /^(?: \()? cu(?![^ ])/.test(this.text.slice(to));
    this.isFormer ||= /(?<![^ ])cu(?![^ ])/.test(text) || after;
    const first = this.text.slice(0, from).split(' ').length - 1;
    const count = text.split(' ').length;
    this.text = `${this.text.slice(0, from)}${text.split(' ').fill('|').join(' ')}${this.text.slice(to)}`;
    this.#words = this.#words.map((word, index) => (index >= first && index < first + count ? undefined : word));
  }

  /** Words left, with a comma in place of what was taken. */
  get rest(): PhraseWord[] {
    return this.#words.map((word) => word ?? { text: ',', shown: ',', cue: ',' });
  }
}

/** Reads sheet and numbers from the words of a question, in any of the forms that people write. */
export function readParcelNumbers(words: readonly PhraseWord[]): ParcelNumbers {
  const remainder = new Remainder(words);
  const pair = readPair(remainder);
  if (pair) return finishNumbers(remainder, pair.sheet, [pair.number]);
  let parcel = chooseMatch(remainder.find(PARCEL), remainder.text);
  if (parcel) remainder.take(parcel);
  let sheet = chooseMatch(remainder.find(SHEETS), remainder.text);
  if (sheet) remainder.take(sheet);
  if (parcel && !sheet) {
    // `thửa 345, 12 Phú Lợi`: without a word for it, the number that follows is the sheet's.
    const [, following] = /^ , (\d{1,5})$/.exec(parcel.groups[1] ?? '') ?? [];
    if (following !== undefined) return finishNumbers(remainder, following, [Number(parcel.groups[0])]);
    sheet = remainder.find(SHEET_LETTER)[0] ?? lone(remainder, LONE_SHEET);
    if (sheet) remainder.take(sheet);
  } else if (sheet && !parcel) {
    parcel = remainder.find(NUMBER_LETTER)[0] ?? lone(remainder, LONE_NUMBER);
    if (parcel) remainder.take(parcel);
  }
  if (parcel || sheet) {
    takeOthers(remainder);
    return finishNumbers(remainder, sheet?.groups[0], parcel ? matchedNumbers(parcel) : []);
  }
  const bare = remainder.find(FIRST_PAIR)[0] ?? remainder.find(LAST_PAIR)[0];
  if (!bare || ADDRESS_BEFORE.test(remainder.text.slice(0, bare.from))) return finishNumbers(remainder, undefined, []);
  const [code = ''] = /^\d{5}(?: [,/.;_-])* (?=\d+[^\d]+\d)/.exec(bare.text) ?? [];
  remainder.take({ ...bare, from: bare.from + code.length, text: bare.text.slice(code.length) });
  return { ...finishNumbers(remainder, bare.groups[0], [Number(bare.groups[1])]), isBare: true };
}

function readPair(remainder: Remainder): { sheet: string; number: number } | undefined {
  const [parcel] = remainder.find(PARCEL_PAIR);
  const match = parcel ?? remainder.find(SHEET_PAIR)[0] ?? remainder.find(LETTERS)[0];
  // `thửa 12/40, tờ 7` names its sheet, so that 12/40 is no pair.
  if (!match || (parcel && remainder.find(SHEETS).length > 0)) return undefined;
  remainder.take(match);
  const [first = '', second = ''] = match.groups;
  return parcel ? { sheet: second, number: Number(first) } : { sheet: first, number: Number(second) };
}

/** Returns the most likely of several matches: that of the words in full, then one that is not called old. */
function chooseMatch(matches: readonly Match[], text: string): Match | undefined {
  const weight = ({ text: own, from, to }: Match) =>
    (/ban do|bd|b d|thua dat/.test(own) ? 4 : 0) +
    (/(?<![^ ])cu(?![^ ])/.test(own) || /^(?: \()? cu(?![^ ])/.test(text.slice(to)) ? -8 : 0) +
    (/^(?: [,;])? (?:khu pho|kp|ap|thon)/.test(text.slice(to)) ? -2 : 0) +
    // `địa chỉ thửa đất: số 15/3 đường …` is the number of a house.
    (/dia chi $/.test(text.slice(0, from)) || /^ \/ \d/.test(text.slice(to)) ? -8 : 0) +
    (/\|(?: [,;.])* $/.test(text.slice(0, from)) || /^(?: [,;.])* \|/.test(text.slice(to)) ? 2 : 0);
  return matches.reduce<Match | undefined>(
    (best, each) => (best && weight(best) >= weight(each) ? best : each),
    undefined,
  );
}

function lone(remainder: Remainder, pattern: RegExp): Match | undefined {
  return remainder.find(pattern).find(({ from }) => !ADDRESS_BEFORE.test(remainder.text.slice(0, from)));
}

/** Takes further numbers, such as the old ones beside the new ones, out of what is read as a place. */
function takeOthers(remainder: Remainder): void {
  const { isFormer } = remainder;
  for (const pattern of [PARCEL, SHEETS]) for (const match of remainder.find(pattern)) remainder.take(match);
  remainder.isFormer = isFormer;
}

function matchedNumbers({ groups: [first = '', others = ''] }: Match): number[] {
  return [first, ...(others.match(/\d+/g) ?? [])].map(Number).filter((number) => number > 0);
}

function finishNumbers(remainder: Remainder, sheet: string | undefined, numbers: readonly number[]): ParcelNumbers {
  return {
    sheet: sheet === undefined ? undefined : normalizeSheet(sheet.replaceAll(' ', '')),
    numbers,
    isFormer: remainder.isFormer,
    isBare: false,
    rest: remainder.rest,
  };
}

/** Returns a sheet as stored, in capitals and without leading zeros: `012` becomes `12`, `dc-05` becomes `DC-05`. */
export function normalizeSheet(sheet: string): string {
  return sheet
    .trim()
    .toUpperCase()
    .replace(/^0+(?=\d)/, '');
}

/** Returns the ways in which a sheet may be stored: `DC5` also as `DC-05`. */
export function sheetVariants(sheet: string): string[] {
  const [, letters = '', digits = ''] = /^([A-Z]{1,3})[- ]?0*(\d+)$/.exec(sheet) ?? [];
  if (!letters) return [sheet];
  const numbers = [...new Set([digits, digits.padStart(2, '0'), digits.padStart(3, '0')])];
  return [...new Set([sheet, ...numbers.flatMap((number) => ['', '-', ' '].map((mark) => letters + mark + number))])];
}
