import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { NOTES_OUTPUT } from '../shared-outputs.ts';
import { FORM_CODES, MEASURES, TIERS } from './definition.ts';

/** `value` null: the data cannot fill it, for a `reason` of the form. `parcels`: those behind it, below the base URL. */
const cellSchema = namedSchema(
  'StatisticsCell',
  z.strictObject({ value: z.number().nullable(), reason: z.string().optional(), parcels: z.string().optional() }),
);
export type StatisticsCell = z.infer<typeof cellSchema>;

/** `number` is empty for a column beside the form. */
const columnSchema = namedSchema(
  'StatisticsColumn',
  z.strictObject({
    number: z.string(),
    path: z.array(z.string()),
    code: z.string().nullable(),
    measure: z.enum(MEASURES),
    formula: z.string().nullable(),
  }),
);
export type StatisticsColumn = z.infer<typeof columnSchema>;

/** `cells`: one for each column whose measure is not `text`. */
const rowSchema = namedSchema(
  'StatisticsRow',
  z.strictObject({
    order: z.string(),
    title: z.string(),
    code: z.string().nullable(),
    level: z.int(),
    isOutside: z.boolean(),
    cells: z.array(cellSchema),
  }),
);

const filledFormSchema = namedSchema(
  'StatisticsForm',
  z.strictObject({
    code: z.enum(FORM_CODES),
    title: z.string(),
    measuredIn: z.string(),
    columns: z.array(columnSchema),
    rows: z.array(rowSchema),
    reasons: z.record(z.string(), textSchema),
  }),
);
export type FilledForm = z.infer<typeof filledFormSchema>;

const unitSchema = z.strictObject({
  code: z.string(),
  name: z.string(),
  level: z.enum(TIERS),
  parentName: z.string().nullable(),
});

/** ha; null: not recorded. */
const checksSchema = z.strictObject({
  parcelsHa: z.number(),
  boundaryHa: z.number().nullable(),
  registeredHa: z.number().nullable(),
  unknownSubjectHa: z.number(),
});

export const STATISTICS_OUTPUTS = {
  unit: { title: { vi: 'Đơn vị báo cáo', en: 'Reporting unit' }, schema: unitSchema, type: 'application/json' },
  asOf: { title: { vi: 'Số liệu đến ngày', en: 'Date of the figures' }, schema: z.string(), type: 'text/plain' },
  forms: { title: { vi: 'Các biểu', en: 'Forms' }, schema: z.array(filledFormSchema), type: 'application/json' },
  checks: {
    title: { vi: 'Đối chiếu tổng diện tích', en: 'Comparison of the whole area' },
    schema: checksSchema,
    type: 'application/json',
  },
  notes: NOTES_OUTPUT,
} satisfies Readonly<Record<string, ProcessOutput>>;

export type StatisticsValues = OutputValues<typeof STATISTICS_OUTPUTS>;
