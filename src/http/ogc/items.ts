import { requireLayer } from '../../access/policy.ts';
import type { Layer } from '../../catalog/layer.ts';
import { invalidParameter, notFound, Problem } from '../../errors.ts';
import { decodeCursor } from '../../features/feature-id.ts';
import { type Items, readItem, readItems } from '../../features/items.ts';
import type { ItemsQuestion } from '../../features/items-query.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Services } from '../../services.ts';
import { collectionUrl, type Place, placeOf, selfLinks } from '../document.ts';
import { type Link, withParameters } from '../links.ts';
import { GEOJSON_TYPE, HTML_TYPE } from '../media-types.ts';
import { formatParameters } from '../negotiate.ts';
import { featurePage } from '../pages/feature-page.ts';
import { itemsPage } from '../pages/items-page.ts';
import { type Parameter, readDecimal, textParameter, type Values, withDefault } from '../parameters.ts';
import { type Reply, text } from '../reply.ts';
import { type Incoming, type Route, route } from '../route.ts';
import { datetimeParameter } from './datetime.ts';
import { readFieldValues } from './field-values.ts';
import { filterParameters, readFilter } from './filter-parameters.ts';
import { collectionPath, featurePath } from './path.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
/** A table that a person reads: longer ones are paged. */
const MAX_ROWS_OF_PAGE = 500;

/** OGC 17-069r4, 7.15.2: a limit beyond the maximum is not an error, it is served at the maximum. */
const limitParameter: Parameter<number> = {
  description: {
    vi: `Số đối tượng nhiều nhất của một trang; lớn hơn ${MAX_LIMIT} thì lấy ${MAX_LIMIT}`,
    en: `Most features of a page; more than ${MAX_LIMIT} means ${MAX_LIMIT}`,
  },
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT },
  expected: { vi: 'số nguyên từ 1', en: 'a whole number from 1' },
  read: (value) => (/^0*[1-9]\d{0,29}$/.test(value) ? Math.min(Number(value), MAX_LIMIT) : undefined),
};

/** In CRS84 the box may cross the antimeridian: then its west lies east of its east. */
const bboxParameter: Parameter<readonly BBox[]> = {
  description: { vi: 'Khung "tây,nam,đông,bắc", kinh vĩ độ CRS84', en: 'Box "west,south,east,north" in CRS84' },
  schema: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
  expected: {
    vi: 'bốn số "tây,nam,đông,bắc" theo độ (hoặc sáu số có độ cao): kinh độ từ -180 đến 180, vĩ độ từ -90 đến 90, nam ≤ bắc',
    en: 'four numbers "west,south,east,north" in degrees (or six with heights): longitudes from -180 to 180, latitudes from -90 to 90, south ≤ north',
  },
  read: readBoxes,
};

function readBoxes(value: string): readonly BBox[] | undefined {
  const numbers = value.split(',').map((part) => readDecimal(part.trim()) ?? Number.NaN);
  const corners = numbers.length === 6 ? numbers.filter((_, index) => index % 3 !== 2) : numbers;
  const [west = 0, south = 0, east = 0, north = 0] = corners;
  const isOnEarth =
    corners.length === 4 &&
    !numbers.some(Number.isNaN) &&
    Math.max(Math.abs(west), Math.abs(east)) <= 180 &&
    Math.max(Math.abs(south), Math.abs(north)) <= 90;
  if (!isOnEarth || south > north) return undefined;
  if (west <= east) return [[west, south, east, north]];
  return [
    [west, south, 180, north],
    [-180, south, east, north],
  ];
}

export const itemsParameters = {
  bbox: bboxParameter,
  datetime: datetimeParameter,
  ...filterParameters,
  limit: withDefault(limitParameter, DEFAULT_LIMIT),
  cursor: textParameter(
    { vi: 'Chỗ trang trước dừng lại, lấy ở liên kết next', en: 'Where the page before ended, from its next link' },
    { max: 4000 },
  ),
  ...formatParameters,
};
export const RESERVED = Object.keys(itemsParameters);

type ItemsQuery = Values<typeof itemsParameters>;

