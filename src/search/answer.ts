import type { Polygon } from 'geojson';
import { z } from 'zod';
import type { QueryOptions } from '../database/database.ts';
import { geometrySchema } from '../geo/geojson.ts';
import { textSchema, type ValueOf } from '../lib/schema.ts';
import type { VisibleHolders } from '../parcels/holder.ts';
import { successionSchema, understoodSchema } from '../parcels/parcel.ts';
import { type HitType, hitSchema } from './hit.ts';

export interface SearchOptions extends QueryOptions {
  readonly limit: number;
  readonly offset: number;
  /** undefined: all. */
  readonly types: readonly HitType[] | undefined;
  /** Ids of the layers that may be seen. */
  readonly layers: ReadonlySet<string>;
  /** undefined: right holders are not seen, so no certificate is looked for. */
  readonly holders?: VisibleHolders | undefined;
}

const orderSchema = z.enum(['east-north', 'north-east']);

/** A coordinate pair in one of the orders that fit. */
const coordinateReadingSchema = z.strictObject({
  easting: z.number(),
  northing: z.number(),
  order: orderSchema,
  crs: z.string(),
  crsName: z.string(),
  lon: z.number(),
  lat: z.number(),
});
export type CoordinateReading = ValueOf<typeof coordinateReadingSchema>;

/** Share of a parcel under a polygon. */
const parcelShareSchema = z.strictObject({
  id: z.int(),
  sheet: z.string(),
  number: z.int(),
  unit: z.string(),
  areaM2: z.number(),
  percentOfPolygon: z.number(),
  percentOfParcel: z.number(),
});
export type ParcelShare = ValueOf<typeof parcelShareSchema>;

/** The polygon of a list of corners. */
const polygonReadingSchema = z.strictObject({
  geometry: geometrySchema,
  corners: z.int(),
  /** True if the list repeats its first corner at the end. */
  isClosed: z.boolean(),
  order: orderSchema,
  crs: z.string(),
  crsName: z.string(),
  areaM2: z.number(),
  perimeterM: z.number(),
  /** False if edges cross; shares are then not computed. */
  isValid: z.boolean(),
  parcels: z.array(parcelShareSchema),
  /** Distance of each corner from the nearest corner of the parcel that fits best, cm. */
  cornerDistancesCm: z.array(z.number()).optional(),
  skipped: z.array(z.string()),
});
export interface PolygonReading extends Omit<ValueOf<typeof polygonReadingSchema>, 'geometry'> {
  readonly geometry: Polygon;
}

/** Another question, with a hit. */
export const otherQuestionSchema = z.strictObject({ label: textSchema, q: z.string() });
export type OtherQuestion = ValueOf<typeof otherQuestionSchema>;

export const searchAnswerSchema = z.strictObject({
  hits: z.array(hitSchema),
  numberMatched: z.int().min(0),
  understood: understoodSchema,
  /** Orders in which the coordinates fit, the one used first. */
  coordinates: z.array(coordinateReadingSchema).optional(),
  polygon: polygonReadingSchema.optional(),
  successions: z.array(successionSchema).optional(),
  message: textSchema.optional(),
  notUnderstood: z.array(z.string()).optional(),
  didYouMean: z.array(otherQuestionSchema).optional(),
  suggestions: z.array(otherQuestionSchema).optional(),
});
export interface SearchAnswer extends Omit<ValueOf<typeof searchAnswerSchema>, 'polygon'> {
  readonly polygon?: PolygonReading;
}
