import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type {
  InputValues,
  JobContext,
  Outcome,
  PrepareContext,
  Process,
  ProcessInput,
  ResultLayer,
} from '../process.ts';
import { tooMuch } from '../source/source-check.ts';
import { inputLayer, wrongInput } from '../wrong-input.ts';
import { answerLines, foundParcels, listValues } from './answer.ts';
import { type ListLine, MOST_LINES, readLines } from './lines.ts';
import { type AskedParcel, foundQuery, type MatchRow, matchesQuery, sheetsQuery } from './list-query.ts';
import { findListUnits } from './list-units.ts';
import { type AnsweredLine, LIST_OUTPUTS, type ListValues } from './outputs.ts';
import { listSheets } from './sheets.ts';

/** Lines of one statement. */
const BATCH = 1000;
const MOST_LENGTH = 400_000;

const LIST_INPUTS = {
  text: {
    description: {
      vi: `Mỗi dòng: đơn vị, số tờ, số thửa, dán từ bảng tính (tab, dấu phẩy hoặc chấm phẩy; dòng tiêu đề được bỏ qua); nhiều nhất ${MOST_LINES} dòng`,
      en: `Each line: unit, sheet, number, pasted out of a spreadsheet (tabs, commas or semicolons; a header is ignored); at most ${MOST_LINES} lines`,
    },
    schema: z.string().min(1).max(MOST_LENGTH),
  },
  unit: {
    description: {
      vi: 'Đơn vị của các dòng chỉ có số tờ, số thửa: tên, tên cũ hoặc mã',
      en: 'Unit of lines with sheet and number only: name, former name or code',
    },
    schema: z.string().min(1).max(200).optional(),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

type ListInputs = InputValues<typeof LIST_INPUTS>;
type ReadLine = Exclude<ListLine, { fault: unknown }>;

interface PreparedList {
  readonly lines: readonly ListLine[];
  readonly parcels: Layer;
}

/** Returns the process that finds the parcels of a pasted list. */
export function listProcess(db: Database): Process<ListInputs, PreparedList> {
  return {
    id: 'list',
    version: '1.0.0',
    title: { vi: 'Tra danh sách thửa', en: 'List of parcels' },
    description: {
      vi: 'Tìm từng thửa của một danh sách dán từ bảng tính (đơn vị, số tờ, số thửa; tên và số cũ cũng được): tìm thấy, hoặc vì sao không; tổng diện tích; các thửa tìm thấy thành một lớp.',
      en: 'Finds each parcel of a list pasted out of a spreadsheet (unit, sheet, number; former names and numbers too): found, or why not; sums; the found as a layer.',
    },
    inputs: LIST_INPUTS,
    outputs: LIST_OUTPUTS,
    prepare: async (inputs, context) => prepareList(inputs, context),
    run: (prepared, context) => runList(db, prepared, context),
    sheets: (values, language) => listSheets(values as ListValues, language),
  };
}

function prepareList({ text, unit }: ListInputs, context: PrepareContext): PreparedList {
  const lines = readLines(text, unit);
  if (lines.length > MOST_LINES) {
    throw tooMuch(
      { vi: `Danh sách có ${lines.length} dòng`, en: `The list has ${lines.length} lines` },
      { vi: `${MOST_LINES}. Hãy chia danh sách.`, en: `${MOST_LINES}. Split it.` },
    );
  }
  if (lines.length === 0) {
    throw wrongInput('text', {
      vi: '"text" không có dòng nào. Mỗi dòng là: đơn vị, số tờ, số thửa.',
      en: '"text" has no line. Each line must be: unit, sheet, number.',
    });
  }
  return { lines, parcels: inputLayer(context, 'land.parcel', 'text') };
}

async function runList(
  db: Database,
  { lines, parcels }: PreparedList,
  { signal, onProgress }: JobContext,
): Promise<Outcome> {
  const options: QueryOptions = { signal, priority: 'background', prepared: true };
  const readable = lines.filter((line): line is ReadLine => !('fault' in line));
  const texts = [...new Set(readable.map(({ unit }) => unit))];
  const places = new Map(texts.map((text, place) => [text, place]));
  const units = await findListUnits(db, texts, options);
  const known = new Set(units.map(({ place }) => place));
  const asked = readable.map(({ line, unit, sheet, number }) => ({
    line,
    place: places.get(unit) as number,
    sheet,
    number,
  }));
  const matches = new Map<number, MatchRow[]>();
  const withSheet = new Set<number>();
  for (let start = 0; start < asked.length; start += BATCH) {
    const batch = asked.slice(start, start + BATCH);
    for (const row of await db.query<MatchRow>(matchesQuery(batch, units, parcels), options)) {
      const known = matches.get(row.line);
      if (known) known.push(row);
      else matches.set(row.line, [row]);
    }
    const missing = batch.filter(({ line }) => !matches.has(line));
    const sheets = await db.query<{ line: number }>(sheetsQuery(missing, units, parcels), options);
    for (const { line } of sheets) withSheet.add(line);
    onProgress((start + batch.length) / asked.length);
  }
  const withUnit = new Set(asked.filter(({ place }: AskedParcel) => known.has(place)).map(({ line }) => line));
  const answered = answerLines({ lines, matches, withUnit, withSheet });
  return { values: listValues(answered), layers: [listedLayer(answered, parcels)] };
}

function listedLayer(lines: readonly AnsweredLine[], parcels: Layer): ResultLayer {
  const found = foundParcels(lines).map(({ line, parcel }) => ({ line, id: parcel.id }));
  return {
    id: 'parcels',
    title: { vi: 'Thửa tìm thấy', en: 'Parcels found' },
    fields: [
      { name: 'line', type: 'integer', title: { vi: 'Dòng', en: 'Line' } },
      { name: 'parcel', type: 'string', title: { vi: 'Mã thửa', en: 'Parcel' } },
      { name: 'unit_code', type: 'string', title: { vi: 'Mã đơn vị', en: 'Code of unit' } },
      { name: 'unit', type: 'string', title: { vi: 'Đơn vị', en: 'Unit' } },
      { name: 'sheet', type: 'string', title: { vi: 'Số tờ', en: 'Sheet' } },
      { name: 'number', type: 'integer', title: { vi: 'Số thửa', en: 'Number' } },
      { name: 'main_use', type: 'string', title: { vi: 'Loại đất', en: 'Use' } },
      { name: 'legal_area_m2', type: 'number', title: { vi: 'Diện tích pháp lý (m²)', en: 'Legal area (m²)' } },
      { name: 'measured_area_m2', type: 'number', title: { vi: 'Diện tích đo (m²)', en: 'Measured area (m²)' } },
    ],
    geometry: { type: 'MULTIPOLYGON', srid: parcels.geometry.srid },
    rows: foundQuery(found, parcels),
  };
}
