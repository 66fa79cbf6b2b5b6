import type { StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { notFound, type Text } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { loadStyles, type Sheet, type StyleId, type Styles } from '../../styles/sheet.ts';
import { baseUrl } from '../links.ts';
import { STYLE_TYPE } from '../media-types.ts';
import type { Parameter } from '../parameters.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';

export function styleRoutes({ config }: Services): Route[] {
  const styles = loadStyles(config.schemas);
  return [
    route({
      path: '/styles',
      tag: 'styles',
      summary: { vi: 'Các kiểu bản đồ', en: 'The map styles' },
      responses: { 200: ['application/json'] },
      handle: ({ language, http }) => {
        const base = baseUrl(config, http);
        const list = [...styles].map(([id, { metadata }]) => describe(id, metadata.title, { base, language }));
        return json({ styles: list });
      },
    }),
    route({
      path: '/styles/:style',
      tag: 'styles',
      summary: { vi: 'Một kiểu bản đồ (MapLibre, phiên bản 8)', en: 'A map style (MapLibre, version 8)' },
      pathParameters: { style: styleParameter(styles) },
      responses: { 200: [STYLE_TYPE] },
      handle: ({ path, http }) => json(withAbsoluteUrls(path.style, baseUrl(config, http)), { type: STYLE_TYPE }),
    }),
  ];
}

export function styleParameter(styles: Styles): Parameter<Sheet> & { required: true } {
  const list = [...styles.keys()].join(', ');
  return {
    description: { vi: 'Kiểu bản đồ', en: 'The style' },
    schema: { type: 'string', enum: [...styles.keys()] },
    expected: { vi: `một trong: ${list}`, en: `one of: ${list}` },
    required: true,
    read: (text) => {
      const style = styles.get(text as StyleId);
      if (style) return style;
      throw notFound({
        vi: `Không có kiểu bản đồ này. Có: ${list}.`,
        en: `There is no such style. There are: ${list}.`,
      });
    },
  };
}

function describe(id: StyleId, titles: Text, { base, language }: { base: string; language: keyof Text }) {
  const link = { href: `${base}/styles/${id}`, rel: 'stylesheet', type: STYLE_TYPE, title: titles[language] };
  return { id, title: titles[language], titles, links: [link] };
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
