import { requireLayer } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { layerExtent } from '../../catalog/extent.ts';
import type { Catalog, Layer } from '../../catalog/layer.ts';
import { invalidParameter, notFound } from '../../errors.ts';
import { isTile, MAX_ZOOM, type TileAddress } from '../../geo/tile.ts';
import type { Services } from '../../services.ts';
import { formed } from '../../tiles/tile-fields.ts';
import { tileJson } from '../../tiles/tilejson.ts';
import { baseUrl } from '../links.ts';
import { MVT_TYPE } from '../media-types.ts';
import { integerParameter, type Parameter, required, textParameter } from '../parameters.ts';
import { json, storedTile } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { tileJsonSchema } from '../shapes.ts';
import { readTileForm, tileFormParameters } from './tile-form.ts';

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

/** The layers of `a.b,c.d`. A name may itself hold a comma: the whole text is looked up first. */
export function readLayers(catalog: Catalog, text: string, principal: Principal): Layer[] {
  const ids = catalog.layers.has(text) ? [text] : [...new Set(text.split(',').map((id) => id.trim()))];
  if (ids.length > MAX_LAYERS)
    throw invalidParameter('layers', {
      vi: `danh sách nhiều nhất ${MAX_LAYERS} lớp`,
      en: `at most ${MAX_LAYERS} layers`,
    });
  return ids.map((id) => requireLayer(catalog, id, principal));
}

export function tileRoutes({ db, config, catalog, cachedTiles, attribution }: Services): Route[] {
  return [
    route({
      path: '/xyz/:layers/tilejson.json',
      tag: 'tiles',
      summary: { vi: 'Mô tả bộ ô (TileJSON 3.0) của một hay nhiều lớp', en: 'TileJSON 3.0 of one layer or several' },
      pathParameters: { layers },
      queryParameters: tileFormParameters,
      responses: { 200: { content: { 'application/json': tileJsonSchema } } },
      handle: async ({ path, query, principal, language, http }) => {
        const shown = readLayers(catalog.current(), path.layers, principal);
        const form = readTileForm(query, shown);
        const extents = await Promise.all(shown.map((layer) => layerExtent(db, layer)));
        const ids = shown.map(({ id }) => encodeURIComponent(id)).join(',');
        const url = `${baseUrl(config, http)}/xyz/${ids}/{z}/{x}/{y}.mvt${searchOf(http.originalUrl)}`;
        const formedLayers = shown.map((layer) => formed(layer, form ?? {}));
        return json(tileJson({ layers: formedLayers, extents, url, attribution: attribution[language], language }));
      },
    }),
    route({
      path: '/xyz/:layers/:z/:x/:y.mvt',
      tag: 'tiles',
      summary: { vi: 'Ô vectơ (MVT) của một hay nhiều lớp', en: 'Vector tile (MVT) of one layer or several' },
      pathParameters: { layers, ...tilePath },
      queryParameters: tileFormParameters,
      responses: { 200: [MVT_TYPE], 204: [] },
      handle: async ({ path, query, principal, signal, http }) => {
        const tile = requireTile(path);
        const { accessClass } = principal;
        const shown = readLayers(catalog.current(), path.layers, principal);
        const form = readTileForm(query, shown);
        // What the public may see, it may be given again without a second look: see `answerFromCache`.
        const url = accessClass === 'public' ? http.originalUrl : undefined;
        return storedTile(await cachedTiles.get({ layers: shown, tile, accessClass, form, url }, signal));
      },
    }),
  ];
}

/** The query of a URL with its question mark: what is asked of a TileJSON is asked of its tiles. */
function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
