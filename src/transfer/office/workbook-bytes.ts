import writeXlsxFile, { type Sheet } from 'write-excel-file/node';
import { columnWidth, headCell, textCell, withoutEscapes, workbookCell } from './office-cell.ts';
import type { WorkbookGrid, WorkbookSheet } from './office-request.ts';
import { gridFeature, gridSheet } from './workbook-grid.ts';

/** Most characters of a sheet's name (ECMA-376; Excel's limit). */
const MOST_NAME = 31;

/** Returns an XLSX file. */
export async function workbookBytes(sheets: readonly (WorkbookSheet | WorkbookGrid)[]): Promise<Uint8Array> {
  const taken: string[] = [];
  const written = sheets.map((asked): Sheet<never> => {
    const sheet = freeTitle(asked.title, taken);
    taken.push(sheet.toLowerCase());
    if ('widths' in asked) return { sheet, ...gridSheet(asked, textCell) };
    const { columns, rows } = asked;
    const data = [
      columns.map(headCell),
      ...rows.map((row) => columns.map((column, index) => workbookCell(column, row[index] ?? null))),
    ];
    return { sheet, data, columns: columns.map((column) => ({ width: columnWidth(column) })), stickyRowsCount: 1 };
  });
  return writeXlsxFile(written, { features: [gridFeature(sheets)] }).toBuffer();
}

/** Returns a name that Excel accepts, different from those taken whatever the case. */
function freeTitle(title: string, taken: readonly string[]): string {
  const plain =
    withoutEscapes(title)
      .replace(/[[\]:*?/\\]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim() || 'Sheet';
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : ` (${count})`;
    const name = plain.slice(0, MOST_NAME - end.length) + end;
    if (!taken.includes(name.toLowerCase())) return name;
  }
}
