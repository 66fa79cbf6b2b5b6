import type { Source, SourceField } from '../../source/row/source-row.ts';

/** Values of the first rows of a source. */
export interface FirstValues {
  /** Values that are not empty, without spaces around them, by the names of the columns. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** True if the first shape is a line. */
  readonly isOfLines: boolean;
}

/** Reads the first rows of some columns. */
export async function firstValues(
  source: Source,
  isWanted: (field: SourceField) => boolean,
  rows: number,
): Promise<FirstValues> {
  const wanted = source.fields.flatMap((field, index) => (isWanted(field) ? [index] : []));
  const values = new Map(wanted.map((index) => [source.fields[index]?.name ?? '', [] as string[]]));
  if (!wanted.length) return { values, isOfLines: false };
  let count = 0;
  let first: string | null = null;
  for await (const row of source.rows(new Set(wanted))) {
    first ??= row.shape;
    for (const index of wanted) {
      const text = row.values[index]?.trim();
      if (text) values.get(source.fields[index]?.name ?? '')?.push(text);
    }
    if (++count === rows) break;
  }
  return { values, isOfLines: first !== null && isLinear(first) };
}

/** @param shape hexadecimal (E)WKB, whose second part is the type: 2 for a LineString, 5 for a MultiLineString */
function isLinear(shape: string): boolean {
  return /^(01(02|05)|00[0-9a-f]{6}(02|05))/i.test(shape);
}
