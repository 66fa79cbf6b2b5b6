import type { Services } from '../../services.ts';
import type { Route } from '../route.ts';
import { collectionStyleRoutes } from './collection-styles.ts';
import { collectionRoutes } from './collections.ts';
import { conformanceRoutes } from './conformance.ts';
import { editRoutes } from './edit.ts';
import { itemsRoutes } from './items.ts';
import { landingRoutes } from './landing.ts';
import { mapTileRoutes } from './map-tiles.ts';
import { openApiRoutes } from './openapi.ts';
import { queryablesRoute } from './queryables.ts';
import { schemaRoutes } from './schema.ts';
import { sortablesRoute } from './sortables.ts';
import { tileMatrixSetRoutes } from './tile-matrix-set.ts';
import { vectorTileRoutes } from './vector-tiles.ts';

/** @param routes every route of the app, these included: what the landing page links to and `/api` describes */
export function ogcRoutes(services: Services, routes: readonly Route[]): Route[] {
  return [
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
  ];
}
