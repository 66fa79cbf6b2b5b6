import type { Layer } from '../../catalog/layer.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Services } from '../../services.ts';
import { zoomsOf } from '../../tiles/tilejson.ts';
import { documentReply } from '../html/document-page.ts';
import { collectionUrl, documentPlace } from '../kit/document.ts';
import { type AnyIncoming, DATABASE_PROBLEMS, endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE, MLT_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { chooseFormat, documentParameters, formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, refuseUnknown, type Values } from '../kit/parameters.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { limitingBounds, readShownExtent } from '../layers/extent.ts';
import { argumentNames, argumentsQuery, called, refusedBy } from '../layers/function-arguments.ts';
import { collectionPath } from '../layers/path.ts';
import { collectionsParameter, readLayerList } from '../layers/requested-layers.ts';
import { addressPath, requireAddress } from '../layers/tile-address.ts';
import { matrixSetPath, TILE_MATRIX_SET } from './tile-matrix-set.ts';
import { storedTile, TILE_ENCODINGS, type TileEncoding } from './tile-reply.ts';
import { listTileset, requireInLimits, type TilesetPlace, tilesetListSchema } from './tileset.ts';
import { describeVectorTileset, vectorTileset, vectorTilesetSchema } from './vector-tileset.ts';

const tileParameters = {
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, TILE_ENCODINGS),
};
const TILE_TYPES = [MVT_TYPE, MLT_TYPE];
/** Some clients name MVT by the format that it is written in. */
const ACCEPTED = { mvt: [MVT_TYPE, 'application/x-protobuf', 'application/octet-stream'], mlt: [MLT_TYPE] };
const FORMAT_WORDS = { vi: 'Có MVT (f=mvt) và MLT (f=mlt).', en: 'There is MVT (f=mvt) and MLT (f=mlt).' };
const selection = { collections: collectionsParameter };

