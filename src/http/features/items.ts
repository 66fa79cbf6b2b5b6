import type { Layer } from '../../catalog/layer.ts';
import { decodeCursor } from '../../features/cursor.ts';
import { findItem, LARGE_PAGE, readItems } from '../../features/items.ts';
import type { ItemsQuestion } from '../../features/items-query.ts';
import { noFeature } from '../../features/locked-feature.ts';
import { CRS84 } from '../../geo/crs.ts';
import { invalidParameter, Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { LAYER_FILE_FORMATS, layerFileCrs } from '../../transfer/export/layer-file.ts';
import { COST } from '../kit/cost.ts';
import { type DocumentPlace, documentPlace } from '../kit/document.ts';
import { endpoint, type Incoming, type Named } from '../kit/endpoint.ts';
import {
  CSV_TYPE,
  DXF_TYPE,
  FGB_TYPE,
  GEOJSON_SEQ_TYPE,
  GEOJSON_TYPE,
  GPKG_TYPE,
  HTML_TYPE,
  KML_TYPE,
  LAYER_FILE_TYPES,
  PARQUET_TYPE,
  XLSX_TYPE,
  ZIP_TYPE,
} from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import {
  choiceParameter,
  crs84Parameter,
  type Parameter,
  refuseUnknown,
  textParameter,
  type Values,
  withDefault,
} from '../kit/parameters.ts';
import { bytesReply, type Reply } from '../kit/reply.ts';
import { bytesSchema, featureCollectionSchema, featureSchema, pageSchema } from '../kit/shapes.ts';
import { bboxCrsParameter, bboxParameter, readBoxes } from '../layers/bbox.ts';
import { datetimeParameter } from '../layers/datetime.ts';
import { describedFields, readFieldValues } from '../layers/field-values.ts';
import { filterParameters, readFilter } from '../layers/filter-parameters.ts';
import { argumentNames, called, refusedBy } from '../layers/function-arguments.ts';
import { collectionPath, featurePath } from '../layers/path.ts';
import {
  propertiesParameter,
  readProperties,
  readSort,
  searchParameter,
  skipGeometryParameter,
  sortbyParameter,
} from '../layers/presentation.ts';
import { collectionLink, contentCrs, featureCollection, featureReply } from './feature-document.ts';
import { featurePage } from './feature-page.ts';
import { itemsPage } from './items-page.ts';
import {
  csvHeadersParameter,
  drawnByParameter,
  layerTilesReply,
  streamedFormat,
  wholeLayerReply,
} from './whole-layer.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
/** Most rows of a table for people; longer ones are paged. */
const MAX_ROWS_OF_PAGE = 500;

/** A limit above the maximum is served at the maximum instead of an error (OGC 17-069r4, 7.15.2). */
const limitParameter: Parameter<number> = {
  description: {
    vi: `Số đối tượng nhiều nhất của một trang; lớn hơn ${MAX_LIMIT} thì lấy ${MAX_LIMIT}`,
    en: `Most features of a page; more than ${MAX_LIMIT} means ${MAX_LIMIT}`,
  },
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT },
  expected: { vi: 'số nguyên từ 1', en: 'a whole number from 1' },
  read: (value) => (/^0*[1-9]\d{0,29}$/.test(value) ? Math.min(Number(value), MAX_LIMIT) : undefined),
};

const outputCrsParameter = crs84Parameter({
  vi: 'Hệ tọa độ của kết quả',
  en: 'Coordinate reference system of the answer',
});

export const itemsParameters = {
  bbox: bboxParameter,
  'bbox-crs': bboxCrsParameter,
  crs: outputCrsParameter,
  sortby: sortbyParameter,
  properties: propertiesParameter,
  skipGeometry: skipGeometryParameter,
  datetime: datetimeParameter,
  q: searchParameter,
  ...filterParameters,
  limit: withDefault(limitParameter, DEFAULT_LIMIT),
  cursor: textParameter(
    { vi: 'Chỗ trang trước dừng lại, lấy ở liên kết next', en: 'Where the page before ended, from its next link' },
    { max: 4000 },
  ),
  headers: csvHeadersParameter,
  ...formatParameters,
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, [
    'json',
    'html',
    ...LAYER_FILE_FORMATS,
    'pmtiles',
  ]),
  by: drawnByParameter,
};
export const itemParameters = { crs: outputCrsParameter, properties: propertiesParameter, ...formatParameters };
const RESERVED = Object.keys(itemsParameters);

type ItemsQuery = Values<typeof itemsParameters>;

export function itemEndpoints(services: Services) {
  const layerOf = ({ path, principal }: Named<typeof collectionPath>) =>
    services.catalogFor(principal).requireLayerOrFunction(path.collection);
  return {
    list: endpoint({
      tag: 'features',
      cost: COST.page,
      summary: {
        vi: 'Các đối tượng của một lớp; trường=giá trị để lọc',
        en: 'The features of a layer; field=value filters them',
      },
      pathParameters: collectionPath,
      queryParameters: itemsParameters,
      openQuery: (named) => fieldAndArgumentNames(layerOf(named)),
      responses: {
        200: {
          content: {
            [GEOJSON_TYPE]: featureCollectionSchema,
            [HTML_TYPE]: pageSchema,
            [CSV_TYPE]: pageSchema,
            [GEOJSON_SEQ_TYPE]: pageSchema,
            [FGB_TYPE]: bytesSchema,
            [GPKG_TYPE]: bytesSchema,
            [PARQUET_TYPE]: bytesSchema,
            [ZIP_TYPE]: bytesSchema,
            [KML_TYPE]: pageSchema,
            [XLSX_TYPE]: bytesSchema,
            [DXF_TYPE]: bytesSchema,
            [LAYER_FILE_TYPES.pmtiles]: bytesSchema,
          },
        },
      },
      handle: (incoming) => answerItems(services, incoming),
    }),
    read: endpoint({
      tag: 'features',
      summary: { vi: 'Một đối tượng', en: 'One feature' },
      pathParameters: featurePath,
      queryParameters: itemParameters,
      openQuery: (named) => argumentNames([layerOf(named)]),
      responses: { 200: { content: { [GEOJSON_TYPE]: featureSchema, [HTML_TYPE]: pageSchema } } },
      handle: (incoming) => answerItem(services, incoming),
    }),
  };
}

