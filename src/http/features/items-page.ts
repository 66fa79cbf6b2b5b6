import type { FieldType, Layer } from '../../catalog/layer.ts';
import type { Items } from '../../features/items.ts';
import type { ItemsFilter } from '../../features/items-query.ts';
import { readFeatureText } from '../../geo/geojson.ts';
import type { Services } from '../../services.ts';
import { frame, layersStep, trailTo } from '../html/frame.ts';
import { type Content, html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import { smallMap } from '../html/small-map.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import { fieldHeading } from './field-heading.ts';

/** Formats that hold more than a page, by their names in `f`. */
const FILES = [
  ['geojson', 'GeoJSON'],
  ['geojsonseq', 'GeoJSON Text Sequence'],
  ['csv', 'CSV'],
  ['gpkg', 'GeoPackage'],
  ['fgb', 'FlatGeobuf'],
  ['parquet', 'GeoParquet'],
  ['shp', 'Shapefile'],
  ['xlsx', 'XLSX'],
  ['dxf', 'DXF'],
  ['kml', 'KML'],
] as const;
const WHOLE = { limit: undefined, cursor: undefined, lang: undefined };

type ItemProperties = Readonly<Record<string, unknown>>;

const WORDS = {
  vi: {
    shown: 'đối tượng trên trang này',
    of: 'trong số',
    none: 'Không có đối tượng nào.',
    next: 'Trang sau →',
    first: '← Trang đầu',
    all: 'Bỏ lọc',
    download: 'Tải về cả kết quả:',
  },
  en: {
    shown: 'features on this page',
    of: 'of',
    none: 'There are no features.',
    next: 'Next page →',
    first: '← First page',
    all: 'Remove the filter',
    download: 'Download all of it:',
  },
};

interface ItemsPage {
  readonly services: Services;
  readonly layer: Layer;
  readonly items: Items;
  readonly place: DocumentPlace;
  readonly filter: ItemsFilter;
}

/** Renders a page of features: a small map, a table, and a link to the next page. */
export function itemsPage({ services, layer, items, place, filter }: ItemsPage): Reply {
  const { base, url, language } = place;
  const words = WORDS[language];
  const features = items.features.map((text) => readFeatureText<ItemProperties>(text));
  const itemsUrl = `${collectionUrl(base, layer.id)}/items`;
  const href = (id: unknown) =>
    withParameters(`${itemsUrl}/${encodeURIComponent(String(id))}`, {
      ...layer.call?.arguments,
      f: 'html',
      lang: language,
    });
  // A key of one column equals the id in the first column.
  const isKey = (name: string) => layer.key.kind === 'columns' && layer.key.columns.join() === name;
  const fields = layer.fields.filter(({ name }) => !isKey(name));
  const rows = features.map(({ id, properties }) => [
    html`<a href="${href(id)}">${String(id)}</a>`,
    ...fields.map(({ name, type }) => itemCell(showValue(properties[name], type, language))),
  ]);
  const total = items.matched === undefined ? '' : ` ${words.of} ${shownNumber(items.matched, language)}`;
  const isFiltered = filter.equals.length > 0 || filter.boxes || filter.time || filter.search || filter.filter;
  return page({
    ...frame(services, place),
    title: layer.title[language],
    trail: trailTo(place, layersStep(place), [layer.id, collectionUrl(base, layer.id)]),
    body: html`${smallMap(
      base,
      features.map(({ geometry, id }) => ({ geometry, title: String(id) })),
    )}
<p>${features.length ? html`${shownNumber(features.length, language)} ${words.shown}${total}.` : words.none}
${isFiltered && html`<a href="${withParameters(itemsUrl, { ...layer.call?.arguments, f: 'html', lang: language })}">${words.all}</a>`}</p>
${rows.length > 0 && htmlTable(['id', ...fields.map((field) => fieldHeading(field, language))], rows)}
<p class="pages">${new URL(url).searchParams.has('cursor') && html`<a href="${withParameters(url, { cursor: undefined })}">${words.first}</a>`}
${items.next !== undefined && html`<a rel="next" href="${withParameters(url, { cursor: items.next, f: 'html' })}">${words.next}</a>`}</p>
<p>${words.download} ${FILES.map(([f, name]) => html`<a href="${withParameters(url, { ...WHOLE, f })}">${name}</a> `)}</p>`,
  });
}

/** Longest text that fits into a column without narrow wrapping. */
const LONG = 30;

function itemCell(value: Content): Content {
  return typeof value === 'string' && value.length > LONG ? html`<span class="long">${value}</span>` : value;
}

/**
 * Formats a value for a table. Numbers follow the language, except in integer fields: parcel 1234 is not parcel 1.234.
 * NULL is empty; nested values are JSON.
 */
export function showValue(value: unknown, type: FieldType, language: DocumentPlace['language']): Content {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' && Number.isFinite(value) && type !== 'integer') return shownNumber(value, language);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
