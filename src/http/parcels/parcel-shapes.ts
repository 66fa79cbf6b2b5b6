import { z } from 'zod';
import { bboxSchema } from '../../geo/bbox.ts';
import { named, textSchema } from '../../lib/schema.ts';

const unit = z.looseObject({ code: z.string(), validFrom: z.string(), name: z.string() });

const position = z.array(z.number()).min(2).max(3);

/** A parcel as defined in `src/parcels/parcel.ts`. */
export const parcelSchema = named(
  'Parcel',
  z.strictObject({
    type: z.literal('Feature'),
    id: z.int(),
    bbox: bboxSchema.optional(),
    geometry: z
      .strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) })
      .nullable(),
    properties: z.strictObject({
      sheet: z.string(),
      number: z.int(),
      nationalId: z.string().nullable(),
      unit,
      uses: z.array(
        z.strictObject({
          code: z.string(),
          nameVi: z.string(),
          nameEn: z.string(),
          colour: z.string(),
          areaM2: z.number(),
        }),
      ),
      legalAreaM2: z.number().nullable(),
      measuredAreaM2: z.number(),
      address: z.string().nullable(),
      status: z.string(),
      surveyedOn: z.string().nullable(),
      formerly: z.array(z.strictObject({ unit, sheet: z.string(), number: z.int(), until: z.string().nullable() })),
      matched: z.enum(['current', 'former']),
    }),
  }),
);

export const parcelsSchema = named(
  'Parcels',
  z.strictObject({
    type: z.literal('FeatureCollection'),
    numberReturned: z.int().min(0),
    understood: z.strictObject({
      unit: z.array(unit).optional(),
      sheet: z.string().optional(),
      number: z.int().optional(),
      nationalId: z.string().optional(),
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
    }),
    message: textSchema.optional(),
    suggestions: z.array(z.strictObject({ label: textSchema, href: z.string() })).optional(),
    features: z.array(parcelSchema),
  }),
);
