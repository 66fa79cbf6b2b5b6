import { unionOf } from '../../geo/bbox.ts';
import type { TileAddress } from '../../geo/tile.ts';
import { type Text, wrongParameter } from '../../lib/errors.ts';
import { type MapLayer, mapOfLayers, mapOfStyle } from '../../raster/map-layer.ts';
import type { PictureFormat } from '../../raster/painter.ts';
import type { Services } from '../../services.ts';
import { defaultStyle } from '../../styles/part.ts';
import { drawnLayers, type Sheet } from '../../styles/sheet.ts';
import { COST } from '../kit/cost.ts';
import { type AnyIncoming, DATABASE_PROBLEMS, endpoint, type Incoming } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { PICTURE_TYPES } from '../kit/media-types.ts';
import { documentParameters } from '../kit/negotiate.ts';
import type { Parameters } from '../kit/parameters.ts';
import { bytesReply, jsonReply, type Reply } from '../kit/reply.ts';
import { limitingBounds, readExtent } from '../layers/extent.ts';
import { collectionPath } from '../layers/path.ts';
import { negotiatePicture, pictureParameters } from '../layers/picture-format.ts';
import { collectionsParameter, readLayerList } from '../layers/requested-layers.ts';
import { requireDrawing, styleParameter } from '../layers/style.ts';
import { addressPath, requireAddress } from '../layers/tile-address.ts';
import { describeMapTileset, MAP_ZOOMS, type MapSource, mapTileset, mapTilesetSchema } from './map-tileset.ts';
import { matrixSetPath } from './tile-matrix-set.ts';
import { listTileset, requireInLimits, tilesetListSchema } from './tileset.ts';

/** OGC API - Tiles (OGC 20-057): pictures of the whole, of a style, of a collection, and of a collection in a style. */
export function mapTileEndpoints(services: Services) {
  const { catalogFor, styles } = services;
  const pathParameters = { style: styleParameter(styles) };
  const queryParameters = { collections: collectionsParameter };
  const whole = styles.get('all');
  const layerOf = (id: string, { principal }: AnyIncoming) => catalogFor(principal).requireLayer(id);
  return {
    /** undefined if no style shows all layers. */
    dataset:
      whole &&
      tilesetEndpoints(services, {
        role: 'dataset.map',
        name: { vi: 'của mọi lớp', en: 'of all layers' },
        pathParameters: {},
        queryParameters,
        find: ({ query, ...incoming }) => findInStyle(services, whole, { ...incoming, ids: query.collections }),
      }),
    style: tilesetEndpoints(services, {
      role: 'dataset.style.map',
      name: { vi: 'của một kiểu bản đồ', en: 'of a style' },
      pathParameters,
      queryParameters,
      find: ({ path, query, ...incoming }) =>
        findInStyle(services, path.style, { ...incoming, ids: query.collections }),
    }),
    collection: tilesetEndpoints(services, {
      role: 'collection.map',
      name: { vi: 'của một lớp', en: 'of a layer' },
      pathParameters: collectionPath,
      queryParameters: {},
      find: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return mapOfLayers([layer], defaultStyle(styles, layer));
      },
    }),
    collectionStyle: tilesetEndpoints(services, {
      role: 'collection.style.map',
      name: { vi: 'của một lớp theo một kiểu bản đồ', en: 'of a layer in a style' },
      pathParameters: { ...collectionPath, ...pathParameters },
      queryParameters: {},
      find: ({ path, ...incoming }) => {
        const layer = layerOf(path.collection, incoming);
        return mapOfLayers([layer], requireDrawing(path.style, layer.id));
      },
    }),
  };
}

type MapRequest<P extends Parameters, Q extends Parameters> = AnyIncoming & Pick<Incoming<P, Q>, 'path' | 'query'>;

/** The subject of a picture: its parameters, and how it is found. */
interface Origin<P extends Parameters, Q extends Parameters> {
  /** Start of the operation's name in table 11 of OGC 20-057. */
  readonly role: string;
  /** As an end of "The tilesets …". */
  readonly name: Text;
  readonly pathParameters: P;
  /** Parameters of its tilesets and of each tile. */
  readonly queryParameters: Q;
  readonly find: (asked: MapRequest<P, Q>) => MapLayer;
}

