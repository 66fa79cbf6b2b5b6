import type { Arguments, TileFunction } from '../../catalog/layer.ts';
import { entryOf } from '../../catalog/names.ts';
import type { Services } from '../../services.ts';
import { formed } from '../../tiles/tile-form.ts';
import { functionTileJson, tileJson, tileJsonSchema, vectorLayer } from '../../tiles/tilejson.ts';
import { endpoint, type Incoming } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { MLT_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { refuseUnknown, required, type Values } from '../kit/parameters.ts';
import { bytesReply, empty, jsonReply, type Reply } from '../kit/reply.ts';
import { readShownExtent } from '../layers/extent.ts';
import { argumentNames, readArguments, refusedBy } from '../layers/function-arguments.ts';
import { type LayerScope, layersParameter, readLayerList } from '../layers/requested-layers.ts';
import { requireTile, tilePath } from '../layers/tile-address.ts';
import { filterRefused, readTileForm, tileFormParameters } from './tile-form.ts';
import { storedTile, type TileEncoding } from './tile-reply.ts';

const layers = required(layersParameter);
/** Returns the layers and their form, and refuses the rest of the query. */
function readShown(text: string, form: Values<typeof tileFormParameters>, asking: LayerScope) {
  const shown = readLayerList(text, asking);
  refuseUnknown(Object.keys(asking.query), [...Object.keys(tileFormParameters), ...argumentNames(shown)]);
  return { shown, form: readTileForm(form, shown) };
}

export function xyzEndpoints(services: Services) {
  return {
    tileJson: tileJsonEndpoint(services, 'mvt'),
    mltTileJson: tileJsonEndpoint(services, 'mlt'),
    tile: xyzTileEndpoint(services, 'mvt'),
    mltTile: xyzTileEndpoint(services, 'mlt'),
  };
}

function tileJsonEndpoint(services: Services, format: TileEncoding) {
  const name = format.toUpperCase();
  return endpoint({
    tag: 'tiles',
    summary: {
      vi: `Mô tả bộ ô ${name} (TileJSON 3.0) của một hay nhiều lớp`,
      en: `TileJSON 3.0 of the ${name} tiles of one layer or several`,
    },
    pathParameters: { layers },
    queryParameters: tileFormParameters,
    openQuery: true,
    responses: { 200: { content: { 'application/json': tileJsonSchema } } },
    handle: (incoming) => describeTiles(services, format, incoming),
  });
}

function xyzTileEndpoint(services: Services, format: TileEncoding) {
  const name = format.toUpperCase();
  return endpoint({
    tag: 'tiles',
    summary: { vi: `Ô vectơ (${name}) của một hay nhiều lớp`, en: `Vector tile (${name}) of one layer or several` },
    pathParameters: { layers, ...tilePath },
    queryParameters: tileFormParameters,
    openQuery: true,
    responses: { 200: [format === 'mlt' ? MLT_TYPE : MVT_TYPE], 204: [] },
    handle: (incoming) => answerXyzTile(services, format, incoming),
  });
}

async function describeTiles(
  services: Services,
  format: TileEncoding,
  { path, query, principal, language, http }: Incoming<{ layers: typeof layers }, typeof tileFormParameters>,
): Promise<Reply> {
  const { config, catalogFor, attribution } = services;
  const catalog = catalogFor(principal);
  const base = `${baseUrl(config, http)}/xyz`;
  const tiles = `{z}/{x}/{y}.${format}${searchOf(http.originalUrl)}`;
  const encoding = format === 'mlt' ? format : undefined;
  const tileFunction = entryOf(catalog.tileFunctions, path.layers);
  if (tileFunction) {
    readFunctionArguments(tileFunction, http.query);
    const url = `${base}/${encodeURIComponent(tileFunction.id)}/${tiles}`;
    return jsonReply(functionTileJson(tileFunction, { url, encoding, attribution: attribution[language], language }));
  }
  const { shown, form } = readShown(path.layers, query, { catalog, query: http.query });
  const extents = await Promise.all(shown.map((layer) => readShownExtent(services, layer)));
  const url = `${base}/${shown.map(({ id }) => encodeURIComponent(id)).join(',')}/${tiles}`;
  const layers = shown.map((layer) => vectorLayer(formed(layer, form ?? {})));
  return jsonReply(tileJson({ layers, extents, url, encoding, attribution: attribution[language], language }));
}

async function answerXyzTile(
  { catalogFor, cachedTiles, tiles }: Services,
  format: TileEncoding,
  {
    path,
    query,
    principal,
    signal,
    http,
  }: Incoming<{ layers: typeof layers } & typeof tilePath, typeof tileFormParameters>,
): Promise<Reply> {
  const tile = requireTile(path);
  const catalog = catalogFor(principal);
  const tileFunction = entryOf(catalog.tileFunctions, path.layers);
  if (tileFunction) {
    const given = readFunctionArguments(tileFunction, http.query);
    const body = await tiles.call(tileFunction, tile, given, { signal }).catch(refusedBy([tileFunction]));
    if (!body) return empty();
    return format === 'mlt' ? bytesReply(await tiles.convert(body), MLT_TYPE) : bytesReply(body, MVT_TYPE);
  }
  const { shown, form } = readShown(path.layers, query, { catalog, query: http.query });
  const { accessClass } = principal;
  // The public may receive the tile again without a check: see `answerFromCache`.
  const url = accessClass === 'public' && format === 'mvt' ? http.originalUrl : undefined;
  const stored = await cachedTiles
    .get({ layers: shown, tile, accessClass, form, url }, signal)
    .catch(filterRefused(form))
    .catch(refusedBy(shown));
  return storedTile(cachedTiles, stored, { format });
}

/** Returns the arguments of a function that returns tiles, and refuses the rest of the query. */
function readFunctionArguments({ parameters }: TileFunction, query: LayerScope['query']): Arguments {
  refuseUnknown(
    Object.keys(query),
    parameters.map(({ name }) => name),
  );
  return readArguments(parameters, query);
}

/** Returns the query of a URL with its question mark, which the tiles of a TileJSON share. */
function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
