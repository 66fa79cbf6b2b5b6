import { MAX_ZOOM } from '../../geo/tile.ts';
import type { Services } from '../../services.ts';
import type { Sheet } from '../../styles/sheet.ts';
import { COST } from '../kit/cost.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming, type NoParameters } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import type { DescribedParameter, Parameter } from '../kit/parameters.ts';
import { bytesReply, type Reply, textReply } from '../kit/reply.ts';
import { extentReader, styleExtent } from '../layers/extent.ts';
import { answerOrReport, type Exception, exception, owsReport, XML_TYPE } from '../ows/exception.ts';
import {
  describedValue,
  type Expected,
  OwsQuery,
  oneOf,
  queryOf,
  readOwsValue,
  wholeNumber,
} from '../ows/key-values.ts';
import { MATRIX_SET, TILE_FORMATS, WMTS_STYLE, wmtsCapabilities } from './capabilities.ts';

type WmtsIncoming = Incoming<NoParameters, NoParameters>;
/** Parameters of a tile from either binding: the standard's names, as text. */
type WmtsFormat = (typeof TILE_FORMATS)[number];
type TileNames = 'Layer' | 'Style' | 'TileMatrixSet' | 'TileMatrix' | 'TileRow' | 'TileCol' | 'Format';

const ANSWER_TYPES = [XML_TYPE, ...TILE_FORMATS];
const SERVICE_PARAMETER = describedValue(oneOf(['WMTS']), { vi: 'Dịch vụ', en: 'The service' });
const WMTS_OPERATIONS = ['GetCapabilities', 'GetTile'] as const;
const REQUEST = describedValue(
  // The missing operation has a report of its own.
  { ...oneOf(WMTS_OPERATIONS), read: oneOf([...WMTS_OPERATIONS, 'GetFeatureInfo']).read },
  { vi: 'Phép; mỗi phép có những tham số bắt buộc của nó', en: 'The operation; each has parameters that it wants' },
);
const VERSION_PARAMETER = describedValue(oneOf(['1.0.0']), {
  vi: 'Phiên bản; GetTile phải có',
  en: 'Wanted by GetTile',
});

/** WMTS 1.0.0: each style of the map is a layer. */
export function wmtsEndpoints(services: Services) {
  return {
    ask: endpoint({
      tag: 'legacy',
      summary: {
        vi: 'WMTS 1.0.0 cho QGIS, ArcGIS (KVP); tên tham số không phân biệt hoa thường',
        en: 'WMTS 1.0.0 for QGIS, ArcGIS (KVP); names of parameters in any case',
      },
      openQuery: true,
      describedQuery: {
        Service: { ...SERVICE_PARAMETER, required: true },
        Request: { ...REQUEST, required: true },
        Version: VERSION_PARAMETER,
        ...wmtsParameters(services.styles),
      },
      responses: { 200: ANSWER_TYPES, 501: [XML_TYPE] },
      problems: [404, ...DATABASE_PROBLEMS],
      reportTypes: [XML_TYPE],
      handle: (incoming) => answerOrReport(() => answerQuery(services, incoming), wmtsReport),
    }),
    capabilities: endpoint({
      tag: 'legacy',
      summary: { vi: 'Mô tả dịch vụ WMTS', en: 'The capabilities of WMTS' },
      responses: { 200: [XML_TYPE] },
      handle: (incoming) => answerWmtsCapabilities(services, incoming),
    }),
    tile: (format: WmtsFormat) => tileEndpoint(services, format),
  };
}

/** Returns the raw parameters of the path. The operation parses them, so that its errors become reports in XML. */
function unread<Name extends string>(inPath: Readonly<Record<Name, DescribedParameter>>) {
  const entries = Object.entries<DescribedParameter>(inPath).map(([name, parameter]): [string, Parameter<string>] => [
    name,
    { ...parameter, read: String },
  ]);
  return Object.fromEntries(entries) as Record<Name, Parameter<string>>;
}

function tileEndpoint(services: Services, format: WmtsFormat) {
  const { Format, ...inPath } = wmtsParameters(services.styles);
  return endpoint({
    tag: 'legacy',
    cost: COST.picture,
    summary: { vi: 'Một ô của WMTS (RESTful)', en: 'A tile of WMTS (RESTful)' },
    pathParameters: unread(inPath),
    openQuery: true,
    responses: { 200: [format] },
    reportTypes: [XML_TYPE],
    handle: (incoming) => {
      const given: Partial<Record<string, string>> = { ...incoming.path, Format: format };
      const read = <T>(name: TileNames, expected: Expected<T>): T => readOwsValue(name, given[name] ?? '', expected);
      return answerOrReport(() => answerWmtsTile(services, read, incoming), wmtsReport);
    },
  });
}

