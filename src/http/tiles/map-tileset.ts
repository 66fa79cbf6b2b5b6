import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import type { BBox } from '../../geo/bbox.ts';
import { MAX_ZOOM } from '../../geo/tile.ts';
import type { Language } from '../../lib/errors.ts';
import { namedSchema } from '../../lib/schema.ts';
import { collectionUrl } from '../kit/document.ts';
import { type Link, OGC_REL } from '../kit/links.ts';
import { PICTURE_TYPES, STYLE_TYPE } from '../kit/media-types.ts';
import { linksSchema } from '../kit/shapes.ts';
import { describeTileset, type TilesetPlace, type TilesetSource, tilesetSchema } from './tileset.ts';

/** A map whose pictures are a tileset. */
export interface MapSource {
  /** Layers shown, from below. */
  readonly layers: readonly Layer[];
  /** Bounds of all layers, longitude and latitude; null if there is nothing. */
  readonly bounds: BBox | null;
  /** Its style; undefined if it has none and is drawn plainly. */
  readonly style: { readonly id: string; readonly title: string; readonly url: string } | undefined;
  readonly place: TilesetPlace;
  readonly language: Language;
}

/** Every zoom has pictures. Beyond the last vector tile they are drawn from that tile, and are as sharp. */
export const MAP_ZOOMS = { minzoom: 0, maxzoom: MAX_ZOOM };

const WORDS = {
  vi: { tile: 'Một ô ảnh', data: 'Dữ liệu của lớp' },
  en: { tile: 'A tile as a picture', data: 'The data of the layer' },
};

const mapLayerSchema = z.strictObject({ id: z.string(), title: z.string(), dataType: z.literal('map') });
const tilesetStyleSchema = z.strictObject({ id: z.string(), title: z.string(), links: linksSchema });

export const mapTilesetSchema = namedSchema(
  'MapTileset',
  tilesetSchema.extend({ layers: z.array(mapLayerSchema), style: tilesetStyleSchema.optional() }),
);

/** Returns the source of a tileset for {@link describeTileset}. */
export function mapTileset({ layers, bounds, place, language }: MapSource): TilesetSource {
  const words = WORDS[language];
  return {
    dataType: 'map',
    isLimited: true,
    place,
    bounds,
    zooms: MAP_ZOOMS,
    formats: Object.entries(PICTURE_TYPES).map(([f, type]) => ({
      type,
      title: `${words.tile} (${f})`,
      parameters: { f },
    })),
    links: layers.length === 1 ? layers.map(({ id }) => dataLink(collectionUrl(place.base, id), words.data)) : [],
    language,
  };
}

/** Returns the metadata of a tileset with its style and its layers. */
export function describeMapTileset(source: MapSource, attribution: string): z.infer<typeof mapTilesetSchema> {
  const { layers, style, language } = source;
  return {
    ...describeTileset({ ...mapTileset(source), attribution }),
    layers: layers.map(({ id, title }) => ({ id, title: title[language], dataType: 'map' })),
    ...(style && { style: { id: style.id, title: style.title, links: [styleLink(style)] } }),
  };
}

function dataLink(href: string, title: string): Link {
  return { href, rel: `${OGC_REL}/geodata`, type: 'application/json', title };
}

function styleLink({ url, title }: NonNullable<MapSource['style']>): Link {
  return { href: url, rel: 'stylesheet', type: STYLE_TYPE, title };
}
