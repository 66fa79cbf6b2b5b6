import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import type { CellObject, Feature, Sheet } from 'write-excel-file/node';
import {
  getCellAddress,
  getOrderOfSiblings,
  getSelfClosingTagMarkup,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility';
import type { GridCell, GridLook, WorkbookGrid, WorkbookSheet } from './office-request.ts';

/** The library's content of files, which it does not export. */
type FileContent = Stream | Buffer | Blob;

const SHEET_FILE = 'xl/worksheets/sheet{id}.xml';
const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink';
/** A3 (ECMA-376, 18.3.1.63). */
const PAPER = 8;
const LINK_COLOUR = '#0b5a4a';

const BORDERED = { borderStyle: 'thin', borderColor: '#808080', alignVertical: 'center' } as const;
const LOOKS: Readonly<Record<GridLook, Partial<CellObject>>> = {
  title: { align: 'center', fontWeight: 'bold', fontSize: 14 },
  centre: { align: 'center' },
  left: { align: 'left', alignVertical: 'top', wrap: true },
  head: { ...BORDERED, align: 'center', wrap: true, fontWeight: 'bold', fontSize: 9 },
  label: { ...BORDERED, align: 'left', wrap: true },
  figure: { ...BORDERED, align: 'right' },
  missing: { ...BORDERED, backgroundColor: '#e4e4e4' },
};

/** @param textCell returns a text as a cell within Excel's limits */
export function gridSheet(
  { widths, rows }: WorkbookGrid,
  textCell: (text: string) => CellObject,
): Omit<Sheet<never>, 'sheet'> {
  return {
    data: rows.map((row) => row.map((cell) => cell && gridCell(cell, textCell))),
    columns: widths.map((width) => ({ width })),
    orientation: 'landscape',
    showGridLines: false,
  };
}

function gridCell(cell: GridCell, textCell: (text: string) => CellObject): CellObject {
  const { value, look, isBold, columnSpan, rowSpan, indent, digits = 0, href } = cell;
  const style: Partial<CellObject> = {
    ...LOOKS[look],
    ...(isBold ? { fontWeight: 'bold' } : {}),
    ...(columnSpan ? { columnSpan } : {}),
    ...(rowSpan ? { rowSpan } : {}),
    ...(indent ? { indent } : {}),
    ...(href ? { textColor: LINK_COLOUR } : {}),
  };
  if (value === null) return style;
  if (typeof value === 'string') return { ...style, ...textCell(value) };
  return { ...style, value, type: Number, format: gridFormat(digits) };
}

/** Returns a format that shows 0 as a dash. */
function gridFormat(digits: number): string {
  const shown = digits ? `#,##0.${'0'.repeat(digits)}` : '#,##0';
  return `${shown};-${shown};"-"`;
}

/** Adds to the sheets of grids what the library has no option for: links of cells, and the paper. */
export function gridFeature(sheets: readonly (WorkbookSheet | WorkbookGrid)[]): Feature<FileContent> {
  const linksOf = (index: number) => {
    const sheet = sheets[index];
    return sheet && 'widths' in sheet ? gridLinks(sheet) : [];
  };
  const isGrid = (index: number) => 'widths' in (sheets[index] ?? {});
  return {
    files: {
      transform: {
        [SHEET_FILE]: {
          transform: (xml: string, _: unknown, { sheetIndex }: { readonly sheetIndex: number }) =>
            isGrid(sheetIndex) ? withPaper(withLinks(xml, linksOf(sheetIndex))) : xml,
        },
        'xl/worksheets/_rels/sheet{id}.xml.rels': {
          insert: (_: unknown, { sheetIndex }: { readonly sheetIndex: number }) =>
            linksOf(sheetIndex)
              .map(({ href }, index) => relationship(index, href))
              .join('') || undefined,
        },
      },
    },
  };
}

interface CellUrl {
  readonly address: string;
  readonly href: string;
}

function gridLinks({ rows }: WorkbookGrid): CellUrl[] {
  return rows.flatMap((row, r) =>
    row.flatMap((cell, c) => (cell?.href ? [{ address: getCellAddress(r, c), href: cell.href }] : [])),
  );
}

function relationship(index: number, href: string): string {
  const attributes = { Id: linkId(index), Type: HYPERLINK, Target: href, TargetMode: 'External' };
  return getSelfClosingTagMarkup('Relationship', attributes);
}

function linkId(index: number): string {
  return `link${index + 1}`;
}

function withLinks(xml: string, links: readonly CellUrl[]): string {
  if (links.length === 0) return xml;
  const tags = links.map(({ address }, index) =>
    getSelfClosingTagMarkup('hyperlink', { ref: address, 'r:id': linkId(index) }),
  );
  return inWorksheet(xml, `<hyperlinks>${tags.join('')}</hyperlinks>`);
}

/** Fits the columns of a sheet on the width of its paper. */
function withPaper(xml: string): string {
  const fitted = inWorksheet(xml, '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>');
  return fitted.replace(
    /<pageSetup [^>]*>/,
    `<pageSetup paperSize="${PAPER}" orientation="landscape" fitToWidth="1" fitToHeight="0"/>`,
  );
}

function inWorksheet(xml: string, markup: string): string {
  return insertElementMarkupAccordingToOrderOfSiblings(
    xml,
    markup,
    getOrderOfSiblings(SHEET_FILE, 'worksheet') ?? [],
    'worksheet',
  );
}
