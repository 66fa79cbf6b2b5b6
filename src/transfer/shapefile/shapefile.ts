import { Problem } from '../../lib/errors.ts';
import { startThread, Thread } from '../../lib/thread.ts';
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
  const thread = new Thread<ShapefileRequest, ShapefileAnswer>(worker, { exited: 'the shapefile was not written' });
  try {
    for await (const rows of pages) await thread.ask({ rows });
    const { archive } = await thread.ask({ isEnd: true });
    if (archive) return archive;
    throw new Problem('too-much', {
      vi: 'Shapefile này lớn hơn 512 MB; hãy lọc bớt, hoặc lấy GeoJSON hay CSV, không có giới hạn.',
      en: 'This shapefile would be larger than 512 MB; narrow the question, or take GeoJSON or CSV, which have no limit.',
    });
  } finally {
    await thread.end(new Error('the shapefile is written'));
  }
}
