import type { Services } from '../../services.ts';
import { layerPart, stylesOf } from '../../styles/part.ts';
import { documentReply } from '../html/document-page.ts';
import { layersStep } from '../html/frame.ts';
import { collectionUrl, documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE, STYLE_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { pageSchema } from '../kit/shapes.ts';
import { collectionPath } from '../layers/path.ts';
import { requireDrawing, styleParameter } from '../layers/style.ts';
import { collectionStyleFile, STYLE_FILE_CONTENT, styleFormParameter } from './style-files.ts';
import { collectionStylesSchema, styleLinks } from './style-metadata.ts';
import { styleId, styleSchema, stylesheet, variantParameter } from './styles.ts';
import { STYLES } from './styles-page.ts';

/** OGC API - Styles (OGC 20-009) of one collection, with the part of each style that draws it. */
export function collectionStyleEndpoints(services: Services) {
  const { config, db, catalogFor, styles } = services;
  return {
    list: endpoint({
      tag: 'styles',
      summary: { vi: 'Các kiểu bản đồ của một lớp', en: 'The map styles of a layer' },
      pathParameters: collectionPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': collectionStylesSchema, [HTML_TYPE]: pageSchema } } },
      handle: ({ path, query, principal, language, http }) => {
        const layer = catalogFor(principal).requireLayer(path.collection);
        const place = documentPlace(config, http, { f: query.f, language });
        const { base } = place;
        const url = `${collectionUrl(base, layer.id)}/styles`;
        const listed = stylesOf(styles, layer.id).map(([id, { metadata }]) => {
          const title = metadata.title[language];
          return { id, title, links: styleLinks({ url: `${url}/${id}`, id, title, base, language }) };
        });
        const document = { ...(listed[0] && { default: listed[0].id }), styles: listed, links: selfLinks(place) };
        const steps = [layersStep(place), [layer.id, collectionUrl(base, layer.id)]] as const;
        return documentReply(services, place, document, {
          title: `${layer.title[language]}: ${STYLES[language]}`,
          steps,
        });
      },
    }),
    read: endpoint({
      tag: 'styles',
      summary: { vi: 'Phần của một kiểu bản đồ vẽ lớp này', en: 'What a map style draws of this layer' },
      pathParameters: { ...collectionPath, style: styleParameter(styles) },
      queryParameters: { variant: variantParameter, f: styleFormParameter },
      responses: { 200: { content: { [STYLE_TYPE]: styleSchema, ...STYLE_FILE_CONTENT } } },
      handle: ({ path, query: { variant, f }, principal, language, http }) => {
        const layer = catalogFor(principal).requireLayer(path.collection);
        const base = baseUrl(config, http);
        const style = layerPart(requireDrawing(path.style, layer.id), layer.id);
        if (f === 'json') return stylesheet(style, { base, variant, http });
        return collectionStyleFile(
          { id: styleId(styles, path.style), style, layers: [layer], db, base, language },
          layer,
          f,
        );
      },
    }),
  };
}