export function itemsRoutes(services: Services): Route[] {
  return [
    route({
      path: '/collections/:collection/items',
      tag: 'features',
      summary: {
        vi: 'Các đối tượng của một lớp; trường=giá trị để lọc',
        en: 'The features of a layer; field=value filters them',
      },
      pathParameters: collectionPath,
      queryParameters: itemsParameters,
      openQuery: true,
      responses: { 200: [GEOJSON_TYPE, HTML_TYPE] },
      handle: (incoming) => answerItems(services, incoming),
    }),
    route({
      path: '/collections/:collection/items/:feature',
      tag: 'features',
      summary: { vi: 'Một đối tượng', en: 'One feature' },
      pathParameters: featurePath,
      queryParameters: formatParameters,
      responses: { 200: [GEOJSON_TYPE, HTML_TYPE] },
      handle: (incoming) => answerItem(services, incoming),
    }),
  ];
}

async function answerItems(
  services: Services,
  { path, query, principal, language, signal, http }: Incoming<typeof collectionPath, typeof itemsParameters>,
): Promise<Reply> {
  const layer = requireLayer(services.catalog.current(), path.collection, principal);
  const place = placeOf(services.config, http, { f: query.f, language });
  const question = readQuestion(layer, query, http.query);
  const limit = place.format === 'html' ? Math.min(question.limit, MAX_ROWS_OF_PAGE) : question.limit;
  const items = await readItems(services.db, layer, { ...question, limit }, { signal });
  if (!items) throw unreadable();
  return place.format === 'html'
    ? itemsPage({ services, layer, items, place, filter: question })
    : text(featureCollection(layer, items, place), GEOJSON_TYPE);
}

async function answerItem(
  services: Services,
  { path, query, principal, language, signal, http }: Incoming<typeof featurePath, typeof formatParameters>,
): Promise<Reply> {
  const layer = requireLayer(services.catalog.current(), path.collection, principal);
  const place = placeOf(services.config, http, { f: query.f, language });
  const feature = await readItem(services.db, layer, path.feature, { signal });
  if (feature === undefined) throw noFeature(layer, path.feature);
  if (place.format === 'html') return featurePage({ services, layer, feature, place });
  const links = JSON.stringify([...selfLinks(place, GEOJSON_TYPE), collectionLink(layer, place)]);
  return text(`${feature.slice(0, -1)},"links":${links}}`, GEOJSON_TYPE);
}

function readQuestion(layer: Layer, query: ItemsQuery, raw: Readonly<Record<string, unknown>>): ItemsQuestion {
  const equals = readFieldValues(layer, raw, RESERVED);
  const after = query.cursor === undefined ? undefined : decodeCursor(layer, query.cursor);
  if (query.cursor !== undefined && !after) {
    throw invalidParameter('cursor', { vi: 'giá trị lấy từ liên kết "next"', en: 'the value of a "next" link' });
  }
  return { boxes: query.bbox, time: query.datetime, filter: readFilter(query), equals, limit: query.limit, after };
}

/** GeoJSON put together from the texts that the database made: 10 000 features are never parsed here. */
function featureCollection(layer: Layer, { features, next, matched }: Items, place: Place): string {
  const head = {
    type: 'FeatureCollection',
    timeStamp: new Date().toISOString(),
    ...(matched === undefined ? {} : { numberMatched: matched }),
    numberReturned: features.length,
    links: [
      ...selfLinks(place, GEOJSON_TYPE),
      ...(next === undefined ? [] : [nextLink(next, place)]),
      collectionLink(layer, place),
    ],
  };
  return `${JSON.stringify(head).slice(0, -1)},"features":[${features.join(',\n')}]}`;
}

function nextLink(cursor: string, { url, language }: Place): Link {
  const title = { vi: 'Trang sau', en: 'Next page' }[language];
  return { href: withParameters(url, { cursor, f: 'json' }), rel: 'next', type: GEOJSON_TYPE, title };
}

function collectionLink({ id, title }: Layer, { base, language }: Place): Link {
  return { href: collectionUrl(base, id), rel: 'collection', type: 'application/json', title: title[language] };
}

function unreadable(): Problem {
  return new Problem('invalid-parameter', {
    vi: 'Một giá trị của cursor, datetime hay của một trường nằm ngoài khoảng mà trường đó chứa được.',
    en: 'A value of cursor, datetime or a field is out of the range that the field can hold.',
  });
}

function noFeature({ id }: Layer, feature: string): Problem {
  const shown = feature.slice(0, 80);
  return notFound({
    vi: `Lớp ${id} không có đối tượng "${shown}".`,
    en: `Layer ${id} has no feature "${shown}".`,
  });
}
