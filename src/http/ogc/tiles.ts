import { requireLayerOrFunction, visibleLayers } from '../../access/policy.ts';
import { layerExtent, shownExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import { notFound } from '../../errors.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Services } from '../../services.ts';
import { collectionsParameter, readLayers, requireTile, tilePath } from '../api/tiles.ts';
import { collectionUrl } from '../document.ts';
import { baseUrl } from '../links.ts';
import { MVT_TYPE } from '../media-types.ts';
import { choiceParameter, refuseUnknown, required, type Values } from '../parameters.ts';
import { json, type Reply, storedTile } from '../reply.ts';
import { DATABASE_PROBLEMS, type Incoming, type Route, route } from '../route.ts';
import { readExtent } from './collections.ts';
import { argumentNames, argumentsQuery, called, refusedBy } from './function-arguments.ts';
import { collectionPath } from './path.ts';
import {
  describeTileMatrixSet,
  TILE_MATRIX_SET,
  tileMatrixSetListSchema,
  tileMatrixSetSchema,
} from './tile-matrix-set.ts';
import {
  describeTileset,
  isInLimits,
  summariseTileset,
  type TilesetPlace,
  tilesetListSchema,
  tilesetSchema,
} from './tileset.ts';

const matrixSet = required(choiceParameter({ vi: 'Cách chia ô', en: 'Tile matrix set' }, [TILE_MATRIX_SET.id]));
const formats = {
  document: { f: choiceParameter({ vi: 'Định dạng', en: 'Format' }, ['json']) },
  tile: { f: choiceParameter({ vi: 'Định dạng', en: 'Format' }, ['mvt']) },
};
const selection = { collections: collectionsParameter };
/** As OGC 20-057 names and orders them: row before column. */
const addressPath = { tileMatrix: tilePath.z, tileRow: tilePath.y, tileCol: tilePath.x };
type AddressPath = Values<typeof addressPath>;

type AnyIncoming = Pick<
  Incoming<Record<never, never>, Record<never, never>>,
  'principal' | 'language' | 'signal' | 'http'
>;

/** OGC API - Tiles (OGC 20-057): vector tiles of each collection and of all of them. */
export function tilesRoutes(services: Services): Route[] {
  return [...matrixSetRoutes(services), ...datasetRoutes(services), ...collectionTileRoutes(services)];
}

function matrixSetRoutes({ config }: Services): Route[] {
  return [
    route({
      path: '/tileMatrixSets',
      tag: 'tiles',
      summary: { vi: 'Các cách chia ô', en: 'The tile matrix sets' },
      queryParameters: formats.document,
      responses: { 200: { content: { 'application/json': tileMatrixSetListSchema } } },
      handle: ({ http }) => {
        const href = `${baseUrl(config, http)}/tileMatrixSets`;
        const links = [
          {
            href: `${href}/${TILE_MATRIX_SET.id}`,
            rel: 'self',
            type: 'application/json',
            title: TILE_MATRIX_SET.title,
          },
        ];
        return json({
          links: [{ href, rel: 'self', type: 'application/json' }],
          tileMatrixSets: [{ ...TILE_MATRIX_SET, links }],
        });
      },
    }),
    route({
      path: '/tileMatrixSets/:tileMatrixSetId',
      tag: 'tiles',
      summary: { vi: 'Một cách chia ô', en: 'One tile matrix set' },
      pathParameters: { tileMatrixSetId: matrixSet },
      queryParameters: formats.document,
      responses: { 200: { content: { 'application/json': tileMatrixSetSchema } } },
      handle: () => json(describeTileMatrixSet()),
    }),
  ];
}

function datasetRoutes(services: Services): Route[] {
  const { config, catalog } = services;
  const layersOf = (ids: string | undefined, { principal, http: { query } }: AnyIncoming): Layer[] =>
    ids === undefined
      ? visibleLayers(catalog.current(), principal)
      : readLayers(ids, { catalog: catalog.current(), principal, query });
  const placeOf = (ids: string | undefined, { http, language }: AnyIncoming): TilesetPlace => {
    const base = baseUrl(config, http);
    return {
      base,
      url: `${base}/tiles`,
      query: ids === undefined ? '' : `?${new URLSearchParams({ collections: ids })}`,
      title: { vi: 'Ô vectơ của các lớp', en: 'Vector tiles of the layers' }[language],
    };
  };
  return [
    route({
      path: '/tiles',
      tag: 'tiles',
      role: 'dataset.vector.getTileSetsList',
      summary: { vi: 'Các bộ ô của mọi lớp', en: 'The tilesets of all layers' },
      queryParameters: { ...selection, ...formats.document },
      responses: { 200: { content: { 'application/json': tilesetListSchema } } },
      // Of a layer that is not there.
      problems: [404, ...DATABASE_PROBLEMS],
      handle: ({ query, ...incoming }) =>
        list(services, placeOf(query.collections, incoming), {
          ...incoming,
          layers: layersOf(query.collections, incoming),
        }),
    }),
    route({
      path: '/tiles/:tileMatrixSetId',
      tag: 'tiles',
      role: 'dataset.vector.getTileSet',
      summary: {
        vi: 'Bộ ô của mọi lớp, hay của các lớp được chọn',
        en: 'The tileset of all layers, or of those chosen',
      },
      pathParameters: { tileMatrixSetId: matrixSet },
      queryParameters: { ...selection, ...formats.document },
      responses: { 200: { content: { 'application/json': tilesetSchema } } },
      handle: ({ query, ...incoming }) =>
        describe(services, placeOf(query.collections, incoming), {
          ...incoming,
          layers: layersOf(query.collections, incoming),
        }),
    }),
    route({
      path: '/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol',
      tag: 'tiles',
      role: 'dataset.vector.getTile',
      summary: {
        vi: 'Ô vectơ của mọi lớp, hay của các lớp được chọn',
        en: 'A vector tile of all layers, or of those chosen',
      },
      pathParameters: { tileMatrixSetId: matrixSet, ...addressPath },
      queryParameters: { ...selection, ...formats.tile },
      responses: { 200: [MVT_TYPE], 204: [] },
      handle: ({ path, query, ...incoming }) =>
        answerTile(services, path, { ...incoming, layers: layersOf(query.collections, incoming) }),
    }),
  ];
}

function collectionTileRoutes(services: Services): Route[] {
  const { config, catalog } = services;
  /** A function with its arguments; what else the query holds is refused. */
  const layerOf = (id: string, { principal, http: { query } }: AnyIncoming): Layer => {
    const layer = called(requireLayerOrFunction(catalog.current(), id, principal), query);
    refuseUnknown(Object.keys(query), ['f', ...argumentNames([layer])]);
    return layer;
  };
  const placeOf = (layer: Layer, { http, language }: AnyIncoming): TilesetPlace => {
    const base = baseUrl(config, http);
    const url = `${collectionUrl(base, layer.id)}/tiles`;
    return { base, url, query: argumentsQuery(layer), title: layer.title[language] };
  };
  return [
    route({
      path: '/collections/:collection/tiles',
      tag: 'tiles',
      role: 'collection.vector.getTileSetsList',
      summary: { vi: 'Các bộ ô của một lớp', en: 'The tilesets of a layer' },
      pathParameters: collectionPath,
      queryParameters: formats.document,
      openQuery: true,
      responses: { 200: { content: { 'application/json': tilesetListSchema } } },
      handle: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return list(services, placeOf(layer, incoming), { ...incoming, layers: [layer] });
      },
    }),
    route({
      path: '/collections/:collection/tiles/:tileMatrixSetId',
      tag: 'tiles',
      role: 'collection.vector.getTileSet',
      summary: { vi: 'Bộ ô của một lớp', en: 'The tileset of a layer' },
      pathParameters: { ...collectionPath, tileMatrixSetId: matrixSet },
      queryParameters: formats.document,
      openQuery: true,
      responses: { 200: { content: { 'application/json': tilesetSchema } } },
      handle: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return describe(services, placeOf(layer, incoming), { ...incoming, layers: [layer] });
      },
    }),
    route({
      path: '/collections/:collection/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol',
      tag: 'tiles',
      role: 'collection.vector.getTile',
      summary: { vi: 'Ô vectơ của một lớp', en: 'A vector tile of a layer' },
      pathParameters: { ...collectionPath, tileMatrixSetId: matrixSet, ...addressPath },
      queryParameters: formats.tile,
      openQuery: true,
      responses: { 200: [MVT_TYPE], 204: [] },
      handle: ({ path, ...incoming }) =>
        answerTile(services, path, { ...incoming, layers: [layerOf(path.collection, incoming)] }),
    }),
  ];
}

