import type { Layer } from '../../catalog/layer.ts';
import { countFeatures } from '../../features/items.ts';
import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { listThemes } from '../../themes.ts';
import { frame } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { formatNumber, page } from '../html/layout.ts';
import { collectionUrl, type Place } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';

const WORDS = {
  vi: {
    intro: 'Ô vectơ, tra cứu thửa đất, phân tích không gian và các dịch vụ chuẩn OGC trên cơ sở dữ liệu PostGIS.',
    start: 'Bắt đầu',
    qgis: 'Kết nối QGIS',
    qgisFiles: 'Tải một tệp rồi kéo vào cửa sổ QGIS: bản đồ có đủ ký hiệu, kèm các lớp đối tượng.',
    about: 'Máy chủ',
    layers: 'lớp',
    engine: { embedded: 'PostgreSQL nhúng', postgres: 'PostgreSQL' },
    agency: 'Cơ quan',
    database: 'Cơ sở dữ liệu',
  },
  en: {
    intro: 'Vector tiles, parcel lookup, spatial analysis and standard OGC services over PostGIS databases.',
    start: 'Start here',
    qgis: 'Connect QGIS',
    qgisFiles:
      'Download a file and drop it on the window of QGIS: the map with its symbols, and the layers of features.',
    about: 'The server',
    layers: 'layers',
    engine: { embedded: 'Embedded PostgreSQL', postgres: 'PostgreSQL' },
    agency: 'Agency',
    database: 'Database',
  },
};

interface LandingPage {
  readonly services: Services;
  readonly layers: readonly Layer[];
  readonly place: Place;
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
<h2>${words.start}</h2>
<ul class="plain">${startLinks(place, paths)}</ul>
<div class="cards">${cards}</div>
<h2>${words.qgis}</h2>
${qgisFiles(services, place)}
${qgisLines(place, paths)}
<h2>${words.about}</h2>
<dl><dt>${words.agency}</dt><dd>${services.config.agency}</dd>
<dt>${words.database}</dt><dd>${words.engine[engine]} ${postgres}, PostGIS ${postgis}</dd></dl>`,
  });
}

async function themeCard({ db, log }: Services, layers: readonly Layer[], { base, language }: Place): Promise<Html> {
  const counts = await Promise.all(
    layers.map((layer) =>
      countFeatures(db, layer).catch((error) => {
        // A view that is slow or fails must not break the landing page.
        log.warn({ err: error, layer: layer.id }, 'features not counted');
        return undefined;
      }),
    ),
  );
  const schema = layers[0]?.schema ?? '';
  const lines = layers.map(({ id, title }, index) => {
    const counted = counts[index];
    const number = counted ? formatNumber(counted.count, language) : '';
    return html`<li><a href="${collectionUrl(base, id)}?f=html&amp;lang=${language}">${title[language]}</a>
      <span class="quiet">${counted?.isExact === false && '≈ '}${number}</span></li>`;
  });
  return html`<section class="card"><h2>${listThemes().find(({ id }) => id === schema)?.title[language] ?? schema}</h2>
<p class="quiet">${layers.length} ${WORDS[language].layers}</p><ul class="plain">${lines}</ul></section>`;
}

function startLinks({ base, language }: Place, paths: ReadonlySet<string>): Html[] {
  const links: readonly { path: string; href: string; text: Text }[] = [
    {
      path: '/map',
      href: '/map',
      text: { vi: 'Bản đồ: xem, tra cứu thửa đất, tạo vùng đệm', en: 'Map: see, find parcels, buffer' },
    },
    {
      path: '/parcels',
      href: '/parcels?q=12%20345',
      text: { vi: 'Tra cứu thửa đất: tờ 12, thửa 345', en: 'Parcel lookup: sheet 12, parcel 345' },
    },
    { path: '/processes', href: '/processes', text: { vi: 'Phân tích: vùng đệm', en: 'Analysis: buffer' } },
    {
      path: '/collections',
      href: `/collections?f=html&lang=${language}`,
      text: { vi: 'Các lớp dữ liệu (OGC API - Features)', en: 'Layers (OGC API - Features)' },
    },
    {
      path: '/tiles',
      href: '/tiles',
      text: { vi: 'Ô vectơ của mọi lớp (OGC API - Tiles)', en: 'Vector tiles of all layers (OGC API - Tiles)' },
    },
    {
      path: '/map/tiles',
      href: '/map/tiles',
      text: { vi: 'Ô ảnh của mọi lớp (OGC API - Tiles)', en: 'All layers as tiles of pictures (OGC API - Tiles)' },
    },
    { path: '/styles', href: '/styles', text: { vi: 'Các kiểu bản đồ MapLibre', en: 'MapLibre styles' } },
    {
      path: '/api',
      href: `/api?f=html&lang=${language}`,
      text: { vi: 'Giao diện lập trình (OpenAPI 3.0)', en: 'API (OpenAPI 3.0)' },
    },
    { path: '/docs', href: `/docs?lang=${language}`, text: { vi: 'Hướng dẫn sử dụng', en: 'Documentation' } },
    {
      path: '/conformance',
      href: `/conformance?f=html&lang=${language}`,
      text: { vi: 'Các lớp yêu cầu OGC', en: 'OGC conformance classes' },
    },
  ];
  return links
    .filter(({ path }) => paths.has(path))
    .map(({ href, text }) => html`<li><a href="${base}${href}">${text[language]}</a></li>`);
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
function qgisFiles({ styles }: Services, { base, language }: Place): Html {
  const files = [...styles].map(
    ([id, { metadata }]) =>
      html`<li><a href="${base}/styles/${id}?f=qlr" download>${metadata.title[language]} (.qlr)</a></li>`,
  );
  return html`<p>${WORDS[language].qgisFiles}</p><ul class="plain">${files}</ul>`;
}

function qgisLines({ base, language }: Place, paths: ReadonlySet<string>): Html[] {
  return QGIS.filter(({ path }) => paths.has(path)).map(
    ({ url, text }) => html`<div>${text[language]}<code class="copy">${base}${url}</code></div>`,
  );
}
