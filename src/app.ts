import express, { type Express } from 'express';
import { fontRoutes } from './http/api/fonts.ts';
import { healthRoutes } from './http/api/health.ts';
import { jobRoutes } from './http/api/jobs.ts';
import { parcelRoutes } from './http/api/parcels.ts';
import { pictureRoutes } from './http/api/pictures.ts';
import { processRoutes } from './http/api/processes.ts';
import { spriteRoutes } from './http/api/sprites.ts';
import { styleRoutes } from './http/api/styles.ts';
import { tileRoutes } from './http/api/tiles.ts';
import { viewerFiles, viewerRoutes } from './http/api/viewer.ts';
import { nameHeaders } from './http/headers.ts';
import { refuseTangledJson } from './http/json-bounds.ts';
import { wfsRoutes } from './http/legacy/wfs/routes.ts';
import { wmsRoutes } from './http/legacy/wms.ts';
import { wmtsRoutes } from './http/legacy/wmts.ts';
import { ITEMS_PATH } from './http/ogc/path.ts';
import { ogcRoutes } from './http/ogc/routes.ts';
import { shareAcrossOrigins } from './http/origins.ts';
import { answerProblems, answerUnknownPath } from './http/problem.ts';
import { mount, type Route } from './http/route.ts';
import type { Services } from './services.ts';

const BODY_LIMIT = '2mb';
const JSON_TYPES = ['json', '+json'];

/** Every route there is, in order: what is mounted, and what `/api` describes. */
export function listRoutes(services: Services): Route[] {
  const routes: Route[] = [];
  // Express goes through them one by one: what is asked for most stands first.
  routes.push(
    ...tileRoutes(services),
    ...parcelRoutes(services),
    ...ogcRoutes(services, routes),
    ...wfsRoutes(services),
    ...healthRoutes(services),
    ...processRoutes(services),
    ...jobRoutes(services),
    ...styleRoutes(services),
    ...pictureRoutes(services),
    ...wmsRoutes(services),
    ...wmtsRoutes(services),
    ...spriteRoutes(),
    ...fontRoutes(),
    ...viewerRoutes(services),
  );
  return routes;
}

export function createApp(services: Services): Express {
  const app = express();
  nameHeaders(app);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', services.config.trustedProxies);
  app.use(shareAcrossOrigins);
  // What is edited keeps every digit, which JSON.parse would round: these bodies are read by their routes.
  app.use(ITEMS_PATH, express.text({ limit: BODY_LIMIT, type: JSON_TYPES, verify: refuseTangledJson }));
  app.use(express.json({ limit: BODY_LIMIT, type: JSON_TYPES, strict: true, verify: refuseTangledJson }));
  mount(app, listRoutes(services), services.catalog);
  app.use('/map', viewerFiles());
  app.use(answerUnknownPath);
  app.use(answerProblems(services));
  return app;
}
