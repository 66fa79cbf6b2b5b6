import type { Principal } from '../../access/principal.ts';
import type { PictureFormat } from '../../raster/painter.ts';
import type { Picture } from '../../raster/raster.ts';
import type { PixelRatio } from '../../raster/view.ts';
import type { Services } from '../../services.ts';
import type { Sheet } from '../../styles/sheet.ts';
import { COST } from '../kit/cost.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming } from '../kit/endpoint.ts';
import { GEOJSON_TYPE, PICTURE_TYPES } from '../kit/media-types.ts';
import { bytesReply, type Reply } from '../kit/reply.ts';
import { styleExtent } from '../layers/extent.ts';
import { styleParameter } from '../layers/style.ts';
import { requireTile, tilePath } from '../layers/tile-address.ts';
import { OVERLAY_LIMITS, overlaySchema, readOverlay } from './overlay-input.ts';
import {
  about,
  geojsonParameter,
  holding,
  pictureLayersParameter,
  placeParameter,
  requirePixels,
  requireStyleLayers,
  sizeParameter,
  type ViewMaker,
} from './picture-parameters.ts';

/** Scale and format of a picture. */
interface PictureForm {
  readonly scale: PixelRatio;
  readonly format: PictureFormat;
}

export function pictureEndpoints(services: Services) {
  return {
    thumbnail: thumbnail(services),
    tile: (form: PictureForm) => tile(services, form),
    ...staticMap(services),
  };
}

function tile({ raster, styles }: Services, { scale, format }: PictureForm) {
  return endpoint({
    tag: 'pictures',
    cost: COST.picture,
    summary: {
      vi: `Ô ảnh ${256 * scale} px của một kiểu bản đồ; ô ở mức z vẽ như kiểu ở mức z - 1`,
      en: `Raster tile of ${256 * scale} px of a style; a tile of zoom z shows what the style shows at zoom z - 1`,
    },
    pathParameters: { style: styleParameter(styles), ...tilePath },
    queryParameters: { layers: pictureLayersParameter },
    responses: { 200: [PICTURE_TYPES[format]] },
    handle: async ({ path, query, principal, signal }) => {
      const only = requireStyleLayers(path.style, query.layers);
      const picture = { scale, format, ...(only && { only }) };
      return bytesReply(
        await raster.tile(path.style, requireTile(path), picture, { principal, signal }),
        PICTURE_TYPES[format],
      );
    },
  });
}

function staticMap(services: Services) {
  const shared = (format: PictureFormat) => ({
    tag: 'pictures',
    cost: COST.picture,
    pathParameters: { style: styleParameter(services.styles), place: placeParameter, size: sizeParameter },
    responses: { 200: [PICTURE_TYPES[format]] },
    // For an overlay that is too large.
    problems: [422, ...DATABASE_PROBLEMS] as const,
  });
  return {
    staticMap: (form: PictureForm) =>
      endpoint({
        ...shared(form.format),
        summary: { vi: 'Ảnh bản đồ của một nơi', en: 'A picture of a place' },
        queryParameters: { layers: pictureLayersParameter, geojson: geojsonParameter },
        handle: (incoming) => drawStatic(services, form, incoming, { given: incoming.query.geojson, root: 'geojson' }),
      }),
    staticMapWithOverlay: (form: PictureForm) =>
      endpoint({
        ...shared(form.format),
        summary: {
          vi: `Ảnh bản đồ với GeoJSON phủ lên (tô theo simplestyle-spec 1.1; nhiều nhất ${OVERLAY_LIMITS.features} đối tượng, ${OVERLAY_LIMITS.vertices} đỉnh)`,
          en: `A picture with GeoJSON on top (in the colours of simplestyle-spec 1.1; at most ${OVERLAY_LIMITS.features} features, ${OVERLAY_LIMITS.vertices} vertices)`,
        },
        queryParameters: { layers: pictureLayersParameter },
        body: { required: true, schema: overlaySchema, types: [GEOJSON_TYPE, 'application/json'] },
        handle: (incoming) => drawStatic(services, form, incoming, { given: incoming.body ?? null, root: 'body' }),
      }),
  };
}

/** @param overlay as given (undefined for none), and its name in problems */
async function drawStatic(
  services: Services,
  { scale, format }: PictureForm,
  { path, query, language, principal, signal }: StaticRequest,
  overlay: { readonly given: unknown; readonly root: string },
): Promise<Reply> {
  requirePixels(path.size, scale);
  const only = requireStyleLayers(path.style, query.layers);
  const picture: Picture = {
    format,
    attribution: services.attribution[language],
    ...(only && { only }),
    ...(overlay.given !== undefined && { overlay: readOverlay(overlay.given, overlay.root) }),
  };
  const view = path.place(path.size, scale);
  const body = await services.raster.map(path.style, view, picture, { principal, signal });
  // The owner's name is in the requested language.
  return bytesReply(body, PICTURE_TYPES[format], { headers: { vary: 'Accept-Language' } });
}

type StaticRequest = Incoming<
  { style: ReturnType<typeof styleParameter>; place: typeof placeParameter; size: typeof sizeParameter },
  { layers: typeof pictureLayersParameter }
>;

const THUMBNAIL = { width: 400, height: 280 };

function thumbnail(services: Services) {
  return endpoint({
    tag: 'pictures',
    cost: COST.picture,
    summary: { vi: 'Ảnh xem trước của một kiểu bản đồ', en: 'A preview of a style' },
    pathParameters: { style: styleParameter(services.styles) },
    responses: { 200: ['image/png'] },
    handle: async ({ path, language, principal, signal }) => {
      const view = (await bestPlace(services, path.style, principal))(THUMBNAIL, 1);
      const picture = { format: 'png', attribution: services.attribution[language] } as const;
      const body = await services.raster.map(path.style, view, picture, { principal, signal });
      return bytesReply(body, 'image/png', { headers: { vary: 'Accept-Language' } });
    },
  });
}

/** Returns the style's default view if data lies there; else all of the data. */
async function bestPlace(services: Services, style: Sheet, principal: Principal): Promise<ViewMaker> {
  const extent = await styleExtent(services, style, principal);
  const [lon, lat] = style.center ?? [0, 0];
  const isThere = extent && lon >= extent[0] && lat >= extent[1] && lon <= extent[2] && lat <= extent[3];
  return isThere || !extent ? about(lon, lat, style.zoom ?? 0) : holding(extent);
}
