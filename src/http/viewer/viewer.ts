import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';
import type { Services } from '../../services.ts';
import { html as escaped } from '../html/html.ts';
import { endpoint } from '../kit/endpoint.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { empty, htmlPage, text } from '../kit/reply.ts';
import { serveFiles } from '../kit/static-files.ts';

const COMPILED = fileURLToPath(new URL('../../../dist/viewer/', import.meta.url));
const SOURCE = fileURLToPath(new URL('../../../src/viewer/', import.meta.url));

/** Package -> a file of it in the folder for browsers, by its `exports`. */
const LIBRARIES = {
  'maplibre-gl': 'maplibre-gl/dist/maplibre-gl.mjs',
  'terra-draw': 'terra-draw',
  'terra-draw-maplibre-gl-adapter': 'terra-draw-maplibre-gl-adapter',
} as const;

/** `/map`: the page of the viewer. */
export function viewerEndpoints({ config }: Services) {
  const page = readFileSync(`${SOURCE}index.html`, 'utf8')
    .replace('{{agency}}', () => escaped`${config.agency}`.text)
    .replace('{{srid}}', String(config.srid));
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
        return existsSync(COMPILED) ? htmlPage(page) : text(NOT_BUILT, 'text/plain; charset=utf-8', { status: 503 });
      },
    }),
  };
}

const NOT_BUILT =
  'Trình xem bản đồ chưa được biên dịch: chạy "npm run build". / The viewer is not compiled yet: run "npm run build".\n';

/** Serves the files of the page at `/map`: `app` (compiled), `lib` (libraries) and `assets`. */
export function viewerFiles(): Router {
  const router = express.Router();
  router.use('/app', serveFiles(COMPILED));
  const { resolve } = createRequire(import.meta.url);
  for (const [name, file] of Object.entries(LIBRARIES)) router.use(`/lib/${name}`, serveFiles(dirname(resolve(file))));
  router.use('/assets', serveFiles(SOURCE, ['page.css', 'legend.css', 'card.css', 'mark.svg']));
  return router;
}
