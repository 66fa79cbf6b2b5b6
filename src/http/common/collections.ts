import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import type { Services } from '../../services.ts';
import { collectionUrl, type DocumentPlace, documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint, type Route } from '../kit/endpoint.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { jsonReply } from '../kit/reply.ts';
import { linksSchema, pageSchema } from '../kit/shapes.ts';
import { readExtent, readTimeExtent } from '../layers/extent.ts';
import { collectionPath } from '../layers/path.ts';
import { CRS_URIS, collectionSchema, describeCollection } from './collection.ts';
import { collectionPage } from './collection-page.ts';
import { collectionsPage } from './collections-page.ts';

const collectionsSchema = z.strictObject({
  links: linksSchema,
  crs: z.array(z.string()),
  collections: z.array(collectionSchema),
});

export function collectionEndpoints(services: Services) {
  const { config, catalogFor, styles } = services;
  const describe = async (layer: Layer, place: DocumentPlace, routes: readonly Route[]) => {
    const [box, time] = await Promise.all([readExtent(services, layer), readTimeExtent(services, layer)]);
    return describeCollection({
      layer,
      extent: { box, time },
      place,
      isStyled: styles.has(layer.schema) && routes.some(({ path }) => path === '/styles/:style'),
    });
  };
  return {
    list: endpoint({
      tag: 'features',
      summary: { vi: 'Danh sách các lớp', en: 'The layers' },
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': collectionsSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ query, principal, language, routes, http }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        const { layers, functions, callable, tileFunctions } = catalogFor(principal);
        if (place.format === 'html') {
          const shown = { layers: [...layers, ...functions], tileFunctions: [...tileFunctions.values()] };
          return collectionsPage({ services, ...shown, place });
        }
        // Extents are read, so that every listed collection is complete.
        const collections = await Promise.all([...layers, ...callable].map((layer) => describe(layer, place, routes)));
        const short = collections.map(({ links, ...collection }) => {
          const self = { href: collectionUrl(place.base, collection.id), rel: 'self', type: 'application/json' };
          // GDAL lists a collection only with a self link, as in OGC 20-024.
          return { ...collection, crs: ['#/crs'], links: [self, ...links] };
        });
        return jsonReply({ links: selfLinks(place), crs: CRS_URIS, collections: short });
      },
    }),
    read: endpoint({
      tag: 'features',
      summary: { vi: 'Một lớp', en: 'One layer' },
      pathParameters: collectionPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': collectionSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ path, query, principal, language, routes, http }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        const layer = catalogFor(principal).requireLayerOrFunction(path.collection);
        const collection = await describe(layer, place, routes);
        if (place.format === 'html') return collectionPage({ services, layer, collection, place });
        return jsonReply({ ...collection, links: [...selfLinks(place), ...collection.links] });
      },
    }),
  };
}
