import { z } from 'zod';
import { bboxSchema } from '../../geo/bbox.ts';
import { textSchema } from '../../lib/schema.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { layerReportSchema, unitShareSchema } from '../report-schema.ts';
import { presetSchema } from './preset-schema.ts';

const position = z.array(z.number()).min(2).max(3);

/**
 * `srid`: the VN-2000 zone of all measurements. `halfWidthM`: metres added to the distance, from a centre line to its
 * edge.
 */
const bufferProperties = z.strictObject({
  distanceM: z.number(),
  srid: z.int(),
  areaM2: z.number(),
  preset: presetSchema.optional(),
  halfWidthM: z.strictObject({ min: z.number(), max: z.number() }).optional(),
});
export type BufferProperties = z.infer<typeof bufferProperties>;

const bufferSchema = z.strictObject({
  type: z.literal('Feature'),
  geometry: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
    z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
  ]),
  properties: bufferProperties,
});

export const BUFFER_OUTPUTS = {
  buffer: {
    title: { vi: 'Vùng đệm (GeoJSON, CRS84)', en: 'The buffer (GeoJSON, CRS84)' },
    schema: bufferSchema,
    type: 'application/geo+json',
  },
  bbox: {
    title: { vi: 'Khung: tây, nam, đông, bắc', en: 'West, south, east, north' },
    schema: bboxSchema,
    type: 'application/json',
  },
  units: {
    title: { vi: 'Phần vùng đệm trong mỗi phường, xã', en: 'Share of the buffer in each commune' },
    schema: z.array(unitShareSchema),
    type: 'application/json',
  },
  layers: {
    title: { vi: 'Báo cáo theo lớp; m² và m bên trong vùng đệm', en: 'Report by layer; m² and m inside the buffer' },
    schema: z.array(layerReportSchema),
    type: 'application/json',
  },
  featuresTruncated: {
    title: { vi: 'Có đối tượng không giữ lại để xem', en: 'Whether not all features were kept for viewing' },
    schema: z.boolean(),
    type: 'application/json',
  },
  notes: {
    title: { vi: 'Ghi chú cách tính', en: 'How the figures are to be read' },
    schema: z.array(textSchema),
    type: 'application/json',
  },
} satisfies Readonly<Record<string, ProcessOutput>>;

export type BufferValues = OutputValues<typeof BUFFER_OUTPUTS>;
