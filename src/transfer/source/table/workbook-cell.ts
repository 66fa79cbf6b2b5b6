import { DAY_MS } from '../../../lib/time.ts';
import type { TableCell } from './table-cell.ts';

/** A cell of a workbook, its text not yet interpreted. */
export interface StoredCell {
  /** `n` number, `str` and `inlineStr` text, `b` boolean, `d` ISO 8601, `e` error (ECMA-376 part 1 §18.18.11). */
  readonly type: string;
  readonly text: string | undefined;
}

/** The way in which a number is shown. */
export type CellFormat =
  | { readonly kind: 'number' | 'date' | 'time' }
  | { readonly kind: 'code'; readonly digits: number };

/**
 * Returns the format of a number.
 * @param id of ECMA-376 part 1 §18.8.30, which gives a meaning to the first 50
 * @param code of a format beyond these
 */
export function numberFormat(id: number, code: string | undefined): CellFormat {
  if (code === undefined) {
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return { kind: 'time' };
    return { kind: (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58) ? 'date' : 'number' };
  }
  const plain = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '');
  if (/^0{2,}$/.test(plain)) return { kind: 'code', digits: plain.length };
  if (/general/i.test(plain)) return { kind: 'number' };
  return { kind: /[dy]/i.test(plain) ? 'date' : /[hs]/i.test(plain) ? 'time' : 'number' };
}

/** Returns a cell as text that loses nothing; null if it is empty. */
export function toTableCell({ type, text }: StoredCell, format: CellFormat, is1904: boolean): TableCell | null {
  if (text === undefined) return null;
  if (type === 'b') return { text: text === '1' ? 'true' : 'false', kind: 'boolean' };
  if (type !== 'n') return { text: unescapeText(text), kind: 'text' };
  const value = Number(text);
  if (text.trim() === '') return null;
  if (Number.isNaN(value)) return { text, kind: 'text' };
  if (format.kind === 'date') return dateCell(value, is1904);
  if (format.kind === 'time') return { text: clockOf(isoOf(value, is1904)), kind: 'text' };
  if (format.kind === 'code') return { text: String(value).padStart(format.digits, '0'), kind: 'text' };
  // A workbook has 17 digits of a double; the shortest text of it is what was typed.
  return { text: String(value), kind: 'number' };
}

/** Days from the first day of either calendar to 1970. */
const EPOCHS = { 1900: 25_569, 1904: 24_107 };

function isoOf(serial: number, is1904: boolean): string {
  // The calendar of 1900 has a 29 February that never was, so that earlier days are one off.
  const days = !is1904 && serial >= 1 && serial < 60 ? serial + 1 : serial;
  const time = Math.round((days - EPOCHS[is1904 ? 1904 : 1900]) * DAY_MS);
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** Returns the time of day, with milliseconds if it has any. */
function clockOf(iso: string): string {
  return iso.slice(11, 23).replace(/\.000$/, '');
}

function dateCell(serial: number, is1904: boolean): TableCell {
  const iso = isoOf(serial, is1904);
  // Beyond the year 9999 it is no date, and the number stays.
  if (!/^\d{4}-/.test(iso)) return { text: String(serial), kind: 'number' };
  return Number.isInteger(serial)
    ? { text: iso.slice(0, 10), kind: 'day' }
    : { text: `${iso.slice(0, 10)} ${clockOf(iso)}`, kind: 'time' };
}

/** Returns a text with its escapes for characters that XML cannot hold: `_x000D_` (§22.4.2.4). */
function unescapeText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
