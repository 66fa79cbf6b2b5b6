import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import type { Database } from '../../database/database.ts';
import { bindFilter } from '../../filter/filter.ts';
import { roundToHundredth } from '../../lib/number.ts';
import type { InputValues, JobContext, Outcome, PrepareContext, Process, ProcessInput } from '../process.ts';
import { layerIdSchema } from '../source/source-inputs.ts';
import { inputLayer, wrongInput } from '../wrong-input.ts';
import { SUMMARISE_OUTPUTS, type SummariseValues } from './outputs.ts';
import { summariseSheets } from './sheets.ts';
import { type GroupBy, type GroupRow, MOST_GROUPS, type SummariseRequest, summariseQuery } from './summarise-query.ts';

const MOST_SUMS = 10;
const UNIT_GROUPS = ['unit', 'old_unit'] as const;
const fieldName = z.string().min(1).max(63);

const SUMMARISE_INPUTS = {
  layer: { description: { vi: 'Lớp cần tổng hợp', en: 'Layer to summarise' }, schema: layerIdSchema },
  by: {
    description: {
      vi: 'unit: theo phường, xã hiện nay; old_unit: theo phường, xã trước đây; hoặc tên một trường của lớp; không có: một tổng',
      en: 'unit: by present commune; old_unit: by former commune; or the name of a field of the layer; absent: one sum',
    },
    schema: fieldName.optional(),
  },
  sums: {
    description: {
      vi: `Các trường số cần cộng, nhiều nhất ${MOST_SUMS}`,
      en: `Numeric fields to add up, at most ${MOST_SUMS}`,
    },
    schema: z.array(fieldName).max(MOST_SUMS).default([]),
  },
  filter: {
    description: {
      vi: 'Chỉ các đối tượng khớp bộ lọc (CQL2 JSON)',
      en: 'Only features that match the filter (CQL2 JSON)',
    },
    schema: z.looseObject({ op: z.string(), args: z.array(z.unknown()) }).optional(),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

type SummariseInputs = InputValues<typeof SUMMARISE_INPUTS>;

/**
 * Returns the process that counts, measures and adds up the features of a layer in groups.
 * @param homeSrid VN-2000 zone of the province
 */
export function summariseProcess(db: Database, homeSrid: number): Process<SummariseInputs, SummariseRequest> {
  return {
    id: 'summarise',
    version: '1.0.0',
    title: { vi: 'Tổng hợp', en: 'Summary' },
    description: {
      vi: 'Số lượng, diện tích hoặc chiều dài (VN-2000), và tổng các trường số của một lớp; theo phường, xã hiện nay hoặc trước đây, hoặc theo một trường.',
      en: 'Count, area or length (VN-2000) and sums of numeric fields of a layer; by present or former commune, or by a field.',
    },
    inputs: SUMMARISE_INPUTS,
    outputs: SUMMARISE_OUTPUTS,
    prepare: async (inputs, context) => readRequest(inputs, context),
    run: (request, context) => runSummarise(db, request, { ...context, zone: homeSrid }),
    sheets: (values, language) => summariseSheets(values as SummariseValues, language),
  };
}

function readRequest({ layer: id, by, sums, filter }: SummariseInputs, context: PrepareContext): SummariseRequest {
  const layer = inputLayer(context, id, 'layer');
  const numbers = layer.fields.filter(({ type }) => type === 'number' || type === 'integer').map(({ name }) => name);
  const wrong = sums.find((name) => !numbers.includes(name));
  if (wrong !== undefined) throw unknownSummaryField('sums', wrong, layer, numbers);
  // Bound now, not by the job, because the names in a filter need no rows.
  const bound = filter === undefined ? undefined : bindFilter(parseCql2Json(filter), layer);
  return { layer, filter: bound, by: readGroups(by, layer), sums: [...new Set(sums)] };
}

function readGroups(by: string | undefined, layer: Layer): GroupBy {
  if (by === undefined) return undefined;
  const unit = UNIT_GROUPS.find((each) => each === by);
  if (unit) return { kind: unit };
  const names = layer.fields.filter(({ type }) => type !== 'json').map(({ name }) => name);
  if (names.includes(by)) return { kind: 'field', name: by };
  throw unknownSummaryField('by', by, layer, [...UNIT_GROUPS, ...names]);
}

function unknownSummaryField(parameter: string, name: string, layer: Layer, right: readonly string[]) {
  return wrongInput(parameter, {
    vi: `"${parameter}" không thể là "${name}" ở ${layer.id}. Có thể là: ${right.join(', ')}.`,
    en: `"${parameter}" cannot be "${name}" in ${layer.id}. It can be: ${right.join(', ')}.`,
  });
}

async function runSummarise(
  db: Database,
  request: SummariseRequest,
  { signal, zone }: JobContext & { readonly zone: number },
): Promise<Outcome> {
  const rows = await db.query<GroupRow>(summariseQuery(request, zone), { signal, priority: 'background' });
  const values: SummariseValues = {
    groups: rows.slice(0, MOST_GROUPS).map((row) => ({
      ...row,
      areaM2: row.areaM2 === null ? null : roundToHundredth(row.areaM2),
      lengthM: row.lengthM === null ? null : roundToHundredth(row.lengthM),
      sums: Object.fromEntries(request.sums.map((name, index) => [name, row.sums[index] ?? null])),
    })),
    groupsTruncated: rows.length > MOST_GROUPS,
    notes: [
      {
        vi: `Đo trong VN-2000 (EPSG:${zone}). Một đối tượng thuộc đơn vị chứa một điểm trên mặt của nó; thửa đất theo đơn vị hiện nay ghi sẵn. Khóa trống: ngoài mọi đơn vị, hoặc chưa có giá trị.`,
        en: `Measured in VN-2000 (EPSG:${zone}). A feature belongs to the unit that holds a point on its surface; parcels name their present unit. An empty key: outside every unit, or no value.`,
      },
    ],
  };
  return { values, layers: [] };
}
