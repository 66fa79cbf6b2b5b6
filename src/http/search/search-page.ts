import type { HitType } from '../../search/hit.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import { searchForm } from '../html/search-form.ts';
import { smallMap } from '../html/small-map.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import type { LinkedAnswer } from './linked-answer.ts';

const WORDS = {
  vi: {
    title: 'Tìm kiếm',
    count: 'kết quả',
    meant: 'Có phải:',
    instead: 'Thử hỏi:',
    next: 'Trang sau',
    headings: ['Loại', 'Tên', 'Ở đâu', ''],
    map: 'Bản đồ',
    shares: ['Tờ', 'Thửa', 'Đơn vị', 'm²', '% hình', '% thửa'],
  },
  en: {
    title: 'Search',
    count: 'hits',
    meant: 'Did you mean:',
    instead: 'Ask instead:',
    next: 'Next page',
    headings: ['Type', 'Name', 'Where', ''],
    map: 'Map',
    shares: ['Sheet', 'Parcel', 'Unit', 'm²', '% of the polygon', '% of the parcel'],
  },
};

const TYPES: Readonly<Record<HitType, Record<DocumentPlace['language'], string>>> = {
  parcel: { vi: 'Thửa đất', en: 'Parcel' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  station: { vi: 'Trạm quan trắc', en: 'Station' },
  road: { vi: 'Đường', en: 'Road' },
  waterway: { vi: 'Sông, suối, kênh', en: 'Waterway' },
  waste_site: { vi: 'Cơ sở xử lý chất thải', en: 'Waste site' },
  decision: { vi: 'Quyết định quy hoạch', en: 'Planning decision' },
  control_point: { vi: 'Điểm tọa độ', en: 'Control point' },
  place: { vi: 'Địa danh', en: 'Place' },
  address: { vi: 'Địa chỉ', en: 'Address' },
  coordinate: { vi: 'Tọa độ', en: 'Coordinates' },
  polygon: { vi: 'Hình theo góc', en: 'Polygon' },
};

interface SearchPage {
  readonly services: Services;
  readonly q: string;
  readonly answer: LinkedAnswer;
  readonly place: DocumentPlace;
  /** URL of the next page. */
  readonly next: string | undefined;
}

/** Renders the search box and the hits. */
export function searchPage({ services, q, answer, place, next }: SearchPage): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const { hits, numberMatched, message, didYouMean = [], suggestions = [], polygon } = answer;
  const shapes = polygon
    ? [{ geometry: polygon.geometry, title: hits[0]?.title[language] ?? '' }]
    : hits.flatMap(({ point, title }) =>
        point ? [{ geometry: { type: 'Point' as const, coordinates: [...point] }, title: title[language] }] : [],
      );
  return page({
    ...frame(services, place),
    title: words.title,
    trail: trailTo(place),
    body: html`${searchForm(place, q)}
${message && html`<p>${message[language]}</p>`}
${didYouMean.length > 0 && questionList(words.meant, didYouMean, language)}
${smallMap(base, shapes)}
${hits.length > 0 && html`<p class="quiet">${shownNumber(numberMatched, language)} ${words.count}</p>${hitTable(hits, place)}`}
${polygon && polygon.parcels.length > 0 && shareTable(polygon, language)}
${next !== undefined && html`<p><a rel="next" href="${next}">${words.next}</a></p>`}
${suggestions.length > 0 && questionList(words.instead, suggestions, language)}`,
  });
}

function hitTable(hits: LinkedAnswer['hits'], { base, language }: DocumentPlace): Html {
  const rows = hits.map(({ type, title, subtitle, href, point }) => [
    TYPES[type][language],
    href === undefined
      ? title[language]
      : html`<a href="${withParameters(href, { f: 'html', lang: language })}">${title[language]}</a>`,
    subtitle[language],
    point && html`<a href="${base}/map?lang=${language}#map=16/${point[1]}/${point[0]}">${WORDS[language].map}</a>`,
  ]);
  return htmlTable(WORDS[language].headings, rows);
}

function shareTable({ parcels }: NonNullable<LinkedAnswer['polygon']>, language: DocumentPlace['language']): Html {
  const rows = parcels.map(({ sheet, number, unit, areaM2, percentOfPolygon, percentOfParcel }) => [
    sheet,
    String(number),
    unit,
    ...[areaM2, percentOfPolygon, percentOfParcel].map((value) => shownNumber(value, language)),
  ]);
  return htmlTable(WORDS[language].shares, rows);
}

function questionList(
  title: string,
  list: NonNullable<LinkedAnswer['suggestions']>,
  language: DocumentPlace['language'],
): Html {
  const lines = list.map(
    ({ label, href }) =>
      html`<li><a href="${withParameters(href, { f: 'html', lang: language })}">${label[language]}</a></li>`,
  );
  return html`<p>${title}</p><ul class="plain">${lines}</ul>`;
}
