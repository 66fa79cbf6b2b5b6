import { fold } from '../lib/text.ts';
import { gramsOf, type Mention, readMentions } from './mentions.ts';
import { type ParcelNumbers, readParcelNumbers } from './parcel-numbers.ts';
import { splitWords } from './words.ts';

/** A question about a parcel, as read from people's words. */
export interface ParcelPhrase extends Omit<ParcelNumbers, 'rest'> {
  readonly text: string;
  readonly nationalId: string | undefined;
  /** Words that may name units. */
  readonly mentions: readonly Mention[];
}

/** GeoHash letters of TT 19/2026/TT-BNNMT Đ.11.3, by themselves or beside words. */
const NATIONAL_ID = /(?<![\p{L}\d])(?=\d*\p{L})(?=\p{L}*\d)[0-9b-hjkmnp-z]{12}(?![\p{L}\d])/u;

/**
 * Reads free text: `12 345`, `12/345`, `tờ 12 thửa 345 phú lợi`, a line of a certificate, or a national identifier. Two
 * bare numbers are sheet and number, in that order, as people say them.
 */
export function readParcelPhrase(text: string): ParcelPhrase {
  const [nationalId] = NATIONAL_ID.exec(fold(text)) ?? [];
  if (nationalId !== undefined) return { ...NO_PARCEL, text, nationalId };
  const { rest, ...numbers } = readParcelNumbers(splitWords(text));
  return { ...numbers, text, nationalId: undefined, mentions: readMentions(rest) };
}

/** Reads the name of a unit, such as `P. Phú Lợi, TDM`. */
export function readUnitName(text: string): Mention[] {
  return readMentions(splitWords(text));
}

/** Returns the keys by which units of these mentions are looked up; none if the question names no unit. */
export function unitKeys(mentions: readonly Mention[]): string[] {
  return [...new Set(gramsOf(mentions).map(({ key }) => key))];
}

const NO_PARCEL = { sheet: undefined, numbers: [], isFormer: false, isBare: false, mentions: [] };