function tilesetEndpoints<P extends Parameters, Q extends Parameters>(services: Services, origin: Origin<P, Q>) {
  const { role, name, find } = origin;
  // For a layer that does not exist.
  const shared = { tag: 'tiles', problems: [404, ...DATABASE_PROBLEMS] as const };
  const documents = { ...shared, queryParameters: { ...origin.queryParameters, ...documentParameters } };
  const words = (vi: string, en: string) => ({ vi: `${vi} ${name.vi}`, en: `${en} ${name.en}` });
  const sourceOf = (incoming: MapRequest<P, Q>) => readMapSource(services, find(incoming), incoming);
  return {
    list: endpoint({
      ...documents,
      role: `${role}.getTileSetsList`,
      summary: words('Các bộ ô ảnh', 'The tilesets of pictures'),
      pathParameters: origin.pathParameters,
      responses: { 200: { content: { 'application/json': tilesetListSchema } } },
      handle: async (incoming) => jsonReply(listTileset(mapTileset(await sourceOf(incoming)))),
    }),
    tileset: endpoint({
      ...documents,
      role: `${role}.getTileSet`,
      summary: words('Bộ ô ảnh', 'The tileset of pictures'),
      pathParameters: { ...origin.pathParameters, ...matrixSetPath },
      responses: { 200: { content: { 'application/json': mapTilesetSchema } } },
      handle: async (incoming) =>
        jsonReply(describeMapTileset(await sourceOf(incoming), services.attribution[incoming.language])),
    }),
    tile: endpoint({
      ...shared,
      role: `${role}.getTile`,
      cost: COST.picture,
      summary: words('Ô ảnh', 'A tile as a picture'),
      pathParameters: { ...origin.pathParameters, ...matrixSetPath, ...addressPath },
      queryParameters: { ...origin.queryParameters, ...pictureParameters },
      responses: { 200: Object.values(PICTURE_TYPES) },
      handle: (incoming) => {
        const { path, query, http } = incoming;
        const format = negotiatePicture(http, query.f);
        return answerMapTile(services, find(incoming), { ...incoming, tile: requireAddress(path), format });
      },
    }),
  };
}

/** Returns the map of a style: all of it, or the layers of `a.b,c.d` alone. */
function findInStyle(
  { catalogFor }: Services,
  style: Sheet,
  { ids, principal, http }: AnyIncoming & { readonly ids: string | undefined },
): MapLayer {
  const catalog = catalogFor(principal);
  if (ids === undefined) return mapOfStyle(style, catalog);
  const layers = readLayerList(ids, { catalog, query: http.query });
  const drawn = drawnLayers(style);
  const other = layers.find(({ id }) => !drawn.includes(id));
  if (!other) return mapOfLayers(layers, style);
  throw wrongParameter('collections', {
    vi: `Kiểu bản đồ này không vẽ lớp ${other.id}; ảnh riêng của lớp: /collections/${other.id}/map/tiles. Nó vẽ: ${drawn.join(', ')}.`,
    en: `This style does not draw the layer ${other.id}, whose own pictures are at /collections/${other.id}/map/tiles. It draws: ${drawn.join(', ')}.`,
  });
}

async function readMapSource(
  services: Services,
  { title, style, shown }: MapLayer,
  { language, http }: AnyIncoming,
): Promise<MapSource> {
  const base = baseUrl(services.config, http);
  // URL of the map, above its tilesets.
  const root = http.path.slice(0, http.path.lastIndexOf('/map/tiles'));
  const { collections } = http.query;
  const [styleId] = [...services.styles].find(([, each]) => each === style) ?? [];
  const bounds = unionOf(await Promise.all(shown.map((layer) => readExtent(services, layer))));
  return {
    layers: shown,
    bounds,
    style:
      styleId === undefined
        ? undefined
        : {
            id: styleId,
            title: style.metadata.title[language],
            // Under the same collection, if the map is of one.
            url: `${base}${root.replace(/\/styles\/[^/]+$/, '')}/styles/${styleId}`,
          },
    place: {
      base,
      url: `${base}${root}/map/tiles`,
      query: typeof collections === 'string' ? `?${new URLSearchParams({ collections })}` : '',
      title: title[language],
    },
    language,
  };
}

type MapTileRequest = AnyIncoming & { readonly tile: TileAddress; readonly format: PictureFormat };

/** Answers a tile. A whole style has its background; single layers are transparent, since they are overlays. */
async function answerMapTile(
  services: Services,
  { style, only, shown }: MapLayer,
  { tile, format, principal, signal }: MapTileRequest,
): Promise<Reply> {
  requireInLimits(tile, { bounds: await limitingBounds(services, shown), zooms: MAP_ZOOMS });
  const picture = { scale: 1, format, ...(only && { only, isTransparent: true }) } as const;
  const body = await services.raster.tile(style, tile, picture, { principal, signal });
  return bytesReply(body, PICTURE_TYPES[format], { headers: { vary: 'Accept' } });
}
