/**
 * Matches the beginning of a text that a spreadsheet may take for a formula (OWASP, CSV injection), and of one that
 * {@link withoutFormula} could have returned.
 */
const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER_TEXT = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Returns the text of a cell, with an apostrophe before it if a spreadsheet may take it for a formula. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER_TEXT.test(text) ? `'${text}` : text;
}

/** Returns the text that {@link withoutFormula} was given. In a spreadsheet, too, an apostrophe only marks a text. */
export function withFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Byte order mark, without which Excel does not read the file as UTF-8. */
export const BOM = '\ufeff';

/** Returns a line of CSV (RFC 4180) with its line break. null is an empty cell, an empty text is `""`. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | null): string {
  if (cell === null) return '';
  const safe = withoutFormula(cell);
  return safe === '' || /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
