import { z } from 'zod';
import { bboxSchema } from '../geo/bbox.ts';
import { textSchema, type ValueOf } from '../lib/schema.ts';
import { PLACE_TYPES } from '../phrase/place-phrase.ts';

export const HIT_TYPES = ['parcel', ...PLACE_TYPES, 'coordinate', 'polygon'] as const;

export type HitType = (typeof HIT_TYPES)[number];

const pointSchema = z.array(z.number()).length(2) as z.ZodType as z.ZodType<readonly [lon: number, lat: number]>;

/** One thing that a question may mean. */
export const hitSchema = z.strictObject({
  type: z.enum(HIT_TYPES),
  title: textSchema,
  /** The second line: the place, and what else tells it from others. */
  subtitle: textSchema,
  /** Id of the layer; absent for a place of no layer, such as a coordinate. */
  collection: z.string().optional(),
  /** Ids of the features that it consists of. */
  ids: z.array(z.string()),
  /** Longitude and latitude. */
  bbox: bboxSchema.nullable(),
  point: pointSchema.nullable(),
});
export type SearchHit = ValueOf<typeof hitSchema>;
