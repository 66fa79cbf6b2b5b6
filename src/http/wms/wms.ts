import type { Request } from 'express';
import { z } from 'zod';
import type { Stack, StackFormat } from '../../raster/stack.ts';
import { drawStack } from '../../raster/stack.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming, type NoParameters } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { bytesReply, type Reply, textReply } from '../kit/reply.ts';
import { bytesSchema, featureSchema, pageSchema } from '../kit/shapes.ts';
import { extentReader, styleExtent } from '../layers/extent.ts';
import {
  answerOrReport,
  type Exception,
  exception,
  OLD_REPORT_TYPE,
  oldServiceReport,
  serviceReport,
  XML_TYPE,
} from '../ows/exception.ts';
import { OwsQuery, oneOf, queryOf, wholeNumber } from '../ows/key-values.ts';
import { capabilitiesType, wmsCapabilities } from './capabilities.ts';
import { mercatorOf } from './crs.ts';
import { findFeatures, renderFeatures } from './feature-info.ts';
import { INFO_FORMATS, LEGEND_FORMATS, MAP_FORMATS, WMS_PARAMETERS as P } from './parameters.ts';
import { negotiateVersion, readMapLayers, readWindow, type WmsVersion } from './request.ts';

type WmsIncoming = Incoming<NoParameters, NoParameters>;

const ANSWERS = {
  ...Object.fromEntries([XML_TYPE, capabilitiesType('1.1.1'), ...INFO_FORMATS].map((type) => [type, pageSchema])),
  ...Object.fromEntries(MAP_FORMATS.map((type) => [type, bytesSchema])),
  'application/json': z.strictObject({ type: z.literal('FeatureCollection'), features: z.array(featureSchema) }),
};

/** WMS 1.3.0 and 1.1.1: styles and layers of the catalog as pictures. */
export function wmsEndpoints(services: Services) {
  return {
    ask: endpoint({
      tag: 'legacy',
      cost: COST.picture,
      summary: {
        vi: 'WMS 1.3.0 và 1.1.1 cho QGIS, ArcGIS; tên tham số không phân biệt hoa thường',
        en: 'WMS 1.3.0 and 1.1.1 for QGIS, ArcGIS; names of parameters in any case',
      },
      openQuery: true,
      describedQuery: P,
      responses: { 200: { content: ANSWERS } },
      problems: [404, 422, ...DATABASE_PROBLEMS],
      reportTypes: [XML_TYPE, OLD_REPORT_TYPE],
      handle: (incoming) =>
        answerOrReport(
          () => answerWmsRequest(services, incoming),
          (exception) => wmsReport(exception, incoming.http),
        ),
    }),
  };
}

function answerWmsRequest(services: Services, incoming: WmsIncoming): Promise<Reply> {
  const given = new OwsQuery(queryOf(incoming.http, 'WMS'));
  const asked = given.require('REQUEST', P.REQUEST);
  if (asked === 'GetCapabilities') {
    given.require('SERVICE', P.SERVICE);
    return answerWmsCapabilities(services, { version: negotiateVersion(given), ...incoming });
  }
  if (asked === 'GetLegendGraphic') return answerLegend(services, given, incoming);
  const version = given.require('VERSION', P.VERSION);
  return asked === 'GetMap'
    ? answerMap(services, given, { version, ...incoming })
    : answerFeatureInfo(services, given, { version, ...incoming });
}

async function answerWmsCapabilities(
  services: Services,
  { version, principal, language, http }: MapIncoming,
): Promise<Reply> {
  const { config, styles, attribution, catalogFor } = services;
  const read = extentReader(services);
  const maps = [...styles].map(async ([name, style]) => {
    return { name, title: style.metadata.title, extent: await styleExtent(services, style, principal, read) };
  });
  const layers = catalogFor(principal).layers.map(async (layer) => {
    return { name: layer.id, title: layer.title, extent: await read(layer) };
  });
  const document = wmsCapabilities(version, {
    base: baseUrl(config, http),
    agency: config.agency,
    description: attribution[language],
    language,
    maps: await Promise.all(maps),
    layers: await Promise.all(layers),
  });
  return textReply(document, capabilitiesType(version), { headers: { vary: 'Accept-Language' } });
}

