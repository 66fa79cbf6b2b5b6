import { Problem } from '../../../lib/errors.ts';
import type { TextReader } from '../text/text-reader.ts';
import type { SheetRow, TableSheet } from './table-cell.ts';

/** Rows among which the names of the columns are looked for. Reports have titles above them. */
const MOST_TITLE_ROWS = 30;
/** Fewest columns of a form whose numbers stand in a row below their names. */
const FEWEST_NUMBERED = 5;

/** A sheet with the row of its column names. */
export interface HeadedSheet<T> {
  readonly name: string;
  readonly sheet: TableSheet;
  /** Rows up to the names, these included. */
  readonly skipped: number;
  readonly columns: readonly string[];
  /** The answer of the recognition. */
  readonly found: T;
}

/** A sheet without such names. */
interface Unheaded {
  readonly sheet: TableSheet;
  /** Cells of its first rows, as in the file. */
  readonly rows: readonly (readonly string[])[];
}

/** Divides sheets by the row of their column names, which `recognise` finds in some. */
export async function findHeadings<T>(
  sheets: readonly TableSheet[],
  text: TextReader,
  recognise: (names: readonly string[]) => T | undefined,
): Promise<{ readonly headed: HeadedSheet<T>[]; readonly others: Unheaded[] }> {
  const headed: HeadedSheet<T>[] = [];
  const others: Unheaded[] = [];
  for (const sheet of sheets) {
    const found = await findHeading(sheet, text, recognise);
    if ('found' in found) headed.push(found);
    else others.push(found);
  }
  return { headed, others };
}

async function findHeading<T>(
  sheet: TableSheet,
  text: TextReader,
  recognise: (names: readonly string[]) => T | undefined,
): Promise<HeadedSheet<T> | Unheaded> {
  const rows: string[][] = [];
  const above: string[] = [];
  for await (const row of sheet.rows()) {
    const cells = row.map((cell) => cell?.text.trim() ?? '');
    rows.push(cells);
    const own = cells.map((name) => text.readName(name, sheet.isBytes));
    // A heading over several rows has the name of a column in one of them.
    const names = own.map((name, index) => name || (above[index] ?? ''));
    const found = recognise(names);
    if (found !== undefined) return { name: sheet.name, sheet, skipped: rows.length, columns: names, found };
    own.forEach((name, index) => {
      if (name) above[index] = name;
    });
    if (rows.length === MOST_TITLE_ROWS) break;
  }
  return { sheet, rows };
}

/** Lists sheets with the row that looks most like names. */
export function listUnheaded(sheets: readonly Unheaded[], text: TextReader): string {
  const seen = sheets.slice(0, 5).map(({ sheet, rows }) => {
    const named = rows.map((row) => row.filter(Boolean).map((name) => text.read(name, '', sheet.isBytes)));
    const fullest = named.reduce((best, row) => (row.length > best.length ? row : best), []);
    return `${sheet.name}: ${fullest.slice(0, 20).join(', ')}`;
  });
  return seen.join('; ');
}

/** Yields the rows below the names that hold anything. */
export async function* dataRows({ sheet, skipped, columns }: HeadedSheet<unknown>): AsyncGenerator<SheetRow> {
  let number = 0;
  for await (const row of sheet.rows()) {
    if (++number <= skipped || row.every((cell) => cell === null)) continue;
    if (number === skipped + 1 && isNumbering(row)) continue;
    if (sheet.isEven && row.length !== columns.length) throw unevenRow(number, row.length, columns.length);
    yield row;
  }
}

/** Returns true for the row `(1) (2) (3) …` that a form has below its names. */
function isNumbering(row: SheetRow): boolean {
  return (
    row.length >= FEWEST_NUMBERED &&
    row.every((cell, index) => cell?.text.trim().replace(/^\((.*)\)$/, '$1') === String(index + 1))
  );
}

function unevenRow(number: number, found: number, wanted: number): Problem {
  return new Problem('invalid-body', {
    vi: `Dòng ${number} của bảng có ${found} ô, tiêu đề có ${wanted}. Ô có dấu phân cách bên trong phải nằm trong dấu nháy kép.`,
    en: `Row ${number} of the table has ${found} cells, its heading ${wanted}. A cell with a separator inside must be in double quotes.`,
  });
}
