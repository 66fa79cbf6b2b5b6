/**
 * The thread in which shapefiles are written. Compressing 100 MB takes seconds, and the memory is released with the
 * thread.
 */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../lib/thread-answers.ts';
import { ShapefileArchive, type ShapefileRow, type ShapefileSource } from './archive.ts';

export type ShapefileRequest = { readonly rows: readonly ShapefileRow[] } | { readonly isEnd: true };

/** Answer to rows: empty. Answer to the end: the archive, undefined if it would be too large. */
export type ShapefileAnswer = { readonly archive?: Uint8Array | undefined };

const archive = new ShapefileArchive(workerData as ShapefileSource);

answerQuestions(
  (request: ShapefileRequest): ShapefileAnswer => {
    if ('isEnd' in request) return { archive: archive.finish() };
    for (const row of request.rows) archive.add(row);
    return {};
  },
  ({ archive: made }) => (made ? [made.buffer as ArrayBuffer] : []),
);