type MapIncoming = WmsIncoming & { readonly version: WmsVersion };

async function answerMap(
  services: Services,
  given: OwsQuery,
  { version, principal, signal }: MapIncoming,
): Promise<Reply> {
  const layers = readMapLayers('LAYERS', given.require('LAYERS', P.LAYERS), services, principal);
  given.optional('STYLES', P.STYLES, '');
  const { crs, ...window } = readWindow(given, version);
  const format = given.require('FORMAT', P.FORMAT);
  const isTransparent = given.optional('TRANSPARENT', P.TRANSPARENT, false);
  const background = given.optional<Stack['background']>('BGCOLOR', P.BGCOLOR, 'style');
  const stack: Stack = {
    ...window,
    layers,
    toMercator: mercatorOf(crs),
    format: format.slice('image/'.length) as StackFormat,
    // A single layer has a white background, a map its own.
    background: isTransparent ? 'transparent' : background === 'style' && layers[0]?.only ? '#ffffff' : background,
  };
  return bytesReply(await drawStack(services.raster, stack, { principal, signal }), format);
}

async function answerFeatureInfo(
  services: Services,
  given: OwsQuery,
  { version, principal, signal, language }: MapIncoming,
): Promise<Reply> {
  const layers = readMapLayers('QUERY_LAYERS', given.require('QUERY_LAYERS', P.QUERY_LAYERS), services, principal);
  const window = readWindow(given, version);
  const [column, row] = version === '1.1.1' ? ['X', 'Y'] : ['I', 'J'];
  const i = given.require(column as string, wholeNumber(0, window.width - 1, 'InvalidPoint'));
  const j = given.require(row as string, wholeNumber(0, window.height - 1, 'InvalidPoint'));
  // 1.1.1 leaves the default format to the server.
  const format =
    version === '1.1.1'
      ? given.optional('INFO_FORMAT', P.INFO_FORMAT, 'text/plain')
      : given.require('INFO_FORMAT', P.INFO_FORMAT);
  const count = given.optional('FEATURE_COUNT', P.FEATURE_COUNT, 1);
  const question = { layers: layers.flatMap(({ shown }) => shown), window, at: [i, j], count } as const;
  return renderFeatures(await findFeatures(services, question, signal), format, language);
}

async function answerLegend(services: Services, given: OwsQuery, { principal, language }: WmsIncoming): Promise<Reply> {
  const [layer, ...others] = readMapLayers('LAYER', given.require('LAYER', P.LAYER), services, principal);
  if (!layer || others.length) {
    throw exception('LayerNotDefined', 'LAYER', { vi: 'LAYER là tên một lớp.', en: 'LAYER is the name of one layer.' });
  }
  const format = given.optional('FORMAT', oneOf(LEGEND_FORMATS, 'InvalidFormat'), 'image/png');
  const { style, only } = layer;
  const picture = await services.raster.legend(style, {
    language,
    scale: 1,
    format: format === 'image/png' ? 'png' : 'webp',
    ...(only && { only }),
  });
  return bytesReply(picture, format, { headers: { vary: 'Accept-Language' } });
}

/** Returns a report in the requested version. */
function wmsReport(exception: Exception, { query }: Request): Reply {
  const isOld = Object.entries(query).some(([name, value]) => name.toLowerCase() === 'version' && value === '1.1.1');
  const { status } = exception;
  return isOld
    ? textReply(oldServiceReport(exception), OLD_REPORT_TYPE, { status })
    : textReply(serviceReport('1.3.0', exception), XML_TYPE, { status });
}
