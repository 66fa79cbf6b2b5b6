import { CRS84, type Crs } from '../../geo/crs.ts';
import { notFound, type Problem, type Text, wrongParameter } from '../../lib/errors.ts';
import { type ParcelAnswer, type ParcelFeature, parcelSchema } from '../../parcels/parcel.ts';
import type { ParcelOptions } from '../../parcels/parcels.ts';
import type { Services } from '../../services.ts';
import { type DocumentPlace, documentPlace } from '../kit/document.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming, type NoParameters } from '../kit/endpoint.ts';
import { withParameters } from '../kit/links.ts';
import { GEOJSON_TYPE, HTML_TYPE } from '../kit/media-types.ts';
import { type Format, formatParameters } from '../kit/negotiate.ts';
import {
  crs84Parameter,
  crsParameter,
  integerParameter,
  numberParameter,
  required,
  textParameter,
  type Values,
  withDefault,
} from '../kit/parameters.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { visibleHolders } from '../layers/visible-holders.ts';
import { parcelsSchema } from './parcel-shapes.ts';
import { parcelZonesSchema, zonesOfParcel, zonesUrl } from './parcel-zones.ts';
import { parcelPage, parcelsPage, zonesPage } from './parcels-page.ts';

const CONTENT_CRS: Text = { vi: 'Hệ tọa độ của hình học', en: 'CRS of the geometry' };

/** Farther than any coordinate of any supported CRS. */
const FARTHEST = 30_000_000;

const rendering = {
  crs: crs84Parameter({ vi: 'Hệ tọa độ của hình học trả về', en: 'CRS of the geometry that comes back' }),
  limit: withDefault(
    integerParameter({ vi: 'Nhiều nhất bao nhiêu thửa', en: 'At most this many parcels' }, { min: 1, max: 100 }),
    20,
  ),
};

/** Farthest first result of a page. */
const FARTHEST_OFFSET = 100_000;

const lookup = {
  offset: withDefault(
    integerParameter(
      { vi: 'Bỏ qua bao nhiêu thửa đầu', en: 'Skip this many parcels' },
      { min: 0, max: FARTHEST_OFFSET },
    ),
    0,
  ),
  unit: textParameter(
    { vi: 'Mã hoặc tên phường, xã, nay hay trước đây', en: 'Code or name of the unit, of now or of before' },
    { max: 100 },
  ),
  sheet: textParameter({ vi: 'Số tờ bản đồ', en: 'Sheet number' }, { max: 10 }),
  number: integerParameter({ vi: 'Số thửa', en: 'Parcel number' }, { min: 1, max: 999_999 }),
  q: textParameter({ vi: 'Hỏi tự do: "tờ 12 thửa 345 phú lợi"', en: 'Free text: "tờ 12 thửa 345 phú lợi"' }),
  ...rendering,
  ...formatParameters,
};

const coordinate = (vi: string, en: string) => required(numberParameter({ vi, en }, { min: -FARTHEST, max: FARTHEST }));

/** The requested form and CRS of the answer. A page needs longitude and latitude. */
interface ParcelForm {
  readonly place: DocumentPlace;
  readonly crs: Crs;
}

function askedFor({ config }: Services, { query, language, http }: AskedIncoming): ParcelForm {
  const place = documentPlace(config, http, { f: query.f, language });
  return { place, crs: place.format === 'html' ? CRS84 : (query.crs ?? CRS84) };
}

type AskedIncoming = Pick<Incoming<NoParameters, NoParameters>, 'language' | 'http'> & {
  readonly query: { readonly f: Format | undefined; readonly crs?: Crs | undefined };
};

/** Returns the URL of the next page; undefined on the last. */
function nextPage(
  { url }: DocumentPlace,
  { features, numberMatched }: ParcelAnswer,
  offset: number,
): string | undefined {
  const next = offset + features.length;
  return features.length && next < numberMatched ? withParameters(url, { offset: String(next) }) : undefined;
}

