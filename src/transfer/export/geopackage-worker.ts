/** The thread in which a GeoPackage is written, since SQLite blocks its thread. */
import { closeSync, openSync, readSync } from 'node:fs';
import { answerQuestions } from '../../lib/thread-answers.ts';
import { type FileRow, type FileTable, writeGeoPackage } from './geopackage.ts';

export interface GeoPackageSource {
  readonly file: string;
  readonly table: FileTable;
  /** Rows as JSON, one a line. */
  readonly rows: string;
}

const CHUNK = 1 << 20;

answerQuestions(({ file, table, rows }: GeoPackageSource) => writeGeoPackage(file, table, readRows(rows)));

function* readRows(path: string): Generator<FileRow> {
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