/** OGC API - Tiles (OGC 20-057): vector tiles of all layers. */
export function datasetTileEndpoints(services: Services) {
  const { config, catalogFor } = services;
  const layersOf = (ids: string | undefined, { principal, http: { query } }: AnyIncoming): readonly Layer[] =>
    ids === undefined
      ? catalogFor(principal).publicLayers
      : readLayerList(ids, { catalog: catalogFor(principal), query });
  const placeOf = (ids: string | undefined, { http, language }: AnyIncoming): TilesetPlace => {
    const base = baseUrl(config, http);
    return {
      base,
      url: `${base}/tiles`,
      query: ids === undefined ? '' : `?${new URLSearchParams({ collections: ids })}`,
      title: { vi: 'Ô vectơ của các lớp', en: 'Vector tiles of the layers' }[language],
    };
  };
  return {
    list: endpoint({
      tag: 'tiles',
      role: 'dataset.vector.getTileSetsList',
      summary: { vi: 'Các bộ ô của mọi lớp', en: 'The tilesets of all layers' },
      queryParameters: { ...selection, ...formatParameters },
      responses: { 200: { content: { 'application/json': tilesetListSchema, [HTML_TYPE]: pageSchema } } },
      // For a layer that does not exist.
      problems: [404, ...DATABASE_PROBLEMS],
      handle: async ({ query, ...incoming }) => {
        const page = documentPlace(config, incoming.http, { f: query.f, language: incoming.language });
        const place = placeOf(query.collections, incoming);
        const layers = layersOf(query.collections, incoming);
        return documentReply(services, page, await listed(services, place, { ...incoming, layers }), place);
      },
    }),
    tileset: endpoint({
      tag: 'tiles',
      role: 'dataset.vector.getTileSet',
      summary: {
        vi: 'Bộ ô của mọi lớp, hay của các lớp được chọn',
        en: 'The tileset of all layers, or of those chosen',
      },
      pathParameters: matrixSetPath,
      queryParameters: { ...selection, ...formatParameters },
      responses: { 200: { content: { 'application/json': vectorTilesetSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ query, ...incoming }) => {
        const page = documentPlace(config, incoming.http, { f: query.f, language: incoming.language });
        const place = placeOf(query.collections, incoming);
        const layers = layersOf(query.collections, incoming);
        const steps = [[place.title, place.url]] as const;
        const document = await describedTileset(services, place, { ...incoming, layers });
        return documentReply(services, page, document, { title: TILE_MATRIX_SET.id, steps });
      },
    }),
    tile: endpoint({
      tag: 'tiles',
      role: 'dataset.vector.getTile',
      summary: {
        vi: 'Ô vectơ của mọi lớp, hay của các lớp được chọn',
        en: 'A vector tile of all layers, or of those chosen',
      },
      pathParameters: { ...matrixSetPath, ...addressPath },
      queryParameters: { ...selection, ...tileParameters },
      responses: { 200: TILE_TYPES, 204: [] },
      handle: ({ path, query, ...incoming }) =>
        answerVectorTile(services, path, { ...incoming, f: query.f, layers: layersOf(query.collections, incoming) }),
    }),
  };
}

/** OGC API - Tiles (OGC 20-057): vector tiles of one layer. */
export function collectionTileEndpoints(services: Services) {
  const { config, catalogFor } = services;
  /** Returns a function with its arguments, and refuses the rest of the query. */
  const layerOf = (id: string, { principal, http: { query } }: AnyIncoming): Layer => {
    const layer = called(catalogFor(principal).requireLayerOrFunction(id), query);
    refuseUnknown(Object.keys(query), ['f', ...argumentNames([layer])]);
    return layer;
  };
  const placeOf = (layer: Layer, { http, language }: AnyIncoming): TilesetPlace => {
    const base = baseUrl(config, http);
    const url = `${collectionUrl(base, layer.id)}/tiles`;
    return { base, url, query: argumentsQuery(layer), title: layer.title[language] };
  };
  return {
    list: endpoint({
      tag: 'tiles',
      role: 'collection.vector.getTileSetsList',
      summary: { vi: 'Các bộ ô của một lớp', en: 'The tilesets of a layer' },
      pathParameters: collectionPath,
      queryParameters: documentParameters,
      openQuery: true,
      responses: { 200: { content: { 'application/json': tilesetListSchema } } },
      handle: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return listed(services, placeOf(layer, incoming), { ...incoming, layers: [layer] }).then(jsonReply);
      },
    }),
    tileset: endpoint({
      tag: 'tiles',
      role: 'collection.vector.getTileSet',
      summary: { vi: 'Bộ ô của một lớp', en: 'The tileset of a layer' },
      pathParameters: { ...collectionPath, ...matrixSetPath },
      queryParameters: documentParameters,
      openQuery: true,
      responses: { 200: { content: { 'application/json': vectorTilesetSchema } } },
      handle: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return describedTileset(services, placeOf(layer, incoming), { ...incoming, layers: [layer] }).then(jsonReply);
      },
    }),
    tile: endpoint({
      tag: 'tiles',
      role: 'collection.vector.getTile',
      summary: { vi: 'Ô vectơ của một lớp', en: 'A vector tile of a layer' },
      pathParameters: { ...collectionPath, ...matrixSetPath, ...addressPath },
      queryParameters: tileParameters,
      openQuery: true,
      responses: { 200: TILE_TYPES, 204: [] },
      handle: ({ path, query, ...incoming }) =>
        answerVectorTile(services, path, { ...incoming, f: query.f, layers: [layerOf(path.collection, incoming)] }),
    }),
  };
}

type AboutLayers = AnyIncoming & { readonly layers: readonly Layer[] };

async function listed(services: Services, place: TilesetPlace, { layers, language }: AboutLayers) {
  const extents = await readExtents(services, layers);
  return listTileset(vectorTileset({ layers, extents, place, language }));
}

async function describedTileset(services: Services, place: TilesetPlace, { layers, language }: AboutLayers) {
  const extents = await readExtents(services, layers);
  return describeVectorTileset({ layers, extents, place, language }, services.attribution[language]);
}

function readExtents(services: Services, layers: readonly Layer[]): Promise<(BBox | null)[]> {
  return Promise.all(layers.map((layer) => readShownExtent(services, layer)));
}

/**
 * Answers a tile. An empty one is 204 within the limits of its tileset, and 404 beyond them (OGC 20-057,
 * /req/core/tc-error). Zooms outside of the limits do not exist (17-083r4). At the others all content is served, even
 * beyond an estimated extent.
 */
async function answerVectorTile(
  services: Services,
  address: Values<typeof addressPath>,
  { layers, f, principal: { accessClass }, signal, http }: AboutLayers & { readonly f: TileEncoding | undefined },
): Promise<Reply> {
  const tile = requireAddress(address);
  const stored = await services.cachedTiles.get({ layers, tile, accessClass }, signal).catch(refusedBy(layers));
  const zooms = zoomsOf(layers);
  if (stored.isEmpty || tile.z < zooms.minzoom || tile.z > zooms.maxzoom) {
    requireInLimits(tile, { bounds: await limitingBounds(services, layers), zooms });
  }
  return storedTile(services.cachedTiles, stored, {
    format: chooseFormat(http, f, ACCEPTED, FORMAT_WORDS),
    isNegotiated: f === undefined,
  });
}
