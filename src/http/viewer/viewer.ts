import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';
import { z } from 'zod';
import { meridianOf } from '../../geo/crs.ts';
import { textSchema } from '../../lib/schema.ts';
import type { Services } from '../../services.ts';
import { html as escaped } from '../html/html.ts';
import { endpoint } from '../kit/endpoint.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { empty, htmlPage, jsonReply, textReply } from '../kit/reply.ts';
import { serveFiles } from '../kit/static-files.ts';

const COMPILED = fileURLToPath(new URL('../../../dist/viewer/', import.meta.url));
const SOURCE = fileURLToPath(new URL('../../../src/viewer/', import.meta.url));

/** Package -> a file of it in the folder for browsers, by its `exports`. */
const LIBRARIES = {
  'maplibre-gl': 'maplibre-gl/dist/maplibre-gl.mjs',
  'terra-draw': 'terra-draw',
  'terra-draw-maplibre-gl-adapter': 'terra-draw-maplibre-gl-adapter',
} as const;

/** Layers of the tree: what the map must know to draw those that no style has. */
const layersSchema = z.strictObject({
  layers: z.array(
    z.strictObject({
      id: z.string(),
      title: textSchema,
      zooms: z.strictObject({ min: z.int(), max: z.int() }),
      isComputed: z.boolean(),
    }),
  ),
});

/** `/map`: the page of the viewer, and the list of layers that it asks for every few seconds. */
export function viewerEndpoints({ config, catalogFor }: Services) {
  const page = readFileSync(`${SOURCE}index.html`, 'utf8')
    .replace('{{modules}}', () => preloads())
    .replace('{{agency}}', () => escaped`${config.agency}`.text)
    .replace('{{srid}}', String(config.srid))
    .replace('{{meridian}}', String(meridianOf(config.srid)));
  const policy = policyOf(page, config.publicUrl);
  return {
    page: endpoint({
      tag: 'viewer',
      summary: { vi: 'Bản đồ trên trình duyệt', en: 'The web map' },
      queryParameters: { lang: formatParameters.lang },
      responses: { 200: [HTML_TYPE], 503: ['text/plain'] },
      problems: [],
      handle: ({ http }) => {
        // Links of the page are relative to /map, so that it works under any prefix of a proxy.
        if (http.path.endsWith('/')) return empty(308, { location: '../map' });
        const headers = { 'content-security-policy': policy };
        return existsSync(COMPILED)
          ? htmlPage(page, { headers })
          : textReply(NOT_BUILT, 'text/plain; charset=utf-8', { status: 503 });
      },
    }),
    layers: endpoint({
      tag: 'viewer',
      summary: {
        vi: 'Các lớp trong cây lớp của bản đồ, không đọc dữ liệu',
        en: 'The layers in the tree of the map, without reading data',
      },
      responses: { 200: { content: { 'application/json': layersSchema } } },
      problems: [],
      handle: ({ principal }) => {
        const { layers, callable } = catalogFor(principal);
        const listed = [...layers, ...callable].map(({ id, title, zooms: { min, max }, call }) => ({
          ...{ id, title, zooms: { min, max } },
          isComputed: call !== undefined,
        }));
        return jsonReply({ layers: listed });
      },
    }),
  };
}

/** Modules that the page imports when it first needs them. */
const LATER = [
  ...['draw.js', 'corners.js'],
  ...[
    'own-file.js',
    'own-formats.js',
    'zip.js',
    'geopackage.js',
    'sqlite-file.js',
    'wkb-reader.js',
    'written-system.js',
  ],
];

/** Returns links that load every module at once, instead of each after the one that imports it. */
function preloads(): string {
  if (!existsSync(COMPILED)) return '';
  const own = readdirSync(`${COMPILED}viewer`).filter((name) => name.endsWith('.js') && !LATER.includes(name));
  const paths = ['lib/maplibre-gl/maplibre-gl.mjs', 'app/geo/vn2000.js', ...own.map((name) => `app/viewer/${name}`)];
  return paths.map((path) => `<link rel="modulepreload" href="./map/${path}">`).join('\n');
}

/**
 * Returns the Content-Security-Policy of the page. Its one inline script, the import map, is allowed by its digest, so
 * that no other can run. Pictures of the map are blobs.
 * @param publicUrl where styles have their tiles, if not where the page is
 */
function policyOf(page: string, publicUrl: string | undefined): string {
  const inline = [...page.matchAll(/<script type="importmap">([\s\S]*?)<\/script>/g)].map(([, code = '']) => code);
  const digests = inline.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
  const data = ["'self'", ...(publicUrl ? [new URL(publicUrl).origin] : [])].join(' ');
  return [
    "default-src 'none'",
    `script-src 'self' ${digests.join(' ')}`,
    "style-src 'self'",
    `img-src ${data} data: blob:`,
    `connect-src ${data}`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}

const NOT_BUILT =
  'Trình xem bản đồ chưa được biên dịch: chạy "npm run build". / The viewer is not compiled yet: run "npm run build".\n';

/** Serves the files of the page at `/map`: `app` (compiled), `lib` (libraries) and `assets`. */
export function viewerFiles(): Router {
  const router = express.Router();
  router.use('/app', serveFiles(COMPILED));
  const { resolve } = createRequire(import.meta.url);
  for (const [name, file] of Object.entries(LIBRARIES)) router.use(`/lib/${name}`, serveFiles(dirname(resolve(file))));
  router.use('/assets', serveFiles(SOURCE, ['page.css', 'legend.css', 'card.css', 'stage.css', 'mark.svg']));
  return router;
}
