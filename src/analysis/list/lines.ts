import type { Text } from '../../lib/errors.ts';
import { normalizeSheet } from '../../phrase/parcel-numbers.ts';

/** Lines of one request. */
export const MOST_LINES = 5000;
/** Characters of a field; a longer one is no unit, sheet or number. */
const MOST_LENGTH = 200;

/** A line of the list. `line` is its number in the text, from 1. */
export type ListLine =
  | { readonly line: number; readonly unit: string; readonly sheet: string; readonly number: number }
  | { readonly line: number; readonly text: string; readonly fault: Text };

/**
 * Reads lines `unit, sheet, number` as a spreadsheet copies them. Fields are separated by tabs, else by semicolons, else
 * by commas; a unit may hold commas. Empty lines, and a first line without any digit, are left out.
 * @param unit of lines with two fields
 */
export function readLines(text: string, unit: string | undefined): ListLine[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  return lines.flatMap((given, index) => {
    const line = given.trim();
    if (line === '' || (index === first && !/\d/.test(line))) return [];
    return [readListLine(given, index + 1, unit)];
  });
}

function readListLine(text: string, line: number, fallback: string | undefined): ListLine {
  const separator = ['\t', ';', ','].find((each) => text.includes(each)) ?? /\s+/;
  const fields = text.split(separator).map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
  // A spreadsheet copies empty columns to the right as well.
  while (fields.length > 2 && fields.at(-1) === '') fields.pop();
  const [sheet = '', number = ''] = fields.slice(-2);
  const unit = fields.slice(0, -2).filter(Boolean).join(', ') || fallback || '';
  const shown = text.trim().slice(0, MOST_LENGTH);
  const fault = lineFault({ unit, sheet, number, count: fields.length });
  if (fault) return { line, text: shown, fault };
  return { line, unit, sheet: normalizeSheet(sheet), number: Number(number) };
}

function lineFault({
  unit,
  sheet,
  number,
  count,
}: {
  unit: string;
  sheet: string;
  number: string;
  count: number;
}): Text | undefined {
  if (count < 2) {
    return {
      vi: 'Dòng phải có đơn vị, số tờ, số thửa, cách nhau bằng tab, dấu phẩy hoặc chấm phẩy.',
      en: 'A line must have unit, sheet and number, separated by tabs, commas or semicolons.',
    };
  }
  if (!/^\d{1,9}$/.test(number) || Number(number) === 0) {
    return { vi: 'Số thửa phải là số nguyên dương.', en: 'The parcel number must be a positive whole number.' };
  }
  if (sheet === '' || sheet.length > MOST_LENGTH || unit.length > MOST_LENGTH || /\0/.test(unit + sheet)) {
    return { vi: 'Thiếu số tờ, hoặc một ô quá dài.', en: 'The sheet is missing, or a field is too long.' };
  }
  if (unit !== '') return undefined;
  return {
    vi: 'Thiếu đơn vị: ghi tên hoặc mã ở cột đầu, hoặc cho "unit".',
    en: 'The unit is missing: write its name or code in the first column, or give "unit".',
  };
}
