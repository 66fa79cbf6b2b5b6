import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import { featureSchema, linksSchema } from '../kit/shapes.ts';

/** Features of GetFeature in GeoJSON; `crs` as in GeoJSON of 2008, unless it is that of RFC 7946. */
export const wfsCollectionSchema = namedSchema(
  'WfsFeatureCollection',
  z.strictObject({
    type: z.literal('FeatureCollection'),
    timeStamp: z.string(),
    numberMatched: z.union([z.int().min(0), z.literal('unknown')]),
    numberReturned: z.int().min(0),
    crs: z.strictObject({ type: z.literal('name'), properties: z.strictObject({ name: z.string() }) }).optional(),
    links: linksSchema.optional(),
    features: z.array(featureSchema),
  }),
);
