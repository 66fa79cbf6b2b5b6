import { fold } from '../lib/text.ts';

/** One word, number or mark of a question. */
export interface PhraseWord {
  /** Folded. */
  readonly text: string;
  /** As typed, NFC. */
  readonly shown: string;
  /** As cues are written: folded, with `~` in front if its tone marks give it another meaning than that of a cue. */
  readonly cue: string;
}

/** Words that look like a cue of another meaning once their tone marks are gone: `tổ` is no `tờ`, `dương` no `đường`. */
const OTHER_WORDS = new Set([
  'tổ',
  'tố',
  'tô',
  'dương',
  'đương',
  'cư',
  'cù',
  'cụ',
  'xa',
  'áp',
  'xá',
  'tính',
  'lã',
  'hộ',
]);

/** Letters, or digits with a letter of a sheet (`40A`), or one other character. */
const PIECES = /\d+[a-d](?![\p{L}\d])|\d+|\p{L}+|[^\s\p{L}\d]/giu;

/** Most words that are read; a certificate with its whole address has some 60. */
const MOST_WORDS = 200;

/** A kind of unit written together with initials: `TPHCM`, `TXDA`. */
const GLUED_CITY = /(?<!\p{L})(tp|tx)(hcm|tdm|da|ta|bc|tu)(?!\p{L})/giu;

/** Splits a question into words, numbers and marks: `T40/P.Phú Lợi` gives `t 40 / p . phu loi`. */
export function splitWords(text: string): PhraseWord[] {
  const apart = text.normalize('NFC').replace(/[–—−]/g, '-').replace(GLUED_CITY, '$1 $2');
  // In a text without tone marks `xa` may be `xã`.
  const hasMarks = fold(apart) !== apart.toLowerCase().replace(/\s+/g, ' ').trim();
  const words: PhraseWord[] = [];
  for (const [shown] of apart.matchAll(PIECES)) {
    if (words.length === MOST_WORDS) break;
    const text = fold(shown);
    words.push({ text, shown, cue: hasMarks && OTHER_WORDS.has(shown.toLowerCase()) ? `~${text}` : text });
  }
  return words;
}

/** Returns the text by which cues are recognized: words apart by single spaces. */
export function cueText(words: readonly PhraseWord[]): string {
  return words.map(({ cue }) => cue).join(' ');
}

export function isNumber(word: string): boolean {
  return /^\d+$/.test(word);
}

export function isMark(word: string): boolean {
  return !/[\p{L}\d]/u.test(word);
}
