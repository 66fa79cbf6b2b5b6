import { z } from 'zod';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { NOTES_OUTPUT } from '../shared-outputs.ts';

const groupSchema = z.strictObject({
  key: z.string().nullable(),
  name: z.string().nullable(),
  count: z.int(),
  areaM2: z.number().nullable(),
  lengthM: z.number().nullable(),
  sums: z.record(z.string(), z.union([z.number().nullable(), z.string().nullable()])),
});

/** A sum is text where a number would lose digits. */
export const SUMMARISE_OUTPUTS = {
  groups: {
    title: { vi: 'Các nhóm, nhiều đối tượng nhất trước', en: 'Groups, those of most features first' },
    schema: z.array(groupSchema),
    type: 'application/json',
  },
  groupsTruncated: {
    title: { vi: 'Có nhóm không liệt kê', en: 'Whether the list of groups was cut' },
    schema: z.boolean(),
    type: 'application/json',
  },
  notes: NOTES_OUTPUT,
} satisfies Readonly<Record<string, ProcessOutput>>;

export type SummariseValues = OutputValues<typeof SUMMARISE_OUTPUTS>;
