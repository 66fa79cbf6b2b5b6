import writeXlsxFile, { type Cell, type CellObject, type Sheet } from 'write-excel-file/node';
import type { WorkbookColumn, WorkbookGrid, WorkbookSheet } from './office-request.ts';
import { gridFeature, gridSheet } from './workbook-grid.ts';

/** Most characters of a cell and of a sheet's name (ECMA-376; Excel's limits). */
const MOST_CHARACTERS = 32_767;
const MOST_NAME = 31;
/** Digits that Excel keeps of a number. */
const EXCEL_DIGITS = 15;
const COLUMN_WIDTHS = { least: 8, most: 60, date: 12, datetime: 17 };
/** Hours of Vietnam's time ahead of UTC. */
const VIETNAM_HOURS = 7;

/** Returns an XLSX file. */
export async function workbookBytes(sheets: readonly (WorkbookSheet | WorkbookGrid)[]): Promise<Uint8Array> {
  const taken: string[] = [];
  const written = sheets.map((asked): Sheet<never> => {
    const sheet = freeTitle(asked.title, taken);
    taken.push(sheet.toLowerCase());
    if ('widths' in asked) return { sheet, ...gridSheet(asked, textCell) };
    const { columns, rows } = asked;
    const head = columns.map(
      (column): Cell => ({ value: clean(column.title), type: String, fontWeight: 'bold', wrap: true }),
    );
    const data = [head, ...rows.map((row) => columns.map((column, index) => workbookCell(column, row[index] ?? null)))];
    return { sheet, data, columns: columns.map((column) => ({ width: columnWidth(column) })), stickyRowsCount: 1 };
  });
  return writeXlsxFile(written, { features: [gridFeature(sheets)] }).toBuffer();
}

/** Returns a cell in the type of its column; text where Excel would lose digits. */
function workbookCell({ type }: WorkbookColumn, value: string | number | boolean | null): Cell {
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

function textCell(text: string): CellObject {
  const whole = clean(text);
  const value = whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS - 1)}…` : whole;
  return { value, type: String };
}

/** Removes what XML cannot hold, and keeps `_x0041_` from being read as an escape. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return allowed.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

function columnWidth({ title, type, width }: WorkbookColumn): number {
  if (width !== undefined) return width;
  const least = type === 'date' || type === 'datetime' ? COLUMN_WIDTHS[type] : COLUMN_WIDTHS.least;
  return Math.min(COLUMN_WIDTHS.most, Math.max(least, title.length + 2));
}

/** Returns a name that Excel accepts, different from those taken whatever the case. */
function freeTitle(title: string, taken: readonly string[]): string {
  const plain =
    clean(title)
      .replace(/[[\]:*?/\\]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim() || 'Sheet';
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : ` (${count})`;
    const name = plain.slice(0, MOST_NAME - end.length) + end;
    if (!taken.includes(name.toLowerCase())) return name;
  }
}
