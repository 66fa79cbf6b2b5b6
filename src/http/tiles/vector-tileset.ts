import { z } from 'zod';
import type { FieldType, Layer } from '../../catalog/layer.ts';
import { type BBox, unionOf } from '../../geo/bbox.ts';
import type { Language } from '../../lib/errors.ts';
import { namedSchema } from '../../lib/schema.ts';
import { tileFields } from '../../tiles/derived/tile-values.ts';
import { zoomsOf } from '../../tiles/tilejson.ts';
import { MLT_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { describeTileset, type TilesetPlace, type TilesetSource, tilesetSchema } from './tileset.ts';

/** Layers whose tiles are a tileset. */
export interface VectorSource {
  readonly layers: readonly Layer[];
  /** Extent of each layer, in order; null without rows. */
  readonly extents: readonly (BBox | null)[];
  readonly place: TilesetPlace;
  readonly language: Language;
}

const WORDS = {
  vi: { tile: 'Một ô vectơ (MVT)', mlt: 'Một ô vectơ (MLT)', json: 'TileJSON' },
  en: { tile: 'A vector tile (MVT)', mlt: 'A vector tile (MLT)', json: 'TileJSON' },
};

const propertyType = z.enum(['string', 'integer', 'number', 'boolean']);

const vectorLayerSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  dataType: z.literal('vector'),
  geometryDimension: z.int().min(0).max(3).optional(),
  minTileMatrix: z.string(),
  maxTileMatrix: z.string(),
  propertiesSchema: z.strictObject({
    type: z.literal('object'),
    properties: z.record(z.string(), z.strictObject({ type: propertyType, title: z.string() })),
  }),
});

export const vectorTilesetSchema = namedSchema(
  'VectorTileset',
  tilesetSchema.extend({ layers: z.array(vectorLayerSchema) }),
);

/** Returns the source of a tileset for {@link describeTileset}. */
export function vectorTileset({ layers, extents, place, language }: VectorSource): TilesetSource {
  const words = WORDS[language];
  const ids = layers.map(({ id }) => encodeURIComponent(id)).join(',');
  const tileJson = `${place.base}/xyz/${ids}/tilejson.json`;
  return {
    dataType: 'vector',
    // Rows of functions are not limited: to find their extent, every empty tile would have to compute all of them.
    isLimited: !layers.some(({ call }) => call),
    place,
    bounds: unionOf(extents),
    zooms: zoomsOf(layers),
    formats: [
      { type: MVT_TYPE, title: words.tile },
      { type: MLT_TYPE, title: words.mlt, parameters: { f: 'mlt' } },
    ],
    links: [{ href: tileJson, rel: 'alternate', type: 'application/json', title: words.json }],
    language,
  };
}

/** Returns the metadata of a tileset with the fields of its layers. */
export function describeVectorTileset(source: VectorSource, attribution: string): z.infer<typeof vectorTilesetSchema> {
  const layers = source.layers.map((layer) => describeLayer(layer, source.language));
  return { ...describeTileset({ ...vectorTileset(source), attribution }), layers };
}

const DIMENSIONS = { point: 0, line: 1, polygon: 2, mixed: undefined } as const;
const PROPERTY_TYPES: Partial<Record<FieldType, z.infer<typeof propertyType>>> = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
};

function describeLayer(layer: Layer, language: Language): z.infer<typeof vectorLayerSchema> {
  const { id, title, geometry, zooms } = layer;
  const properties = tileFields(layer).map((field) => [
    field.name,
    { type: PROPERTY_TYPES[field.type] ?? 'string', title: field.title[language] },
  ]);
  return {
    id,
    title: title[language],
    dataType: 'vector',
    ...(geometry.dimension !== 'mixed' && { geometryDimension: DIMENSIONS[geometry.dimension] }),
    minTileMatrix: String(zooms.min),
    maxTileMatrix: String(zooms.max),
    propertiesSchema: { type: 'object', properties: Object.fromEntries(properties) },
  };
}
