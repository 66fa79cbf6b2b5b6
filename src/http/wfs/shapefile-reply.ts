import { streamRows } from '../../features/rows.ts';
import type { PlainRow } from '../../features/rows-query.ts';
import type { Services } from '../../services.ts';
import type { ShapefileRow } from '../../transfer/shapefile/archive.ts';
import { describeShapefile, writeShapefile } from '../../transfer/shapefile/shapefile.ts';
import { ZIP_TYPE } from '../kit/media-types.ts';
import { type Reply, stream } from '../kit/reply.ts';
import type { Question } from './question.ts';
import { withFirst } from './with-first.ts';

/** The client for whom rows are read; reading ends when it disconnects. */
interface ReadingClient {
  readonly services: Services;
  readonly signal: AbortSignal;
}

/**
 * Answers in shapefiles, once they are written.
 * @param most features; undefined: all
 * @throws Problem too-much
 */
export async function shapefileReply(
  { layer, crs, rows }: Question,
  most: number | undefined,
  { services, signal }: ReadingClient,
): Promise<Reply> {
  const { db, attribution } = services;
  const source = await describeShapefile(db, { layer, crs: crs.crs, fields: rows.fields, attribution });
  const asked = { ...rows, limit: most ?? Number.MAX_SAFE_INTEGER - 1 };
  const pieces = writeShapefile(source, {
    rows: shapefileRows(streamRows(db, layer, asked, { signal, priority: 'background' })),
    rowEstimate: Math.min(most ?? Infinity, layer.rowEstimate),
    signal,
  });
  // The first piece is awaited, because errors can still be reported then.
  const first = await pieces.next();
  return stream(first.done ? pieces : withFirst(first.value, pieces), ZIP_TYPE, {
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(layer.id)}.zip`,
  });
}

/** Yields what a thread needs of each row. */
async function* shapefileRows(rows: AsyncIterable<PlainRow>): AsyncGenerator<ShapefileRow> {
  for await (const { geometry, values } of rows) yield { geometry, cells: values };
}
