import type { ParcelAnswer, ParcelFeature } from '../../parcels/parcel.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Content, html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import { smallMap } from '../html/small-map.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import { holderSection } from './holder-section.ts';
import { type ParcelZones, zonesSection } from './parcel-zones.ts';

const WORDS = {
  vi: {
    title: 'Tra cứu thửa đất',
    parcel: 'Thửa đất',
    headings: ['Tờ', 'Thửa', 'Đơn vị', 'Loại đất', 'Diện tích (m²)', 'Địa chỉ'],
    none: 'Không có thửa nào.',
    instead: 'Thử hỏi:',
    next: 'Trang sau',
    area: 'Diện tích trên giấy (m²)',
    measured: 'Diện tích đo (m²)',
    nationalId: 'Mã định danh',
    surveyed: 'Ngày đo',
    formerly: 'Trước đây',
  },
  en: {
    title: 'Parcel lookup',
    parcel: 'Parcel',
    headings: ['Sheet', 'Parcel', 'Unit', 'Land use', 'Area (m²)', 'Address'],
    none: 'There are no parcels.',
    instead: 'Ask instead:',
    next: 'Next page',
    area: 'Area on the certificate (m²)',
    measured: 'Measured area (m²)',
    nationalId: 'National identifier',
    surveyed: 'Surveyed on',
    formerly: 'Formerly',
  },
};

interface ParcelsPage {
  readonly services: Services;
  readonly answer: Pick<ParcelAnswer, 'features' | 'message'>;
  readonly suggestions: readonly { readonly label: Record<DocumentPlace['language'], string>; readonly href: string }[];
  readonly place: DocumentPlace;
  /** URL of the next page. */
  readonly next: string | undefined;
}

/** Renders the parcels found: a map, a table, and alternative queries. Geometries are in longitude and latitude. */
export function parcelsPage({ services, answer: { features, message }, suggestions, place, next }: ParcelsPage): Reply {
  const { language } = place;
  const words = WORDS[language];
  const rows = features.map((parcel) => {
    const { sheet, number, unit, address } = parcel.properties;
    const link = html`<a href="${parcelUrl(parcel, place)}">${String(number)}</a>`;
    return [sheet, link, unit.name, useNames(parcel, language), areaText(parcel, language), address];
  });
  const others = suggestions.map(
    ({ label, href }) =>
      html`<li><a href="${withParameters(href, { f: 'html', lang: language })}">${label[language]}</a></li>`,
  );
  return page({
    ...frame(services, place),
    title: words.title,
    trail: trailTo(place),
    body: html`${smallMap(place.base, features.map(parcelShape))}
${message && html`<p>${message[language]}</p>`}
${rows.length > 0 ? htmlTable(words.headings, rows) : !message && html`<p>${words.none}</p>`}
${next !== undefined && html`<p><a rel="next" href="${next}">${words.next}</a></p>`}
${others.length > 0 && html`<p>${words.instead}</p><ul class="plain">${others}</ul>`}`,
  });
}

interface ZonedParcel {
  /** Its geometry is in longitude and latitude. */
  readonly parcel: ParcelFeature;
  readonly zones: ParcelZones;
}

/** Renders what applies to a parcel. */
export function zonesPage(services: Services, { parcel, zones }: ZonedParcel, place: DocumentPlace): Reply {
  const title = headingOf(parcel, place);
  return page({
    ...frame(services, place),
    title,
    trail: trailTo(place, [title, parcelUrl(parcel, place)]),
    body: html`${smallMap(place.base, [parcelShape(parcel)])}${zonesSection(zones, place)}`,
  });
}

function headingOf({ properties: { sheet, number } }: ParcelFeature, { language }: DocumentPlace): string {
  return `${WORDS[language].parcel} ${sheet} / ${number}`;
}

/** Renders one parcel, and what applies to it. */
export function parcelPage(services: Services, { parcel, zones }: ZonedParcel, place: DocumentPlace): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const { sheet, number, unit, measuredAreaM2, nationalId, address, surveyedOn, formerly } = parcel.properties;
  const [sheetWord, numberWord, unitWord, useWord, , addressWord] = words.headings;
  const before = formerly.map((each) => html`<div>${each.unit.name}, ${each.sheet}, ${String(each.number)}</div>`);
  const lines: readonly (readonly [Content, Content])[] = [
    [sheetWord, sheet],
    [numberWord, String(number)],
    [unitWord, unit.name],
    [useWord, useNames(parcel, language)],
    [words.area, areaText(parcel, language)],
    [words.measured, shownNumber(measuredAreaM2, language)],
    [words.nationalId, nationalId],
    [addressWord, address],
    [words.surveyed, surveyedOn],
    [words.formerly, before],
  ];
  return page({
    ...frame(services, place),
    title: headingOf(parcel, place),
    trail: trailTo(place, [words.title, `${base}/parcels?${new URLSearchParams({ q: `${sheet} ${number}` })}`]),
    body: html`${smallMap(base, [parcelShape(parcel)])}
<dl>${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${holderSection(parcel.properties.holders, place)}
${zonesSection(zones, place)}`,
  });
}

function parcelUrl({ id }: ParcelFeature, { base, language }: DocumentPlace): string {
  return `${base}/parcels/${id}?f=html&lang=${language}`;
}

function parcelShape({ geometry, properties: { sheet, number } }: ParcelFeature) {
  return { geometry, title: `${sheet} / ${number}` };
}

function useNames({ properties: { uses } }: ParcelFeature, language: DocumentPlace['language']): string {
  return uses.map(({ code, nameVi, nameEn }) => `${code} (${language === 'vi' ? nameVi : nameEn})`).join(', ');
}

function areaText({ properties: { legalAreaM2 } }: ParcelFeature, language: DocumentPlace['language']): string {
  return legalAreaM2 === null ? '' : shownNumber(legalAreaM2, language);
}
