import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import { CAPS } from '../corridor/corridor.ts';
import { coverageSchema } from '../coverage/coverage-schema.ts';
import { overlayRowSchema } from '../parts/row-schema.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { communeShareSchema, layerReportSchema } from '../report-schema.ts';
import { BBOX_OUTPUT, NOTES_OUTPUT } from '../shared-outputs.ts';
import { presetSchema } from './preset-schema.ts';

const position = z.array(z.number()).min(2).max(3);

/**
 * `caps`: ends of lines. `ring`: the source is left out. `srid`: the VN-2000 zone of all measurements. `halfWidthM`: metres added to the distance, from a centre line to its
 * edge.
 */
const bufferProperties = z.strictObject({
  distanceM: z.number(),
  caps: z.enum(CAPS),
  ring: z.boolean(),
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

/**
 * Ground of the buffer in zones of one plan that have the same code, name and decision; `count` of them. The rows of a
 * plan add up to the buffer, with `uncovered` and `slivers`. Ground that several zones claim is an `overlap`.
 */
const planZoneSchema = namedSchema(
  'BufferPlanZone',
  z.strictObject({
    ...overlayRowSchema.pick({ plan: true, period: true, decision: true, kind: true, code: true, name: true }).shape,
    ...overlayRowSchema.pick({ count: true, areaM2: true, percent: true }).shape,
  }),
);
export type PlanZone = z.infer<typeof planZoneSchema>;

export const BUFFER_OUTPUTS = {
  buffer: {
    title: { vi: 'Vùng đệm (GeoJSON, CRS84)', en: 'The buffer (GeoJSON, CRS84)' },
    schema: bufferSchema,
    type: 'application/geo+json',
  },
  bbox: BBOX_OUTPUT,
  units: {
    title: { vi: 'Phần vùng đệm trong mỗi phường, xã', en: 'Share of the buffer in each commune' },
    schema: z.array(communeShareSchema),
    type: 'application/json',
  },
  layers: {
    title: { vi: 'Báo cáo theo lớp; m² và m bên trong vùng đệm', en: 'Report by layer; m² and m inside the buffer' },
    schema: z.array(layerReportSchema),
    type: 'application/json',
  },
  zones: {
    title: {
      vi: 'Quy hoạch trong vùng đệm, theo khu; m² và % (khi "layers" có land.planning_zone)',
      en: 'Planning in the buffer by zone; m² and % (if "layers" has land.planning_zone)',
    },
    schema: z.array(planZoneSchema),
    type: 'application/json',
  },
  coverage: {
    title: { vi: 'Phần vùng đệm có dữ liệu, theo lớp', en: 'Part of the buffer that has data, by layer' },
    schema: z.array(coverageSchema),
    type: 'application/json',
  },
  featuresTruncated: {
    title: {
      vi: 'Có đối tượng không giữ lại trong các lớp kết quả',
      en: 'Whether the layers of the result lack features',
    },
    schema: z.boolean(),
    type: 'application/json',
  },
  notes: NOTES_OUTPUT,
} satisfies Readonly<Record<string, ProcessOutput>>;

export type BufferValues = OutputValues<typeof BUFFER_OUTPUTS>;
