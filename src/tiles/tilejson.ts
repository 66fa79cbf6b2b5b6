import { z } from 'zod';
import type { Field, FieldType, Layer, TileFunction } from '../catalog/layer.ts';
import { type BBox, bboxSchema, unionOf } from '../geo/bbox.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import type { Language } from '../lib/errors.ts';
import { namedSchema, type ValueOf } from '../lib/schema.ts';
import { tileFields } from './derived/tile-values.ts';

const centerSchema = z.array(z.number()).length(3) as z.ZodType as z.ZodType<
  readonly [lon: number, lat: number, zoom: number]
>;

/** TileJSON 3.0.0 of one layer or several. */
export const tileJsonSchema = namedSchema(
  'TileJSON',
  z.strictObject({
    tilejson: z.literal('3.0.0'),
    name: z.string(),
    description: z.string(),
    attribution: z.string(),
    scheme: z.literal('xyz'),
    /** MapLibre reads it; absent: MVT. */
    encoding: z.literal('mlt').optional(),
    tiles: z.array(z.string()).min(1),
    minzoom: z.int().min(0).max(30),
    maxzoom: z.int().min(0).max(30),
    bounds: bboxSchema.optional(),
    center: centerSchema.optional(),
    vector_layers: z.array(
      z.strictObject({
        id: z.string(),
        description: z.string(),
        minzoom: z.int(),
        maxzoom: z.int(),
        fields: z.record(z.string(), z.string()),
      }),
    ),
  }),
);
export type TileJson = ValueOf<typeof tileJsonSchema>;

const FIELD_TYPES: Partial<Record<FieldType, string>> = { integer: 'Number', number: 'Number', boolean: 'Boolean' };

/** Members of a layer in TileJSON. */
export interface VectorLayer extends Pick<Layer, 'id' | 'title' | 'zooms'> {
  readonly columns: readonly Pick<Field, 'name' | 'type'>[];
}

export function vectorLayer(layer: Layer): VectorLayer {
  return { ...layer, columns: tileFields(layer) };
}

export interface TileJsonSource {
  readonly layers: readonly VectorLayer[];
  /** Extent of each layer, in order; null without rows. */
  readonly extents: readonly (BBox | null)[];
  /** URL template with {z}, {x} and {y}. */
  readonly url: string;
  /** Undefined: MVT. */
  readonly encoding?: TileJson['encoding'];
  readonly attribution: string;
  readonly language: Language;
}

export function tileJson({ layers, extents, url, encoding, attribution, language }: TileJsonSource): TileJson {
  const bounds = unionOf(extents);
  const { minzoom, maxzoom } = zoomsOf(layers);
  const titles = layers.map(({ title }) => title[language]);
  return {
    tilejson: '3.0.0',
    name: titles.join(', '),
    description: titles.join(', '),
    attribution,
    scheme: 'xyz',
    ...(encoding && { encoding }),
    tiles: [url],
    minzoom,
    maxzoom,
    ...(bounds ? { bounds, center: centerOf(bounds, { minzoom, maxzoom }) } : {}),
    vector_layers: describeLayers(layers, language),
  };
}

/** Returns the members of `vector_layers`. */
export function describeLayers(
  layers: readonly VectorLayer[],
  language: TileJsonSource['language'],
): TileJson['vector_layers'] {
  return layers.map(({ id, title, zooms, columns }) => ({
    id,
    description: title[language],
    minzoom: zooms.min,
    maxzoom: zooms.max,
    fields: Object.fromEntries(columns.map(({ name, type }) => [name, FIELD_TYPES[type] ?? 'String'])),
  }));
}

/** Returns the TileJSON of a function that returns tiles. Only its readers learn which layers those have. */
export function functionTileJson(
  { title }: TileFunction,
  { url, encoding, attribution, language }: Omit<TileJsonSource, 'layers' | 'extents'>,
): TileJson {
  return {
    tilejson: '3.0.0',
    name: title[language],
    description: title[language],
    attribution,
    scheme: 'xyz',
    ...(encoding && { encoding }),
    tiles: [url],
    minzoom: 0,
    maxzoom: MAX_ZOOM,
    vector_layers: [],
  };
}

export type ZoomRange = Pick<TileJson, 'minzoom' | 'maxzoom'>;

/** Returns the range of zooms at which any of the layers is drawn. */
export function zoomsOf(layers: readonly Pick<Layer, 'zooms'>[]): ZoomRange {
  return {
    minzoom: Math.min(...layers.map(({ zooms }) => zooms.min)),
    maxzoom: Math.max(...layers.map(({ zooms }) => zooms.max)),
  };
}

/** Returns the middle, at the zoom at which the bounds fill about one screen of two tiles. */
export function centerOf(
  [west, south, east, north]: BBox,
  { minzoom, maxzoom }: ZoomRange,
): [lon: number, lat: number, zoom: number] {
  const span = Math.max(east - west, north - south, 1e-6);
  const zoom = Math.round(Math.log2(720 / span));
  return [(west + east) / 2, (south + north) / 2, Math.max(minzoom, Math.min(maxzoom, zoom))];
}
