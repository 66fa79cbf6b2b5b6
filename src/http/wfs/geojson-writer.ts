import { z } from 'zod';
import type { Field } from '../../catalog/layer.ts';
import type { PlainRow } from '../../features/rows-query.ts';
import { named } from '../../lib/schema.ts';
import { featureSchema, linksSchema } from '../kit/shapes.ts';

/** Features of GetFeature in GeoJSON; `crs` as in GeoJSON of 2008, unless it is that of RFC 7946. */
export const wfsCollectionSchema = named(
  'WfsFeatureCollection',
  z.strictObject({
    type: z.literal('FeatureCollection'),
    timeStamp: z.string(),
    numberMatched: z.union([z.int().min(0), z.literal('unknown')]),
    numberReturned: z.int().min(0),
    crs: z.strictObject({ type: z.literal('name'), properties: z.strictObject({ name: z.string() }) }).optional(),
    links: linksSchema.optional(),
    features: z.array(featureSchema),
  }),
);

/** Returns a function that writes rows as GeoJSON features. `properties` are the fields, in order. */
export function geojsonWriter(fields: readonly Field[], idOf: (row: PlainRow) => string): (row: PlainRow) => string {
  const names = fields.map(({ name }) => JSON.stringify(name));
  return (row) => {
    const properties = fields.map((field, index) => `${names[index]}:${jsonText(field, row.values[index] ?? null)}`);
    return `{"type":"Feature","id":${JSON.stringify(idOf(row))},"geometry":${row.geometry ?? 'null'},"properties":{${properties.join(',')}}}`;
  };
}

/** Converts PostgreSQL's text of a value to JSON. Digits of a number are preserved; NaN and Infinity become text. */
function jsonText({ type }: Field, text: string | null): string {
  if (text === null) return 'null';
  switch (type) {
    case 'integer':
    case 'number':
      return /\d$/.test(text) ? text : JSON.stringify(text);
    case 'boolean':
      return text;
    case 'datetime':
      return JSON.stringify(text.replace(' ', 'T'));
    default:
      return JSON.stringify(text);
  }
}
