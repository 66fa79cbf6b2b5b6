import express, { type Request, type Response } from 'express';
import { mayEditSome } from '../../access/editing.ts';
import { PageStarts } from '../../features/page-starts.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import {
  type Body,
  DATABASE_PROBLEMS,
  type EndpointOptions,
  endpoint,
  type Incoming,
  type NoParameters,
} from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { GEOJSON_TYPE, ZIP_TYPE } from '../kit/media-types.ts';
import { type Reply, textReply } from '../kit/reply.ts';
import { bytesSchema, pageSchema } from '../kit/shapes.ts';
import { explainError } from '../layers/explain.ts';
import { readExtent } from '../layers/extent.ts';
import { XML_TYPE } from '../ows/exception.ts';
import { describedValue, type Expected, OwsQuery, oneOf, queryOf, wholeNumber } from '../ows/key-values.ts';
import { readXml } from '../ows/xml-reader.ts';
import type { Asker } from './asker.ts';
import { writeCapabilities } from './capabilities.ts';
import { type Dialect, FEATURES_TYPES, LATEST_DIALECT, VERSIONS } from './dialect.ts';
import { exceptionReply, invalid } from './exception.ts';
import { outputTypes } from './formats.ts';
import { wfsCollectionSchema } from './geojson-schema.ts';
import { answerFeatures, answerValues } from './get-feature.ts';
import { localName } from './names.ts';
import { writeOldCapabilities } from './old-capabilities.ts';
import { findType } from './question.ts';
import {
  dialectForErrors,
  GET_FEATURE_BY_ID,
  isGetFeatureById,
  MAX_COUNT,
  OPERATIONS,
  readWfsRequest,
  type WfsRequest,
} from './request.ts';
import { writeSchema } from './schema.ts';
import { readPosted, readQueryString, type WfsSource } from './source.ts';
import { writeStoredQueries, writeStoredQueryDescriptions } from './stored-queries.ts';
import { answerTransaction } from './transaction-reply.ts';

type WfsIncoming = Incoming<NoParameters, NoParameters>;

const PATH = '/wfs';
const WFS_PROBLEMS = [404, 405, 422, ...DATABASE_PROBLEMS] as const;
const ANSWERS = {
  ...Object.fromEntries([XML_TYPE, ...FEATURES_TYPES].map((type) => [type, pageSchema])),
  [GEOJSON_TYPE]: wfsCollectionSchema,
  [ZIP_TYPE]: bytesSchema,
};
const words = (example: string): Expected<string> => ({
  vi: `chữ, như ${example}`,
  en: `text, such as ${example}`,
  schema: { type: 'string', minLength: 1, examples: [example] },
  read: String,
});
const corners = '10.9,106.6,11.1,106.8,urn:ogc:def:crs:EPSG::4326';

/** For the OpenAPI document. {@link readQueryString} parses them, in any case and by the names of older versions. */
const DESCRIBED = {
  service: { ...describedValue(oneOf(['WFS']), { vi: 'Dịch vụ', en: 'The service' }), required: true },
  version: describedValue(oneOf(VERSIONS), { vi: 'Phiên bản', en: 'Version' }),
  request: { ...describedValue(oneOf(OPERATIONS), { vi: 'Phép', en: 'The operation' }), required: true },
  typeNames: describedValue(words('diaba:land.parcel'), { vi: 'Lớp', en: 'Feature type' }),
  count: describedValue(wholeNumber(0, MAX_COUNT), { vi: 'Số đối tượng nhiều nhất', en: 'Most features' }),
  startIndex: describedValue(wholeNumber(0, 999_999_999), {
    vi: 'Bỏ qua bấy nhiêu đối tượng đầu',
    en: 'So many features are passed over',
  }),
  bbox: describedValue(words(corners), {
    vi: 'Khung, theo thứ tự trục của hệ tọa độ',
    en: 'Box, in the axis order of its system',
  }),
  filter: describedValue(words('<Filter/>'), { vi: 'Filter Encoding 2.0', en: 'Filter Encoding 2.0' }),
  srsName: describedValue(words('urn:ogc:def:crs:EPSG::9210'), {
    vi: 'Hệ tọa độ của kết quả',
    en: 'System of the answer',
  }),
  ids: describedValue(oneOf(['plain', 'versioned']), {
    vi: 'Mã đối tượng có kèm phiên bản, để sửa bằng Transaction mà không ghi đè lên điều người khác vừa sửa',
    en: 'Whether ids tell versions, so that a Transaction overwrites nothing that others have changed meanwhile',
  }),
  outputFormat: describedValue(oneOf(outputTypes(LATEST_DIALECT)), { vi: 'Định dạng (2.0.0)', en: 'Format (2.0.0)' }),
};

/** Clients send XML with other media types, or without any; all are accepted. */
const POSTED: Body = {
  required: true,
  types: ['text/xml', 'application/xml'],
  schema: {
    type: 'string',
    example:
      '<GetFeature service="WFS" version="2.0.0" count="2" xmlns="http://www.opengis.net/wfs/2.0"><Query typeNames="diaba:land.parcel"/></GetFeature>',
  },
};

/**
 * WFS 2.0.0, 1.1.0 and 1.0.0. As in OWS Common, names of parameters are case-insensitive, and unknown ones are ignored.
 */
