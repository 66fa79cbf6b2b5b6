import { z } from 'zod';
import type { BBox } from '../../geo/bbox.ts';
import { CRS84 } from '../../geo/crs.ts';
import { lonLatBBoxToMercator, type TileAddress, tileRange } from '../../geo/tile.ts';
import { type Language, notFound } from '../../lib/errors.ts';
import { namedSchema } from '../../lib/schema.ts';
import { centerOf, type ZoomRange } from '../../tiles/tilejson.ts';
import { type Link, OGC_REL, withParameters } from '../kit/links.ts';
import { linksSchema } from '../kit/shapes.ts';
import { TILE_MATRIX_SET } from './tile-matrix-set.ts';

/** The URL of a list of tilesets, and the query that all of its links repeat. */
export interface TilesetPlace {
  readonly base: string;
  /** Without a slash at the end: `…/tiles`, `…/collections/land.parcel/tiles`. */
  readonly url: string;
  /** `?collections=…`, or empty. */
  readonly query: string;
  readonly title: string;
}

/** The existing tiles of the matrix set. */
export interface TilesetLimits {
  /** Longitude and latitude; null if unknown, which means everywhere. */
  readonly bounds: BBox | null;
  readonly zooms: ZoomRange;
}

/** A format of the tiles. */
export interface TileFormat {
  readonly type: string;
  readonly title: string;
  /** Parameters that select it, if any are needed. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Description of a tileset, whatever its tiles contain. */
export interface TilesetSource extends TilesetLimits {
  readonly dataType: 'vector' | 'map';
  /** True if tiles beyond the bounds and zooms are refused. */
  readonly isLimited: boolean;
  readonly place: TilesetPlace;
  readonly formats: readonly TileFormat[];
  /** In addition to those to the tileset itself, its tiles and its tile matrix set. */
  readonly links: readonly Link[];
  readonly language: Language;
}

const WORDS = {
  vi: { tileset: 'Bộ ô này', scheme: 'Cách chia ô WebMercatorQuad' },
  en: { tileset: 'This tileset', scheme: 'Tile matrix set WebMercatorQuad' },
};

const position = z.array(z.number()).length(2);
const indexShape = z.int().min(0);
const summarySchema = z.strictObject({
  title: z.string(),
  dataType: z.enum(['vector', 'map']),
  crs: z.literal(TILE_MATRIX_SET.crs),
  tileMatrixSetId: z.literal(TILE_MATRIX_SET.id),
  tileMatrixSetURI: z.literal(TILE_MATRIX_SET.uri),
  boundingBox: z.strictObject({ lowerLeft: position, upperRight: position, crs: z.literal(CRS84.uri) }).optional(),
  tileMatrixSetLimits: z
    .array(
      z.strictObject({
        tileMatrix: z.string(),
        minTileRow: indexShape,
        maxTileRow: indexShape,
        minTileCol: indexShape,
        maxTileCol: indexShape,
      }),
    )
    .optional(),
  links: linksSchema,
});

export const tilesetListSchema = namedSchema(
  'TilesetList',
  z.strictObject({ links: linksSchema, tilesets: z.array(summarySchema) }),
);

/** Members of every tileset; each kind adds its own. */
export const tilesetSchema = summarySchema.extend({
  attribution: z.string(),
  centerPoint: z.strictObject({ coordinates: position, crs: z.literal(CRS84.uri), tileMatrix: z.string() }).optional(),
});

/** Returns the list of one tileset, in the only tile matrix set. */
export function listTileset(source: TilesetSource): z.infer<typeof tilesetListSchema> {
  const { url, query, title } = source.place;
  return {
    links: [{ href: url + query, rel: 'self', type: 'application/json', title }],
    tilesets: [summariseTileset(source)],
  };
}

/** Returns the metadata of a tileset, as JSON of OGC 17-083r4, clause 7.2. */
export function describeTileset(
  source: TilesetSource & { readonly attribution: string },
): z.infer<typeof tilesetSchema> {
  const { bounds, zooms, attribution } = source;
  return { ...summariseTileset(source), attribution, ...(bounds && { centerPoint: centerPoint(bounds, zooms) }) };
}

/** Returns a tileset as an entry of a list. */
function summariseTileset(source: TilesetSource): z.infer<typeof summarySchema> {
  const { place, dataType, bounds, zooms, isLimited } = source;
  return {
    title: place.title,
    dataType,
    crs: TILE_MATRIX_SET.crs,
    tileMatrixSetId: TILE_MATRIX_SET.id,
    tileMatrixSetURI: TILE_MATRIX_SET.uri,
    links: tilesetLinks(source),
    ...(bounds && {
      boundingBox: { lowerLeft: bounds.slice(0, 2), upperRight: bounds.slice(2), crs: CRS84.uri },
      ...(isLimited && { tileMatrixSetLimits: tileLimits(bounds, zooms) }),
    }),
  };
}

/** Returns true if the tile lies in the limits that the tileset publishes. */
function isInLimits({ z, x, y }: TileAddress, { bounds, zooms }: TilesetLimits): boolean {
  if (!bounds) return true;
  const [x0, y0, x1, y1] = tileRange(z, lonLatBBoxToMercator(bounds));
  return z >= zooms.minzoom && z <= zooms.maxzoom && x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/** @throws Problem not-found for a tile beyond the limits (OGC 20-057, /req/core/tc-error) */
export function requireInLimits(tile: TileAddress, limits: TilesetLimits): void {
  if (isInLimits(tile, limits)) return;
  const { z, x, y } = tile;
  const name = `${z}/${y}/${x}`;
  throw notFound({
    vi: `Ô ${name} nằm ngoài giới hạn (tileMatrixSetLimits) của bộ ô.`,
    en: `Tile ${name} is outside of the limits (tileMatrixSetLimits) of the tileset.`,
  });
}

function centerPoint(bounds: BBox, zooms: ZoomRange) {
  const [lon, lat, zoom] = centerOf(bounds, zooms);
  return { coordinates: [lon, lat], crs: CRS84.uri, tileMatrix: String(zoom) };
}

function tileLimits(bounds: BBox, { minzoom, maxzoom }: ZoomRange) {
  const box = lonLatBBoxToMercator(bounds);
  return Array.from({ length: maxzoom - minzoom + 1 }, (_, index) => {
    const zoom = minzoom + index;
    const [minTileCol, minTileRow, maxTileCol, maxTileRow] = tileRange(zoom, box);
    return { tileMatrix: String(zoom), minTileRow, maxTileRow, minTileCol, maxTileCol };
  });
}

function tilesetLinks({ place: { base, url, query }, formats, links, language }: TilesetSource): Link[] {
  const words = WORDS[language];
  const self = `${url}/${TILE_MATRIX_SET.id}`;
  const tile = `${self}/{tileMatrix}/{tileRow}/{tileCol}${query}`;
  return [
    { href: self + query, rel: 'self', type: 'application/json', title: words.tileset },
    ...formats.map(({ type, title, parameters = {} }) => {
      return { href: withParameters(tile, parameters), rel: 'item', type, title, templated: true };
    }),
    {
      href: `${base}/tileMatrixSets/${TILE_MATRIX_SET.id}`,
      rel: `${OGC_REL}/tiling-scheme`,
      type: 'application/json',
      title: words.scheme,
    },
    ...links,
  ];
}
