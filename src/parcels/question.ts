import { fold } from '../lib/text.ts';

/** The parts of a question in people's words; each may be missing. */
export interface ParcelQuestion {
  /** Code of a unit, or its name or part of it, folded. */
  readonly unit: string | undefined;
  readonly sheet: string | undefined;
  readonly number: number | undefined;
  readonly nationalId: string | undefined;
}

const SHEET = /\b(?:so )?to(?: ban do)?(?: so)?[ :.]*([a-z]{0,3}-?\d{1,5})\b/;
const NUMBER = /\b(?:so )?thua(?: dat)?(?: so)?[ :.]*(\d{1,6})\b/;
const PAIR = /^(\d{1,5})\s*[ ,/.-]\s*(\d{1,6})\b/;
/** GeoHash letters of TT 19/2026/TT-BNNMT Đ.11.3. */
const NATIONAL_ID = /^[0-9b-hjkmnp-z]{12}$/;

/**
 * Parses free text: `12 345`, `12/345`, `tờ 12 thửa 345 phú lợi`, `thửa 345, tờ bản đồ số 12, P. Phú Lợi`, or a
 * national identifier. Two bare numbers are sheet and number, in that order, as people say them.
 */
export function readQuestion(text: string): ParcelQuestion {
  let rest = fold(text).replace(/[;,]+/g, ' ').replace(/\s+/g, ' ').trim();
  if (NATIONAL_ID.test(rest) && /\d/.test(rest))
    return { unit: undefined, sheet: undefined, number: undefined, nationalId: rest };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match)
      rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.replace(/\s+/g, ' ').trim();
    return match;
  };
  let number = take(NUMBER)?.[1];
  let sheet = take(SHEET)?.[1];
  if (!number && !sheet) {
    const pair = take(PAIR) ?? take(/(?:^| )(\d{1,5})\s*[ /.-]\s*(\d{1,6})$/);
    [sheet, number] = pair ? [pair[1], pair[2]] : [undefined, undefined];
  } else if (!number) {
    number = take(/(?:^|\s)(\d{1,6})(?=\s|$)/)?.[1];
  } else if (!sheet) {
    sheet = take(/(?:^|\s)([a-z]{0,3}-?\d{1,4})(?=\s|$)/)?.[1];
  }
  return {
    unit: readUnit(rest),
    sheet: sheet === undefined ? undefined : normalizeSheet(sheet),
    number: number === undefined ? undefined : Number(number),
    nationalId: undefined,
  };
}

/** Returns a sheet as stored, in capitals and without leading zeros: `012` becomes `12`, `dc-05` becomes `DC-05`. */
export function normalizeSheet(sheet: string): string {
  return sheet
    .trim()
    .toUpperCase()
    .replace(/^0+(?=\d)/, '');
}

/**
 * Returns the bare name of a unit. Of several units the first counts: `p. phu loi, tp thu dau mot` gives `phu loi`. An
 * abbreviated kind in front is dropped.
 */
export function readUnit(text: string): string | undefined {
  const name = fold(text)
    .replace(/^(p|x|tt|ph)[. ]+(?=[a-z0-9])/, '')
    .replace(/[.,;:]+$/, '')
    .trim();
  return name || undefined;
}
