import { readFile, writeFile } from 'node:fs/promises';
import { formatValueList, parseValueList } from '../transfer/import/plan/value-list.ts';
import type { ImportReport } from '../transfer/import/request.ts';

type ValueFiles = Readonly<Record<string, string>>;
type ValueLists = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads the lists of values by the fields of the layer. A file that is not there has none yet. */
export async function readValueFiles(files: ValueFiles): Promise<ValueLists> {
  const read = Object.entries(files).map(async ([field, file]) => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return [field, text === undefined ? {} : parseValueList(text)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/**
 * Adds the values that the layer does not know to their lists.
 * @returns lines for the operator
 */
export async function writeValueFiles(
  files: ValueFiles,
  values: ValueLists,
  unknown: ImportReport['unknownValues'],
): Promise<string[]> {
  const lines: string[] = [];
  for (const [field, list] of Object.entries(unknown)) {
    const file = files[field];
    if (file === undefined) {
      lines.push(
        `${list.length} values of ${field} are no codes: --values ${field}=file.csv lists them to be filled in.`,
      );
    } else {
      await writeFile(file, formatValueList(values[field] ?? {}, list));
      lines.push(`${list.length} values of ${field} are no codes: fill in their codes in ${file}, and import again.`);
    }
  }
  return lines;
}