function fieldAndArgumentNames(layer: Layer): string[] {
  return [...describedFields(layer, RESERVED).map(({ field }) => field.name), ...argumentNames([layer])];
}

async function answerItems(
  services: Services,
  { path, query, principal, language, signal, http }: Incoming<typeof collectionPath, typeof itemsParameters>,
): Promise<Reply> {
  const layer = called(services.catalogFor(principal).requireLayerOrFunction(path.collection), http.query);
  const question = readQuestion(layer, query, http.query);
  // Without a requested number of features, a file holds the whole layer.
  const most = http.query.limit === undefined ? undefined : query.limit;
  const { f, headers } = query;
  if (f === 'pmtiles') return layerTilesReply(services, { layer, question, signal, http, unreadable: unreadableValue });
  const streamed = streamedFormat(http, f);
  if (streamed) {
    const links = [collectionLink(layer, documentPlace(services.config, http, { f: 'json', language }))];
    const requested = http.query.crs === undefined ? undefined : query.crs;
    const crs = layerFileCrs(streamed, layer, { requested, home: services.config.srid });
    const source = {
      layer,
      question: { ...question, crs, most },
      headers: streamed === 'xlsx' && http.query.headers === undefined ? language : headers,
      by: query.by,
      members: { links },
      signal,
      unreadable: unreadableValue,
    };
    return wholeLayerReply(services, streamed, source);
  }
  const place = documentPlace(services.config, http, { f: f === 'json' || f === 'html' ? f : undefined, language });
  return answerPage(services, { layer, question, place, signal });
}

interface PageSource {
  readonly layer: Layer;
  readonly question: ItemsQuestion;
  readonly place: DocumentPlace;
  readonly signal: AbortSignal;
}

async function answerPage(services: Services, { layer, question, place, signal }: PageSource): Promise<Reply> {
  const isPage = place.format === 'html';
  const limit = isPage ? Math.min(question.limit, MAX_ROWS_OF_PAGE) : question.limit;
  // The map of a page needs longitude and latitude.
  const crs = isPage ? CRS84 : question.crs;
  const read = async () => {
    const items = await readItems(services.db, layer, { ...question, crs, limit }, { signal }).catch(
      refusedBy([layer]),
    );
    if (!items) throw unreadableValue();
    return items;
  };
  if (!isPage) {
    const answer = async () =>
      bytesReply(await featureCollection(layer, await read(), place), GEOJSON_TYPE, {
        headers: contentCrs(question.crs),
      });
    return limit <= LARGE_PAGE ? answer() : services.largePages.run(limit, signal, answer);
  }
  const items = await read();
  const shown = { ...layer, fields: question.fields ?? layer.fields };
  return itemsPage({ services, layer: shown, items, place, filter: question });
}

async function answerItem(
  services: Services,
  { path, query, principal, language, signal, http }: Incoming<typeof featurePath, typeof itemParameters>,
): Promise<Reply> {
  const layer = called(services.catalogFor(principal).requireLayerOrFunction(path.collection), http.query);
  refuseUnknown(Object.keys(http.query), [...Object.keys(itemParameters), ...argumentNames([layer])]);
  const place = documentPlace(services.config, http, { f: query.f, language });
  // The map of a page needs longitude and latitude.
  const crs = place.format === 'html' ? CRS84 : query.crs;
  const fields = query.properties && readProperties(layer, query.properties);
  const form = { crs, fields };
  const item = await findItem(services.db, layer, path.feature, { signal, form }).catch(refusedBy([layer]));
  if (!item) throw noFeature(layer, path.feature);
  const shown = { ...layer, fields: fields ?? layer.fields };
  if (place.format === 'html') return featurePage({ services, layer: shown, feature: item.feature, place });
  return featureReply({ item, layer, place, crs });
}

function readQuestion(layer: Layer, query: ItemsQuery, raw: Readonly<Record<string, unknown>>): ItemsQuestion {
  const equals = readFieldValues(layer, raw, [...RESERVED, ...argumentNames([layer])]);
  const sort = readSort(layer, query.sortby);
  const after = query.cursor === undefined ? undefined : decodeCursor(layer, sort, query.cursor);
  if (query.cursor !== undefined && !after) {
    throw invalidParameter('cursor', {
      vi: 'giá trị lấy từ liên kết "next", cùng sortby',
      en: 'the value of a "next" link, with the same sortby',
    });
  }
  const boxCrs = query['bbox-crs'];
  const boxes = query.bbox && readBoxes(query.bbox, boxCrs);
  return {
    ...{ boxes, boxCrs, time: query.datetime, takesUnknown: true, search: query.q },
    ...{ filter: readFilter(query, layer), equals },
    ...{ limit: query.limit, sort, after, crs: query.crs },
    fields: query.properties && readProperties(layer, query.properties),
    skipGeometry: query.skipGeometry === 'true',
  };
}

function unreadableValue(): Problem {
  return new Problem('invalid-parameter', {
    vi: 'Một giá trị của cursor, datetime, của một trường hay một tham số nằm ngoài khoảng chứa được.',
    en: 'A value of cursor, datetime, a field or an argument is out of the range that it can hold.',
  });
}