function answerQuery(services: Services, incoming: WmtsIncoming): Promise<Reply> {
  const given = new OwsQuery(queryOf(incoming.http, 'WMTS'));
  given.require('Service', SERVICE_PARAMETER);
  const asked = given.require('Request', REQUEST);
  if (asked === 'GetCapabilities') return answerWmtsCapabilities(services, incoming);
  given.require('Version', VERSION_PARAMETER);
  if (asked === 'GetFeatureInfo') {
    throw exception('OperationNotSupported', 'GetFeatureInfo', {
      vi: 'WMTS ở đây không có GetFeatureInfo; WMS có (/wms).',
      en: 'There is no GetFeatureInfo of WMTS here; WMS has it (/wms).',
    });
  }
  return answerWmtsTile(services, (name, expected) => given.require(name, expected), incoming);
}

async function answerWmtsCapabilities(services: Services, { principal, language, http }: WmtsIncoming): Promise<Reply> {
  const { config, styles, attribution } = services;
  const read = extentReader(services);
  const layers = await Promise.all(
    [...styles].map(async ([id, style]) => {
      return { id, title: style.metadata.title, extent: await styleExtent(services, style, principal, read) };
    }),
  );
  const base = baseUrl(config, http);
  const document = wmtsCapabilities({
    base,
    agency: config.agency,
    description: attribution[language],
    language,
    layers,
  });
  return textReply(document, XML_TYPE, { headers: { vary: 'Accept-Language' } });
}

async function answerWmtsTile(
  { styles, raster }: Services,
  read: <T>(name: TileNames, expected: Expected<T>) => T,
  { principal, signal }: Pick<WmtsIncoming, 'principal' | 'signal'>,
): Promise<Reply> {
  const expected = wmtsParameters(styles);
  const style = read('Layer', expected.Layer);
  read('Style', expected.Style);
  const format = read('Format', expected.Format);
  read('TileMatrixSet', expected.TileMatrixSet);
  const z = read('TileMatrix', expected.TileMatrix);
  const y = read('TileRow', wholeNumber(0, 2 ** z - 1, 'TileOutOfRange'));
  const x = read('TileCol', wholeNumber(0, 2 ** z - 1, 'TileOutOfRange'));
  const picture = { scale: 1, format: format === 'image/png' ? 'png' : 'webp' } as const;
  return bytesReply(await raster.tile(style, { z, x, y }, picture, { principal, signal }), format);
}

/** Returns parameters by the names of the standard (OGC 07-057r7), though KVP is case-insensitive. */
function wmtsParameters(styles: Services['styles']) {
  const index = wholeNumber(0, 2 ** MAX_ZOOM - 1, 'TileOutOfRange');
  return {
    Layer: describedValue(
      { ...oneOf([...styles.keys()]), read: (text): Sheet | undefined => styles.get(text) },
      { vi: 'Kiểu bản đồ', en: 'The style of the map' },
    ),
    // An empty style is the default one, as in WMS.
    Style: describedValue(
      { ...oneOf([WMTS_STYLE]), read: (text) => (text === '' || text === WMTS_STYLE ? WMTS_STYLE : undefined) },
      { vi: 'Mỗi lớp có một kiểu', en: 'There is one a layer' },
    ),
    TileMatrixSet: describedValue(oneOf([MATRIX_SET]), { vi: 'Cách chia ô', en: 'Tile matrix set' }),
    TileMatrix: describedValue(wholeNumber(0, MAX_ZOOM), { vi: 'Mức thu phóng', en: 'Zoom' }),
    TileRow: describedValue(index, { vi: 'Hàng, từ bắc', en: 'Row, from the north' }),
    TileCol: describedValue(index, { vi: 'Cột, từ tây', en: 'Column, from the west' }),
    Format: describedValue(oneOf(TILE_FORMATS), { vi: 'Định dạng ảnh', en: 'Format of the picture' }),
  };
}

/** Returns an exception report (OWS Common 1.1.0, OGC 06-121r3, clause 8), in Vietnamese and in English. */
function wmtsReport({ code, locator, detail, status }: Exception): Reply {
  const ows = { version: '1.1.0', namespace: 'http://www.opengis.net/ows/1.1' };
  const named = code ?? (status < 500 ? 'InvalidParameterValue' : 'NoApplicableCode');
  const document = owsReport(ows, { code: named, locator, detail });
  return textReply(document, XML_TYPE, { status: code === 'OperationNotSupported' ? 501 : status });
}
