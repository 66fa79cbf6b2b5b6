import { CsvError, parse } from 'csv-parse/sync';
import { BOM, csvLine } from '../../../lib/csv.ts';
import { Problem } from '../../../lib/errors.ts';
import { separatorOf } from '../../source/table/csv-sheet.ts';

/** A value of a file that the layer does not know. */
export interface UnknownValue {
  readonly value: string;
  /** Rows with it. */
  readonly count: number;
}

/** Names of the columns: what the file has, in how many rows, and what the layer shall have in its place. */
const HEADING = ['giá trị trong tệp', 'số dòng', 'mã thay thế'];

/**
 * Returns the CSV in which somebody fills in a code for each unknown value.
 * @param known the values that have one already
 */
export function formatValueList(known: Readonly<Record<string, string>>, unknown: readonly UnknownValue[]): string {
  const lines = [
    ...unknown.map(({ value, count }) => [value, String(count), null]),
    ...Object.entries(known).map(([value, code]) => [value, null, code]),
  ];
  return BOM + csvLine(HEADING) + lines.map(csvLine).join('');
}

/**
 * Reads such a CSV: the value in the first column, its code in the last. Rows without a code are skipped.
 * @throws Problem if it is no CSV of two columns or more, or if a value has two codes
 */
export function parseValueList(text: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const row of parseRows(text).slice(1)) {
    const [value = '', code = ''] = [row[0], row.at(-1)?.trim()];
    if (row.length < 2) throw noValueList();
    if (code === '') continue;
    // The list has an apostrophe before a text that a spreadsheet would take for a formula.
    const own = value.replace(/^'(?=[=+\-@\t\r])/, '');
    const other = values.get(own);
    if (other !== undefined && other !== code) throw twoCodes(own, [other, code]);
    values.set(own, code);
  }
  return Object.fromEntries(values);
}

function parseRows(text: string): string[][] {
  try {
    return parse(text, { delimiter: separatorOf(text), bom: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw error instanceof CsvError ? noValueList() : error;
  }
}

function noValueList(): Problem {
  return new Problem('invalid-body', {
    vi: `Danh sách giá trị phải là tệp CSV có các cột: ${HEADING.join(', ')}.`,
    en: 'A list of values is a CSV with the value of the file in the first column and its code in the last.',
  });
}

function twoCodes(value: string, codes: readonly string[]): Problem {
  return new Problem('invalid-body', {
    vi: `Danh sách giá trị cho "${value}" hai mã: ${codes.join(', ')}. Chỉ giữ một.`,
    en: `The list of values gives two codes for "${value}": ${codes.join(', ')}. Leave one.`,
  });
}
