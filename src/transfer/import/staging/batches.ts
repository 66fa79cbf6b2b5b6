import { setImmediate } from 'node:timers/promises';

/** Rows and characters of a batch, whichever come first. */
const BATCH = { rows: 2500, length: 1_000_000 } as const;
/** Rows after which others may run: a source that reads without waiting would stop the answers of the database. */
const BREATH = 500;

/** Gathers lines in batches. */
export async function* lineBatches(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let length = 0;
  let count = 0;
  for await (const line of lines) {
    batch.push(line);
    length += line.length;
    if (++count % BREATH === 0) await setImmediate();
    if (batch.length < BATCH.rows && length < BATCH.length) continue;
    yield batch;
    batch = [];
    length = 0;
  }
  if (batch.length) yield batch;
}

/**
 * Writes batches in order. While one is written, the next is read.
 * @throws the first error of either side, after the other has ended
 */
export async function writeBatches<T>(batches: AsyncIterable<T>, write: (batch: T) => Promise<void>): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches) {
      await writing;
      if (failure) break;
      writing = write(batch).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  } finally {
    await writing;
  }
  if (failure) throw (failure as { readonly error: unknown }).error;
}
