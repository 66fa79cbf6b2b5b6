import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { BootError, Problem } from './errors.ts';
import { readShape } from './shape.ts';

/** Folder of `data/`, the same seen from `src/` and from `dist/`. */
export const DATA_FOLDER = new URL('../../data/', import.meta.url);

/**
 * Reads `data/<name>.json`.
 * @throws BootError that names the file, the member that is wrong, and what would be right there
 */
export function readDataFile<S extends z.ZodType>(name: string, schema: S): z.output<S> {
  return readData(readFileSync(new URL(`${name}.json`, DATA_FOLDER), 'utf8'), schema, `data/${name}.json`);
}

/**
 * Reads JSON text that stands in a file.
 * @param file its name in messages
 * @throws BootError as {@link readDataFile}
 */
export function readData<S extends z.ZodType>(text: string, schema: S, file: string): z.output<S> {
  try {
    return readShape(schema, JSON.parse(text), { root: '' });
  } catch (error) {
    if (error instanceof SyntaxError) throw new BootError(`${file} is no JSON: ${error.message}.`);
    if (error instanceof Problem) throw new BootError(`${file}: ${error.detail.en}`);
    throw error;
  }
}

/**
 * Reads `data/<name>.csv`, whose first line names the columns. An empty cell is ''.
 * @param row schema of a row, all of whose values are text
 * @throws BootError as {@link readDataFile}
 */
export function readDataTable<S extends z.ZodType>(name: string, row: S): readonly z.output<S>[] {
  const rows: unknown = parse(readFileSync(new URL(`${name}.csv`, DATA_FOLDER)), {
    columns: true,
    skip_empty_lines: true,
  });
  try {
    return readShape(z.array(row), rows, { root: '' });
  } catch (error) {
    if (error instanceof Problem) throw new BootError(`data/${name}.csv: ${error.detail.en}`);
    throw error;
  }
}
