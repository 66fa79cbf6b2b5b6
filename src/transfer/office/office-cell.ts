import type { Cell, CellObject } from 'write-excel-file/node';
import type { WorkbookColumn } from './office-request.ts';

/** Most characters of a cell (ECMA-376; Excel's limit). */
const MOST_CHARACTERS = 32_767;
/** Digits that Excel keeps of a number. */
const EXCEL_DIGITS = 15;
const COLUMN_WIDTHS = { least: 8, most: 60, date: 12, datetime: 17 };
/** Hours of Vietnam's time ahead of UTC. */
const VIETNAM_HOURS = 7;

/** Returns the cell of a column's title. */
export function headCell({ title }: WorkbookColumn): CellObject {
  return { value: withoutEscapes(title), type: String, fontWeight: 'bold', wrap: true };
}

/** Returns a cell in the type of its column; text where Excel would lose digits. */
export function workbookCell({ type }: WorkbookColumn, value: string | number | boolean | null): Cell {
  if (value === null || value === '') return null;
  if (typeof value === 'boolean') return { value, type: Boolean };
  if (type === 'boolean') return { value: value === 'true' || value === 't', type: Boolean };
  if (type === 'integer' || type === 'number') {
    return isExactInExcel(String(value)) ? { value: Number(value), type: Number } : textCell(String(value));
  }
  return (
    (type === 'date' || type === 'datetime' ? timeCell(type, String(value)) : undefined) ?? textCell(String(value))
  );
}

/** Zeros at the end count as digits only behind the point. */
function isExactInExcel(text: string): boolean {
  const number = Number(text);
  const [digits = ''] = text.toLowerCase().split('e');
  return Number.isFinite(number) && digits.replace(/^[-+0.]+|[-+.]/g, '').length <= EXCEL_DIGITS;
}

/** Returns undefined for what Excel has no date for: before 1900, after 9999, infinity. */
function timeCell(type: 'date' | 'datetime', text: string): Cell | undefined {
  const time = Date.parse(
    type === 'date' ? `${text}T00:00:00Z` : text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'),
  );
  const shown = new Date(time + (type === 'datetime' ? VIETNAM_HOURS * 3_600_000 : 0));
  // Excel counts 29 February 1900, so its earlier dates are one off.
  if (Number.isNaN(time) || shown < new Date('1900-03-01T00:00:00Z') || shown.getUTCFullYear() > 9999) return undefined;
  return { value: shown, type: Date, format: type === 'date' ? 'dd/mm/yyyy' : 'dd/mm/yyyy hh:mm' };
}

/** Returns a text as a cell within Excel's limits. */
export function textCell(text: string): CellObject {
  const whole = withoutEscapes(text);
  const value = whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS - 1)}…` : whole;
  return { value, type: String };
}

/** Removes what XML cannot hold, and keeps `_x0041_` from being read as an escape. */
export function withoutEscapes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return allowed.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

/** Returns the width of a column in characters. */
export function columnWidth({ title, type, width }: WorkbookColumn): number {
  if (width !== undefined) return width;
  const least = type === 'date' || type === 'datetime' ? COLUMN_WIDTHS[type] : COLUMN_WIDTHS.least;
  return Math.min(COLUMN_WIDTHS.most, Math.max(least, title.length + 2));
}
