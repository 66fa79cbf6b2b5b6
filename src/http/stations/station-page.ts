import type { Services } from '../../services.ts';
import type { Aqi, ParameterStatus, StationStatus } from '../../stations/station.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Content, html } from '../html/html.ts';
import { htmlTable, page } from '../html/layout.ts';
import { smallMap } from '../html/small-map.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import { amount, limitText } from './series-page.ts';
import { seriesUrl } from './station-document.ts';
import { localText } from './time-parameter.ts';

const WORDS = {
  vi: {
    assessment: 'Đánh giá',
    since: 'liên tục từ',
    observed: 'Số liệu mới nhất',
    hourly: 'VN_AQI giờ',
    daily: 'VN_AQI ngày',
    none: '–',
    headings: ['Thông số', 'Giá trị', 'Lúc', 'Đánh giá', 'Giới hạn'],
    of: 'của',
    mean: 'trung bình',
    basis: 'VN_AQI theo QĐ 1459/QĐ-TCMT; ngày tính từ 01:00 đến 00:00 hôm sau.',
  },
  en: {
    assessment: 'Assessment',
    since: 'without a break since',
    observed: 'Latest values',
    hourly: 'Hourly VN_AQI',
    daily: 'Daily VN_AQI',
    none: '–',
    headings: ['Parameter', 'Value', 'At', 'Assessment', 'Limits'],
    of: 'of',
    mean: 'mean',
    basis: 'VN_AQI by QĐ 1459/QĐ-TCMT; its day runs from 01:00 to 00:00 of the next day.',
  },
};

/** Renders a station: where it is, what it measures, and its assessment. */
export function stationPage(services: Services, status: StationStatus, place: DocumentPlace): Reply {
  const { language } = place;
  const words = WORDS[language];
  const { station, assessment, aqi, observedAt, parameters } = status;
  const lines: readonly (readonly [string, Content])[] = [
    [words.assessment, stateText(assessment, language)],
    [words.observed, observedAt === null ? words.none : localText(observedAt)],
    ...(station.kind === 'air'
      ? ([
          [words.hourly, aqiText(aqi.hourly, language)],
          [words.daily, aqiText(aqi.daily, language)],
        ] as const)
      : []),
  ];
  return page({
    ...frame(services, place),
    title: `${station.name} (${station.code})`,
    trail: trailTo(place),
    body: html`<dl>${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${
  parameters.length > 0 &&
  html`<h2>${words.observed}</h2>${htmlTable(
    words.headings,
    parameters.map((each) => row(each, status, place)),
  )}`
}
${station.kind === 'air' && html`<p class="quiet">${words.basis}</p>`}
${smallMap(place.base, [{ geometry: { type: 'Point', coordinates: [station.lon, station.lat] }, title: station.name }])}`,
  });
}

function row(parameter: ParameterStatus, { station }: StationStatus, place: DocumentPlace): Content[] {
  const { language } = place;
  const { name, value, unit, observedAt, limits } = parameter;
  const href = withParameters(seriesUrl(place, station.code, parameter), { f: 'html', lang: language });
  return [
    html`<a href="${href}">${name[language]}</a>`,
    amount(value, unit, language),
    localText(observedAt),
    stateText(parameter, language),
    limits.flatMap((limit) =>
      limit.regulation === null
        ? []
        : [
            html`<div>${limit.averaging}: ${limit.value === null ? '–' : amount(limit.value, unit, language)}, ${limitText(limit, unit, language)}</div>`,
          ],
    ),
  ];
}

type Stated = Pick<ParameterStatus, 'title' | 'why' | 'since'>;

function stateText({ title, why, since }: Stated, language: DocumentPlace['language']): string {
  const reason = why === null ? '' : `: ${why[language]}`;
  return `${title[language]}${reason}${since === null ? '' : `, ${WORDS[language].since} ${localText(since)}`}`;
}

function aqiText(aqi: Aqi | null, language: DocumentPlace['language']): Content {
  if (aqi === null) return WORDS[language].none;
  const when = aqi.of.includes('T') ? localText(aqi.of) : aqi.of.split('-').reverse().join('/');
  return html`<span style="background:${aqi.colour};border:1px solid #5a6875;border-radius:3px;padding:0 .4em">&nbsp;</span> <strong>${aqi.isBeyond ? '> ' : ''}${aqi.index}</strong> ${aqi.class[language]} (${aqi.parameter}; ${when})`;
}
