import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import type { BBox } from '../../geo/bbox.ts';
import { CRS84, crsOfSrid, SUPPORTED_CRS } from '../../geo/crs.ts';
import { collectionUrl, type Place } from '../document.ts';
import { type Link, OGC_REL } from '../links.ts';
import {
  CSV_TYPE,
  FGB_TYPE,
  GEOJSON_TYPE,
  GPKG_TYPE,
  HTML_TYPE,
  MVT_TYPE,
  SCHEMA_TYPE,
  STYLE_TYPE,
} from '../media-types.ts';
import { named } from '../schema.ts';
import { bboxSchema, linksSchema } from '../shapes.ts';
import { QUERYABLES_REL } from './queryables.ts';

/** As `/collections/{collection}` gives it. */
export const collectionSchema = named(
  'Collection',
  z.looseObject({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    extent: z
      .looseObject({ spatial: z.strictObject({ bbox: z.array(bboxSchema).min(1), crs: z.string() }) })
      .optional(),
    itemType: z.literal('feature'),
    crs: z.array(z.string()).min(1),
    storageCrs: z.string(),
    links: linksSchema,
  }),
);

/** A collection of OGC API - Features, without the links of the document it stands in. */
export type Collection = ReturnType<typeof describeCollection>;

/** Every CRS that features may be asked for in, the default first. */
export const CRS_URIS: readonly string[] = SUPPORTED_CRS.map(({ uri }) => uri);

interface CollectionSource {
  readonly layer: Layer;
  readonly extent: BBox | null;
  readonly place: Place;
  readonly hasStyles: boolean;
}

export function describeCollection({ layer, extent, place, hasStyles }: CollectionSource) {
  const { id, title, geometry } = layer;
  const storage = crsOfSrid(geometry.srid);
  return {
    id,
    title: title[place.language],
    description: `${[...new Set([title.vi, title.en])].join(' / ')} (${geometry.type}, EPSG:${geometry.srid})`,
    ...(extent ? { extent: { spatial: { bbox: [extent], crs: CRS84.uri } } } : {}),
    itemType: 'feature',
    crs: CRS_URIS,
    // One that is not in the list may not be named (OGC 18-058r1, requirement 4).
    ...(storage ? { storageCrs: storage.uri } : {}),
    links: collectionLinks(layer, place, hasStyles),
  };
}

function collectionLinks(
  { id, schema, call, title: titles }: Layer,
  { base, language }: Place,
  hasStyles: boolean,
): Link[] {
  const title = titles[language];
  const items = `${collectionUrl(base, id)}/items`;
  const tiles = `${base}/xyz/${encodeURIComponent(id)}`;
  const words = {
    vi: [
      'trang web',
      'ô vectơ XYZ',
      'kiểu bản đồ',
      'ô vectơ',
      'các kiểu bản đồ',
      'thuộc tính lọc được',
      'lược đồ',
      'ô ảnh',
    ],
    en: [
      'web page',
      'XYZ vector tiles',
      'map style',
      'vector tiles',
      'map styles',
      'queryables',
      'schema',
      'tiles of pictures',
    ],
  }[language];
  return [
    { href: collectionUrl(base, id), rel: 'collection', type: 'application/json', title },
    { href: `${items}?f=json`, rel: 'items', type: GEOJSON_TYPE, title: `${title} (GeoJSON)` },
    { href: `${items}?f=html`, rel: 'items', type: HTML_TYPE, title: `${title} (${words[0]})` },
    { href: `${items}?f=gpkg`, rel: 'items', type: GPKG_TYPE, title: `${title} (GeoPackage)` },
    { href: `${items}?f=fgb`, rel: 'items', type: FGB_TYPE, title: `${title} (FlatGeobuf)` },
    { href: `${items}?f=csv`, rel: 'items', type: CSV_TYPE, title: `${title} (CSV)` },
    {
      href: `${collectionUrl(base, id)}/schema`,
      rel: `${OGC_REL}/schema`,
      type: SCHEMA_TYPE,
      title: `${title} (${words[6]})`,
    },
    {
      href: `${collectionUrl(base, id)}/queryables`,
      rel: QUERYABLES_REL,
      type: SCHEMA_TYPE,
      title: `${title} (${words[5]})`,
    },
    {
      href: `${collectionUrl(base, id)}/tiles`,
      rel: `${OGC_REL}/tilesets-vector`,
      type: 'application/json',
      title: `${title} (${words[3]})`,
    },
    ...(call
      ? []
      : [
          {
            href: `${collectionUrl(base, id)}/map/tiles`,
            rel: `${OGC_REL}/tilesets-map`,
            type: 'application/json',
            title: `${title} (${words[7]})`,
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
      title: `${title} (${words[1]})`,
      templated: true,
    },
    ...(hasStyles && !call && STYLED_SCHEMAS.includes(schema)
      ? [
          {
            href: `${base}/styles/${schema}`,
            rel: 'stylesheet',
            type: STYLE_TYPE,
            title: `${title} (${words[2]})`,
          },
          {
            href: `${collectionUrl(base, id)}/styles`,
            rel: `${OGC_REL}/styles`,
            type: 'application/json',
            title: `${title} (${words[4]})`,
          },
        ]
      : []),
  ];
}

/** Schemas that have a map style of their own name. */
const STYLED_SCHEMAS: readonly string[] = ['base', 'land', 'environment'];
