import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import { parameterStatusSchema, seriesSchema, stationSchema, stationStatusSchema } from '../../stations/station.ts';
import { linksSchema } from '../kit/shapes.ts';

/** A station with its status as a feature, and links to its series. */
export const stationFeatureSchema = namedSchema(
  'Station',
  z.strictObject({
    type: z.literal('Feature'),
    id: z.int(),
    geometry: z.strictObject({ type: z.literal('Point'), coordinates: z.array(z.number()).length(2) }),
    properties: stationSchema.omit({ id: true, lon: true, lat: true }).extend({
      ...stationStatusSchema.omit({ station: true }).shape,
      parameters: z.array(parameterStatusSchema.extend({ series: z.string() })),
    }),
    links: linksSchema,
  }),
);

/** A series with the number of values in each state. */
export const seriesDocumentSchema = namedSchema(
  'StationSeries',
  seriesSchema.extend({
    ofHours: z.int(),
    states: z.strictObject({ exceeded: z.int(), within: z.int(), not_assessed: z.int() }),
    links: linksSchema,
  }),
);
