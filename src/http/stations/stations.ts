import { notFound, type Problem, wrongParameter } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { AVERAGES, type Series } from '../../stations/station.ts';
import type { MeasuredParameter, MeasuringStation } from '../../stations/stations.ts';
import { type DocumentPlace, documentPlace } from '../kit/document.ts';
import { endpoint, type Incoming, type NoParameters } from '../kit/endpoint.ts';
import { CSV_TYPE, GEOJSON_TYPE, HTML_TYPE } from '../kit/media-types.ts';
import { chooseFormat, formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, required, textParameter, withDefault } from '../kit/parameters.ts';
import { jsonReply, type Reply, textReply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { seriesCsv } from './series-csv.ts';
import { seriesPage } from './series-page.ts';
import { seriesDocument, stationDocument } from './station-document.ts';
import { stationPage } from './station-page.ts';
import { seriesDocumentSchema, stationFeatureSchema } from './station-shapes.ts';
import { spanOf, timeParameter } from './time-parameter.ts';

const pathParameters = {
  id: required(textParameter({ vi: 'Số hiệu hoặc mã trạm', en: 'Id or code of the station' }, { max: 60 })),
};

const SERIES_TYPES = { json: ['application/json'], html: [HTML_TYPE], csv: [CSV_TYPE] } as const;

const seriesParameters = {
  parameter: required(
    textParameter({ vi: 'Mã thông số, ví dụ PM2.5', en: 'Code of the parameter, such as PM2.5' }, { max: 40 }),
  ),
  from: timeParameter({
    vi: 'Từ ngày hay thời điểm; mặc định 7 ngày trước "to"',
    en: 'First day or time; by default 7 days before "to"',
  }),
  to: timeParameter({
    vi: 'Đến hết ngày hay thời điểm; mặc định là số liệu cuối, nhiều nhất 92 ngày',
    en: 'Last day or time, included; by default that of the last value, at most 92 days',
  }),
  average: withDefault(
    choiceParameter(
      { vi: 'Trung bình của 1, 8 hay 24 giờ, mỗi giờ một giá trị', en: 'Mean of 1, 8 or 24 hours, one value an hour' },
      AVERAGES,
    ),
    '1h',
  ),
  ...formatParameters,
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, ['json', 'html', 'csv']),
};

export function stationEndpoints(services: Services) {
  const { stations, config } = services;
  return {
    read: endpoint({
      tag: 'stations',
      summary: {
        vi: 'Một trạm quan trắc: số liệu mới nhất, VN_AQI, vượt quy chuẩn',
        en: 'A monitoring station: latest values, VN_AQI, exceeded limits',
      },
      pathParameters,
      queryParameters: formatParameters,
      responses: { 200: { content: { [GEOJSON_TYPE]: stationFeatureSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ path: { id }, query: { f }, language, signal, http }) => {
        const place = documentPlace(config, http, { f, language });
        const status = await stations.status(id, { signal });
        if (!status) throw noStation(id);
        if (place.format === 'html') return stationPage(services, status, place);
        return jsonReply(stationDocument(status, place), { type: GEOJSON_TYPE });
      },
    }),
    series: endpoint({
      tag: 'stations',
      summary: {
        vi: 'Chuỗi số liệu của một thông số, so với giới hạn của quy chuẩn',
        en: 'The values of a parameter, held against the limits of the regulation',
      },
      pathParameters,
      queryParameters: seriesParameters,
      responses: {
        200: { content: { 'application/json': seriesDocumentSchema, [HTML_TYPE]: pageSchema, [CSV_TYPE]: pageSchema } },
      },
      handle: (incoming) => answerSeries(services, incoming),
    }),
  };
}

async function answerSeries(
  services: Services,
  { path, query, language, signal, http }: Incoming<typeof pathParameters, typeof seriesParameters, NoParameters>,
): Promise<Reply> {
  const format = chooseFormat(http, query.f, SERIES_TYPES, {
    vi: 'Có JSON (f=json), trang web (f=html) và CSV (f=csv).',
    en: 'There is JSON (f=json), a web page (f=html) and CSV (f=csv).',
  });
  const place = documentPlace(services.config, http, { f: format === 'csv' ? 'json' : format, language });
  const measuring = await services.stations.measured(path.id, { signal });
  if (!measuring) throw noStation(path.id);
  const parameter = requireParameter(measuring, query.parameter);
  const span = spanOf(query.from, query.to, parameter.last);
  const { code, name, unit } = parameter;
  const asked = { station: measuring.station, parameter: { code, name, unit }, average: query.average };
  const series = await services.stations.series(asked, span, { signal });
  if (format === 'csv') return csvReply(series, place);
  if (format === 'html') return seriesPage(services, series, place);
  return jsonReply(seriesDocument(series, place));
}

function csvReply(series: Series, { language }: DocumentPlace): Reply {
  const name = `${series.station.code}_${series.parameter.code}_${series.average}.csv`;
  return textReply(seriesCsv(series, language), `${CSV_TYPE}; charset=utf-8; header=present`, {
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` },
  });
}

/**
 * Returns the parameter with this code. Letter case does not matter, and a comma is a point: the law writes PM2,5.
 * @throws Problem invalid-parameter, which lists what the station measures
 */
function requireParameter({ station, parameters }: MeasuringStation, asked: string): MeasuredParameter {
  const fold = (code: string) => code.toLowerCase().replaceAll(',', '.');
  const found =
    parameters.find(({ code }) => code === asked) ?? parameters.find(({ code }) => fold(code) === fold(asked));
  if (found) return found;
  const list = parameters.map(({ code }) => code).join(', ');
  throw wrongParameter(
    'parameter',
    list
      ? {
          vi: `Trạm ${station.code} không đo "${asked}". Trạm đo: ${list}.`,
          en: `Station ${station.code} does not measure "${asked}". It measures: ${list}.`,
        }
      : {
          vi: `Trạm ${station.code} chưa có số liệu nào.`,
          en: `Station ${station.code} has no values yet.`,
        },
  );
}

function noStation(id: string): Problem {
  return notFound({
    vi: `Không có trạm "${id}". Hãy dùng số hiệu hoặc mã trạm, có trong lớp environment.station_status.`,
    en: `There is no station "${id}". Use the id or the code that the layer environment.station_status has.`,
  });
}
