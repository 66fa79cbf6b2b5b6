import { z } from 'zod';
import { named } from '../../lib/schema.ts';

/** `unconfirmed`: the text that replaced it, or may have, was not read. */
const VALIDITIES = ['in_force', 'unconfirmed', 'superseded'] as const;

/** A row of `land.buffer_preset`: a distance rule; some set no distance. */
export const presetSchema = named(
  'BufferPreset',
  z.strictObject({
    id: z.string(),
    theme: z.string(),
    featureVi: z.string(),
    conditionVi: z.string().nullable(),
    distanceM: z.number().nullable(),
    measuredFromVi: z.string().nullable(),
    legalBasis: z.string().nullable(),
    status: z.string(),
    validity: z.enum(VALIDITIES),
    note: z.string().nullable(),
  }),
);
export type PresetRow = z.infer<typeof presetSchema>;

/** A rule that sets a distance. */
export type Preset = PresetRow & { readonly distanceM: number };
