import type { Services } from '../../services.ts';
import { AVERAGE_HOURS, type Series, type SeriesLimit, STATE_TITLES } from '../../stations/station.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import { seriesChart } from './series-chart.ts';
import { averageUrls, statesOf, stationUrl } from './station-document.ts';
import { localText } from './time-parameter.ts';

const WORDS = {
  vi: {
    headings: ['Đến', 'Giá trị', 'Số giờ có số liệu', 'Đánh giá'],
    average: 'Trung bình',
    hours: 'giờ',
    limits: 'Giới hạn',
    noLimits: 'Không có giới hạn cho trung bình này, nên không đánh giá.',
    states: 'Số giờ',
    none: 'Không có giá trị nào trong khoảng này: mỗi trung bình cần ít nhất 75% số giá trị.',
    csv: 'Tải CSV',
  },
  en: {
    headings: ['Until', 'Value', 'Hours with values', 'Assessment'],
    average: 'Mean of',
    hours: 'h',
    limits: 'Limits',
    noLimits: 'There is no limit for this mean, so it is not assessed.',
    states: 'Hours',
    none: 'There is no value in this interval: each mean needs at least 75 % of its values.',
    csv: 'Download CSV',
  },
};

/** Renders a series: its chart, its limits, and a table with the latest first. */
export function seriesPage(services: Services, series: Series, place: DocumentPlace): Reply {
  const { language } = place;
  const words = WORDS[language];
  const { station, parameter, average, values, limits } = series;
  const states = Object.entries(statesOf(values)) as ['exceeded' | 'within' | 'not_assessed', number][];
  const others = averageUrls(place).map(([name, url]) =>
    name === average ? html`<strong>${name}</strong> ` : html`<a href="${url}">${name}</a> `,
  );
  return page({
    ...frame(services, place),
    title: `${station.name} (${station.code}): ${parameter.name[language]}`,
    trail: trailTo(place, [station.name, stationUrl(place, station.code)]),
    body: html`${seriesChart(series, language) ?? html`<p>${words.none}</p>`}
<dl>
<dt>${words.average}</dt><dd>${others}${words.hours === 'h' ? '' : ` (${AVERAGE_HOURS[average]} ${words.hours})`}</dd>
<dt>${words.limits}</dt><dd>${limits.length > 0 ? limits.map((each) => html`<div>${limitText(each, parameter.unit, language)}</div>`) : words.noLimits}</dd>
<dt>${words.states}</dt><dd>${states.map(([state, count], index) => `${index > 0 ? '; ' : ''}${STATE_TITLES[state][language]}: ${count}`)}</dd>
</dl>
<p><a href="${withParameters(place.url, { f: 'csv', lang: language })}">${words.csv}</a></p>
${htmlTable(words.headings, seriesRows(series, place))}`,
  });
}

function seriesRows({ values, parameter }: Series, { language }: DocumentPlace): string[][] {
  return values
    .toReversed()
    .map(({ at, value, hours, state }) => [
      localText(at),
      value === null ? '–' : amount(value, parameter.unit, language),
      String(hours),
      STATE_TITLES[state][language],
    ]);
}

/** Writes a value with its unit, as people read it. */
export function amount(value: number, unit: string, language: DocumentPlace['language']): string {
  return `${shownNumber(Number(value.toPrecision(6)), language)}${unit === '-' ? '' : ` ${unit}`}`;
}

/** Writes a limit: its bounds, the regulation and its class, and how sure the figure is. */
export function limitText(
  { minimum, maximum, regulation, class: of, status }: { readonly [K in keyof SeriesLimit]: SeriesLimit[K] | null },
  unit: string,
  language: DocumentPlace['language'],
): string {
  const bounds = [
    ...(minimum === null ? [] : [`≥ ${amount(minimum, unit, language)}`]),
    ...(maximum === null ? [] : [`≤ ${amount(maximum, unit, language)}`]),
  ].join(', ');
  const doubt = status?.startsWith('source')
    ? ''
    : { vi: '; chưa đối chiếu với văn bản', en: '; not checked against the text' }[language];
  return `${bounds} (${regulation}${of === null ? '' : `, ${of}`}${doubt})`;
}
