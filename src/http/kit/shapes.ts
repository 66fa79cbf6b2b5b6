/** Schemas that several routes share, for the OpenAPI document. Their names are those of its components. */
import { z } from 'zod';
import { geometrySchema } from '../../geo/geojson.ts';
import { namedSchema, textSchema } from '../../lib/schema.ts';

/** RFC 9457, as `problem.ts` writes it. Further members, such as `parameter`, say more. */
export const problemSchema = namedSchema(
  'Problem',
  z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    details: textSchema,
  }),
);

/** A link of an OGC API document. */
export const linkSchema = namedSchema(
  'Link',
  z.strictObject({
    href: z.string(),
    rel: z.string(),
    type: z.string(),
    title: z.string().optional(),
    templated: z.boolean().optional(),
  }),
);

export const linksSchema = z.array(linkSchema);

namedSchema('Geometry', geometrySchema);

/** A feature of any layer (RFC 7946). */
export const featureSchema = namedSchema(
  'Feature',
  z.looseObject({
    type: z.literal('Feature'),
    id: z.union([z.string(), z.number()]).optional(),
    geometry: geometrySchema.nullable(),
    properties: z.record(z.string(), z.unknown()).nullable(),
    links: linksSchema.optional(),
  }),
);

/** A page of features (OGC 17-069r4, 7.16). */
export const featureCollectionSchema = namedSchema(
  'FeatureCollection',
  z.looseObject({
    type: z.literal('FeatureCollection'),
    timeStamp: z.string().optional(),
    numberMatched: z.int().min(0).optional(),
    numberReturned: z.int().min(0),
    links: linksSchema,
    features: z.array(featureSchema),
  }),
);

export const pageSchema = z.string();
/** Bytes of a format that JSON Schema cannot describe. */
export const bytesSchema = { type: 'string', format: 'binary' } as const;
