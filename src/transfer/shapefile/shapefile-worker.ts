/** The thread in which shapefiles are written: it waits for the disk, and its memory is released with it. */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../lib/thread-answers.ts';
import { type ArchivedFile, ShapefileArchive, type ShapefileRow, type ShapefileSource } from './archive.ts';

export interface ShapefileWorkerData {
  readonly source: ShapefileSource;
  /** An empty folder for the files. */
  readonly folder: string;
}

export type ShapefileRequest = { readonly rows: readonly ShapefileRow[] } | { readonly isEnd: true };

/** Files at the end, none before. */
export interface ShapefileAnswer {
  readonly isTooLarge: boolean;
  readonly files: readonly ArchivedFile[];
}

const { source, folder } = workerData as ShapefileWorkerData;
const archive = new ShapefileArchive(source, folder);

answerQuestions((request: ShapefileRequest): ShapefileAnswer => {
  if ('rows' in request) for (const row of request.rows) archive.add(row);
  const { isTooLarge } = archive;
  return { isTooLarge, files: 'isEnd' in request && !isTooLarge ? archive.finish() : [] };
});
