import { z } from 'zod';
import { namedSchema, textSchema } from '../lib/schema.ts';

/** Share of an area in a present commune; m². */
export const communeShareSchema = z.strictObject({
  code: z.string(),
  validFrom: z.string(),
  name: z.string(),
  areaM2: z.number(),
});
export type UnitShare = z.infer<typeof communeShareSchema>;

/** `count`: parcels that have the use; a parcel of two uses is counted in both. */
const landUseShareSchema = z.strictObject({
  code: z.string(),
  nameVi: z.string(),
  nameEn: z.string(),
  colour: z.string(),
  count: z.int().min(0),
  areaM2: z.number(),
});
export type LandUseShare = z.infer<typeof landUseShareSchema>;

/** Zones of one plan inside the area. Several plans cover the same ground, so their zones have no sum. */
const planShareSchema = z.strictObject({
  plan: z.string(),
  decision: z.string().nullable(),
  period: z.string(),
  count: z.int().min(0),
  areaM2: z.number(),
});
export type PlanShare = z.infer<typeof planShareSchema>;

/**
 * Counts include all features in the relation; areas (m²) and lengths (m) are those of their parts inside the area.
 * Planning zones have `byPlan` and no total `areaM2`.
 */
export const layerReportSchema = namedSchema(
  'BufferLayerReport',
  z.strictObject({
    layer: z.string(),
    title: textSchema,
    count: z.int().min(0),
    areaM2: z.number().optional(),
    lengthM: z.number().optional(),
    byLandUse: z.array(landUseShareSchema).optional(),
    byPlan: z.array(planShareSchema).optional(),
    byUnit: z.array(communeShareSchema.extend({ count: z.int().min(0) })).optional(),
  }),
);
export type LayerReport = z.infer<typeof layerReportSchema>;
