import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Problem } from '../../lib/errors.ts';
import { startThread } from '../../lib/thread.ts';
import type { ShapefileRow, ShapefileSource } from './archive.ts';
import type { ShapefileAnswer, ShapefileRequest } from './shapefile-worker.ts';

/**
 * Writes rows as a zip of shapefiles in a thread of its own: UTF-8 with its .cpg, one shapefile for each kind of
 * geometry.
 * @param pages rows in portions, each requested once the previous was consumed
 * @throws Problem too-much
 */
export async function writeShapefile(
  source: ShapefileSource,
  pages: AsyncIterable<readonly ShapefileRow[]>,
): Promise<Uint8Array> {
  const worker = startThread('./shapefile-worker', import.meta.url, source);
  try {
    for await (const rows of pages) await ask(worker, { rows });
    const { archive } = await ask(worker, { isEnd: true });
    if (archive) return archive;
    throw new Problem('too-much', {
      vi: 'Shapefile này lớn hơn 512 MB; hãy lọc bớt, hoặc lấy GeoJSON hay CSV, không có giới hạn.',
      en: 'This shapefile would be larger than 512 MB; narrow the question, or take GeoJSON or CSV, which have no limit.',
    });
  } finally {
    await worker.terminate();
  }
}

/** @throws the error of the thread */
async function ask(worker: Worker, request: ShapefileRequest): Promise<ShapefileAnswer> {
  const answer = once(worker, 'message');
  worker.postMessage(request);
  return (await answer)[0] as ShapefileAnswer;
}
