/** Schemas that several routes share, for the OpenAPI document. Their names are those of its components. */
import { z } from 'zod';
import { bboxSchema } from '../../geo/bbox.ts';
import { geometrySchema } from '../../geo/geojson.ts';
import { named, textSchema } from '../../lib/schema.ts';

/** RFC 9457, as `problem.ts` writes it. Further members, such as `parameter`, say more. */
export const problemSchema = named(
  'Problem',
  z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    details: textSchema,
  }),
);

export const linkSchema = named(
  'Link',
  z.strictObject({
    href: z.string(),
    rel: z.string(),
    type: z.string().optional(),
    title: z.string().optional(),
    templated: z.boolean().optional(),
  }),
);

export const linksSchema = z.array(linkSchema);

named('Geometry', geometrySchema);

/** A feature of any layer (RFC 7946). */
export const featureSchema = named(
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
export const featureCollectionSchema = named(
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

export const tileJsonSchema = named(
  'TileJSON',
  z.strictObject({
    tilejson: z.literal('3.0.0'),
    name: z.string(),
    description: z.string(),
    attribution: z.string(),
    scheme: z.literal('xyz'),
    tiles: z.array(z.string()).min(1),
    minzoom: z.int().min(0).max(30),
    maxzoom: z.int().min(0).max(30),
    bounds: bboxSchema.optional(),
    center: z.array(z.number()).length(3).optional(),
    vector_layers: z.array(
      z.strictObject({
        id: z.string(),
        description: z.string(),
        minzoom: z.int(),
        maxzoom: z.int(),
        fields: z.record(z.string(), z.string()),
      }),
    ),
  }),
);

export const pageSchema = z.string();
/** Bytes of a format that JSON Schema cannot describe. */
export const bytesSchema = { type: 'string', format: 'binary' } as const;
