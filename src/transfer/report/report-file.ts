import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BOM, csvLine } from '../../lib/csv.ts';
import { wrongParameter } from '../../lib/errors.ts';
import { writeVectorFile } from '../export/vector-file.ts';
import type { ReportRow } from '../import/report-rows.ts';
import type { ImportReport } from '../import/request.ts';
import { reportPage } from './report-page.ts';

type ReportRows = AsyncIterable<ReportRow>;

/** Writers of a report by the ending of its file. */
const WRITERS: Readonly<
  Record<string, (report: ImportReport, rows: ReportRows) => AsyncIterable<string | Uint8Array>>
> = {
  '.json': reportJson,
  '.html': reportPage,
  '.csv': (_, rows) => reportCsv(rows),
  '.gpkg': (report, rows) => reportGeoPackage(report, rows),
};

/** @throws Problem if the ending of the file is that of no format */
export function checkReportFile(file: string): void {
  if (extname(file).toLowerCase() in WRITERS) return;
  const list = Object.keys(WRITERS).join(', ');
  throw wrongParameter('report', {
    vi: `Tệp báo cáo "${file}" phải có đuôi ${list}.`,
    en: `The file of the report, "${file}", must end in ${list}.`,
  });
}

/** Writes a report with its rows to a file, whole or not at all. */
export async function writeReport(file: string, report: ImportReport, rows: ReportRows): Promise<void> {
  const write = WRITERS[extname(file).toLowerCase()] ?? reportJson;
  const draft = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(write(report, rows)), createWriteStream(draft));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function* reportJson(report: ImportReport, rows: ReportRows): AsyncGenerator<string> {
  yield `${JSON.stringify(report).slice(0, -1)},"list":[`;
  let before = '\n';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield '\n]}\n';
}

async function* reportCsv(rows: ReportRows): AsyncGenerator<string> {
  yield BOM + csvLine(['number', 'outcome', 'reasons_vi', 'reasons_en', 'lon', 'lat']);
  for await (const row of rows) yield csvLine(reportCells(row).concat(row.place?.map(String) ?? [null, null]));
}

function reportCells({ number, outcome, reasons }: ReportRow): (string | null)[] {
  return [
    number === undefined ? null : String(number),
    outcome,
    reasons.map(({ vi }) => vi).join(' '),
    reasons.map(({ en }) => en).join(' '),
  ];
}

/** Yields a GeoPackage of points, where each row lies, and of the lines of notices. */
async function* reportGeoPackage({ layer }: ImportReport, rows: ReportRows): AsyncGenerator<Uint8Array> {
  const column = (name: string, title: string, kind: 'int64' | 'text') => ({
    ...{ name, title, kind },
    baseType: kind === 'text' ? 'text' : 'bigint',
  });
  yield* writeVectorFile({
    format: 'gpkg',
    srid: 4326,
    table: {
      name: 'import_report',
      title: `Báo cáo nhập ${layer} / Report of the import`,
      columns: [
        column('number', 'Số thứ tự trong tệp', 'int64'),
        column('outcome', 'Kết quả', 'text'),
        column('reasons_vi', 'Lý do', 'text'),
        column('reasons_en', 'Reasons', 'text'),
      ],
      fid: 'fid',
      geometry: { name: 'geom', type: 'GEOMETRY', ordinates: 'XY' },
    },
    rows: placedRows(rows),
    ...{ rowEstimate: 0, signal: new AbortController().signal },
  });
}

async function* placedRows(rows: ReportRows) {
  for await (const row of rows)
    yield { cells: reportCells(row), geometry: row.shape ?? (row.place ? pointWkb(row.place) : null) };
}

/** Returns a point as hexadecimal WKB. */
function pointWkb([x, y]: readonly [number, number]): string {
  const bytes = Buffer.alloc(21);
  bytes.writeUInt8(1);
  bytes.writeUInt32LE(1, 1);
  bytes.writeDoubleLE(x, 5);
  bytes.writeDoubleLE(y, 13);
  return bytes.toString('hex');
}