type AboutLayers = AnyIncoming & { readonly layers: readonly Layer[] };

async function list(services: Services, place: TilesetPlace, { layers, language }: AboutLayers): Promise<Reply> {
  const extents = await readExtents(services, layers, shownExtent);
  return json({
    links: [{ href: place.url + place.query, rel: 'self', type: 'application/json', title: place.title }],
    tilesets: [summariseTileset({ layers, extents, place, language })],
  });
}

async function describe(services: Services, place: TilesetPlace, { layers, language }: AboutLayers): Promise<Reply> {
  const extents = await readExtents(services, layers, shownExtent);
  const attribution = services.attribution[language];
  return json(describeTileset({ layers, extents, place, attribution, language }));
}

function readExtents(
  services: Services,
  layers: readonly Layer[],
  read: typeof shownExtent = layerExtent,
): Promise<(BBox | null)[]> {
  return Promise.all(layers.map((layer) => readExtent(services, layer, read)));
}

/**
 * An empty tile is 204 within the limits of its tileset and 404 beyond them (OGC 20-057, /req/core/tc-error). What there
 * is to be seen is given wherever it is: beyond the last zoom, and where an estimated extent falls short.
 */
async function answerTile(
  services: Services,
  { tileMatrix, tileRow, tileCol }: AddressPath,
  { layers, principal: { accessClass }, signal }: AboutLayers,
): Promise<Reply> {
  const tile = requireTile({ z: tileMatrix, x: tileCol, y: tileRow });
  const stored = await services.cachedTiles.get({ layers, tile, accessClass }, signal).catch(refusedBy(layers));
  if (stored.isEmpty && !isInLimits(tile, layers, await readExtents(services, layers))) {
    const name = `${tileMatrix}/${tileRow}/${tileCol}`;
    throw notFound({
      vi: `Ô ${name} nằm ngoài giới hạn (tileMatrixSetLimits) của bộ ô.`,
      en: `Tile ${name} is outside of the limits (tileMatrixSetLimits) of the tileset.`,
    });
  }
  return storedTile(stored);
}
