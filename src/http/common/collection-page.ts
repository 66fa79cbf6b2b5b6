import type { FieldType, Layer, LayerCall } from '../../catalog/layer.ts';
import type { Language, Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { frame, layersStep, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';
import type { Collection } from './collection.ts';

const WORDS = {
  vi: {
    id: 'Mã lớp',
    geometry: 'Hình học',
    storage: 'Hệ tọa độ gốc',
    extent: 'Phạm vi (tây, nam, đông, bắc)',
    empty: 'chưa có đối tượng nào',
    time: 'Thời gian',
    open: 'không giới hạn',
    items: 'Xem các đối tượng',
    fields: 'Các trường',
    headings: ['Tên', 'Ý nghĩa', 'Kiểu'],
    parameters: 'Tham số (ghi trong URL: ?tên=giá trị)',
    parameterHeadings: ['Tên', 'Kiểu', ''],
    required: 'bắt buộc',
    links: 'Liên kết',
  },
  en: {
    id: 'Layer id',
    geometry: 'Geometry',
    storage: 'Stored in',
    extent: 'Extent (west, south, east, north)',
    empty: 'no features yet',
    time: 'Time',
    open: 'open',
    items: 'See the features',
    fields: 'Fields',
    headings: ['Name', 'Meaning', 'Type'],
    parameters: 'Parameters (in the URL: ?name=value)',
    parameterHeadings: ['Name', 'Type', ''],
    required: 'required',
    links: 'Links',
  },
};

const TYPES: Record<FieldType, Text> = {
  string: { vi: 'chữ', en: 'text' },
  integer: { vi: 'số nguyên', en: 'whole number' },
  number: { vi: 'số', en: 'number' },
  boolean: { vi: 'đúng/sai', en: 'true/false' },
  date: { vi: 'ngày', en: 'date' },
  datetime: { vi: 'thời điểm', en: 'time' },
  json: { vi: 'JSON', en: 'JSON' },
};

interface CollectionPage {
  readonly services: Services;
  readonly layer: Layer;
  readonly collection: Collection;
  readonly place: DocumentPlace;
}

export function collectionPage({ services, layer, collection, place }: CollectionPage): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const box = collection.extent?.spatial?.bbox[0]?.map((value) => shownNumber(value, language)).join('; ');
  const span = collection.extent?.temporal?.interval[0]?.map((end) => end ?? words.open).join(' – ');
  const links = collection.links.filter(({ rel }) => rel !== 'collection');
  return page({
    ...frame(services, place),
    title: layer.title[language],
    trail: trailTo(place, layersStep(place)),
    body: html`<p><a href="${collectionUrl(base, layer.id)}/items?f=html&amp;lang=${language}">${words.items}</a></p>
<dl>
<dt>${words.id}</dt><dd><code>${layer.id}</code></dd>
<dt>${words.geometry}</dt><dd>${layer.geometry.type}</dd>
<dt>${words.storage}</dt><dd>EPSG:${layer.geometry.srid}</dd>
${layer.call ? '' : html`<dt>${words.extent}</dt><dd>${box ?? words.empty}</dd>`}
${span && html`<dt>${words.time}</dt><dd>${span}</dd>`}
</dl>
${layer.call && parametersTable(layer.call, language)}
<h2>${words.fields}</h2>
${htmlTable(
  words.headings,
  layer.fields.map(({ name, title, type }) => [html`<code>${name}</code>`, title[language], TYPES[type][language]]),
)}
<h2>${words.links}</h2>
<ul class="plain">${links.map(
      ({ href, title, templated }) =>
        html`<li>${title}: ${templated ? html`<code>${href}</code>` : html`<a href="${href}">${href}</a>`}</li>`,
    )}</ul>`,
  });
}

function parametersTable({ parameters }: LayerCall, language: Language) {
  const words = WORDS[language];
  const rows = parameters.map(({ name, type, isRequired }) => [
    html`<code>${name}</code>`,
    TYPES[type][language],
    isRequired ? words.required : '',
  ]);
  return rows.length > 0 && html`<h2>${words.parameters}</h2>${htmlTable(words.parameterHeadings, rows)}`;
}