export function wfsEndpoints(services: Services) {
  const shared: Shared = { starts: new PageStarts() };
  const summary = {
    vi: 'WFS 2.0.0 (1.1.0, 1.0.0) cho QGIS, GDAL, ArcGIS; tên tham số không phân biệt hoa thường',
    en: 'WFS 2.0.0 (1.1.0, 1.0.0) for QGIS, GDAL, ArcGIS; names of parameters in any case',
  };
  const options = {
    tag: 'legacy',
    summary,
    openQuery: true,
    responses: { 200: { content: ANSWERS } },
    problems: WFS_PROBLEMS,
    reportTypes: [XML_TYPE],
  };
  const ask = wfsEndpoint(
    services,
    { ...options, describedQuery: DESCRIBED },
    {
      read: (request) => readQueryString(queryOf(request, 'WFS')),
      answer: (given, incoming) => answerOperation(readWfsRequest(given), askerOf(services, shared, incoming)),
    },
  );
  const post = wfsEndpoint(
    services,
    { ...options, describedBody: POSTED, problems: [...WFS_PROBLEMS, 413, 415] },
    {
      read: (request) => readPosted(readXml(typeof request.body === 'string' ? request.body : '')),
      answer: (given, incoming) => {
        const asker = { ...askerOf(services, shared, incoming), pageUrl: undefined };
        return given.posted?.name === 'Transaction'
          ? answerTransaction(given.posted, asker, incoming.http)
          : answerOperation(readWfsRequest(given), asker);
      },
    },
  );
  return { ask, post };
}

interface Steps {
  readonly read: (request: Request) => WfsSource;
  readonly answer: (given: WfsSource, incoming: WfsIncoming) => Promise<Reply> | Reply;
}

/** Returns an endpoint that reports every error in an exception report. */
function wfsEndpoint(
  { log }: Services,
  options: Omit<EndpointOptions<NoParameters, NoParameters, NoParameters>, 'handle'>,
  steps: Steps,
) {
  return endpoint({
    ...options,
    cost: COST.page,
    handle: async (incoming) => {
      let given: WfsSource | undefined;
      try {
        if (incoming.http.method === 'POST') await readXmlBody(incoming.http);
        given = steps.read(incoming.http);
        return await steps.answer(given, incoming);
      } catch (error) {
        const problem = explainError(error);
        if (problem.status === 500) log.error({ err: error, path: PATH }, 'request failed');
        return exceptionReply(problem, given && dialectForErrors(given));
      }
    },
  });
}

const parseText = express.text({ limit: '2mb', type: () => true });

function readXmlBody(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    parseText(request, request.res as Response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/** State shared by requests. */
type Shared = Pick<Asker, 'starts'>;

function askerOf(services: Services, shared: Shared, { principal, signal, http }: WfsIncoming): Asker {
  const base = baseUrl(services.config, http);
  const pageUrl: Asker['pageUrl'] = (values) => {
    const names = Object.keys(values).map((name) => name.toLowerCase());
    const query = new URLSearchParams(
      Object.entries(http.query).flatMap(([name, value]) =>
        typeof value === 'string' && !names.includes(name.toLowerCase()) ? [[name, value] as [string, string]] : [],
      ),
    );
    for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
    return `${base}${PATH}?${query}`;
  };
  const isVersioned = readIds(http.query) === 'versioned';
  return { services, ...shared, principal, signal, base, isVersioned, pageUrl, http };
}

/** Returns the form of ids: a parameter of our own, which QGIS copies from the URL of a connection. */
function readIds(query: Request['query']): 'plain' | 'versioned' {
  return new OwsQuery(query).optional('ids', oneOf(['plain', 'versioned']), 'plain');
}

async function answerOperation(request: WfsRequest, asker: Asker): Promise<Reply> {
  const { services, principal } = asker;
  const catalog = services.catalogFor(principal);
  switch (request.kind) {
    case 'capabilities':
      return answerWfsCapabilities(request.dialect, asker);
    case 'types': {
      const layers = catalog.layersWith(request.typeNames.map(localName));
      const asked = request.typeNames.map((name) => findType(name, layers, 'typeNames'));
      for (const layer of asked) catalog.note(layer);
      return textReply(writeSchema(asked.length ? asked : layers, request.dialect), XML_TYPE);
    }
    case 'features':
      return answerFeatures(request.question, asker);
    case 'values':
      return answerValues(request.question, request.valueReference, asker);
    case 'storedQueries':
      return textReply(writeStoredQueries(LATEST_DIALECT), XML_TYPE);
    case 'storedQueryDescriptions':
      if (!request.ids.every(isGetFeatureById)) {
        throw invalid('storedQuery_Id', { vi: GET_FEATURE_BY_ID, en: GET_FEATURE_BY_ID });
      }
      return textReply(writeStoredQueryDescriptions(LATEST_DIALECT), XML_TYPE);
  }
}

async function answerWfsCapabilities(dialect: Dialect, { services, principal, base }: Asker): Promise<Reply> {
  const layers = services.catalogFor(principal).layers;
  const described = layers.map(async (layer) => ({ layer, extent: await readExtent(services, layer) }));
  const source = {
    dialect,
    url: `${base}${PATH}`,
    agency: services.config.agency,
    attribution: services.attribution,
    isEditable: mayEditSome(services.config.editing, principal),
    layers: await Promise.all(described),
  };
  const document = dialect.version === '1.0.0' ? writeOldCapabilities(source) : writeCapabilities(source);
  // QGIS caches a storable answer for a day without revalidation. It would miss new layers, and that editing is on.
  return textReply(document, XML_TYPE, { headers: { 'cache-control': 'no-store' } });
}
