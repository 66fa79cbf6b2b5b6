import { askOffice } from './office.ts';
import type { WorkbookGrid, WorkbookRequest, WorkbookSheet } from './office-request.ts';

/** Rows of all sheets of a workbook, which is written in memory. */
export const MOST_SHEET_ROWS = 50_000;

/** Writes a workbook (XLSX) in a thread. Sheets that share a title get a number. */
export function writeWorkbook(sheets: readonly (WorkbookSheet | WorkbookGrid)[]): Promise<Uint8Array> {
  return askOffice<WorkbookRequest>({ kind: 'workbook', sheets });
}
