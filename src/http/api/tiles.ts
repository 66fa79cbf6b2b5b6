import { requireLayerOrFunction } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { shownExtent } from '../../catalog/extent.ts';
import type { Arguments, Catalog, Layer, TileFunction } from '../../catalog/layer.ts';
import { entryOf } from '../../catalog/names.ts';
import { invalidParameter, notFound } from '../../errors.ts';
import { isTile, MAX_ZOOM, type TileAddress } from '../../geo/tile.ts';
import type { Services } from '../../services.ts';
import { formed } from '../../tiles/tile-fields.ts';
import { functionTileJson, tileJson } from '../../tiles/tilejson.ts';
import { baseUrl } from '../links.ts';
import { MVT_TYPE } from '../media-types.ts';
import { argumentNames, called, readArguments, refusedBy } from '../ogc/function-arguments.ts';
import {
  integerParameter,
  type Parameter,
  refuseUnknown,
  required,
  textParameter,
  type Values,
} from '../parameters.ts';
import { bytes, empty, json, type Reply, storedTile } from '../reply.ts';
import { type Incoming, type Route, route } from '../route.ts';
import { tileJsonSchema } from '../shapes.ts';
import { filterRefused, readTileForm, tileFormParameters } from './tile-form.ts';

/** More layers than any map shows at once. */
const MAX_LAYERS = 50;

const layersParameter = textParameter(
  { vi: 'Mã lớp, cách nhau bằng dấu phẩy', en: 'Layer ids, separated by commas' },
  { max: 2000 },
);
/** `collections` of OGC 20-057: the same in a query, where it is a list. */
export const collectionsParameter: Parameter<string> = {
  ...layersParameter,
  schema: { type: 'array', minItems: 1, maxItems: MAX_LAYERS, items: { type: 'string' } },
};
const layers = required(layersParameter);
const index = (vi: string, en: string) => required(integerParameter({ vi, en }, { min: 0, max: 2 ** MAX_ZOOM - 1 }));

/** z, x and y of a tile URL, for every route that has them. */
export const tilePath = {
  z: required(integerParameter({ vi: 'Mức thu phóng', en: 'Zoom' }, { min: 0, max: MAX_ZOOM })),
  x: index('Cột, từ tây', 'Column, from the west'),
  y: index('Hàng, từ bắc', 'Row, from the north'),
};

/** @throws Problem not-found for a tile that does not exist at its zoom */
export function requireTile(tile: TileAddress): TileAddress {
  if (isTile(tile)) return tile;
  const last = 2 ** tile.z - 1;
  throw notFound({
    vi: `Ở mức ${tile.z}, x và y đi từ 0 đến ${last}.`,
    en: `At zoom ${tile.z}, x and y run from 0 to ${last}.`,
  });
}

/** Who asks for what of the catalog; the query holds the arguments of functions. */
interface Asking {
  readonly catalog: Catalog;
  readonly principal: Principal;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * The layers of `a.b,c.d`, functions called with what the query gives them. A name may itself hold a comma: the whole text is
 * looked up first.
 */
export function readLayers(text: string, { catalog, principal, query }: Asking): Layer[] {
  const ids = catalog.layers.has(text) ? [text] : [...new Set(text.split(',').map((id) => id.trim()))];
  if (ids.length > MAX_LAYERS)
    throw invalidParameter('layers', {
      vi: `danh sách nhiều nhất ${MAX_LAYERS} lớp`,
      en: `at most ${MAX_LAYERS} layers`,
    });
  return ids.map((id) => called(requireLayerOrFunction(catalog, id, principal), query));
}

/** The layers and their form; what else the query holds is refused. */
function readShown(text: string, form: Values<typeof tileFormParameters>, asking: Asking) {
  const shown = readLayers(text, asking);
  refuseUnknown(Object.keys(asking.query), [...Object.keys(tileFormParameters), ...argumentNames(shown)]);
  return { shown, form: readTileForm(form, shown) };
}

export function tileRoutes(services: Services): Route[] {
  return [
    route({
      path: '/xyz/:layers/tilejson.json',
      tag: 'tiles',
      summary: { vi: 'Mô tả bộ ô (TileJSON 3.0) của một hay nhiều lớp', en: 'TileJSON 3.0 of one layer or several' },
      pathParameters: { layers },
      queryParameters: tileFormParameters,
      openQuery: true,
      responses: { 200: { content: { 'application/json': tileJsonSchema } } },
      handle: (incoming) => describeTiles(services, incoming),
    }),
    route({
      path: '/xyz/:layers/:z/:x/:y.mvt',
      tag: 'tiles',
      summary: { vi: 'Ô vectơ (MVT) của một hay nhiều lớp', en: 'Vector tile (MVT) of one layer or several' },
      pathParameters: { layers, ...tilePath },
      queryParameters: tileFormParameters,
      openQuery: true,
      responses: { 200: [MVT_TYPE], 204: [] },
      handle: (incoming) => answerTile(services, incoming),
    }),
  ];
}

async function describeTiles(
  { db, config, catalog: source, attribution }: Services,
  { path, query, principal, language, http }: Incoming<{ layers: typeof layers }, typeof tileFormParameters>,
): Promise<Reply> {
  const catalog = source.current();
  const base = `${baseUrl(config, http)}/xyz`;
  const tiles = `{z}/{x}/{y}.mvt${searchOf(http.originalUrl)}`;
  const made = entryOf(catalog.tileFunctions, path.layers);
  if (made) {
    readFunctionArguments(made, http.query);
    const url = `${base}/${encodeURIComponent(made.id)}/${tiles}`;
    return json(functionTileJson(made, { url, attribution: attribution[language], language }));
  }
  const { shown, form } = readShown(path.layers, query, { catalog, principal, query: http.query });
  const extents = await Promise.all(shown.map((layer) => shownExtent(db, layer)));
  const url = `${base}/${shown.map(({ id }) => encodeURIComponent(id)).join(',')}/${tiles}`;
  const formedLayers = shown.map((layer) => formed(layer, form ?? {}));
  return json(tileJson({ layers: formedLayers, extents, url, attribution: attribution[language], language }));
}

async function answerTile(
  { catalog: source, cachedTiles, tiles }: Services,
  {
    path,
    query,
    principal,
    signal,
    http,
  }: Incoming<{ layers: typeof layers } & typeof tilePath, typeof tileFormParameters>,
): Promise<Reply> {
  const tile = requireTile(path);
  const catalog = source.current();
  const made = entryOf(catalog.tileFunctions, path.layers);
  if (made) {
    const given = readFunctionArguments(made, http.query);
    const body = await tiles.call(made, tile, given, { signal }).catch(refusedBy([made]));
    return body ? bytes(body, MVT_TYPE) : empty();
  }
  const { shown, form } = readShown(path.layers, query, { catalog, principal, query: http.query });
  const { accessClass } = principal;
  // What the public may see, it may be given again without a second look: see `answerFromCache`.
  const url = accessClass === 'public' ? http.originalUrl : undefined;
  return storedTile(
    await cachedTiles
      .get({ layers: shown, tile, accessClass, form, url }, signal)
      .catch(filterRefused(form))
      .catch(refusedBy(shown)),
  );
}

/** The arguments of a function that makes tiles; what else the query holds is refused. */
function readFunctionArguments({ parameters }: TileFunction, query: Asking['query']): Arguments {
  refuseUnknown(
    Object.keys(query),
    parameters.map(({ name }) => name),
  );
  return readArguments(parameters, query);
}

/** The query of a URL with its question mark: what is asked of a TileJSON is asked of its tiles. */
function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
