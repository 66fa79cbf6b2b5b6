import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import type { TimeExtent } from '../../features/time-extent.ts';
import { type BBox, bboxSchema } from '../../geo/bbox.ts';
import { CRS84, crsOfSrid, SUPPORTED_CRS } from '../../geo/crs.ts';
import { namedSchema, type ValueOf } from '../../lib/schema.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import { type Link, OGC_REL } from '../kit/links.ts';
import {
  CSV_TYPE,
  FGB_TYPE,
  GEOJSON_SEQ_TYPE,
  GEOJSON_TYPE,
  GPKG_TYPE,
  HTML_TYPE,
  KML_TYPE,
  MVT_TYPE,
  PARQUET_TYPE,
  SCHEMA_TYPE,
  STYLE_TYPE,
  ZIP_TYPE,
} from '../kit/media-types.ts';
import { linksSchema } from '../kit/shapes.ts';

/** A collection as in `/collections/{collection}`. */
export const collectionSchema = namedSchema(
  'Collection',
  z.looseObject({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    extent: z
      .strictObject({
        spatial: z.strictObject({ bbox: z.array(bboxSchema).min(1), crs: z.string() }).optional(),
        temporal: z
          .strictObject({ interval: z.array(z.array(z.string().nullable()).length(2)).min(1), trs: z.string() })
          .optional(),
      })
      .optional(),
    itemType: z.literal('feature'),
    crs: z.array(z.string()).min(1),
    /** Absent if features cannot be requested in it. */
    storageCrs: z.string().optional(),
    links: linksSchema,
  }),
);

/** The default reference system of dates and times (OGC 17-069r4, 7.13). */
const GREGORIAN = 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian';

/** A collection of OGC API - Features, without the links of its document. */
export type Collection = ValueOf<typeof collectionSchema>;

/** Every CRS in which features can be requested, the default first. */
export const CRS_URIS: readonly string[] = SUPPORTED_CRS.map(({ uri }) => uri);

/** Spatial and temporal extent of a layer; null if unknown. */
export interface Extent {
  readonly box: BBox | null;
  readonly time: TimeExtent | null;
}

interface CollectionSource {
  readonly layer: Layer;
  readonly extent: Extent;
  readonly place: DocumentPlace;
  /** True if the layer's theme has a style. */
  readonly isStyled: boolean;
}

export function describeCollection({ layer, extent, place, isStyled }: CollectionSource): Collection {
  const { id, title, geometry } = layer;
  const storage = crsOfSrid(geometry.srid);
  return {
    id,
    title: title[place.language],
    description: `${[...new Set([title.vi, title.en])].join(' / ')} (${geometry.type}, EPSG:${geometry.srid})`,
    ...describeExtent(extent),
    itemType: 'feature',
    crs: CRS_URIS,
    // A CRS outside of the list must not be named (OGC 18-058r1, requirement 4).
    ...(storage ? { storageCrs: storage.uri } : {}),
    links: collectionLinks(layer, place, isStyled),
  };
}

function describeExtent({ box, time }: Extent) {
  const spatial = box && { bbox: [box], crs: CRS84.uri };
  const temporal = time && { interval: [time], trs: GREGORIAN };
  return spatial || temporal ? { extent: { ...(spatial && { spatial }), ...(temporal && { temporal }) } } : {};
}

