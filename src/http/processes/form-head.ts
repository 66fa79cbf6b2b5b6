/** A cell of the headings of a table. */
export interface HeadCell {
  readonly text: string;
  /** Index of its first column. */
  readonly column: number;
  readonly columnSpan: number;
  readonly rowSpan: number;
}

/**
 * Lays out headings that share their upper ones. A last heading reaches down to the last line, unless others of its text
 * stand in that line alone: "ha" and "%" of every group then stand side by side.
 * @param paths headings of each column, from the top down
 * @returns the lines of headings
 */
export function headLines(paths: readonly (readonly string[])[]): HeadCell[][] {
  const depth = Math.max(...paths.map((path) => path.length));
  const low = new Set(paths.filter(({ length }) => length === depth && depth > 1).map((path) => path.at(-1)));
  const padded = paths.map((path) => {
    const last = path.at(-1) as string;
    const rest = path.slice(0, -1);
    const isLow = low.has(last) && rest.length > 0;
    const missing = Array.from({ length: depth - path.length }, () => null);
    return isLow ? [...rest, ...missing, last] : [...path, ...missing];
  });
  return Array.from({ length: depth }, (_, line) => headLine(padded, line));
}

type PaddedPath = readonly (string | null)[];

function headLine(paths: readonly PaddedPath[], line: number): HeadCell[] {
  const cells: HeadCell[] = [];
  for (let column = 0; column < paths.length; ) {
    const path = paths[column] as PaddedPath;
    const text = path[line] ?? null;
    const columnSpan = text === null ? 1 : sharedSpan(paths, column, line);
    if (text !== null) {
      const below = path.slice(line + 1).findIndex((part) => part !== null);
      const rowSpan = below < 0 ? path.length - line : below + 1;
      cells.push({ text, column, columnSpan, rowSpan });
    }
    column += columnSpan;
  }
  return cells;
}

/** Returns the number of columns from one on that share a heading that has others below it. */
function sharedSpan(paths: readonly PaddedPath[], column: number, line: number): number {
  const path = paths[column] as PaddedPath;
  if (!path.slice(line + 1).some((part) => part !== null)) return 1;
  const upper = JSON.stringify(path.slice(0, line + 1));
  const end = paths.findIndex((other, index) => index > column && JSON.stringify(other.slice(0, line + 1)) !== upper);
  return (end < 0 ? paths.length : end) - column;
}
