import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { RULE_STATUSES } from '../rule-status.ts';

/** Parts of `zone` lie in one feature, of `overlap` in several that claim the same ground. */
const ROW_KINDS = ['zone', 'overlap', 'slivers', 'uncovered', 'near'] as const;

/**
 * A part of the place, over all asked features. Rows of one plan add up to the place. `count`: asked features that have
 * the part. `percent` of the place; of the number of points if it is points. `basis`: text on which the row rests.
 */
export const overlayRowSchema = namedSchema(
  'OverlayRow',
  z.strictObject({
    theme: z.string(),
    layer: z.string(),
    kind: z.enum(ROW_KINDS),
    plan: z.string().nullable(),
    zone: z.union([z.string().nullable(), z.number().nullable()]),
    code: z.string().nullable(),
    name: textSchema,
    count: z.int().min(0),
    areaM2: z.number(),
    percent: z.number(),
    lengthM: z.number().optional(),
    distanceM: z.number().optional(),
    decision: z.string().nullable(),
    period: z.string().nullable(),
    basis: z.string().nullable(),
    basisStatus: z.enum(RULE_STATUSES).nullable(),
    basisStatusText: textSchema.nullable(),
  }),
);
export type OverlayRow = z.infer<typeof overlayRowSchema>;
