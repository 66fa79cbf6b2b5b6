import { z } from 'zod';
import type { Language } from '../../lib/errors.ts';
import { namedSchema, textSchema, type ValueOf } from '../../lib/schema.ts';
import { drawnLayers, type Sheet } from '../../styles/sheet.ts';
import { type Link, OGC_REL } from '../kit/links.ts';
import { STYLE_FILES, STYLE_TYPE } from '../kit/media-types.ts';
import { linkSchema, linksSchema } from '../kit/shapes.ts';

export interface StyleSource {
  readonly id: string;
  readonly style: Sheet;
  readonly base: string;
  readonly language: Language;
}

const WORDS = {
  vi: { metadata: 'Mô tả', preview: 'Ảnh xem trước', tiles: 'Ô ảnh' },
  en: { metadata: 'Metadata', preview: 'Preview', tiles: 'Tiles of pictures' },
};

const entrySchema = z.strictObject({ id: z.string(), title: z.string(), links: linksSchema });

const listedStyleSchema = entrySchema.extend({ titles: textSchema });

export const styleListSchema = z.strictObject({
  links: linksSchema,
  styles: z.array(listedStyleSchema),
});

/** Styles of one collection. There is no default if no style draws it. */
export const collectionStylesSchema = z.strictObject({
  default: z.string().optional(),
  styles: z.array(entrySchema),
  links: linksSchema,
});

export const styleMetadataSchema = namedSchema(
  'StyleMetadata',
  entrySchema.extend({
    keywords: z.array(z.string()),
    scope: z.literal('style'),
    stylesheets: z
      .array(
        z.strictObject({
          title: z.string(),
          version: z.string(),
          specification: z.string(),
          native: z.boolean(),
          tilingScheme: z.literal('WebMercatorQuad'),
          link: linkSchema,
        }),
      )
      .min(1),
    layers: z.array(z.strictObject({ id: z.string(), sampleData: linkSchema })),
  }),
);

/** Returns an entry of the list of styles (OGC 20-009). */
export function summariseStyle({
  id,
  style: { metadata },
  base,
  language,
}: StyleSource): ValueOf<typeof listedStyleSchema> {
  const title = metadata.title[language];
  return {
    id,
    title,
    titles: metadata.title,
    links: styleLinks({ url: `${base}/styles/${id}`, id, title, base, language }),
  };
}

/** @param url of the stylesheet, which for a part of a style differs from that of the whole */
export function styleLinks(source: {
  url: string;
  id: string;
  title: string;
  base: string;
  language: Language;
}): Link[] {
  const { url, id, title, base, language } = source;
  const words = WORDS[language];
  return [
    stylesheetLink(url, title),
    ...Object.entries(STYLE_FILES).map(([form, type]) => ({
      href: `${url}?f=${form}`,
      rel: 'stylesheet',
      type,
      title: `${title} (.${form})`,
    })),
    { href: `${base}/styles/${id}/metadata`, rel: 'describedby', type: 'application/json', title: words.metadata },
    { href: `${base}/styles/${id}/thumbnail.png`, rel: 'preview', type: 'image/png', title: words.preview },
    {
      href: `${url}/map/tiles`,
      rel: `${OGC_REL}/tilesets-map`,
      type: 'application/json',
      title: words.tiles,
    },
  ];
}

function stylesheetLink(href: string, title: string): Link {
  return { href, rel: 'stylesheet', type: STYLE_TYPE, title };
}

/**
 * Returns the metadata of a style (OGC 20-009) without the document's own links. It holds the stylesheet, and the drawn
 * layers with links to their data.
 */
export function describeStyle(source: StyleSource): ValueOf<typeof styleMetadataSchema> {
  const { style, base } = source;
  const { id, title, links } = summariseStyle(source);
  const shown = drawnLayers(style);
  return {
    id,
    title,
    keywords: style.metadata.themes.map(({ id }) => id),
    scope: 'style',
    stylesheets: [
      {
        title,
        version: String(style.version),
        specification: 'https://maplibre.org/maplibre-style-spec/',
        native: true,
        tilingScheme: 'WebMercatorQuad',
        link: stylesheetLink(`${base}/styles/${id}`, title),
      },
    ],
    layers: shown.map((layer) => ({
      id: layer,
      sampleData: { href: `${base}/collections/${encodeURIComponent(layer)}`, rel: 'data', type: 'application/json' },
    })),
    links: links.filter(({ rel }) => rel !== 'describedby'),
  };
}
