import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { COVERAGE_MEASURES } from './coverage-target.ts';

/**
 * Data of a layer in the asked area. `percent` of the area, 0 to 100, by `measure`; `oldest` and `newest` day of the
 * data, null if rows have no day. `sentence` is set below 95%.
 */
export const coverageSchema = namedSchema(
  'Coverage',
  z.strictObject({
    layer: z.string(),
    plan: z.string().optional(),
    title: textSchema,
    percent: z.number().min(0).max(100),
    measure: z.enum(COVERAGE_MEASURES),
    oldest: z.string().nullable(),
    newest: z.string().nullable(),
    sentence: textSchema.optional(),
  }),
);
export type Coverage = z.infer<typeof coverageSchema>;
