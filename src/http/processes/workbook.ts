import type { Process } from '../../analysis/process.ts';
import { resultLayerId } from '../../catalog/result-layer.ts';
import { readSheet } from '../../features/sheet.ts';
import { CRS84, crsOfSrid } from '../../geo/crs.ts';
import type { Language } from '../../lib/errors.ts';
import { isObject } from '../../lib/shape.ts';
import { HOUR_MS } from '../../lib/time.ts';
import type { Job, StoredOutcome } from '../../results/job.ts';
import type { Services } from '../../services.ts';
import type { WorkbookGrid, WorkbookSheet } from '../../transfer/office/office-request.ts';
import { MOST_SHEET_ROWS, writeWorkbook } from '../../transfer/office/workbook.ts';
import type { Incoming } from '../kit/endpoint.ts';
import { XLSX_TYPE } from '../kit/media-types.ts';
import { fileReply, type Reply } from '../kit/reply.ts';
import { formSheet } from './form-sheet.ts';

interface ResultWorkbook extends Pick<Incoming<never, never>, 'principal' | 'language' | 'signal'> {
  readonly process: Process;
  /** URL below which the links of cells are. */
  readonly base: string;
  readonly job: Job;
  readonly outcome: StoredOutcome;
}

/**
 * Returns a result as a workbook: the forms and sheets of its process, a sheet a layer, and its basis.
 * @throws Problem too-much
 */
export async function resultWorkbook(services: Services, asked: ResultWorkbook): Promise<Reply> {
  const { process, job, outcome, base, language } = asked;
  const forms = process.forms?.(outcome.values) ?? [];
  const sheets: (WorkbookSheet | WorkbookGrid)[] = [
    ...forms.map((form) => formSheet(form, base)),
    ...(process.sheets?.(outcome.values, language) ?? []),
  ];
  let room = MOST_SHEET_ROWS;
  for (const { id } of outcome.layers) {
    const sheet = await layerSheet(services, asked, { id, room });
    room -= sheet.rows.length;
    sheets.push(sheet);
  }
  sheets.push(basisSheet(services, asked));
  return fileReply(await writeWorkbook(sheets), XLSX_TYPE, `${process.id}-${job.id.slice(0, 8)}.xlsx`);
}

function layerSheet(
  { db, catalogFor }: Services,
  { job, principal, language, signal }: ResultWorkbook,
  { id, room }: { readonly id: string; readonly room: number },
): Promise<WorkbookSheet> {
  const layer = catalogFor(principal).requireLayer(resultLayerId({ job: job.id, id }));
  const crs = crsOfSrid(layer.geometry.srid) ?? CRS84;
  return readSheet(db, layer, { crs, equals: [] }, { language, room, signal });
}

const WORDS = {
  vi: {
    ...{
      basis: 'Căn cứ',
      name: 'Mục',
      value: 'Nội dung',
      process: 'Phân tích',
      computed: 'Tính lúc',
      source: 'Nguồn dữ liệu',
    },
    ...{ job: 'Mã tác vụ', input: 'Đầu vào', note: 'Ghi chú', coverage: 'Độ phủ dữ liệu', expires: 'Lưu đến' },
  },
  en: {
    ...{
      basis: 'Basis',
      name: 'Item',
      value: 'Content',
      process: 'Process',
      computed: 'Computed at',
      source: 'Source',
    },
    ...{ job: 'Job', input: 'Input', note: 'Note', coverage: 'Coverage', expires: 'Stored until' },
  },
} as const;

/** Returns the sheet with all that the figures rest on: the inputs, the date, the source, the notes, the coverage. */
function basisSheet({ attribution }: Services, { process, job, outcome, language }: ResultWorkbook): WorkbookSheet {
  const words = WORDS[language];
  const { notes, coverage } = outcome.values;
  const rows: [string, string][] = [
    [words.process, `${process.title[language]} (${process.id} ${process.version})`],
    [words.job, job.id],
    [words.computed, localTime(job.finished ?? job.updated)],
    [words.expires, localTime(job.expires)],
    [words.source, attribution[language]],
    ...Object.entries(job.inputs).map(([name, value]): [string, string] => [
      `${words.input}: ${name}`,
      cellContent(value, language),
    ]),
    ...asList(notes).map((note): [string, string] => [words.note, cellContent(note, language)]),
    ...asList(coverage).map((each): [string, string] => [words.coverage, cellContent(each, language)]),
  ];
  const columns = [
    { title: words.name, type: 'string' as const, width: 26 },
    { title: words.value, type: 'string' as const, width: 100 },
  ];
  return { title: words.basis, columns, rows };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** Returns a text as it is, a text in two languages in one, and anything else as JSON. */
function cellContent(value: unknown, language: Language): string {
  if (typeof value === 'string') return value;
  if (isObject(value) && typeof value.vi === 'string' && typeof value.en === 'string') return String(value[language]);
  return JSON.stringify(value);
}

/** Returns a time in Vietnam. */
function localTime(iso: string): string {
  return `${new Date(Date.parse(iso) + 7 * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ')} (UTC+7)`;
}
