import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import { featureSchema, linksSchema } from '../kit/shapes.ts';

const version = z.object({ version: z.string() }).nullable();

/** A change, as a member of its feature. */
const changeSchema = namedSchema(
  'Change',
  z.object({
    op: z.enum(['insert', 'update', 'delete']),
    tx: z.int().nullable(),
    seq: z.int().nullable(),
    at: z.string().nullable(),
    reason: z.enum(['entered', 'left']).optional(),
    was: version,
    becomes: version,
  }),
);

export const changeCollectionSchema = namedSchema(
  'ChangeCollection',
  z.object({
    type: z.literal('FeatureCollection'),
    numberReturned: z.int().min(0),
    complete: z.boolean(),
    retention: z.object({ from: z.string() }),
    links: linksSchema,
    features: z.array(featureSchema.extend({ change: changeSchema })),
  }),
);

const counted = { count: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{16}$/) };

/** Counts, and sums of hashes modulo 2^64 in hexadecimal. */
export const digestSchema = namedSchema(
  'Digest',
  z.object({
    ...counted,
    units: z.array(z.object({ unit: z.string().nullable(), ...counted })),
    links: linksSchema,
  }),
);
