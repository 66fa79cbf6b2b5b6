import { z } from 'zod';
import { bboxSchema } from '../geo/bbox.ts';
import { textSchema } from '../lib/schema.ts';
import type { ProcessOutput } from './process.ts';

/** The output of sentences without which the figures would be misread. */
export const NOTES_OUTPUT = {
  title: { vi: 'Ghi chú cách tính', en: 'How the figures are to be read' },
  schema: z.array(textSchema),
  type: 'application/json',
} satisfies ProcessOutput;

/** The output with the box of the place, in degrees. */
export const BBOX_OUTPUT = {
  title: { vi: 'Khung: tây, nam, đông, bắc', en: 'West, south, east, north' },
  schema: bboxSchema,
  type: 'application/json',
} satisfies ProcessOutput;
