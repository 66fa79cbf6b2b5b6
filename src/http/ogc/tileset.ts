import { z } from 'zod';
import type { FieldType, Layer } from '../../catalog/layer.ts';
import type { BBox } from '../../geo/bbox.ts';
import { CRS84 } from '../../geo/crs.ts';
import { lonLatBBoxToMercator, type TileAddress, tileRange } from '../../geo/tile.ts';
import { tileFields } from '../../tiles/tile-fields.ts';
import { type TileJson, tileJson, unionOf, zoomsOf } from '../../tiles/tilejson.ts';
import type { Link } from '../links.ts';
import { MVT_TYPE } from '../media-types.ts';
import type { Language } from '../negotiate.ts';
import { named } from '../schema.ts';
import { linksSchema } from '../shapes.ts';
import { TILE_MATRIX_SET } from './tile-matrix-set.ts';

export const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0';

/** Where tilesets are listed and what of the query each of their links has to keep. */
export interface TilesetPlace {
  readonly base: string;
  /** Without a slash at the end: `…/tiles`, `…/collections/land.parcel/tiles`. */
  readonly url: string;
  /** `?collections=…`, or empty. */
  readonly query: string;
  readonly title: string;
}

export interface TilesetSource {
  readonly layers: readonly Layer[];
  /** Extent of each layer, in their order; null where it has no rows. */
  readonly extents: readonly (BBox | null)[];
  readonly place: TilesetPlace;
  readonly attribution: string;
  readonly language: Language;
}

const WORDS = {
  vi: { tileset: 'Bộ ô này', tile: 'Một ô vectơ (MVT)', scheme: 'Cách chia ô WebMercatorQuad', json: 'TileJSON' },
  en: {
    tileset: 'This tileset',
    tile: 'A vector tile (MVT)',
    scheme: 'Tile matrix set WebMercatorQuad',
    json: 'TileJSON',
  },
};

const position = z.array(z.number()).length(2);
const index = z.int().min(0);
const summarySchema = z.strictObject({
  title: z.string(),
  dataType: z.literal('vector'),
  crs: z.literal(TILE_MATRIX_SET.crs),
  tileMatrixSetId: z.literal(TILE_MATRIX_SET.id),
  tileMatrixSetURI: z.literal(TILE_MATRIX_SET.uri),
  boundingBox: z.strictObject({ lowerLeft: position, upperRight: position, crs: z.literal(CRS84.uri) }).optional(),
  tileMatrixSetLimits: z
    .array(
      z.strictObject({
        tileMatrix: z.string(),
        minTileRow: index,
        maxTileRow: index,
        minTileCol: index,
        maxTileCol: index,
      }),
    )
    .optional(),
  links: linksSchema,
});

export const tilesetListSchema = named(
  'TilesetList',
  z.strictObject({ links: linksSchema, tilesets: z.array(summarySchema) }),
);

const propertyType = z.enum(['string', 'integer', 'number', 'boolean']);

const layerSchema = z.strictObject({
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

export const tilesetSchema = named(
  'Tileset',
  summarySchema.extend({
    attribution: z.string(),
    layers: z.array(layerSchema),
    centerPoint: z
      .strictObject({ coordinates: position, crs: z.literal(CRS84.uri), tileMatrix: z.string() })
      .optional(),
  }),
);

/** A tileset as a list of tilesets has it. */
export function summariseTileset({
  layers,
  extents,
  place,
  language,
}: Omit<TilesetSource, 'attribution'>): z.infer<typeof summarySchema> {
  const bounds = unionOf(extents);
  return {
    title: place.title,
    dataType: 'vector',
    crs: TILE_MATRIX_SET.crs,
    tileMatrixSetId: TILE_MATRIX_SET.id,
    tileMatrixSetURI: TILE_MATRIX_SET.uri,
    links: tilesetLinks(place, layers, language),
    ...(bounds && {
      boundingBox: { lowerLeft: bounds.slice(0, 2), upperRight: bounds.slice(2), crs: CRS84.uri },
      // Of a function's rows no tile is refused: for every empty one all of them would have to be made.
      ...(!layers.some(({ call }) => call) && { tileMatrixSetLimits: limitsOf(bounds, zoomsOf(layers)) }),
    }),
  };
}

/** The metadata of a tileset, as JSON of OGC 17-083r4, clause 7.2. */
export function describeTileset(source: TilesetSource): z.infer<typeof tilesetSchema> {
  const { layers, attribution, language } = source;
  const { center } = tileJson({ ...source, url: '' });
  return {
    ...summariseTileset(source),
    attribution,
    layers: layers.map((layer) => describeLayer(layer, language)),
    ...(center && { centerPoint: describeCenter(center) }),
  };
}

/** Whether the limits that a tileset tells have the tile in them. */
export function isInLimits(
  { z, x, y }: TileAddress,
  layers: readonly Layer[],
  extents: TilesetSource['extents'],
): boolean {
  const { minzoom, maxzoom } = zoomsOf(layers);
  const bounds = unionOf(extents);
  if (!bounds) return true;
  const [x0, y0, x1, y1] = tileRange(z, lonLatBBoxToMercator(bounds));
  return z >= minzoom && z <= maxzoom && x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

function describeCenter([lon, lat, zoom]: NonNullable<TileJson['center']>) {
  return { coordinates: [lon, lat], crs: CRS84.uri, tileMatrix: String(zoom) };
}

function limitsOf(bounds: BBox, { minzoom, maxzoom }: ReturnType<typeof zoomsOf>) {
  const box = lonLatBBoxToMercator(bounds);
  return Array.from({ length: maxzoom - minzoom + 1 }, (_, index) => {
    const zoom = minzoom + index;
    const [minTileCol, minTileRow, maxTileCol, maxTileRow] = tileRange(zoom, box);
    return { tileMatrix: String(zoom), minTileRow, maxTileRow, minTileCol, maxTileCol };
  });
}

const DIMENSIONS = { point: 0, line: 1, polygon: 2, mixed: undefined } as const;
const TYPES: Partial<Record<FieldType, z.infer<typeof propertyType>>> = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
};

function describeLayer(layer: Layer, language: Language): z.infer<typeof layerSchema> {
  const { id, title, geometry, zooms } = layer;
  const properties = tileFields(layer).map((field) => [
    field.name,
    { type: TYPES[field.type] ?? 'string', title: field.title[language] },
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

function tilesetLinks({ base, url, query }: TilesetPlace, layers: readonly Layer[], language: Language): Link[] {
  const words = WORDS[language];
  const self = `${url}/${TILE_MATRIX_SET.id}`;
  const ids = layers.map(({ id }) => encodeURIComponent(id)).join(',');
  return [
    { href: self + query, rel: 'self', type: 'application/json', title: words.tileset },
    {
      href: `${self}/{tileMatrix}/{tileRow}/{tileCol}${query}`,
      rel: 'item',
      type: MVT_TYPE,
      title: words.tile,
      templated: true,
    },
    {
      href: `${base}/tileMatrixSets/${TILE_MATRIX_SET.id}`,
      rel: `${OGC_REL}/tiling-scheme`,
      type: 'application/json',
      title: words.scheme,
    },
    { href: `${base}/xyz/${ids}/tilejson.json`, rel: 'alternate', type: 'application/json', title: words.json },
  ];
}
