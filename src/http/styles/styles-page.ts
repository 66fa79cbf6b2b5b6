import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';

/** Title on pages. */
export const STYLES: Text = { vi: 'Các kiểu bản đồ', en: 'Map styles' };

const WORDS = {
  vi: {
    intro: 'Mỗi kiểu là một bản đồ có đủ ký hiệu: mở ngay, kéo tệp .qlr vào QGIS, hoặc dán địa chỉ vào MapLibre.',
    open: 'Mở bản đồ',
  },
  en: {
    intro: 'Each style is a map with its symbols: open it, drop the .qlr file on QGIS, or paste the URL into MapLibre.',
    open: 'Open the map',
  },
};

/** Renders a card for each style: its picture, and links to use it. */
export function stylesPage(services: Services, place: DocumentPlace): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const cards = [...services.styles].map(([id, { metadata }]) => {
    const title = metadata.title[language];
    return html`<section class="card"><img src="${base}/styles/${id}/thumbnail.png" alt="${title}" width="400" height="280" loading="lazy">
<h2><a href="${base}/styles/${id}/metadata?f=html&amp;lang=${language}">${title}</a></h2>
<ul class="plain"><li><a href="${base}/styles/${id}?f=qlr" download>QGIS (.qlr)</a> · <a href="${base}/styles/${id}?f=sld" download>SLD</a></li></ul>
<code class="copy">${base}/styles/${id}</code></section>`;
  });
  return page({
    ...frame(services, place),
    title: STYLES[language],
    trail: trailTo(place),
    body: html`<p>${words.intro} <a href="${base}/map?lang=${language}">${words.open}</a></p><div class="cards">${cards}</div>`,
  });
}