function collection(services: Services, answer: ParcelAnswer, { place, crs }: ParcelForm, offset = 0): Reply {
  const { features, suggestions: asked, didYouMean: meant, ...rest } = answer;
  const linked = (list: ParcelAnswer['suggestions']) =>
    list?.map(({ label, search }) => ({ label, href: `${place.base}/parcels?${new URLSearchParams(search)}` }));
  const [suggestions, didYouMean] = [linked(asked), linked(meant)];
  const next = nextPage(place, answer, offset);
  if (place.format === 'html')
    return parcelsPage({ services, answer, suggestions: [...(didYouMean ?? []), ...(suggestions ?? [])], place, next });
  const body = {
    type: 'FeatureCollection',
    numberReturned: features.length,
    ...rest,
    ...(suggestions ? { suggestions } : {}),
    ...(didYouMean ? { didYouMean } : {}),
    ...(next ? { next } : {}),
    features,
  };
  return jsonReply(body, { type: GEOJSON_TYPE, headers: { 'content-crs': `<${crs.uri}>` } });
}

/** Answers `/parcels`: everything is in `q`, or in `sheet` and `number`. */
async function lookUp(
  { parcels, catalogFor }: Services,
  { q, unit, sheet, number, crs, limit, offset }: Values<typeof lookup>,
  { principal, signal }: Pick<Incoming<never, never>, 'principal' | 'signal'>,
): Promise<ParcelAnswer> {
  const options = { srid: crs.srid, limit, offset, signal };
  if (q !== undefined) {
    if (unit ?? sheet ?? number) {
      throw wrongParameter('q', {
        vi: 'Tham số "q" dùng một mình, không cùng unit, sheet, number.',
        en: 'Parameter "q" must be alone, without unit, sheet and number.',
      });
    }
    const holders = visibleHolders(catalogFor(principal));
    const held = holders && (await parcels.byCertificate(q, holders, options));
    return held ?? parcels.search(q, options);
  }
  if (sheet === undefined) throw missingBeside('sheet', 'number');
  if (number === undefined) throw missingBeside('number', 'sheet');
  return parcels.byNumber({ unit, sheet, number }, options);
}

function missingBeside(name: string, beside: string): Problem {
  return wrongParameter(name, {
    vi: `Thiếu tham số "${name}", đi cùng ${beside} (hoặc dùng q).`,
    en: `Parameter "${name}" must be given, with ${beside} (or use q).`,
  });
}

export function parcelEndpoints(services: Services) {
  const { parcels } = services;
  const found = {
    200: {
      content: { [GEOJSON_TYPE]: parcelsSchema, [HTML_TYPE]: pageSchema },
      headers: { 'Content-Crs': CONTENT_CRS },
    },
  };
  return {
    list: endpoint({
      tag: 'parcels',
      summary: {
        vi: 'Tra cứu thửa đất theo số tờ, số thửa hoặc hỏi tự do',
        en: 'Parcels by sheet and number, or by free text',
      },
      queryParameters: lookup,
      responses: found,
      handle: async (incoming) => {
        const asked = askedFor(services, incoming);
        const { query } = incoming;
        const answer = await lookUp(services, { ...query, crs: asked.crs }, incoming);
        return collection(services, answer, asked, query.offset);
      },
    }),
    at: endpoint({
      tag: 'parcels',
      summary: {
        vi: 'Thửa đất tại một điểm; hiểu cả hai thứ tự tọa độ',
        en: 'Parcels at a point; both axis orders are understood',
      },
      queryParameters: {
        x: coordinate('Tọa độ thứ nhất', 'First coordinate'),
        y: coordinate('Tọa độ thứ hai', 'Second coordinate'),
        crs: crsParameter({
          vi: 'Hệ tọa độ của điểm; trống: đoán theo độ lớn',
          en: 'CRS of the point; absent: guessed from its size',
        }),
        ...formatParameters,
      },
      responses: found,
      handle: async ({ query: { x, y, crs, f }, signal, ...incoming }) => {
        const asked = askedFor(services, { ...incoming, query: { f } });
        return collection(services, await parcels.at(x, y, crs, { srid: CRS84.srid, limit: 20, signal }), asked);
      },
    }),
    read: parcelEndpoint(services),
    zones: zonesEndpoint(services),
  };
}

