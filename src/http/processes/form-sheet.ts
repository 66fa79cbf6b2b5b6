import type { ResultForm, ResultFormCell, ResultFormRow } from '../../analysis/form.ts';
import type { GridCell, WorkbookGrid } from '../../transfer/office/office-request.ts';
import { headLines } from './form-head.ts';

/** Columns of the code of a form at the left and of who reports at the right. */
const SIDES = { left: 3, right: 6 };

type GridRow = readonly (GridCell | null)[];

/** Lays out a form as a sheet. @param base URL below which the links of its cells are */
export function formSheet(form: ResultForm, base: string): WorkbookGrid {
  const { code, columns } = form;
  const count = columns.length;
  const across = (cell: GridCell | null): GridRow => spread(count, [{ from: 0, to: count, cell }]);
  return {
    title: code.replace('/', '-'),
    widths: columns.map(({ width }) => width),
    rows: [
      ...topRows(form),
      across({ value: form.title, look: 'title' }),
      ...form.subtitle.map((value) => across({ value, look: 'centre' })),
      across(null),
      ...headRows(form),
      ...form.rows.map((row) => row.cells.map((cell) => formCell(cell, row, base))),
      across(null),
      ...signerRows(form),
      across(null),
      ...form.notes.map((value) => across({ value, look: 'left' })),
    ],
  };
}

interface PlacedCell {
  readonly from: number;
  readonly to: number;
  readonly cell: GridCell | null;
}

/** Returns a row in which cells span the columns `from` to before `to`. */
function spread(count: number, placed: readonly PlacedCell[]): GridRow {
  const row: (GridCell | null)[] = Array.from({ length: count }, () => null);
  for (const { from, to, cell } of placed)
    if (cell) row[from] = to - from > 1 ? { ...cell, columnSpan: to - from } : cell;
  return row;
}

function topRows({ code, motto, reporter, columns }: ResultForm): GridRow[] {
  const count = columns.length;
  const [left, right] = [Math.min(SIDES.left, count), Math.max(SIDES.left, count - SIDES.right)];
  return Array.from({ length: Math.max(motto.length, reporter.length) }, (_, line) =>
    spread(count, [
      { from: 0, to: left, cell: line === 0 ? { value: `Biểu ${code}`, look: 'left', isBold: true } : null },
      { from: left, to: right, cell: textOrNull(motto[line], 'centre', line === 0) },
      { from: right, to: count, cell: textOrNull(reporter[line], 'left', false) },
    ]),
  );
}

function textOrNull(value: string | undefined, look: GridCell['look'], isBold: boolean): GridCell | null {
  return value === undefined ? null : { value, look, isBold };
}

function headRows({ columns }: ResultForm): GridRow[] {
  const lines = headLines(columns.map(({ path }) => path));
  return [
    ...lines.map((line) => {
      const row: (GridCell | null)[] = columns.map(() => null);
      for (const { text, column, columnSpan, rowSpan } of line)
        row[column] = { value: text, look: 'head', columnSpan, rowSpan };
      return row;
    }),
    columns.map(({ line }): GridCell => ({ value: line, look: 'head' })),
  ];
}

function formCell(cell: ResultFormCell, { level }: ResultFormRow, base: string): GridCell {
  const isBold = level <= 1;
  if ('why' in cell) return { value: null, look: 'missing' };
  if ('text' in cell)
    return { value: cell.text, look: 'label', isBold, ...(cell.indent ? { indent: cell.indent } : {}) };
  const { number, digits, href } = cell;
  return { value: number, look: 'figure', isBold, digits, ...(href ? { href: `${base}/${href}&f=html` } : {}) };
}

function signerRows({ signers, columns }: ResultForm): GridRow[] {
  const count = columns.length;
  const place = (index: number) => Math.round((index * count) / signers.length);
  const line = (textOf: (signer: ResultForm['signers'][number]) => string, isBold: boolean): GridRow =>
    spread(
      count,
      signers.map((signer, index) => ({
        ...{ from: place(index), to: place(index + 1) },
        cell: { value: textOf(signer), look: 'centre', isBold },
      })),
    );
  return [
    line(() => 'Ngày …… tháng …… năm ……', false),
    line(([title]) => title, true),
    line(([, hint]) => hint, false),
  ];
}
