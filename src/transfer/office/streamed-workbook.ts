import { strFromU8, unzipSync } from 'fflate';
import { type ZipEntry, zipOf } from '../../lib/zip.ts';
import { askOffice } from './office.ts';
import type { SheetRowsRequest, WorkbookColumn, WorkbookRequest, WorkbookSheet } from './office-request.ts';

/** Rows that are written at a time. */
const PAGE = 2000;
/** Rows of a sheet below its titles (ECMA-376; Excel's limit). */
const MOST_ROWS = 1_048_575;

type StreamedRow = WorkbookSheet['rows'][number];

export interface StreamedSheet {
  readonly title: string;
  readonly columns: readonly WorkbookColumn[];
  readonly rows: AsyncIterable<StreamedRow>;
  /** Rows of a sheet; those beyond are on further sheets. */
  readonly most?: number;
}

/** XML around the rows of a sheet, and the styles of its columns. */
interface SheetFrame {
  readonly start: string;
  readonly end: string;
  /** Numbers of the styles; undefined: plain. */
  readonly styles: readonly (string | undefined)[];
}

interface FilledSheet extends Required<Pick<StreamedSheet, 'columns' | 'most'>> {
  readonly frame: SheetFrame;
  readonly source: RowSource;
}

/**
 * Yields a workbook (XLSX) of any number of rows, as the client takes it. Rows beyond the limit of a sheet are on further
 * ones. Memory does not grow with the rows.
 * @throws as the rows
 */
export function writeStreamedWorkbook(sheet: StreamedSheet): AsyncGenerator<Uint8Array> {
  return zipOf(workbookFiles(sheet));
}

/** Yields the sheets, and the other files of a workbook once the number of sheets is known. */
async function* workbookFiles({ title, columns, rows, most = MOST_ROWS }: StreamedSheet): AsyncGenerator<ZipEntry> {
  const [first, further] = sheetFrames(await emptyWorkbook(title, columns, 2));
  const source = new RowSource(rows);
  let count = 0;
  try {
    do {
      const frame = count++ ? further : first;
      if (!frame) throw new Error('the workbook has no sheet');
      yield { name: sheetPath(count), content: sheetXml({ frame, columns, source, most }) };
    } while (!(await source.isAtEnd()));
  } finally {
    await source.close();
  }
  const files = await emptyWorkbook(title, columns, count);
  const others = Object.keys(files).filter((name) => !/^xl\/worksheets\/sheet\d+\.xml$/.test(name));
  for (const name of others) yield { name, content: [files[name] ?? new Uint8Array()] };
}

function sheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

/** Returns the files of a workbook whose sheets have one row, which shows the style of each column. */
async function emptyWorkbook(title: string, columns: readonly WorkbookColumn[], count: number) {
  const sample = columns.map(({ type }) => (type === 'date' || type === 'datetime' ? '2000-01-01' : 'a'));
  const sheet = { title, columns, rows: [sample] };
  return unzipSync(
    await askOffice<WorkbookRequest>({ kind: 'workbook', sheets: Array.from({ length: count }, () => sheet) }),
  );
}

function sheetFrames(files: Readonly<Record<string, Uint8Array>>): SheetFrame[] {
  return [1, 2].map((number) => {
    const xml = strFromU8(files[sheetPath(number)] ?? new Uint8Array());
    const [sample = ''] = /<row r="2".*<\/row>/s.exec(xml) ?? [];
    const [start = '', end = ''] = xml.split(sample);
    const styles = [...sample.matchAll(/<c r="[A-Z]+2"(?: s="(\d+)")?/g)].map(([, style]) => style);
    return { start, end, styles };
  });
}

async function* sheetXml({ frame, columns, source, most }: FilledSheet): AsyncGenerator<string | Uint8Array> {
  const { start, end, styles } = frame;
  yield start;
  // The titles are the first row.
  for (let first = 2; first < most + 2; ) {
    const rows = await source.take(Math.min(PAGE, most + 2 - first));
    if (rows.length === 0) break;
    yield await askOffice<SheetRowsRequest>({ kind: 'rows', columns, styles, rows, first });
    first += rows.length;
  }
  yield end;
}

/** Rows that several sheets are filled from. */
class RowSource {
  readonly #rows: AsyncIterator<StreamedRow>;
  #next: Promise<IteratorResult<StreamedRow>> | undefined;

  constructor(rows: AsyncIterable<StreamedRow>) {
    this.#rows = rows[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    this.#next ??= this.#rows.next();
    return (await this.#next).done === true;
  }

  /** Returns the next rows, fewer only at the end. */
  async take(most: number): Promise<StreamedRow[]> {
    const taken: StreamedRow[] = [];
    while (taken.length < most && !(await this.isAtEnd())) {
      taken.push((await this.#next)?.value);
      this.#next = undefined;
    }
    return taken;
  }

  /** Ends the reading of rows that nobody takes. */
  async close(): Promise<void> {
    await this.#rows.return?.();
  }
}
