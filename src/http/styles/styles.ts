import type { StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Request } from 'express';
import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import type { Services } from '../../services.ts';
import { variantForQgis } from '../../styles/qgis-variant.ts';
import type { Sheet, Styles } from '../../styles/sheet.ts';
import { documentReply } from '../html/document-page.ts';
import { documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE, STYLE_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { choiceParameter } from '../kit/parameters.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { styleParameter } from '../layers/style.ts';
import { STYLE_FILE_CONTENT, styleFile, styleFormParameter } from './style-files.ts';
import { describeStyle, styleListSchema, styleMetadataSchema, summariseStyle } from './style-metadata.ts';
import { STYLES, stylesPage } from './styles-page.ts';

/** Members of every MapLibre style; its specification describes the rest. */
export const styleSchema = namedSchema(
  'Style',
  z.looseObject({
    version: z.literal(8),
    sources: z.record(z.string(), z.looseObject({ type: z.string() })),
    sprite: z.string(),
    glyphs: z.string(),
    layers: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  }),
);

export function styleEndpoints(services: Services) {
  const { config, db, catalogFor, styles } = services;
  return {
    list: endpoint({
      tag: 'styles',
      summary: { vi: 'Các kiểu bản đồ', en: 'The map styles' },
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': styleListSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, language, http }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        if (place.format === 'html') return stylesPage(services, place);
        const list = [...styles].map(([id, style]) => summariseStyle({ id, style, base: place.base, language }));
        return jsonReply({ styles: list, links: selfLinks(place) });
      },
    }),
    read: endpoint({
      tag: 'styles',
      summary: { vi: 'Một kiểu bản đồ (MapLibre, phiên bản 8)', en: 'A map style (MapLibre, version 8)' },
      pathParameters: { style: styleParameter(styles) },
      queryParameters: { variant: variantParameter, f: styleFormParameter },
      responses: { 200: { content: { [STYLE_TYPE]: styleSchema, ...STYLE_FILE_CONTENT } } },
      handle: ({ path: { style }, query: { variant, f }, principal, language, http }) => {
        const base = baseUrl(config, http);
        if (f === 'json') return stylesheet(style, { base, variant, http });
        const layers = catalogFor(principal).layers;
        return styleFile({ id: styleId(styles, style), style, layers, db, base, language }, f);
      },
    }),
    metadata: endpoint({
      tag: 'styles',
      summary: { vi: 'Một kiểu bản đồ nói về mình', en: 'What a map style says of itself' },
      pathParameters: { style: styleParameter(styles) },
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': styleMetadataSchema, [HTML_TYPE]: pageSchema } } },
      handle: ({ path, query, language, http }) => {
        const id = styleId(styles, path.style);
        const place = documentPlace(config, http, { f: query.f, language });
        const { links, ...document } = describeStyle({ id, style: path.style, base: place.base, language });
        return documentReply(
          services,
          place,
          { ...document, links: [...selfLinks(place), ...links] },
          { title: document.title, steps: [[STYLES[language], `${place.base}/styles`]] },
        );
      },
    }),
  };
}

export function styleId(styles: Styles, style: Sheet): string {
  for (const [id, each] of styles) if (each === style) return id;
  throw new Error('a style that is none of the list');
}

export const variantParameter = choiceParameter(
  {
    vi: 'qgis: mỗi màu của một lớp vùng là một lớp, vì QGIS không đọc "match"; không ghi thì theo User-Agent',
    en: 'qgis: each colour of an area layer is a layer, since QGIS reads no "match"; by User-Agent where not given',
  },
  ['maplibre', 'qgis'],
);

interface StylesheetOptions {
  readonly base: string;
  readonly variant: 'maplibre' | 'qgis' | undefined;
  readonly http: Request;
}

/**
 * Returns the style in a form that the client can read. QGIS, recognized by its User-Agent, has a variant at the same
 * URL.
 */
export function stylesheet(style: Sheet, { base, variant, http }: StylesheetOptions): Reply {
  const isForQgis = variant === 'qgis' || (variant === undefined && /\bQGIS\b/i.test(http.get('user-agent') ?? ''));
  const body = withAbsoluteUrls(isForQgis ? variantForQgis(style) : style, base);
  return jsonReply(body, { type: STYLE_TYPE, headers: { vary: 'User-Agent' } });
}

function withAbsoluteUrls(style: Sheet, base: string): StyleSpecification {
  const sources = Object.entries(style.sources).map(([name, source]) => [
    name,
    'url' in source && source.url?.startsWith('/') ? { ...source, url: base + source.url } : source,
  ]);
  return {
    ...style,
    sources: Object.fromEntries(sources),
    sprite: `${base}${style.sprite}`,
    glyphs: `${base}${style.glyphs}`,
  };
}
