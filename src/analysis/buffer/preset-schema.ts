import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { RULE_STATUSES } from '../rule-status.ts';

/** `unconfirmed`: the text that replaced it, or may have, was not read. */
const VALIDITIES = ['in_force', 'unconfirmed', 'superseded'] as const;

/**
 * A row of `land.buffer_preset`: a distance rule; some set no distance. It holds from `validFrom` until the day before
 * `validTo`; null: not known, or no end. `appliesTo`: layers, or a layer and a kind (`environment.waste_site:landfill`).
 */
export const presetSchema = namedSchema(
  'BufferPreset',
  z.strictObject({
    id: z.string(),
    theme: z.string(),
    feature: textSchema,
    condition: textSchema.nullable(),
    distanceM: z.number().nullable(),
    measuredFrom: textSchema.nullable(),
    legalBasis: z.string().nullable(),
    status: z.string(),
    validity: z.enum(VALIDITIES),
    validFrom: z.string().nullable(),
    validTo: z.string().nullable(),
    appliesTo: z.array(z.string()).nullable(),
    note: textSchema.nullable(),
    ruleStatus: z.enum(RULE_STATUSES),
    ruleStatusText: textSchema,
  }),
);
export type PresetRow = z.infer<typeof presetSchema>;

/** The columns of the table. */
export type StoredPreset = Omit<PresetRow, 'ruleStatus' | 'ruleStatusText'>;

/** A rule that sets a distance. */
export type Preset = PresetRow & { readonly distanceM: number };
