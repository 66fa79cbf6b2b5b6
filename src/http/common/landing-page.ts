import type { Layer } from '../../catalog/layer.ts';
import { countFeatures } from '../../features/items.ts';
import { timeField } from '../../features/items-query.ts';
import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { listThemes } from '../../themes.ts';
import { frame } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { formatDay, PROVINCE_ZONE, page, shownNumber } from '../html/layout.ts';
import { searchForm } from '../html/search-form.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import { readTimeExtent } from '../layers/extent.ts';

const WORDS = {
  vi: {
    intro: 'Ô vectơ, tra cứu thửa đất, phân tích không gian và các dịch vụ chuẩn OGC trên cơ sở dữ liệu PostGIS.',
    data: 'Dữ liệu',
    services: 'Dịch vụ chuẩn',
    qgis: 'Kết nối QGIS',
    qgisFiles: 'Tải một tệp rồi kéo vào cửa sổ QGIS: bản đồ có đủ ký hiệu, kèm các lớp đối tượng.',
    about: 'Máy chủ',
    layers: 'lớp',
    until: 'đến',
    engine: { embedded: 'PostgreSQL nhúng', postgres: 'PostgreSQL' },
    agency: 'Cơ quan',
    database: 'Cơ sở dữ liệu',
  },
  en: {
    intro: 'Vector tiles, parcel lookup, spatial analysis and standard OGC services over PostGIS databases.',
    data: 'Data',
    services: 'Standard services',
    qgis: 'Connect QGIS',
    qgisFiles:
      'Download a file and drop it on the window of QGIS: the map with its symbols, and the layers of features.',
    about: 'The server',
    layers: 'layers',
    until: 'to',
    engine: { embedded: 'Embedded PostgreSQL', postgres: 'PostgreSQL' },
    agency: 'Agency',
    database: 'Database',
  },
};

interface LandingPage {
  readonly services: Services;
  readonly layers: readonly Layer[];
  readonly place: DocumentPlace;
  /** Paths of all routes, so that links lead only to existing ones. */
  readonly paths: ReadonlySet<string>;
}

export async function landingPage({ services, layers, place, paths }: LandingPage): Promise<Reply> {
  const { language } = place;
  const words = WORDS[language];
  const { engine, postgres, postgis } = services.db.capabilities;
  const schemas = services.config.schemas.filter((name) => layers.some(({ schema }) => schema === name));
  const cards = await Promise.all(
    schemas.map((schema) =>
      themeCard(
        services,
        layers.filter((layer) => layer.schema === schema),
        place,
      ),
    ),
  );
  return page({
    ...frame(services, place),
    title: { vi: 'Địa Bạ: dữ liệu đất đai và môi trường', en: 'Địa Bạ: land and environment data' }[language],
    body: html`<p>${words.intro}</p>
${searchForm(place)}
<div class="doors">${DOORS.map((door) => doorOf(door, place))}</div>
<h2>${words.data}</h2>
<div class="cards">${cards}</div>
<h2 id="services">${words.services}</h2>
<ul class="plain">${serviceLinks(place, paths)}</ul>
<h2>${words.qgis}</h2>
${qgisFiles(services, place)}
${qgisLines(place, paths)}
<h2>${words.about}</h2>
<dl><dt>${words.agency}</dt><dd>${services.config.agency}</dd>
<dt>${words.database}</dt><dd>${words.engine[engine]} ${postgres}, PostGIS ${postgis}</dd></dl>`,
  });
}

/** The ways into the server. */
const DOORS: readonly { readonly href: string; readonly title: Text; readonly text: Text }[] = [
  {
    href: '#search',
    title: { vi: 'Tra cứu', en: 'Look up' },
    text: {
      vi: 'Thửa đất theo số tờ, số thửa, đơn vị mới hay cũ.',
      en: 'Parcels by sheet and number, in units new or old.',
    },
  },
  {
    href: '/map',
    title: { vi: 'Bản đồ', en: 'Map' },
    text: {
      vi: 'Xem đất đai, môi trường, địa lý nền; phân tích và tải kết quả về.',
      en: 'See land, environment and base geography; analyse, and take the results along.',
    },
  },
  {
    href: '/quality',
    title: { vi: 'Chất lượng', en: 'Quality' },
    text: {
      vi: 'Dữ liệu của từng phường, xã đúng và đủ đến đâu, sửa gì trước.',
      en: 'How correct and complete the data of each commune is, and what to mend first.',
    },
  },
  {
    href: '#services',
    title: { vi: 'Dịch vụ', en: 'Services' },
    text: {
      vi: 'Địa chỉ cho QGIS, ArcGIS, trang web và các cơ quan khác (OGC API, WFS, WMTS, ô vectơ).',
      en: 'Addresses for QGIS, ArcGIS, web pages and other agencies (OGC API, WFS, WMTS, vector tiles).',
    },
  },
];

function doorOf({ href, title, text }: (typeof DOORS)[number], { base, language }: DocumentPlace): Html {
  const url = href.startsWith('#') ? href : withParameters(base + href, { lang: language });
  return html`<a class="door" href="${url}"><strong>${title[language]}</strong> ${text[language]}</a>`;
}

