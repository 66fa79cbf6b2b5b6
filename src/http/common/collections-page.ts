import type { Layer, TileFunction } from '../../catalog/layer.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { htmlTable, page } from '../html/layout.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';

const WORDS = {
  vi: { title: 'Các lớp', headings: ['Lớp', 'Mã', 'Hình học', 'Xem'], items: 'đối tượng', tiles: 'TileJSON' },
  en: { title: 'Layers', headings: ['Layer', 'Id', 'Geometry', 'See'], items: 'features', tiles: 'TileJSON' },
};

interface CollectionsPage {
  readonly services: Services;
  readonly layers: readonly Layer[];
  readonly tileFunctions: readonly TileFunction[];
  readonly place: DocumentPlace;
}

export function collectionsPage({ services, layers, tileFunctions, place }: CollectionsPage): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const tileJson = (id: string) =>
    html`<a href="${base}/xyz/${encodeURIComponent(id)}/tilejson.json">${words.tiles}</a>`;
  const rows = layers.map(({ id, title, geometry }) => [
    html`<a href="${collectionUrl(base, id)}?f=html&amp;lang=${language}">${title[language]}</a>`,
    html`<code>${id}</code>`,
    `${geometry.type}, EPSG:${geometry.srid}`,
    html`<a href="${collectionUrl(base, id)}/items?f=html&amp;lang=${language}">${words.items}</a>, ${tileJson(id)}`,
  ]);
  const functionRows = tileFunctions.map(({ id, title }) => [
    title[language],
    html`<code>${id}</code>`,
    'MVT',
    tileJson(id),
  ]);
  return page({
    ...frame(services, place),
    title: words.title,
    trail: trailTo(place),
    body: htmlTable(words.headings, [...rows, ...functionRows]),
  });
}
