import { CRS84, type Crs } from '../../geo/crs.ts';
import { notFound, type Problem, type Text, wrongParameter } from '../../lib/errors.ts';
import type { ParcelAnswer } from '../../parcels/parcel.ts';
import type { Parcels } from '../../parcels/parcels.ts';
import type { Services } from '../../services.ts';
import { type Place, placeOf } from '../kit/document.ts';
import { endpoint, type Incoming } from '../kit/endpoint.ts';
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
import { json, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { parcelSchema, parcelsSchema } from './parcel-shapes.ts';
import { parcelPage, parcelsPage } from './parcels-page.ts';

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

const lookup = {
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

type NoNames = Record<never, never>;

/** The requested form and CRS of the answer. A page needs longitude and latitude. */
interface Asked {
  readonly place: Place;
  readonly crs: Crs;
}

function askedFor({ config }: Services, { query, language, http }: AskedIncoming): Asked {
  const place = placeOf(config, http, { f: query.f, language });
  return { place, crs: place.format === 'html' ? CRS84 : (query.crs ?? CRS84) };
}

type AskedIncoming = Pick<Incoming<NoNames, NoNames>, 'language' | 'http'> & {
  readonly query: { readonly f: Format | undefined; readonly crs?: Crs | undefined };
};

function collection(services: Services, answer: ParcelAnswer, { place, crs }: Asked): Reply {
  const { features, suggestions: asked, ...rest } = answer;
  const suggestions = asked?.map(({ label, search }) => ({
    label,
    href: `${place.base}/parcels?${new URLSearchParams(search)}`,
  }));
  if (place.format === 'html') return parcelsPage({ services, answer, suggestions: suggestions ?? [], place });
  const body = {
    type: 'FeatureCollection',
    numberReturned: features.length,
    ...rest,
    ...(suggestions ? { suggestions } : {}),
    features,
  };
  return json(body, { type: GEOJSON_TYPE, headers: { 'content-crs': `<${crs.uri}>` } });
}

/** Answers `/parcels`: everything is in `q`, or in `sheet` and `number`. */
async function lookUp(
  parcels: Parcels,
  { q, unit, sheet, number, crs, limit }: Values<typeof lookup>,
  signal: AbortSignal,
): Promise<ParcelAnswer> {
  const options = { srid: crs.srid, limit, signal };
  if (q !== undefined) {
    if (unit ?? sheet ?? number) {
      throw wrongParameter('q', {
        vi: 'Tham số "q" dùng một mình, không cùng unit, sheet, number.',
        en: 'Parameter "q" must be alone, without unit, sheet and number.',
      });
    }
    return parcels.search(q, options);
  }
  if (sheet === undefined) throw missing('sheet', 'number');
  if (number === undefined) throw missing('number', 'sheet');
  return parcels.byNumber({ unit, sheet, number }, options);
}

function missing(name: string, beside: string): Problem {
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
      handle: async ({ signal, ...incoming }) => {
        const asked = askedFor(services, incoming);
        return collection(services, await lookUp(parcels, { ...incoming.query, crs: asked.crs }, signal), asked);
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
  };
}

function parcelEndpoint(services: Services) {
  return endpoint({
    tag: 'parcels',
    summary: {
      vi: 'Một thửa đất, theo số hiệu hoặc mã định danh quốc gia',
      en: 'One parcel, by id or national identifier',
    },
    pathParameters: {
      id: required(
        textParameter(
          { vi: 'Số hiệu, hoặc mã định danh 12 ký tự', en: 'Id, or national identifier of 12 characters' },
          { max: 20 },
        ),
      ),
    },
    queryParameters: { crs: rendering.crs, ...formatParameters },
    responses: {
      200: {
        content: { [GEOJSON_TYPE]: parcelSchema, [HTML_TYPE]: pageSchema },
        headers: { 'Content-Crs': CONTENT_CRS },
      },
    },
    handle: async ({ path: { id }, signal, ...incoming }) => {
      const { place, crs } = askedFor(services, incoming);
      const feature = await services.parcels.byId(id, { srid: crs.srid, limit: 1, signal });
      if (!feature) throw notFound({ vi: `Không có thửa "${id}".`, en: `There is no parcel "${id}".` });
      if (place.format === 'html') return parcelPage(services, feature, place);
      return json(feature, { type: GEOJSON_TYPE, headers: { 'content-crs': `<${crs.uri}>` } });
    },
  });
}
