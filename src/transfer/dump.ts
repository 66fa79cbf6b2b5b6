import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Decode, EncodingWatch } from './encoding.ts';
import type { GdalField } from './gdal.ts';

/** One feature of the file: `shape` is hexadecimal (E)WKB, `values` follow the layer's fields. */
export interface DumpRow {
  /** 1 for the first feature of the file. */
  readonly number: number;
  readonly shape: string | null;
  readonly values: readonly (string | null)[];
}

export interface DumpOptions {
  readonly fields: readonly GdalField[];
  /** Only these positions of `fields` are decoded; the others are null. */
  readonly wanted: ReadonlySet<number>;
  /** undefined: Unicode is expected, and `watch` looks for what is not. */
  readonly decode: Decode | undefined;
  /** The driver was told to give the bytes as they are (as ISO-8859-1). */
  readonly isRaw: boolean;
  readonly watch: EncodingWatch;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The rows of the COPY block that GDAL wrote, one by one. */
export async function* readDump(file: string, options: DumpOptions): AsyncGenerator<DumpRow> {
  // Bytes as characters: a field may hold what is not UTF-8. No byte of UTF-8 is taken for an end of line.
  const lines = createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: Number.POSITIVE_INFINITY });
  let columns: string[] | undefined;
  let number = 0;
  for await (const line of lines) {
    if (!columns) {
      if (line.startsWith('COPY ')) columns = columnsOf(line);
    } else if (line === '\\.') break;
    else yield readRow(line.split('\t'), ++number, columns.length, options);
  }
}

function columnsOf(statement: string): string[] {
  const list = statement.slice(statement.indexOf('('));
  return [...list.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => match[1] ?? '');
}

/** Geometry columns come first (some GML has several: the first counts), then the fields. */
function readRow(cells: readonly string[], number: number, width: number, options: DumpOptions): DumpRow {
  const first = width - options.fields.length;
  const shape = cells[0] ?? '\\N';
  const values = options.fields.map((field, index) =>
    options.wanted.has(index) ? readCell(cells[first + index] ?? '\\N', field, options) : null,
  );
  return { number, shape: shape === '\\N' ? null : shape, values };
}

function readCell(cell: string, { type }: GdalField, { decode, isRaw, watch }: DumpOptions): string | null {
  if (cell === '\\N') return null;
  // GDAL writes 17 digits: 90.900000000000006 is 90.9.
  if (type === 'Real') return Number.isFinite(Number(cell)) ? String(Number(cell)) : cell;
  const text = cell.includes('\\') ? cell.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter) : cell;
  if (!/[^\0-\x7f]/.test(text)) return text.replaceAll('\0', '');
  const bytes = Buffer.from(text, 'latin1');
  const isBytes = !isUtf8(bytes);
  const decoded = isBytes ? text : bytes.toString('utf8');
  if (decode) return decode(decoded, isBytes || isRaw).replaceAll('\0', '');
  watch.see(decoded, isBytes);
  return decoded.normalize('NFC');
}
