import type { MultiPolygon } from 'geojson';
import { z } from 'zod';
import { bboxSchema } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';
import { namedSchema, type ValueOf } from '../lib/schema.ts';
import { holderSchema } from './holder.ts';

const namedUnitSchema = z.strictObject({ code: z.string(), validFrom: z.string(), name: z.string() });
export type NamedUnit = ValueOf<typeof namedUnitSchema>;

/** One use of a parcel, area in m²; null if the area of each use is not known. A parcel "ODT+CLN" has two. */
const parcelUseSchema = z.strictObject({
  code: z.string(),
  nameVi: z.string(),
  nameEn: z.string(),
  colour: z.string(),
  areaM2: z.number().nullable(),
});

/**
 * Properties of a parcel (LADM: spatial unit with its basic administrative units). The public sees all but the right
 * holders.
 */
const parcelPropertiesSchema = z.strictObject({
  sheet: z.string(),
  number: z.int(),
  nationalId: z.string().nullable(),
  unit: namedUnitSchema,
  uses: z.array(parcelUseSchema),
  /** Area on the certificate, m²; it differs from the measured one. */
  legalAreaM2: z.number().nullable(),
  /** Area of the polygon in VN-2000, m². */
  measuredAreaM2: z.number(),
  address: z.string().nullable(),
  status: z.enum(['registered', 'unregistered', 'disputed']),
  surveyedOn: z.string().nullable(),
  /** Former units, sheets and numbers. */
  formerly: z.array(
    z.strictObject({ unit: namedUnitSchema, sheet: z.string(), number: z.int(), until: z.string().nullable() }),
  ),
  /** Tells if the request matched the current or a former designation, or that of a parcel from which this one came. */
  matched: z.enum(['current', 'former', 'successor']),
  /** Set for whoever may see right holders, and asks for one parcel. */
  holders: z.array(holderSchema).optional(),
});
export type ParcelProperties = ValueOf<typeof parcelPropertiesSchema>;

const position = z.array(z.number()).min(2).max(3);
const multiPolygonSchema = z.strictObject({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(z.array(position))),
}) as z.ZodType as z.ZodType<MultiPolygon>;

export const parcelSchema = namedSchema(
  'Parcel',
  z.strictObject({
    type: z.literal('Feature'),
    id: z.int(),
    /** Bounding box of the geometry; absent without one. */
    bbox: bboxSchema.optional(),
    /** null if a coordinate is not finite. */
    geometry: multiPolygonSchema.nullable(),
    properties: parcelPropertiesSchema,
  }),
);

export interface ParcelFeature extends Omit<ValueOf<typeof parcelSchema>, 'geometry'> {
  readonly geometry: MultiPolygon | null;
}

/** The interpretation of a question in words. */
export const understoodSchema = z.strictObject({
  unit: z.array(namedUnitSchema).optional(),
  sheet: z.string().optional(),
  number: z.int().optional(),
  /** Set if the question lists several parcels of a sheet. */
  numbers: z.array(z.int()).optional(),
  nationalId: z.string().optional(),
  /** Capitals and digits; only for whoever may see right holders. */
  certificateNo: z.string().optional(),
});

/** The interpretation of a question for parcels, which can be a point. */
export const understoodParcelsSchema = understoodSchema.extend({
  text: z.string().optional(),
  point: z
    .strictObject({
      easting: z.number(),
      northing: z.number(),
      order: z.enum(['east-north', 'north-east']),
      crs: z.string(),
      lon: z.number(),
      lat: z.number(),
    })
    .optional(),
});
export type Understood = ValueOf<typeof understoodParcelsSchema>;

const designation = { sheet: z.string().nullable(), number: z.int().nullable() };

/** A split or merge of a parcel that is gone. */
export const successionSchema = namedSchema(
  'Succession',
  z.strictObject({
    event: z.enum(['split', 'merge']),
    /** `YYYY-MM-DD` */
    happenedOn: z.string(),
    unit: namedUnitSchema,
    sheet: z.string(),
    number: z.int(),
    /** The id is null for a parcel that is gone as well. `href` leads to the parcel, in answers. */
    children: z.array(z.strictObject({ id: z.int().nullable(), href: z.string().optional(), ...designation })),
    /** Other parcels of the same merge. */
    mergedWith: z.array(z.strictObject(designation)),
  }),
);
export type Succession = ValueOf<typeof successionSchema>;

/** An alternative query. `search` is a query string of `/parcels`. */
export interface Suggestion {
  readonly label: Text;
  readonly search: Readonly<Record<string, string>>;
}

export interface ParcelAnswer {
  readonly understood: Understood;
  readonly features: readonly ParcelFeature[];
  /** Number of parcels that match, of which `features` are a page. */
  readonly numberMatched: number;
  /** Splits and merges of the parcel that the question names. */
  readonly successions?: readonly Succession[];
  /** Words of the question that were not understood. */
  readonly notUnderstood?: readonly string[];
  /** Questions that have a hit, and from which this one differs by typing faults. */
  readonly didYouMean?: readonly Suggestion[];
  /** Reason why there is no parcel, or why there are more than expected. */
  readonly message?: Text;
  readonly suggestions?: readonly Suggestion[];
}