async function themeCard(
  services: Services,
  layers: readonly Layer[],
  { base, language }: DocumentPlace,
): Promise<Html> {
  const lines = await Promise.all(
    layers.map(async (layer) => {
      const [counted, period] = await Promise.all([
        countFeatures(services.db, layer).catch((error) => {
          // A view that is slow or fails must not break the landing page.
          services.log.warn({ err: error, layer: layer.id }, 'features not counted');
          return undefined;
        }),
        readTimeExtent(services, layer),
      ]);
      const number = counted ? shownNumber(counted.count, language) : '';
      const end = period?.[1];
      const field = timeField(layer);
      const day = end && field && formatDay(end, field.type === 'date' ? 'UTC' : PROVINCE_ZONE, language);
      return html`<li><a href="${collectionUrl(base, layer.id)}?f=html&amp;lang=${language}">${layer.title[language]}</a>
      <span class="quiet">${counted?.isExact === false && '≈ '}${number}${day && `; ${field.title[language].toLowerCase()} ${WORDS[language].until} ${day}`}</span></li>`;
    }),
  );
  const schema = layers[0]?.schema ?? '';
  return html`<section class="card"><h2>${listThemes().find(({ id }) => id === schema)?.title[language] ?? schema}</h2>
<p class="quiet">${layers.length} ${WORDS[language].layers}</p><ul class="plain">${lines}</ul></section>`;
}

function serviceLinks({ base, language }: DocumentPlace, paths: ReadonlySet<string>): Html[] {
  const links: readonly { path: string; text: Text }[] = [
    { path: '/processes', text: { vi: 'Phân tích (OGC API - Processes)', en: 'Analysis (OGC API - Processes)' } },
    {
      path: '/collections',
      text: { vi: 'Các lớp dữ liệu (OGC API - Features)', en: 'Layers (OGC API - Features)' },
    },
    {
      path: '/tiles',
      text: { vi: 'Ô vectơ của mọi lớp (OGC API - Tiles)', en: 'Vector tiles of all layers (OGC API - Tiles)' },
    },
    { path: '/styles', text: { vi: 'Các kiểu bản đồ MapLibre', en: 'MapLibre styles' } },
    { path: '/api', text: { vi: 'Giao diện lập trình (OpenAPI 3.0)', en: 'API (OpenAPI 3.0)' } },
    { path: '/docs', text: { vi: 'Hướng dẫn sử dụng', en: 'Documentation' } },
    { path: '/conformance', text: { vi: 'Các lớp yêu cầu OGC', en: 'OGC conformance classes' } },
  ];
  return links
    .filter(({ path }) => paths.has(path))
    .map(
      ({ path, text }) =>
        html`<li><a href="${withParameters(base + path, { f: 'html', lang: language })}">${text[language]}</a></li>`,
    );
}

const QGIS: readonly { path: string; url: string; text: Text }[] = [
  {
    path: '/collections',
    url: '/',
    text: {
      vi: 'Mọi lớp: Thêm lớp WFS / OGC API - Features → Mới, dán địa chỉ, phiên bản "OGC API - Features"',
      en: 'Every layer: Add WFS / OGC API - Features layer → New, paste the URL, version "OGC API - Features"',
    },
  },
  {
    path: '/wfs',
    url: '/wfs',
    text: {
      vi: 'Mọi lớp, trong hệ tọa độ gốc: Thêm lớp WFS → Mới, dán địa chỉ, phiên bản 2.0',
      en: 'Every layer, in its own system: Add WFS layer → New, paste the URL, version 2.0',
    },
  },
  {
    path: '/styles/:style',
    url: '/styles/land',
    text: {
      vi: 'Bản đồ có kiểu: Vector Tiles → Kết nối mới, địa chỉ ô ở dòng dưới, kiểu (Style URL)',
      en: 'Styled map: Vector Tiles → New connection, tiles from the next line, Style URL',
    },
  },
  {
    path: '/xyz/:layers/:z/:x/:y.mvt',
    url: '/xyz/land.parcel,base.road/{z}/{x}/{y}.mvt',
    text: { vi: 'Ô vectơ XYZ của một hay nhiều lớp', en: 'XYZ vector tiles of one layer or several' },
  },
  {
    path: '/wmts',
    url: '/wmts?SERVICE=WMTS&REQUEST=GetCapabilities',
    text: {
      vi: 'Bản đồ ảnh nhanh: Thêm lớp WMS/WMTS → Mới (WMTS)',
      en: 'Maps as fast pictures: Add WMS/WMTS layer → New (WMTS)',
    },
  },
  {
    path: '/wms',
    url: '/wms?SERVICE=WMS&REQUEST=GetCapabilities',
    text: {
      vi: 'Bản đồ ảnh trong VN-2000, hỏi được đối tượng: Thêm lớp WMS/WMTS → Mới (WMS 1.3.0)',
      en: 'Maps as pictures in VN-2000 that can be asked: Add WMS/WMTS layer → New (WMS 1.3.0)',
    },
  },
];

/** Lists a file of each style that QGIS opens at once: tiles and features, with their symbols. */
function qgisFiles({ styles }: Services, { base, language }: DocumentPlace): Html {
  const files = [...styles].map(
    ([id, { metadata }]) =>
      html`<li><a href="${base}/styles/${id}?f=qlr" download>${metadata.title[language]} (.qlr)</a></li>`,
  );
  return html`<p>${WORDS[language].qgisFiles}</p><ul class="plain">${files}</ul>`;
}

function qgisLines({ base, language }: DocumentPlace, paths: ReadonlySet<string>): Html[] {
  return QGIS.filter(({ path }) => paths.has(path)).map(
    ({ url, text }) => html`<div>${text[language]}<code class="copy">${base}${url}</code></div>`,
  );
}
