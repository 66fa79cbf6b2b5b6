import { z } from 'zod';
import { requireLayerOrFunction, visibleFunctions, visibleLayers } from '../../access/policy.ts';
import { layerExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import { DatabaseError } from '../../database/database.ts';
import { type TimeExtent, timeExtent } from '../../features/time-extent.ts';
import { type BBox, unionOf } from '../../geo/bbox.ts';
import type { Services } from '../../services.ts';
import { collectionUrl, type Place, placeOf, selfLinks } from '../document.ts';
import { HTML_TYPE } from '../media-types.ts';
import { formatParameters } from '../negotiate.ts';
import { collectionPage } from '../pages/collection-page.ts';
import { collectionsPage } from '../pages/collections-page.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { linksSchema, pageSchema } from '../shapes.ts';
import { CRS_URIS, collectionSchema, describeCollection } from './collection.ts';
import { collectionPath } from './path.ts';

const collectionsSchema = z.strictObject({
  links: linksSchema,
  crs: z.array(z.string()),
  collections: z.array(collectionSchema),
});

export function collectionRoutes(services: Services, routes: readonly Route[]): Route[] {
  const { config, catalog } = services;
  const hasStyles = () => routes.some(({ path }) => path === '/styles/:style');
  const describe = async (layer: Layer, place: Place) => {
    const [box, time] = await Promise.all([readExtent(services, layer), readTimeExtent(services, layer)]);
    return describeCollection({ layer, extent: { box, time }, place, hasStyles: hasStyles() });
  };
  return [
    route({
      path: '/collections',
      tag: 'features',
      summary: { vi: 'Danh sách các lớp', en: 'The layers' },
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': collectionsSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ query, principal, language, http }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const now = catalog.current();
        const layers = visibleLayers(now, principal);
        const functions = visibleFunctions(now, principal);
        if (place.format === 'html') {
          const tileFunctions = [...now.tileFunctions.values()];
          return collectionsPage({ services, layers: [...layers, ...functions], tileFunctions, place });
        }
        // What is listed can be opened as it is.
        const collections = await Promise.all(
          [...layers, ...functions.filter(isCallable)].map((layer) => describe(layer, place)),
        );
        const short = collections.map(({ links, ...collection }) => {
          const self = { href: collectionUrl(place.base, collection.id), rel: 'self', type: 'application/json' };
          // GDAL lists a collection only where it says itself where it is, as OGC 20-024 wants it to.
          return { ...collection, crs: ['#/crs'], links: [self, ...links] };
        });
        return json({ links: selfLinks(place), crs: CRS_URIS, collections: short });
      },
    }),
    route({
      path: '/collections/:collection',
      tag: 'features',
      summary: { vi: 'Một lớp', en: 'One layer' },
      pathParameters: collectionPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': collectionSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ path, query, principal, language, http }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const layer = requireLayerOrFunction(catalog.current(), path.collection, principal);
        const collection = await describe(layer, place);
        if (place.format === 'html') return collectionPage({ services, layer, collection, place });
        return json({ ...collection, links: [...selfLinks(place), ...collection.links] });
      },
    }),
  ];
}

function isCallable({ call }: Layer): boolean {
  return !call?.parameters.some(({ isRequired }) => isRequired);
}

/** Where the features of a layer are; null where that cannot be said. */
export function readExtent(services: Services, layer: Layer, read = layerExtent): Promise<BBox | null> {
  return read(services.db, layer).catch(unreadable(services, layer));
}

/** Where the features of all of them are, for the limits of a tileset, which every tile is held against. */
export async function limitingBounds(services: Services, layers: readonly Layer[]): Promise<BBox | null> {
  return unionOf(
    await Promise.all(layers.map((layer) => services.extents.of(layer).catch(unreadable(services, layer)))),
  );
}

function readTimeExtent(services: Services, layer: Layer): Promise<TimeExtent | null> {
  return timeExtent(services.db, layer).catch(unreadable(services, layer));
}

/** One row with coordinates that no projection takes, or one view that fails, must not hide every layer. */
function unreadable({ log }: Services, layer: Layer): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error, layer: layer.id }, 'extent not read');
    return null;
  };
}
