import { z } from 'zod';
import { textSchema } from '../../lib/schema.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';

export const STATUSES = [
  'found',
  'renumbered',
  'divided',
  'ambiguous',
  'no_number',
  'no_sheet',
  'unknown_unit',
  'unreadable',
] as const;
export type LineStatus = (typeof STATUSES)[number];

const listedParcelSchema = z.strictObject({
  id: z.union([z.number(), z.string()]),
  unit: z.strictObject({ code: z.string(), name: z.string() }),
  sheet: z.string(),
  number: z.int(),
  mainUse: z.string(),
  legalAreaM2: z.number().nullable(),
  areaM2: z.number(),
});
export type ListedParcel = z.infer<typeof listedParcelSchema>;

const lineSchema = z.strictObject({
  line: z.int(),
  asked: z.strictObject({ unit: z.string(), sheet: z.string(), number: z.int() }).nullable(),
  status: z.enum(STATUSES),
  message: textSchema,
  parcels: z.array(listedParcelSchema),
});
export type AnsweredLine = z.infer<typeof lineSchema>;

/** `parcels`: different ones that are found, renumbered or divided; sums are theirs. */
const summarySchema = z.strictObject({
  lines: z.int(),
  byStatus: z.array(z.strictObject({ status: z.enum(STATUSES), lines: z.int() })),
  parcels: z.int(),
  legalAreaM2: z.number(),
  areaM2: z.number(),
});

export const LIST_OUTPUTS = {
  summary: {
    title: { vi: 'Tổng hợp', en: 'Sums' },
    schema: summarySchema,
    type: 'application/json',
  },
  lines: {
    title: { vi: 'Từng dòng: tìm thấy, hoặc vì sao không', en: 'Each line: found, or why not' },
    schema: z.array(lineSchema),
    type: 'application/json',
  },
} satisfies Readonly<Record<string, ProcessOutput>>;

export type ListValues = OutputValues<typeof LIST_OUTPUTS>;
