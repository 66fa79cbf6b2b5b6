import { z } from 'zod';
import { VALIDITIES } from '../../analysis/buffer-request.ts';
import type { Output } from '../../analysis/buffer-result.ts';
import type { Text } from '../../lib/errors.ts';
import { GEOJSON_TYPE } from '../kit/media-types.ts';
import { named } from '../kit/schema.ts';
import { bboxSchema, linksSchema, textSchema } from '../kit/shapes.ts';

const unitShare = z.strictObject({
  code: z.string(),
  validFrom: z.string(),
  name: z.string(),
  areaM2: z.number(),
});

const landUseShare = z.strictObject({
  code: z.string(),
  nameVi: z.string(),
  nameEn: z.string(),
  colour: z.string(),
  count: z.int().min(0),
  areaM2: z.number(),
});

const planShare = z.strictObject({
  plan: z.string(),
  decision: z.string().nullable(),
  period: z.string(),
  count: z.int().min(0),
  areaM2: z.number(),
});

const layerReport = named(
  'BufferLayerReport',
  z.strictObject({
    layer: z.string(),
    title: textSchema,
    count: z.int().min(0),
    areaM2: z.number().optional(),
    lengthM: z.number().optional(),
    byLandUse: z.array(landUseShare).optional(),
    byPlan: z.array(planShare).optional(),
    byUnit: z.array(unitShare.extend({ count: z.int().min(0) })).optional(),
  }),
);

/** A distance rule; some set no distance. */
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

const position = z.array(z.number()).min(2).max(3);

const bufferFeature = z.strictObject({
  type: z.literal('Feature'),
  geometry: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
    z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
  ]),
  properties: z.strictObject({
    distanceM: z.number(),
    srid: z.int(),
    areaM2: z.number(),
    preset: presetSchema.optional(),
    halfWidthM: z.strictObject({ min: z.number(), max: z.number() }).optional(),
  }),
});

const JSON_TYPE = 'application/json';

/** Each output of the process: what it is called, its shape, and the media type of its value by itself. */
export const OUTPUT_SCHEMAS = {
  job: { title: { vi: 'Mã tác vụ', en: 'Id of the job' }, schema: z.string(), type: 'text/plain' },
  buffer: {
    title: { vi: 'Vùng đệm (GeoJSON, CRS84)', en: 'The buffer (GeoJSON, CRS84)' },
    schema: bufferFeature,
    type: GEOJSON_TYPE,
  },
  bbox: {
    title: { vi: 'Khung: tây, nam, đông, bắc', en: 'West, south, east, north' },
    schema: bboxSchema,
    type: JSON_TYPE,
  },
  units: {
    title: { vi: 'Phần vùng đệm trong mỗi phường, xã', en: 'Share of the buffer in each commune' },
    schema: z.array(unitShare),
    type: JSON_TYPE,
  },
  layers: {
    title: { vi: 'Báo cáo theo lớp; m² và m bên trong vùng đệm', en: 'Report by layer; m² and m inside the buffer' },
    schema: z.array(layerReport),
    type: JSON_TYPE,
  },
  featuresTruncated: {
    title: { vi: 'Có đối tượng không giữ lại để xem', en: 'Whether not all features were kept for viewing' },
    schema: z.boolean(),
    type: JSON_TYPE,
  },
  notes: {
    title: { vi: 'Ghi chú cách tính', en: 'How the figures are to be read' },
    schema: z.array(textSchema),
    type: JSON_TYPE,
  },
  links: { title: { vi: 'Liên kết', en: 'Links' }, schema: linksSchema, type: JSON_TYPE },
} satisfies Readonly<Record<Output, { readonly title: Text; readonly schema: z.ZodType; readonly type: string }>>;

/** A result in `document` form: the outputs that were asked for. */
const resultsSchema = named(
  'BufferResults',
  z.strictObject(
    Object.fromEntries(Object.entries(OUTPUT_SCHEMAS).map(([name, { schema }]) => [name, schema.optional()])),
  ),
);

const byType = (type: string) =>
  Object.values(OUTPUT_SCHEMAS).flatMap((each): z.ZodType[] => (each.type === type ? [each.schema] : []));

/** A result in every form: one document, one value by itself, or the values as parts of a message (RFC 2387). */
export const resultsContent = {
  [JSON_TYPE]: z.union([resultsSchema, ...byType(JSON_TYPE)]),
  [GEOJSON_TYPE]: bufferFeature,
  'text/plain': z.string(),
  'multipart/related': z.string(),
};

/** statusInfo (OGC 18-062r2, 7.12). */
export const statusSchema = named(
  'JobStatus',
  z.strictObject({
    processID: z.string(),
    type: z.literal('process'),
    jobID: z.string(),
    status: z.enum(['accepted', 'running', 'successful', 'failed', 'dismissed']),
    message: z.string(),
    messages: textSchema,
    created: z.string(),
    started: z.string().optional(),
    finished: z.string().optional(),
    updated: z.string(),
    progress: z.int().min(0).max(100),
    links: linksSchema,
  }),
);

const summary = {
  id: z.string(),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  jobControlOptions: z.array(z.enum(['sync-execute', 'async-execute', 'dismiss'])),
  outputTransmission: z.array(z.literal('value')),
  links: linksSchema,
};
const anySchema = z.record(z.string(), z.unknown());

export const processListSchema = z.strictObject({ processes: z.array(z.strictObject(summary)), links: linksSchema });

export const processSchema = named(
  'Process',
  z.strictObject({
    ...summary,
    inputs: z.record(
      z.string(),
      z.strictObject({
        title: z.string(),
        description: z.string(),
        schema: anySchema,
        minOccurs: z.int(),
        maxOccurs: z.int(),
      }),
    ),
    outputs: z.record(z.string(), z.strictObject({ title: z.string(), schema: anySchema })),
  }),
);
