import { createReadStream, createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Lane } from '../../lib/lane.ts';
import { RenewedThread } from '../../lib/renewed-thread.ts';
import { startThread } from '../../lib/thread.ts';
import type { Converted } from '../gdal-runtime.ts';
import { openWorkspace } from '../workspace.ts';
import type { FileRow, FileTable, LayerStyle } from './geopackage.ts';
import type { VectorFileRequest, VectorFileWorkerData } from './vector-file-worker.ts';

/** GDAL's names of the formats. */
const DRIVERS = { fgb: 'FlatGeobuf', gpkg: 'GPKG' } as const;
export type VectorFormat = keyof typeof DRIVERS;

export interface VectorFile {
  readonly format: VectorFormat;
  /** SRID of the coordinates, x = east. */
  readonly srid: number;
  readonly table: FileTable;
  readonly rows: AsyncIterable<FileRow>;
  /** Style that QGIS shows the table in; only a GeoPackage holds it. */
  readonly style?: LayerStyle | undefined;
  /** Number of rows, roughly: of files that wait, the smallest is first. */
  readonly rowEstimate: number;
  readonly signal: AbortSignal;
}

/** Starting GDAL takes longer than a usual file. The memory of a large one is freed when the thread ends. */
const IDLE_MS = 5000;
/** Timeout of one file; 400 000 polygons take some 14 s. */
const TIME_LIMIT_MS = 15 * 60_000;
/** Most features in the spatial index of a FlatGeobuf, which is sorted in memory: 250 bytes each. */
const MOST_INDEXED = 200_000;

const writer = new RenewedThread<VectorFileRequest, Converted>({
  // Workspaces are folders of this one.
  start: () =>
    startThread('./vector-file-worker', import.meta.url, { outFolder: tmpdir() } satisfies VectorFileWorkerData),
  name: 'the writer of GeoPackages and FlatGeobufs',
  idleMs: IDLE_MS,
});

/** The thread has one file open at a time. */
const lane = new Lane({ atOnce: 1, queue: 100 });

/**
 * Yields the bytes of rows as a file of a format. Rows are first written as a GeoPackage with declared columns, so that
 * GDAL guesses nothing. GDAL converts it with a spatial index. All of it is on disk, so memory does not grow with the
 * rows.
 * @throws as the rows
 */
export async function* writeVectorFile(file: VectorFile): AsyncGenerator<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  try {
    const path = await lane.run(file.rowEstimate, file.signal, () => convertRows(file, folder));
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } finally {
    await remove();
  }
}

/** @returns path of the file */
async function convertRows({ format, srid, table, rows, style }: VectorFile, folder: string): Promise<string> {
  const lines = join(folder, 'rows.ndjson');
  let isIndexed = true;
  let count = 0;
  const write = async function* () {
    for await (const row of rows) {
      // The index of a FlatGeobuf cannot hold features without a geometry.
      isIndexed &&= row.geometry !== null && ++count <= MOST_INDEXED;
      yield `${JSON.stringify(row)}\n`;
    }
  };
  await pipeline(Readable.from(write()), createWriteStream(lines));
  const options = ['-f', DRIVERS[format], '-a_srs', `EPSG:${srid}`, ...optionsOf[format](table, isIndexed)];
  const request = { folder, table, rows: lines, options, style: format === 'gpkg' ? style : undefined };
  const { file, errors } = await writer.ask(request, TIME_LIMIT_MS);
  if (errors.length) throw new Error(`GDAL could not write the file: ${errors[0]}`);
  return file;
}

const optionsOf: Readonly<Record<VectorFormat, (table: FileTable, isIndexed: boolean) => string[]>> = {
  fgb: ({ name, title }, isIndexed) => [
    ...['-nln', name, '-lco', `SPATIAL_INDEX=${isIndexed ? 'YES' : 'NO'}`, '-lco', `TITLE=${title}`],
  ],
  gpkg: ({ name, title, fid, geometry }) => [
    ...['-nln', name, '-lco', `FID=${fid}`, '-lco', `GEOMETRY_NAME=${geometry.name}`],
    ...['-lco', `IDENTIFIER=${name}`, '-lco', `DESCRIPTION=${title}`],
  ],
};
