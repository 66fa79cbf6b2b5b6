import { createReadStream } from 'node:fs';
import type { Field, Layer } from '../../catalog/layer.ts';
import { readWkt } from '../../catalog/projections.ts';
import type { Database } from '../../database/database.ts';
import { type Crs, shortCrsName } from '../../geo/crs.ts';
import { inBatches } from '../../lib/batches.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import { Lane } from '../../lib/lane.ts';
import { startThread, Thread } from '../../lib/thread.ts';
import { type ZipEntry, zipOf } from '../../lib/zip.ts';
import { openWorkspace } from '../workspace.ts';
import type { ArchivedFile, ShapefileRow, ShapefileSource } from './archive.ts';
import type { ShapefileAnswer, ShapefileRequest, ShapefileWorkerData } from './shapefile-worker.ts';

/** Rows that are handed to the thread at a time. */
const PAGE = 1000;

/** The thread of one archive occupies a core. */
const lane = new Lane({ atOnce: 1, queue: 100 });

export interface ShapefileLayer {
  readonly layer: Layer;
  readonly fields: readonly Field[];
  /** CRS of the coordinates. */
  readonly crs: Crs;
  /** Source of the data. */
  readonly attribution: Text;
}

/** Describes the shapefiles of a layer. */
export async function describeShapefile(
  db: Database,
  { layer, fields, crs, attribution }: ShapefileLayer,
): Promise<ShapefileSource> {
  const { dimension } = layer.geometry;
  return {
    // Text after a dot would be taken for an extension.
    name: layer.id.replace(/[^\p{L}\p{M}\p{N}_-]/gu, '_'),
    title: layer.title,
    ...{ attribution, fields },
    kind: dimension === 'mixed' ? 'polygon' : dimension,
    system: shortCrsName(crs),
    projection: await readWkt(db, crs.srid),
  };
}

export interface ShapefileRows {
  readonly rows: AsyncIterable<ShapefileRow>;
  /** Number of rows, roughly: of archives that wait, the smallest is first. */
  readonly rowEstimate: number;
  readonly signal: AbortSignal;
}

/**
 * Yields a zip of shapefiles: UTF-8 with its .cpg, one shapefile for each kind of geometry. They are written to disk
 * first, so memory does not grow with the rows.
 * @throws Problem too-much beyond 2 GB, which is the limit of the format; as the rows
 */
export async function* writeShapefile(
  source: ShapefileSource,
  { rows, rowEstimate, signal }: ShapefileRows,
): AsyncGenerator<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  try {
    const files = await lane.run(rowEstimate, signal, () => writeFiles({ source, folder }, rows));
    yield* zipOf(archivedEntries(files));
  } finally {
    await remove();
  }
}

async function writeFiles(
  data: ShapefileWorkerData,
  rows: AsyncIterable<ShapefileRow>,
): Promise<readonly ArchivedFile[]> {
  const worker = startThread('./shapefile-worker', import.meta.url, data);
  const thread = new Thread<ShapefileRequest, ShapefileAnswer>(worker, { exited: 'the shapefile was not written' });
  const ask = async (request: ShapefileRequest) => {
    const { isTooLarge, files } = await thread.ask(request);
    if (isTooLarge) throw shapefileTooLarge();
    return files;
  };
  try {
    for await (const page of inBatches(rows, PAGE)) await ask({ rows: page });
    return await ask({ isEnd: true });
  } finally {
    await thread.end(new Error('the shapefile is written'));
  }
}

function* archivedEntries(files: readonly ArchivedFile[]): Generator<ZipEntry> {
  for (const file of files) {
    // A stream opens its file at once, so each is created in its turn.
    yield { name: file.name, content: 'path' in file ? createReadStream(file.path) : [file.text] };
  }
}

function shapefileTooLarge(): Problem {
  return new Problem('too-much', {
    vi: 'Shapefile này lớn hơn 2 GB, giới hạn của định dạng; hãy lọc bớt, hoặc lấy GeoPackage hay CSV, không có giới hạn.',
    en: 'This shapefile would be larger than 2 GB, the limit of the format; narrow the question, or take a GeoPackage or CSV, which have no limit.',
  });
}
