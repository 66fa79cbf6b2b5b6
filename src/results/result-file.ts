import type { ResultFile } from '../analysis/process.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import {
  completeFileQuery,
  type FileSpan,
  fileQuery,
  insertFileQuery,
  insertPartQuery,
  PART_BYTES,
  partQuery,
} from './file-query.ts';

/** A complete file of a result. */
export interface StoredFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Writes the file of a job, part by part, as it is produced.
 * @throws as the chunks
 */
export async function storeFile(
  db: Database,
  job: string,
  { name, chunks }: ResultFile,
  options: QueryOptions,
): Promise<void> {
  await db.query(insertFileQuery(job, name), options);
  let size = 0;
  let count = 0;
  for await (const part of equalParts(chunks)) {
    await db.query(insertPartQuery(job, count++, part), options);
    size += part.length;
  }
  await db.query(completeFileQuery(job, size), options);
}

/** Yields the chunks as parts of equal size; the last is shorter. */
async function* equalParts(chunks: ResultFile['chunks']): AsyncGenerator<Uint8Array> {
  let part = Buffer.alloc(PART_BYTES);
  let length = 0;
  for await (const chunk of chunks) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (rest.length) {
      const taken = rest.subarray(0, PART_BYTES - length);
      part.set(taken, length);
      length += taken.length;
      rest = rest.subarray(taken.length);
      if (length < PART_BYTES) continue;
      yield part;
      part = Buffer.alloc(PART_BYTES);
      length = 0;
    }
  }
  if (length) yield part.subarray(0, length);
}

/** Returns the file of a successful job; undefined if it has none. */
export async function findFile(db: Database, job: string, options: QueryOptions): Promise<StoredFile | undefined> {
  const [row] = await db.query<{ name: string; size: number }>(fileQuery(job), options);
  return row && { name: row.name, size: Number(row.size) };
}

/** Yields a range of the bytes of a job's file, a part at a time. */
export async function* readFileRange(
  db: Database,
  job: string,
  { from, to }: FileSpan,
  options: QueryOptions,
): AsyncGenerator<Uint8Array> {
  for (let part = Math.floor(from / PART_BYTES); part * PART_BYTES < to; part++) {
    const start = part * PART_BYTES;
    const range = { from: Math.max(0, from - start), to: Math.min(PART_BYTES, to - start) };
    const [row] = await db.query<{ bytes: Uint8Array }>(partQuery(job, part, range), options);
    if (!row) throw new Error(`part ${part} of the file of a job was dropped`);
    yield row.bytes;
  }
}
