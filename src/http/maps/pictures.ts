import type { Principal } from '../../access/principal.ts';
import type { Text } from '../../lib/errors.ts';
import type { Picture, PictureFormat, Scale } from '../../raster/raster.ts';
import type { Services } from '../../services.ts';
import type { Sheet } from '../../styles/sheet.ts';
import { GEOJSON_TYPE, PICTURE_TYPES } from '../kit/media-types.ts';
import { bytes } from '../kit/reply.ts';
import { DATABASE_PROBLEMS, type Incoming, type Route, route } from '../kit/route.ts';
import { styleExtent } from '../layers/extent.ts';
import { styleParameter } from '../layers/style.ts';
import { requireTile, tilePath } from '../layers/tile-address.ts';
import { OVERLAY_LIMITS, overlaySchema, readOverlay } from './overlay-input.ts';
import {
  about,
  geojsonParameter,
  holding,
  layersParameter,
  type Place,
  placeParameter,
  requirePixels,
  requireStyleLayers,
  sizeParameter,
} from './picture-parameters.ts';

/** What a path may end in. `@2x` goes first: Express would take it for a part of the last parameter. */
const ENDINGS: readonly { readonly ending: string; readonly scale: Scale; readonly format: PictureFormat }[] = [
  { ending: '@2x.png', scale: 2, format: 'png' },
  { ending: '@2x.webp', scale: 2, format: 'webp' },
  { ending: '.png', scale: 1, format: 'png' },
  { ending: '.webp', scale: 1, format: 'webp' },
];

export function pictureRoutes(services: Services): Route[] {
  // Static maps first: `static` would pass for a zoom.
  return [
    thumbnailRoute(services),
    ...ENDINGS.flatMap((ending) => staticRoutes(services, ending)),
    ...tileRoutes(services),
  ];
}

function tileRoutes({ raster, styles }: Services): Route[] {
  return ENDINGS.map(({ ending, scale, format }) =>
    route({
      path: `/styles/:style/:z/:x/:y${ending}`,
      tag: 'pictures',
      summary: {
        vi: `Ô ảnh ${256 * scale} px của một kiểu bản đồ; ô ở mức z vẽ như kiểu ở mức z - 1`,
        en: `Raster tile of ${256 * scale} px of a style; a tile of zoom z shows what the style shows at zoom z - 1`,
      },
      pathParameters: { style: styleParameter(styles), ...tilePath },
      queryParameters: { layers: layersParameter },
      responses: { 200: [PICTURE_TYPES[format]] },
      handle: async ({ path, query, principal, signal }) => {
        const only = requireStyleLayers(path.style, query.layers);
        const picture = { scale, format, ...(only && { only }) };
        return bytes(
          await raster.tile(path.style, requireTile(path), picture, { principal, signal }),
          PICTURE_TYPES[format],
        );
      },
    }),
  );
}

function staticRoutes(services: Services, { ending, scale, format }: (typeof ENDINGS)[number]): Route[] {
  const shared = {
    path: `/styles/:style/static/:place/:size${ending}`,
    tag: 'pictures',
    pathParameters: { style: styleParameter(services.styles), place: placeParameter, size: sizeParameter },
    responses: { 200: [PICTURE_TYPES[format]] },
    // Of an overlay that is too much.
    problems: [422, ...DATABASE_PROBLEMS] as const,
  };
  const summary: Text = { vi: 'Ảnh bản đồ của một nơi', en: 'A picture of a place' };
  const draw = async (incoming: StaticRequest, overlay: unknown, root: string) => {
    const { path, query, language, principal, signal } = incoming;
    requirePixels(path.size, scale);
    const only = requireStyleLayers(path.style, query.layers);
    const picture: Picture = {
      format,
      attribution: services.attribution[language],
      ...(only && { only }),
      ...(overlay !== undefined && { overlay: readOverlay(overlay, root) }),
    };
    const view = path.place(path.size, scale);
    const body = await services.raster.map(path.style, view, picture, { principal, signal });
    // The owner's name is written in the language asked for.
    return bytes(body, PICTURE_TYPES[format], { headers: { vary: 'Accept-Language' } });
  };
  return [
    route({
      ...shared,
      summary,
      queryParameters: { layers: layersParameter, geojson: geojsonParameter },
      handle: (incoming) => draw(incoming, incoming.query.geojson, 'geojson'),
    }),
    route({
      ...shared,
      method: 'post',
      summary: {
        vi: `Ảnh bản đồ với GeoJSON phủ lên (tô theo simplestyle-spec 1.1; nhiều nhất ${OVERLAY_LIMITS.features} đối tượng, ${OVERLAY_LIMITS.vertices} đỉnh)`,
        en: `A picture with GeoJSON on top (in the colours of simplestyle-spec 1.1; at most ${OVERLAY_LIMITS.features} features, ${OVERLAY_LIMITS.vertices} vertices)`,
      },
      queryParameters: { layers: layersParameter },
      body: { required: true, schema: overlaySchema, types: [GEOJSON_TYPE, 'application/json'] },
      handle: (incoming) => draw(incoming, incoming.body ?? null, 'body'),
    }),
  ];
}

type StaticRequest = Incoming<
  { style: ReturnType<typeof styleParameter>; place: typeof placeParameter; size: typeof sizeParameter },
  { layers: typeof layersParameter }
>;

const THUMBNAIL = { width: 400, height: 280 };

function thumbnailRoute(services: Services): Route {
  return route({
    path: '/styles/:style/thumbnail.png',
    tag: 'pictures',
    summary: { vi: 'Ảnh xem trước của một kiểu bản đồ', en: 'A preview of a style' },
    pathParameters: { style: styleParameter(services.styles) },
    responses: { 200: ['image/png'] },
    handle: async ({ path, language, principal, signal }) => {
      const view = (await bestPlace(services, path.style, principal))(THUMBNAIL, 1);
      const picture = { format: 'png', attribution: services.attribution[language] } as const;
      const body = await services.raster.map(path.style, view, picture, { principal, signal });
      return bytes(body, 'image/png', { headers: { vary: 'Accept-Language' } });
    },
  });
}

/** What the style itself opens with, where the data are there; else all of the data. */
async function bestPlace(services: Services, style: Sheet, principal: Principal): Promise<Place> {
  const extent = await styleExtent(services, style, principal);
  const [lon, lat] = style.center ?? [0, 0];
  const isThere = extent && lon >= extent[0] && lat >= extent[1] && lon <= extent[2] && lat <= extent[3];
  return isThere || !extent ? about(lon, lat, style.zoom ?? 0) : holding(extent);
}
