/**
 * The thread in which shapefiles are written. Compressing 100 MB takes seconds, and the memory is released with the
 * thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ShapefileArchive, type ShapefileRow, type ShapefileSource } from './archive.ts';

export type ShapefileRequest = { readonly rows: readonly ShapefileRow[] } | { readonly isEnd: true };

/** Answer to rows: empty. Answer to the end: the archive, undefined if it would be too large. */
export type ShapefileAnswer = { readonly archive?: Uint8Array | undefined };

const port = parentPort;
if (!port) throw new Error('shapefile-worker runs in a worker thread only');
const archive = new ShapefileArchive(workerData as ShapefileSource);

port.on('message', (request: ShapefileRequest) => {
  if ('isEnd' in request) return port.postMessage({ archive: archive.finish() } satisfies ShapefileAnswer);
  for (const row of request.rows) archive.add(row);
  port.postMessage({} satisfies ShapefileAnswer);
});
