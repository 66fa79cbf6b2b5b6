import express, { type Express } from 'express';
import { collectionRoutes } from './http/common/collections.ts';
import { conformanceRoutes } from './http/common/conformance.ts';
import { healthRoutes } from './http/common/health.ts';
import { landingRoutes } from './http/common/landing.ts';
import { openApiRoutes } from './http/common/openapi.ts';
import { queryablesRoute } from './http/common/queryables.ts';
import { schemaRoutes } from './http/common/schema.ts';
import { sortablesRoute } from './http/common/sortables.ts';
import { docsRoutes } from './http/docs/routes.ts';
import { editRoutes } from './http/features/edit.ts';
import { itemsRoutes } from './http/features/items.ts';
import { problemPage } from './http/html/problem-page.ts';
import { nameHeaders } from './http/kit/headers.ts';
import { refuseTangledJson } from './http/kit/json-bounds.ts';
import { shareAcrossOrigins } from './http/kit/origins.ts';
import { answerProblems, answerUnknownPath } from './http/kit/problem.ts';
import { mount, type Route } from './http/kit/route.ts';
import { explain } from './http/layers/explain.ts';
import { ITEMS_PATH } from './http/layers/path.ts';
import { askingTwice } from './http/layers/renewal.ts';
import { pictureRoutes } from './http/maps/pictures.ts';
import { parcelRoutes } from './http/parcels/parcels.ts';
import { jobRoutes } from './http/processes/jobs.ts';
import { processRoutes } from './http/processes/processes.ts';
import { collectionStyleRoutes } from './http/styles/collection-styles.ts';
import { fontRoutes } from './http/styles/fonts.ts';
import { spriteRoutes } from './http/styles/sprites.ts';
import { styleRoutes } from './http/styles/styles.ts';
import { mapTileRoutes } from './http/tiles/map-tiles.ts';
import { tileMatrixSetRoutes } from './http/tiles/tile-matrix-set.ts';
import { vectorTileRoutes } from './http/tiles/vector-tiles.ts';
import { tileRoutes } from './http/tiles/xyz.ts';
import { viewerFiles, viewerRoutes } from './http/viewer/viewer.ts';
import { wfsRoutes } from './http/wfs/routes.ts';
import { wmsRoutes } from './http/wms/wms.ts';
import { wmtsRoutes } from './http/wmts/wmts.ts';
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
    ...landingRoutes(services, routes),
    ...conformanceRoutes(services),
    ...openApiRoutes(services, routes),
    ...collectionRoutes(services, routes),
    ...itemsRoutes(services),
    ...editRoutes(services),
    queryablesRoute(services),
    sortablesRoute(services),
    ...tileMatrixSetRoutes(services),
    ...vectorTileRoutes(services),
    ...mapTileRoutes(services),
    ...collectionStyleRoutes(services),
    ...schemaRoutes(services),
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
    ...docsRoutes(services),
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
  mount(app, listRoutes(services), askingTwice(services.catalog));
  app.use('/map', viewerFiles());
  app.use(answerUnknownPath);
  app.use(answerProblems({ ...services, explain, page: problemPage }));
  return app;
}