const parcelPath = {
  id: required(
    textParameter(
      { vi: 'Số hiệu, hoặc mã định danh 12 ký tự', en: 'Id, or national identifier of 12 characters' },
      { max: 20 },
    ),
  ),
};

async function requireParcel({ parcels }: Services, id: string, options: ParcelOptions): Promise<ParcelFeature> {
  const feature = await parcels.byId(id, options);
  if (feature) return feature;
  throw notFound({ vi: `Không có thửa "${id}".`, en: `There is no parcel "${id}".` });
}

/** Returns the parcel with its right holders, if the principal may see them. */
async function withHolders(
  { parcels, catalogFor }: Services,
  parcel: ParcelFeature,
  { principal, signal }: Pick<Incoming<never, never>, 'principal' | 'signal'>,
): Promise<ParcelFeature> {
  const visible = visibleHolders(catalogFor(principal));
  if (!visible) return parcel;
  const holders = await parcels.holdersOf(parcel.id, visible, { signal });
  return { ...parcel, properties: { ...parcel.properties, holders } };
}

function parcelEndpoint(services: Services) {
  return endpoint({
    tag: 'parcels',
    summary: {
      vi: 'Một thửa đất, theo số hiệu hoặc mã định danh quốc gia',
      en: 'One parcel, by id or national identifier',
    },
    pathParameters: parcelPath,
    queryParameters: { crs: rendering.crs, ...formatParameters },
    responses: {
      200: {
        content: { [GEOJSON_TYPE]: parcelSchema, [HTML_TYPE]: pageSchema },
        headers: { 'Content-Crs': CONTENT_CRS, Link: { vi: 'Quy hoạch tại thửa đất', en: 'Plans at the parcel' } },
      },
    },
    problems: [422, ...DATABASE_PROBLEMS],
    handle: async ({ path: { id }, signal, ...incoming }) => {
      const { place, crs } = askedFor(services, incoming);
      const asked = { principal: incoming.principal, signal };
      const feature = await withHolders(
        services,
        await requireParcel(services, id, { srid: crs.srid, limit: 1, signal }),
        asked,
      );
      if (place.format === 'html') {
        const zones = await zonesOfParcel(services, feature.id, asked);
        return parcelPage(services, { parcel: feature, zones }, place);
      }
      const headers = { 'content-crs': `<${crs.uri}>`, link: `<${zonesUrl(feature, place)}>; rel="related"` };
      return jsonReply(feature, { type: GEOJSON_TYPE, headers });
    },
  });
}

function zonesEndpoint(services: Services) {
  return endpoint({
    tag: 'parcels',
    summary: {
      vi: 'Quy hoạch và hành lang bảo vệ tại một thửa đất: m², %, quyết định, căn cứ',
      en: 'Plans and protection corridors at a parcel: m², %, decision, basis',
    },
    pathParameters: parcelPath,
    queryParameters: formatParameters,
    responses: { 200: { content: { 'application/json': parcelZonesSchema, [HTML_TYPE]: pageSchema } } },
    problems: [422, ...DATABASE_PROBLEMS],
    handle: async ({ path: { id }, signal, principal, ...incoming }) => {
      const { place } = askedFor(services, incoming);
      const parcel = await requireParcel(services, id, { srid: CRS84.srid, limit: 1, signal });
      const zones = await zonesOfParcel(services, parcel.id, { principal, signal });
      return place.format === 'html' ? zonesPage(services, { parcel, zones }, place) : jsonReply(zones);
    },
  });
}
