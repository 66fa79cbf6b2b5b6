import { parse as parsePath } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { withFormula } from '../../../lib/csv.ts';
import { Problem } from '../../../lib/errors.ts';
import { endsLine, openText, type TextFile } from '../text/text-file.ts';
import type { SheetRow, TableCell, TableSheet } from './table-cell.ts';

/** Separators, in the order in which they count if a text fits several. */
const SEPARATORS = [';', '\t', '|', ','] as const;
type Separator = (typeof SEPARATORS)[number];

/** Characters and lines by which the separator is recognised. */
const SAMPLE = { characters: 1 << 16, lines: 50 };

/** The first line by which Excel names the separator. */
const DECLARED = /^sep=([;\t|,])\r?\n/i;

/** Opens a text file of cells (RFC 4180) with any usual separator. */
export async function openCsv(file: string, encoding: string | undefined): Promise<TableSheet> {
  const text = await openText(file, encoding);
  const start = await startOf(text);
  const declared = DECLARED.exec(start)?.[1] as Separator | undefined;
  const separator = declared ?? separatorOf(start);
  return {
    ...{ name: parsePath(file).name, isBytes: text.isBytes, isEven: true, hasCommas: separator !== ',' },
    endsOpen: !(await endsLine(file)),
    rows: () => csvRows(text, separator, declared === undefined ? 1 : 2),
  };
}

async function startOf(text: TextFile): Promise<string> {
  for await (const chunk of text.chunks()) {
    if (chunk) return chunk.slice(0, SAMPLE.characters);
  }
  return '';
}

/** Returns the separator that occurs equally often in the most lines, outside of quotes. */
export function separatorOf(start: string): Separator {
  const lines = start
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE.lines);
  const scores = SEPARATORS.map((separator) => {
    const times = new Map<number, number>();
    for (const line of lines) {
      const count = line.split(separator).length - 1;
      if (count) times.set(count, (times.get(count) ?? 0) + 1);
    }
    return Math.max(0, ...times.values());
  });
  return SEPARATORS[scores.indexOf(Math.max(...scores))] ?? ',';
}

async function* csvRows(text: TextFile, delimiter: Separator, fromLine: number): AsyncGenerator<SheetRow> {
  const parser = parse({
    ...{ delimiter, from_line: fromLine, bom: true, skip_empty_lines: true, relax_column_count: true },
    // An empty text in quotes is a text; an empty cell is none.
    cast: (value, { quoting }): TableCell | null =>
      value === '' && !quoting ? null : { text: withFormula(value), kind: 'plain' },
  });
  // Errors come with the rows; a pipe would not forward those of the file.
  pipeline(Readable.from(text.chunks()), parser, () => {});
  try {
    for await (const row of parser) yield row as SheetRow;
  } catch (error) {
    throw error instanceof CsvError ? wrongQuotes(Number(error.lines)) : error;
  }
}

function wrongQuotes(line: number): Problem {
  return new Problem('invalid-body', {
    vi: `Dấu nháy kép sai ở dòng ${line} của tệp. Ô có dấu nháy phải nằm trong dấu nháy kép, và mỗi dấu bên trong được viết hai lần.`,
    en: `A double quote is wrong in line ${line} of the file. A cell with quotes is put in double quotes, each one inside written twice.`,
  });
}
