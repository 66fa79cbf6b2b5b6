import type { Layer } from '../../catalog/layer.ts';
import { LARGE_PAGE } from '../../features/items.ts';
import { boundFilter } from '../../features/items-query.ts';
import { type ChangesRequest, readChanges, readDigest } from '../../history/changes.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { GEOJSON_TYPE, NDJSON_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import {
  choiceParameter,
  crs84Parameter,
  integerParameter,
  type Parameter,
  type Values,
  withDefault,
} from '../kit/parameters.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { bboxCrsParameter, bboxParameter, readBoxes } from '../layers/bbox.ts';
import { filterParameters, readFilter } from '../layers/filter-parameters.ts';
import { collectionPath } from '../layers/path.ts';
import { changesReply } from './changes-document.ts';
import { digestDocument } from './digest-document.ts';
import { changeCollectionSchema, digestSchema } from './shapes.ts';

const MAX_LIMIT = 10_000;

/** A token has some 300 characters, and 20 more for each transaction that ran when it was given. */
const tokenParameter: Parameter<string> = {
  description: {
    vi: 'Thẻ ở liên kết next hoặc delta của lần trước; không có: tải toàn bộ',
    en: 'Token of the next or delta link before; without it everything is loaded',
  },
  schema: { type: 'string', minLength: 1, maxLength: 12_000, pattern: '^[\\w.-]+$' },
  expected: { vi: 'thẻ của liên kết next hoặc delta', en: 'the token of a next or delta link' },
  read: (text) => (/^[\w.-]{1,12000}$/.test(text) ? text : undefined),
};

const selection = {
  bbox: bboxParameter,
  'bbox-crs': bboxCrsParameter,
  ...filterParameters,
  crs: crs84Parameter({ vi: 'Hệ tọa độ của kết quả', en: 'Coordinate reference system of the answer' }),
  lang: formatParameters.lang,
};

const changesParameters = {
  since: tokenParameter,
  net: withDefault(
    choiceParameter(
      {
        vi: 'true: mỗi đối tượng một thay đổi, so hai thời điểm; false: mọi phiên bản, theo giao dịch',
        en: 'true: one change a feature between the two moments; false: every version, by transactions',
      },
      ['true', 'false'],
    ),
    'false',
  ),
  limit: withDefault(
    integerParameter(
      { vi: 'Số thay đổi nhiều nhất của một trang', en: 'Most changes of a page' },
      { min: 1, max: MAX_LIMIT },
    ),
    1000,
  ),
  ...selection,
  f: withDefault(
    choiceParameter({ vi: 'GeoJSON, hay mỗi dòng một tài liệu JSON', en: 'GeoJSON, or a JSON document a line' }, [
      'json',
      'ndjson',
    ]),
    'json',
  ),
};

const digestParameters = { at: tokenParameter, ...selection };

type FeedSelection = Values<typeof selection>;

/** The changes of a layer for whoever has a copy of it, and the proof that the copy is whole. */
export function changesEndpoints(services: Services) {
  return {
    list: endpoint({
      tag: 'changes',
      cost: COST.page,
      summary: { vi: 'Thay đổi của một lớp từ lần trước', en: 'What has changed in a layer since the last time' },
      pathParameters: collectionPath,
      queryParameters: changesParameters,
      responses: { 200: { content: { [GEOJSON_TYPE]: changeCollectionSchema, [NDJSON_TYPE]: pageSchema } } },
      problems: [...DATABASE_PROBLEMS, 410],
      handle: (incoming) => answerChanges(services, incoming),
    }),
    digest: endpoint({
      tag: 'changes',
      cost: COST.digest,
      summary: { vi: 'Tổng kiểm của một bản sao, theo đơn vị', en: 'Digest of a copy, by unit' },
      pathParameters: collectionPath,
      queryParameters: digestParameters,
      responses: { 200: { content: { 'application/json': digestSchema } } },
      problems: [...DATABASE_PROBLEMS, 410],
      handle: (incoming) => answerDigest(services, incoming),
    }),
  };
}

async function answerChanges(
  services: Services,
  { path, query, principal, signal, http }: Incoming<typeof collectionPath, typeof changesParameters>,
): Promise<Reply> {
  const layer = services.catalogFor(principal).requireLayer(path.collection);
  const request: ChangesRequest = {
    ...requestOf(layer, query, principal.accessClass),
    ...{ token: query.since, parameter: 'since', isNet: query.net === 'true', limit: query.limit },
  };
  const read = () => readChanges(services.db, layer, request, { signal });
  const changes = await (query.limit <= LARGE_PAGE ? read() : services.largePages.run(query.limit, signal, read));
  const base = baseUrl(services.config, http);
  return changesReply(changes, { url: base + http.originalUrl, base, layer, format: query.f, crs: query.crs });
}

async function answerDigest(
  services: Services,
  { path, query, principal, signal, http }: Incoming<typeof collectionPath, typeof digestParameters>,
): Promise<Reply> {
  const layer = services.catalogFor(principal).requireLayer(path.collection);
  const request: ChangesRequest = {
    ...requestOf(layer, query, principal.accessClass),
    ...{ token: query.at, parameter: 'at', isNet: false, limit: 1 },
  };
  const digest = await services.largePages.run(MAX_LIMIT, signal, () =>
    readDigest(services.db, layer, request, { signal }),
  );
  return jsonReply(digestDocument(digest, { url: baseUrl(services.config, http) + http.originalUrl }));
}

function requestOf(layer: Layer, query: FeedSelection, accessClass: string) {
  const boxCrs = query['bbox-crs'];
  const boxes = query.bbox && readBoxes(query.bbox, boxCrs);
  const filter = boundFilter(layer, { boxes, boxCrs, filter: readFilter(query, layer), equals: [] });
  return { accessClass, filter, form: { crs: query.crs } };
}
