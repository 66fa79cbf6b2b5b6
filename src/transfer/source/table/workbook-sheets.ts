import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { SaxesParser } from 'saxes';
import { unreadableFile } from '../../unreadable-file.ts';
import { unpack } from '../files/archive.ts';
import { decodedChunks } from '../text/text-file.ts';
import { withoutPrefix } from '../text/xml-text.ts';
import type { SheetRow, TableCell, TableSheet } from './table-cell.ts';
import { type CellFormat, numberFormat, type StoredCell, toTableCell } from './workbook-cell.ts';

type XmlAttributes = Readonly<Record<string, string>>;

/** Parts of a workbook to which its cells refer. */
interface WorkbookParts {
  readonly texts: readonly string[];
  readonly formats: readonly CellFormat[];
  readonly is1904: boolean;
}

/**
 * Opens the sheets of a workbook (ECMA-376 part 1, SpreadsheetML). Sheets are read while they are parsed, with a row in
 * memory at a time.
 * @throws Problem if it is none
 */
export async function openWorkbook(file: string, folder: string): Promise<TableSheet[]> {
  const unpacked = join(folder, 'workbook');
  await mkdir(unpacked);
  const names = new Set(await unpack(file, unpacked, (name) => (/^xl__.*\.(xml|rels)$/.test(name) ? name : undefined)));
  const partOf = (path: string) => path.replaceAll('/', '__');
  const parse = async (path: string, onElement: OnElement) => {
    if (!names.has(partOf(path))) return;
    for await (const _ of parseXml(join(unpacked, partOf(path)), onElement));
  };
  const { sheets, is1904 } = await readBook(parse);
  if (!sheets.length) throw unreadableFile('the workbook has no sheets');
  const texts = await readTexts(parse);
  const parts = { texts, formats: await readFormats(parse), is1904 };
  return sheets.map(({ name, path }): TableSheet => {
    const sheet = join(unpacked, partOf(path));
    if (!names.has(partOf(path))) throw unreadableFile(`sheet "${name}" is missing`);
    const plain = { isBytes: false, isEven: false, hasCommas: false, endsOpen: false };
    return { name, ...plain, rows: () => sheetRows(sheet, parts) };
  });
}

interface SheetElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  /** Text directly inside the element. */
  readonly text: string;
  /** Names of the elements around it. */
  readonly path: readonly string[];
}

/** Receives an element twice: when it opens, without its text, and when it closes. */
type OnElement = (event: 'open' | 'close', element: SheetElement) => void;
type ParsePart = (path: string, onElement: OnElement) => Promise<void>;

/** @throws Problem if it is no XML */
async function* parseXml(file: string, onElement: OnElement): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const open: { name: string; attributes: XmlAttributes; text: string; path: string[] }[] = [];
  parser.on('error', (error) => {
    throw new SyntaxError(error.message);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const plain = Object.entries(attributes as Record<string, string>).map(([key, value]) => [
      withoutPrefix(key),
      value,
    ]);
    const element = {
      ...{ name: withoutPrefix(name), attributes: Object.fromEntries(plain) as XmlAttributes, text: '' },
      path: open.map((each) => each.name),
    };
    open.push(element);
    onElement('open', element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => onElement('close', open.pop()!));
  try {
    for await (const chunk of decodedChunks(file, 'utf-8')) {
      parser.write(chunk);
      yield;
    }
    parser.close();
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableFile(error.message) : error;
  }
}

async function readBook(parse: ParsePart) {
  const targets = new Map<string, string>();
  await parse('xl/_rels/workbook.xml.rels', (event, { name, attributes }) => {
    const { Id = '', Target = '' } = attributes;
    if (event === 'open' && name === 'Relationship') targets.set(Id, posix.resolve('/xl', Target).slice(1));
  });
  const sheets: { name: string; path: string }[] = [];
  let is1904 = false;
  await parse('xl/workbook.xml', (event, { name, attributes }) => {
    if (event === 'close') return;
    if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
    // The prefix of `r:id` is left out; `sheetId` is another attribute.
    if (name === 'sheet') sheets.push({ name: attributes.name ?? '', path: targets.get(attributes.id ?? '') ?? '' });
  });
  return { sheets, is1904 };
}

async function readTexts(parse: ParsePart): Promise<string[]> {
  const texts: string[] = [];
  await parse('xl/sharedStrings.xml', (event, element) => {
    if (event === 'open' && element.name === 'si') texts.push('');
    else if (event === 'close' && isShownText(element)) texts[texts.length - 1] += element.text;
  });
  return texts;
}

/** Returns true for the text of a cell; that of `rPh` is its pronunciation. */
function isShownText({ name, path }: SheetElement): boolean {
  return name === 't' && !path.includes('rPh');
}

async function readFormats(parse: ParsePart): Promise<CellFormat[]> {
  const codes = new Map<string, string>();
  const formats: CellFormat[] = [];
  await parse('xl/styles.xml', (event, { name, attributes, path }) => {
    if (event === 'close') return;
    const { numFmtId = '', formatCode = '' } = attributes;
    if (name === 'numFmt') codes.set(numFmtId, formatCode);
    if (name === 'xf' && path.at(-1) === 'cellXfs') formats.push(numberFormat(Number(numFmtId), codes.get(numFmtId)));
  });
  return formats;
}

async function* sheetRows(file: string, parts: WorkbookParts): AsyncGenerator<SheetRow> {
  let finished: SheetRow[] = [];
  let row: (TableCell | null)[] = [];
  let cell: { column: number; attributes: XmlAttributes } & StoredCell = noCell(0, {});
  const onElement: OnElement = (event, element) => {
    const { name, attributes, text } = element;
    if (event === 'open') {
      if (name === 'row') row = [];
      if (name === 'c') cell = noCell(letterIndex(attributes.r) ?? row.length, attributes);
      return;
    }
    if (name === 'v') cell = { ...cell, text };
    else if (isShownText(element)) cell = { ...cell, text: (cell.text ?? '') + text };
    else if (name === 'c') {
      while (row.length < cell.column) row.push(null);
      row[cell.column] = readCell(cell, parts);
    } else if (name === 'row') finished.push(row);
  };
  for await (const _ of parseXml(file, onElement)) {
    yield* finished;
    finished = [];
  }
  yield* finished;
}

function noCell(column: number, attributes: XmlAttributes) {
  return { column, attributes, type: attributes.t ?? 'n', text: undefined };
}

function readCell(
  cell: { attributes: XmlAttributes } & StoredCell,
  { texts, formats, is1904 }: WorkbookParts,
): TableCell | null {
  const format = formats[Number(cell.attributes.s ?? 0)] ?? numberFormat(0, undefined);
  if (cell.type !== 's' || cell.text === undefined) return toTableCell(cell, format, is1904);
  const text = texts[Number(cell.text)];
  if (text === undefined) throw unreadableFile(`text ${cell.text} of xl/sharedStrings.xml is missing`);
  return toTableCell({ type: 'str', text }, format, is1904);
}

/** Returns the index of a column by the letters of a cell: `AB12` is 27. */
function letterIndex(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (!letters) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
