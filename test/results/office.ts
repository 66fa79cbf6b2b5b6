/** Readers of workbooks and drawings, as far as tests need them. */
import { strFromU8, unzipSync } from 'fflate';

type CellValue = string | number | boolean;

/** A sheet as rows of cells by column letter; a date is its serial number and `d`. */
export interface ReadSheet {
  readonly name: string;
  readonly rows: readonly Readonly<Record<string, CellValue>>[];
  /** Formats of the cells that have one, by `A1`. */
  readonly formats: Readonly<Record<string, string>>;
}

const plainText = (text: string) =>
  text.replace(
    /&(lt|gt|amp|quot|apos);/g,
    (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[name] ?? '',
  );

function readCell(type: string | undefined, value: string, strings: readonly string[]): CellValue {
  if (type === 'inlineStr') return plainText(value);
  if (type === 's') return strings[Number(value)] ?? '';
  return type === 'b' ? value === '1' : Number(value);
}

/** Reads an XLSX file. */
export function readWorkbook(body: Uint8Array): ReadSheet[] {
  const files = unzipSync(body);
  const read = (path: string) => strFromU8(files[path] ?? new Uint8Array());
  const strings = [...read('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>([\s\S]*?)<\/t><\/si>/g)].map(
    ([, text = '']) => plainText(text),
  );
  const styles = read('xl/styles.xml');
  const formats = new Map(
    [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, code]),
  );
  const cellStyles = (/<cellXfs[\s\S]*<\/cellXfs>/.exec(styles)?.[0] ?? '').matchAll(/<xf [^>]*>/g);
  const cellFormats = [...cellStyles].map(([xf]) => formats.get(/numFmtId="(\d+)"/.exec(xf)?.[1]));
  const names = [...read('xl/workbook.xml').matchAll(/<sheet [^>]*?name="([^"]*)"/g)].map(([, name = '']) =>
    plainText(name),
  );
  return names.map((name, index) => {
    const xml = read(`xl/worksheets/sheet${index + 1}.xml`);
    const shown: Record<string, string> = {};
    const rows = [...xml.matchAll(/<row [^>]*>([\s\S]*?)<\/row>/g)].map(([, cells = '']) => {
      const row: Record<string, CellValue> = {};
      for (const [, column = '', number, attributes = '', value = ''] of cells.matchAll(
        /<c r="([A-Z]+)(\d+)"([^>]*)>(?:<v>|<is><t[^>]*>)([^<]*)<\/(?:v|t><\/is)><\/c>/g,
      )) {
        const [, type] = / t="(\w+)"/.exec(attributes) ?? [];
        const [, style] = / s="(\d+)"/.exec(attributes) ?? [];
        const format = style === undefined ? undefined : cellFormats[Number(style)];
        if (format) shown[`${column}${number}`] = format;
        row[column] = readCell(type, value, strings);
      }
      return row;
    });
    return { name, rows, formats: shown };
  });
}

/** A polyline of a drawing. */
export interface ReadPolyline {
  readonly layer: string;
  readonly isClosed: boolean;
  readonly points: readonly (readonly [number, number])[];
  /** Positive if counter-clockwise. */
  readonly signedArea: number;
}

/** Reads the polylines of a DXF, and the names of its layers. */
export function readDrawing(text: string): { polylines: ReadPolyline[]; layers: string[] } {
  const lines = text.split(/\r?\n/);
  const pairs = Array.from(
    { length: Math.floor(lines.length / 2) },
    (_, at) => [Number(lines[2 * at]), lines[2 * at + 1] ?? ''] as const,
  );
  const groups: (readonly [number, string])[][] = [];
  for (const pair of pairs) {
    if (pair[0] === 0) groups.push([]);
    groups.at(-1)?.push(pair);
  }
  const valuesOf = (group: (readonly [number, string])[], code: number) =>
    group.filter(([each]) => each === code).map(([, value]) => value);
  const polylines = groups
    .filter(([head]) => head?.[1] === 'LWPOLYLINE')
    .map((group) => {
      const [xs, ys] = [valuesOf(group, 10).map(Number), valuesOf(group, 20).map(Number)];
      const points = xs.map((x, at) => [x, ys[at] ?? 0] as const);
      const [ox = 0, oy = 0] = points[0] ?? [];
      const signedArea = points.reduce((sum, [x, y], at) => {
        const [nx, ny] = points[(at + 1) % points.length] ?? [ox, oy];
        return sum + ((x - ox) * (ny - oy) - (nx - ox) * (y - oy)) / 2;
      }, 0);
      return { layer: valuesOf(group, 8)[0] ?? '', isClosed: valuesOf(group, 70)[0] === '1', points, signedArea };
    });
  const layers = groups.filter(([head]) => head?.[1] === 'LAYER').flatMap((group) => valuesOf(group, 2));
  return { polylines, layers };
}