function collectionLinks(
  { id, schema, call, title: titles }: Layer,
  { base, language }: DocumentPlace,
  isStyled: boolean,
): Link[] {
  const title = titles[language];
  const tiles = `${base}/xyz/${encodeURIComponent(id)}`;
  const words = WORDS[language];
  return [
    { href: collectionUrl(base, id), rel: 'collection', type: 'application/json', title },
    ...itemsLinks(`${collectionUrl(base, id)}/items`, title, words),
    {
      href: `${collectionUrl(base, id)}/schema`,
      rel: `${OGC_REL}/schema`,
      type: SCHEMA_TYPE,
      title: `${title} (${words.schema})`,
    },
    {
      href: `${collectionUrl(base, id)}/queryables`,
      rel: `${OGC_REL}/queryables`,
      type: SCHEMA_TYPE,
      title: `${title} (${words.queryables})`,
    },
    {
      href: `${collectionUrl(base, id)}/sortables`,
      rel: `${OGC_REL}/sortables`,
      type: SCHEMA_TYPE,
      title: `${title} (${words.sortables})`,
    },
    {
      href: `${collectionUrl(base, id)}/tiles`,
      rel: `${OGC_REL}/tilesets-vector`,
      type: 'application/json',
      title: `${title} (${words.tiles})`,
    },
    ...(call
      ? []
      : [
          {
            href: `${collectionUrl(base, id)}/map/tiles`,
            rel: `${OGC_REL}/tilesets-map`,
            type: 'application/json',
            title: `${title} (${words.pictures})`,
          },
          {
            href: `${base}/wfs?service=WFS&request=GetCapabilities`,
            rel: 'related',
            type: 'text/xml',
            title: `${title} (WFS)`,
          },
        ]),
    { href: `${tiles}/tilejson.json`, rel: 'tiles', type: 'application/json', title: `${title} (TileJSON)` },
    {
      href: `${tiles}/{z}/{x}/{y}.mvt`,
      rel: 'tiles',
      type: MVT_TYPE,
      title: `${title} (${words.xyz})`,
      templated: true,
    },
    ...(isStyled && !call
      ? [
          {
            href: `${base}/styles/${schema}`,
            rel: 'stylesheet',
            type: STYLE_TYPE,
            title: `${title} (${words.style})`,
          },
          {
            href: `${collectionUrl(base, id)}/styles`,
            rel: `${OGC_REL}/styles`,
            type: 'application/json',
            title: `${title} (${words.styles})`,
          },
        ]
      : []),
  ];
}

/** Returns one link for each format. */
function itemsLinks(items: string, title: string, { page, whole }: Words): Link[] {
  return [
    { href: `${items}?f=json`, rel: 'items', type: GEOJSON_TYPE, title: `${title} (GeoJSON)` },
    { href: `${items}?f=html`, rel: 'items', type: HTML_TYPE, title: `${title} (${page})` },
    { href: `${items}?f=gpkg`, rel: 'items', type: GPKG_TYPE, title: `${title} (GeoPackage)` },
    { href: `${items}?f=fgb`, rel: 'items', type: FGB_TYPE, title: `${title} (FlatGeobuf)` },
    { href: `${items}?f=parquet`, rel: 'items', type: PARQUET_TYPE, title: `${title} (GeoParquet)` },
    { href: `${items}?f=shp`, rel: 'items', type: ZIP_TYPE, title: `${title} (Shapefile)` },
    { href: `${items}?f=kml`, rel: 'items', type: KML_TYPE, title: `${title} (KML)` },
    { href: `${items}?f=csv`, rel: 'items', type: CSV_TYPE, title: `${title} (CSV)` },
    { href: `${items}?f=geojsonseq`, rel: 'items', type: GEOJSON_SEQ_TYPE, title: `${title} (GeoJSON Text Sequence)` },
    // The whole file is no page of items, which clients expect of a link to GeoJSON items (OGC 17-069r4, 7.13).
    { href: `${items}?f=geojson`, rel: 'enclosure', type: GEOJSON_TYPE, title: `${title} (GeoJSON, ${whole})` },
  ];
}

type Words = (typeof WORDS)['vi'];

/** Suffixes of the layer's title. */
const WORDS = {
  vi: {
    page: 'trang web',
    xyz: 'ô vectơ XYZ',
    style: 'kiểu bản đồ',
    tiles: 'ô vectơ',
    styles: 'các kiểu bản đồ',
    queryables: 'thuộc tính lọc được',
    sortables: 'thuộc tính sắp xếp được',
    schema: 'lược đồ',
    whole: 'cả lớp',
    pictures: 'ô ảnh',
  },
  en: {
    page: 'web page',
    xyz: 'XYZ vector tiles',
    style: 'map style',
    tiles: 'vector tiles',
    styles: 'map styles',
    queryables: 'queryables',
    sortables: 'sortables',
    schema: 'schema',
    whole: 'the whole layer',
    pictures: 'tiles of pictures',
  },
};
