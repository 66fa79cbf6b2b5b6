import type { Cell } from 'write-excel-file/node';
import { getCellAddress } from 'write-excel-file/utility';
import { DAY_MS } from '../../lib/time.ts';
import { escapeXml } from '../../lib/xml.ts';
import { workbookCell } from './office-cell.ts';
import type { SheetRowsRequest } from './office-request.ts';

/** Days of Excel before 1970. */
const EPOCH = 25_569;

/** Returns rows of a sheet as XML (ECMA-376, 18.3.1.73), each text in its cell. */
export function sheetRowsXml({ columns, styles, rows, first }: SheetRowsRequest): string {
  const letters = columns.map((_, index) => getCellAddress(0, index).replace(/\d+$/, ''));
  const rowXml = (row: (typeof rows)[number], number: number) => {
    const cells = columns.map((column, index) =>
      cellXml(workbookCell(column, row[index] ?? null), `${letters[index]}${number}`, styles[index]),
    );
    return `<row r="${number}">${cells.join('')}</row>`;
  };
  return rows.map((row, index) => rowXml(row, first + index)).join('');
}

/** @param style of a date */
function cellXml(cell: Cell, address: string, style: string | undefined): string {
  const value = cell !== null && typeof cell === 'object' && 'value' in cell ? cell.value : undefined;
  if (typeof value === 'number') return `<c r="${address}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${address}" t="b"><v>${Number(value)}</v></c>`;
  if (value instanceof Date) {
    const shown = style === undefined ? '' : ` s="${style}"`;
    return `<c r="${address}"${shown}><v>${value.getTime() / DAY_MS + EPOCH}</v></c>`;
  }
  if (typeof value !== 'string') return '';
  return `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
}
