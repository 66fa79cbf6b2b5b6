/**
 * The thread in which GeoPackages and FlatGeobufs are written: SQLite and GDAL block theirs. It writes many, since GDAL
 * takes a second to start.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../lib/thread-answers.ts';
import type { GdalInfo } from '../gdal.ts';
import { type Converted, GdalRuntime } from '../gdal-runtime.ts';
import { addStyle, type FileRow, type FileTable, type LayerStyle, writeGeoPackage } from './geopackage.ts';

export interface VectorFileRequest {
  /** Folder for this file alone, below the folder of the thread. */
  readonly folder: string;
  readonly table: FileTable;
  /** File of the rows as JSON, one a line. */
  readonly rows: string;
  /** Options of ogr2ogr, which converts the table. */
  readonly options: readonly string[];
  /** Style of the table in a GeoPackage. */
  readonly style: LayerStyle | undefined;
}

/** The folder that holds those of all files. */
export interface VectorFileWorkerData {
  readonly outFolder: string;
}

const CHUNK = 1 << 20;

const { outFolder } = workerData as VectorFileWorkerData;
const gdal = new GdalRuntime({ outFolder, settings: {} });

answerQuestions(async ({ folder, table, rows, options, style }: VectorFileRequest): Promise<Converted> => {
  const source = join(folder, 'table.gpkg');
  writeGeoPackage(source, table, readRowFile(rows));
  try {
    const { layers } = (await gdal.inspect(source, [])) as GdalInfo;
    const [layer] = layers;
    if (!layer) throw new Error('GDAL found no layer in the table');
    const converted = await gdal.convert(layer.name, options, join(relative(outFolder, folder), 'dump'));
    if (style) addStyle(converted.file, table, style);
    return converted;
  } finally {
    await gdal.close();
  }
});

function* readRowFile(path: string): Generator<FileRow> {
  const source = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest = Buffer.alloc(0);
    for (let read = readSync(source, chunk); read > 0; read = readSync(source, chunk)) {
      const known = Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = known.indexOf(10); end >= 0; end = known.indexOf(10, start)) {
        yield JSON.parse(known.toString('utf8', start, end)) as FileRow;
        start = end + 1;
      }
      rest = known.subarray(start);
    }
  } finally {
    closeSync(source);
  }
}
