import { z } from 'zod';
import type { Services } from '../../services.ts';
import { type DocumentPlace, documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { type Link, OGC_REL } from '../kit/links.ts';
import { HTML_TYPE, OPENAPI_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { jsonReply } from '../kit/reply.ts';
import { linksSchema, pageSchema } from '../kit/shapes.ts';
import { landingPage } from './landing-page.ts';

const landingSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  attribution: z.string(),
  links: linksSchema,
});

export function landingEndpoints(services: Services) {
  return {
    page: endpoint({
      tag: 'service',
      summary: { vi: 'Trang chủ', en: 'Landing page' },
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': landingSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ query, principal, language, routes, http }) => {
        const place = documentPlace(services.config, http, { f: query.f, language });
        const paths = new Set(routes.map(({ path }) => path));
        const layers = services.catalogFor(principal).layers;
        if (place.format === 'html') return landingPage({ services, layers, place, paths });
        return jsonReply({
          title: 'Địa Bạ',
          description: services.attribution[language],
          attribution: services.attribution[language],
          links: [...selfLinks(place), ...landingLinks(place, paths)],
        });
      },
    }),
  };
}

function landingLinks({ base, language }: DocumentPlace, paths: ReadonlySet<string>): Link[] {
  const word = (vi: string, en: string) => ({ vi, en })[language];
  const conformance = {
    path: '/conformance',
    type: 'application/json',
    title: word('Các lớp yêu cầu', 'Conformance classes'),
    href: '/conformance',
  };
  const links: readonly (Link & { path: string })[] = [
    { path: '/api', rel: 'service-desc', type: OPENAPI_TYPE, title: 'OpenAPI 3.0', href: '/api?f=json' },
    {
      path: '/api',
      rel: 'service-doc',
      type: HTML_TYPE,
      title: word('Mô tả giao diện', 'API description'),
      href: '/api?f=html',
    },
    // Features (OGC 17-069r4) requires one relation, Processes (18-062r2) and Common (19-072) the other.
    { ...conformance, rel: 'conformance' },
    { ...conformance, rel: `${OGC_REL}/conformance` },
    {
      path: '/collections',
      rel: 'data',
      type: 'application/json',
      title: word('Các lớp dữ liệu', 'The layers'),
      href: '/collections',
    },
    {
      path: '/tiles',
      rel: `${OGC_REL}/tilesets-vector`,
      type: 'application/json',
      title: word('Ô vectơ của các lớp', 'Vector tiles of the layers'),
      href: '/tiles',
    },
    {
      path: '/map/tiles',
      rel: `${OGC_REL}/tilesets-map`,
      type: 'application/json',
      title: word('Ô ảnh của mọi lớp', 'All layers as tiles of pictures'),
      href: '/map/tiles',
    },
    {
      path: '/tileMatrixSets',
      rel: `${OGC_REL}/tiling-schemes`,
      type: 'application/json',
      title: word('Các cách chia ô', 'Tile matrix sets'),
      href: '/tileMatrixSets',
    },
    {
      path: '/styles',
      rel: `${OGC_REL}/styles`,
      type: 'application/json',
      title: word('Các kiểu bản đồ', 'Map styles'),
      href: '/styles',
    },
    {
      path: '/processes',
      rel: `${OGC_REL}/processes`,
      type: 'application/json',
      title: word('Phân tích', 'Processes'),
      href: '/processes',
    },
    {
      path: '/quality',
      rel: 'related',
      type: 'application/json',
      title: word('Chất lượng dữ liệu', 'Data quality'),
      href: '/quality',
    },
    {
      path: '/wfs',
      rel: 'related',
      type: 'text/xml',
      title: word('WFS 2.0.0 (năng lực)', 'WFS 2.0.0 (capabilities)'),
      href: '/wfs?service=WFS&request=GetCapabilities',
    },
    { path: '/docs', rel: 'help', type: HTML_TYPE, title: word('Hướng dẫn', 'Documentation'), href: '/docs?f=html' },
    { path: '/map', rel: 'preview', type: HTML_TYPE, title: word('Bản đồ', 'Map'), href: '/map' },
  ];
  return links
    .filter(({ path }) => paths.has(path))
    .map(({ path: _, href, ...link }) => ({ href: base + href, ...link }));
}
