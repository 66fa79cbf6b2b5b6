import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { parcelSchema, successionSchema, understoodParcelsSchema } from '../../parcels/parcel.ts';

export const suggestionsSchema = z.array(z.strictObject({ label: textSchema, href: z.string() }));

export const parcelsSchema = namedSchema(
  'Parcels',
  z.strictObject({
    type: z.literal('FeatureCollection'),
    numberMatched: z.int().min(0),
    numberReturned: z.int().min(0),
    understood: understoodParcelsSchema,
    message: textSchema.optional(),
    suggestions: suggestionsSchema.optional(),
    didYouMean: suggestionsSchema.optional(),
    notUnderstood: z.array(z.string()).optional(),
    successions: z.array(successionSchema).optional(),
    next: z.string().optional(),
    features: z.array(parcelSchema),
  }),
);
