import { requireLayer, visibleLayers } from '../../access/policy.ts';
import { layerExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import { DatabaseError } from '../../database/database.ts';
import type { BBox } from '../../geo/bbox.ts';
import { CRS84 } from '../../geo/crs.ts';
import type { Services } from '../../services.ts';
import type { Link } from '../links.ts';
import { formatParameters } from '../negotiate.ts';
import { collectionPage } from '../pages/collection-page.ts';
import { collectionsPage } from '../pages/collections-page.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { collectionUrl, GEOJSON_TYPE, HTML_TYPE, NEGOTIATED, type Place, placeOf, selfLinks } from './document.ts';
import { collectionPath } from './path.ts';

export function collectionRoutes(services: Services, routes: readonly Route[]): Route[] {
  const { config, catalog } = services;
  const hasStyles = () => routes.some(({ path }) => path === '/styles/:style');
  const describe = async (layer: Layer, place: Place) =>
    describeCollection({ layer, extent: await readExtent(services, layer), place, hasStyles: hasStyles() });
  return [
    route({
      path: '/collections',
      tag: 'features',
      summary: { vi: 'Danh sách các lớp', en: 'The layers' },
      queryParameters: formatParameters,
      responses: { 200: ['application/json', HTML_TYPE] },
      handle: async ({ query, principal, language, http }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const layers = visibleLayers(catalog.current(), principal);
        if (place.format === 'html') return collectionsPage({ services, layers, place });
        const collections = await Promise.all(layers.map((layer) => describe(layer, place)));
        return json({ links: selfLinks(place), crs: [CRS84.uri], collections }, { headers: NEGOTIATED });
      },
    }),
    route({
      path: '/collections/:collection',
      tag: 'features',
      summary: { vi: 'Một lớp', en: 'One layer' },
      pathParameters: collectionPath,
      queryParameters: formatParameters,
      responses: { 200: ['application/json', HTML_TYPE] },
      handle: async ({ path, query, principal, language, http }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const layer = requireLayer(catalog.current(), path.collection, principal);
        const collection = await describe(layer, place);
        if (place.format === 'html') return collectionPage({ services, layer, collection, place });
        return json({ ...collection, links: [...selfLinks(place), ...collection.links] }, { headers: NEGOTIATED });
      },
    }),
  ];
}

/** A collection of OGC API - Features, without the links of the document it stands in. */
export type Collection = ReturnType<typeof describeCollection>;

interface CollectionSource {
  readonly layer: Layer;
  readonly extent: BBox | null;
  readonly place: Place;
  readonly hasStyles: boolean;
}

function describeCollection({ layer, extent, place, hasStyles }: CollectionSource) {
  const { id, title, geometry } = layer;
  return {
    id,
    title: title[place.language],
    description: `${[...new Set([title.vi, title.en])].join(' / ')} (${geometry.type}, EPSG:${geometry.srid})`,
    ...(extent ? { extent: { spatial: { bbox: [extent], crs: CRS84.uri } } } : {}),
    itemType: 'feature',
    crs: [CRS84.uri],
    storageCrs: geometry.srid === 4326 ? CRS84.uri : `http://www.opengis.net/def/crs/EPSG/0/${geometry.srid}`,
    links: collectionLinks(layer, place, hasStyles),
  };
}

function collectionLinks({ id, schema, title: titles }: Layer, { base, language }: Place, hasStyles: boolean): Link[] {
  const title = titles[language];
  const items = `${collectionUrl(base, id)}/items`;
  const tiles = `${base}/xyz/${encodeURIComponent(id)}`;
  const words = { vi: ['trang web', 'ô vectơ XYZ', 'kiểu bản đồ'], en: ['web page', 'XYZ vector tiles', 'map style'] }[
    language
  ];
  return [
    { href: collectionUrl(base, id), rel: 'collection', type: 'application/json', title },
    { href: `${items}?f=json`, rel: 'items', type: GEOJSON_TYPE, title: `${title} (GeoJSON)` },
    { href: `${items}?f=html`, rel: 'items', type: HTML_TYPE, title: `${title} (${words[0]})` },
    { href: `${tiles}/tilejson.json`, rel: 'tiles', type: 'application/json', title: `${title} (TileJSON)` },
    {
      href: `${tiles}/{z}/{x}/{y}.mvt`,
      rel: 'tiles',
      type: 'application/vnd.mapbox-vector-tile',
      title: `${title} (${words[1]})`,
      templated: true,
    },
    ...(hasStyles && STYLED_SCHEMAS.includes(schema)
      ? [
          {
            href: `${base}/styles/${schema}`,
            rel: 'stylesheet',
            type: 'application/vnd.mapbox.style+json',
            title: `${title} (${words[2]})`,
          },
        ]
      : []),
  ];
}

/** Schemas that have a map style of their own name. */
const STYLED_SCHEMAS: readonly string[] = ['base', 'land', 'environment'];

/** One row with coordinates that no projection takes must not hide every layer. */
async function readExtent({ db, log }: Services, layer: Layer): Promise<BBox | null> {
  try {
    return await layerExtent(db, layer);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error, layer: layer.id }, 'extent not read');
    return null;
  }
}
