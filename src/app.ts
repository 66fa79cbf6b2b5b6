import express, { type Express } from 'express';
import { changesEndpoints } from './http/changes/changes.ts';
import { collectionEndpoints } from './http/common/collections.ts';
import { conformanceEndpoints } from './http/common/conformance.ts';
import { healthEndpoints } from './http/common/health.ts';
import { landingEndpoints } from './http/common/landing.ts';
import { openApiEndpoints } from './http/common/openapi.ts';
import { queryablesEndpoint } from './http/common/queryables.ts';
import { schemaEndpoints } from './http/common/schema.ts';
import { sortablesEndpoint } from './http/common/sortables.ts';
import { docsEndpoints } from './http/docs/docs.ts';
import { editEndpoints } from './http/features/edit.ts';
import { itemEndpoints } from './http/features/items.ts';
import { problemPage } from './http/html/problem-page.ts';
import type { Route } from './http/kit/endpoint.ts';
import { nameHeaders } from './http/kit/headers.ts';
import { identifyClients } from './http/kit/identify.ts';
import { refuseTangledJson } from './http/kit/json-bounds.ts';
import { clientLimit } from './http/kit/limit-clients.ts';
import { measureRequests } from './http/kit/measure.ts';
import { shareAcrossOrigins } from './http/kit/origins.ts';
import { answerProblems, answerUnknownPath } from './http/kit/problem.ts';
import { get, mount, patch, post, put, remove } from './http/kit/route.ts';
import { explainError } from './http/layers/explain.ts';
import { ITEMS_PATH } from './http/layers/path.ts';
import { askingTwice } from './http/layers/renewal.ts';
import { pictureEndpoints } from './http/maps/pictures.ts';
import { parcelEndpoints } from './http/parcels/parcels.ts';
import { jobEndpoints } from './http/processes/jobs.ts';
import { processEndpoints } from './http/processes/processes.ts';
import { qualityEndpoints } from './http/quality/quality.ts';
import { searchEndpoints } from './http/search/search.ts';
import { stationEndpoints } from './http/stations/stations.ts';
import { collectionStyleEndpoints } from './http/styles/collection-styles.ts';
import { fontEndpoints } from './http/styles/fonts.ts';
import { spriteEndpoints } from './http/styles/sprites.ts';
import { styleEndpoints } from './http/styles/styles.ts';
import { mapTileEndpoints } from './http/tiles/map-tiles.ts';
import { tileMatrixSetEndpoints } from './http/tiles/tile-matrix-set.ts';
import { collectionTileEndpoints, datasetTileEndpoints } from './http/tiles/vector-tiles.ts';
import { xyzEndpoints } from './http/tiles/xyz.ts';
import { viewerEndpoints, viewerFiles } from './http/viewer/viewer.ts';
import { wfsEndpoints } from './http/wfs/wfs.ts';
import { wmsEndpoints } from './http/wms/wms.ts';
import { wmtsEndpoints } from './http/wmts/wmts.ts';
import type { Services } from './services.ts';

const BODY_LIMIT = '2mb';
const JSON_TYPES = ['json', '+json'];

/** Returns every route. Express tries them in order, so the most frequent come first. */
export function listRoutes(services: Services): Route[] {
  const xyz = xyzEndpoints(services);
  const parcels = parcelEndpoints(services);
  const stations = stationEndpoints(services);
  const search = searchEndpoints(services);
  const landing = landingEndpoints(services);
  const conformance = conformanceEndpoints(services);
  const api = openApiEndpoints(services);
  const health = healthEndpoints(services);
  const collections = collectionEndpoints(services);
  const items = itemEndpoints(services);
  const edit = editEndpoints(services);
  const changes = changesEndpoints(services);
  const matrixSets = tileMatrixSetEndpoints(services);
  const tiles = datasetTileEndpoints(services);
  const collectionTiles = collectionTileEndpoints(services);
  const maps = mapTileEndpoints(services);
  const styles = styleEndpoints(services);
  const collectionStyles = collectionStyleEndpoints(services);
  const pictures = pictureEndpoints(services);
  const processes = processEndpoints(services);
  const jobs = jobEndpoints(services);
  const wfs = wfsEndpoints(services);
  const wmts = wmtsEndpoints(services);
  const viewer = viewerEndpoints(services);
  const docs = docsEndpoints(services);
  return [
    get('/xyz/:layers/tilejson.json', xyz.tileJson),
    get('/xyz/:layers/:z/:x/:y.mvt', xyz.tile),
    get('/xyz/:layers/mlt/tilejson.json', xyz.mltTileJson),
    get('/xyz/:layers/:z/:x/:y.mlt', xyz.mltTile),

    get('/parcels', parcels.list),
    get('/parcels/at', parcels.at),
    get('/parcels/:id', parcels.read),
    get('/parcels/:id/zones', parcels.zones),
    get('/search', search.ask),
    post('/search', search.post),

    get('/stations/:id', stations.read),
    get('/stations/:id/series', stations.series),
    get('/quality', qualityEndpoints(services).read),

    get('/', landing.page),
    get('/conformance', conformance.list),
    get('/api', api.read),
    get('/collections', collections.list),
    get('/collections/:collection', collections.read),
    get('/collections/:collection/items', items.list),
    get('/collections/:collection/items/:feature', items.read),
    post('/collections/:collection/items', edit.create),
    put('/collections/:collection/items/:feature', edit.replace),
    patch('/collections/:collection/items/:feature', edit.patch),
    remove('/collections/:collection/items/:feature', edit.remove),
    get('/collections/:collection/changes', changes.list),
    get('/collections/:collection/digest', changes.digest),
    get('/collections/:collection/queryables', queryablesEndpoint(services)),
    get('/collections/:collection/sortables', sortablesEndpoint(services)),
    get('/collections/:collection/schema', schemaEndpoints(services).read),

    get('/tileMatrixSets', matrixSets.list),
    get('/tileMatrixSets/:tileMatrixSetId', matrixSets.read),
    get('/tiles', tiles.list),
    get('/tiles/:tileMatrixSetId', tiles.tileset),
    get('/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol', tiles.tile),
    get('/collections/:collection/tiles', collectionTiles.list),
    get('/collections/:collection/tiles/:tileMatrixSetId', collectionTiles.tileset),
    get('/collections/:collection/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol', collectionTiles.tile),
    ...(maps.dataset
      ? [
          get('/map/tiles', maps.dataset.list),
          get('/map/tiles/:tileMatrixSetId', maps.dataset.tileset),
          get('/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol', maps.dataset.tile),
        ]
      : []),
    get('/styles/:style/map/tiles', maps.style.list),
    get('/styles/:style/map/tiles/:tileMatrixSetId', maps.style.tileset),
    get('/styles/:style/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol', maps.style.tile),
    get('/collections/:collection/map/tiles', maps.collection.list),
    get('/collections/:collection/map/tiles/:tileMatrixSetId', maps.collection.tileset),
    get('/collections/:collection/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol', maps.collection.tile),
    get('/collections/:collection/styles/:style/map/tiles', maps.collectionStyle.list),
    get('/collections/:collection/styles/:style/map/tiles/:tileMatrixSetId', maps.collectionStyle.tileset),
    get(
      '/collections/:collection/styles/:style/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol',
      maps.collectionStyle.tile,
    ),

    get('/collections/:collection/styles', collectionStyles.list),
    get('/collections/:collection/styles/:style', collectionStyles.read),

    get('/wfs', wfs.ask),
    post('/wfs', wfs.post),

    get('/health/live', health.live),
    get('/health/ready', health.ready),

    get('/processes', processes.list),
    get('/processes/:process', processes.read),
    ...processes.tables.map(({ path, endpoint }) => get(path, endpoint)),
    post('/processes/:process/execution', processes.execute),
    get('/jobs', jobs.list),
    get('/jobs/:job', jobs.read),
    remove('/jobs/:job', jobs.dismiss),
    get('/jobs/:job/results', jobs.results),
    get('/jobs/:job/file', jobs.file),
    get('/jobs/:job/features', jobs.features),
    get('/jobs/:job/xyz/tilejson.json', jobs.tileJson),

    get('/styles', styles.list),
    get('/styles/:style', styles.read),
    get('/styles/:style/metadata', styles.metadata),
    get('/styles/:style/thumbnail.png', pictures.thumbnail),
    // Static maps come first, since `static` could be a zoom. `@2x` comes first, since it could be part of the
    // preceding parameter.
    get('/styles/:style/static/:place/:size@2x.png', pictures.staticMap({ scale: 2, format: 'png' })),
    get('/styles/:style/static/:place/:size@2x.webp', pictures.staticMap({ scale: 2, format: 'webp' })),
    get('/styles/:style/static/:place/:size.png', pictures.staticMap({ scale: 1, format: 'png' })),
    get('/styles/:style/static/:place/:size.webp', pictures.staticMap({ scale: 1, format: 'webp' })),
    post('/styles/:style/static/:place/:size@2x.png', pictures.staticMapWithOverlay({ scale: 2, format: 'png' })),
    post('/styles/:style/static/:place/:size@2x.webp', pictures.staticMapWithOverlay({ scale: 2, format: 'webp' })),
    post('/styles/:style/static/:place/:size.png', pictures.staticMapWithOverlay({ scale: 1, format: 'png' })),
    post('/styles/:style/static/:place/:size.webp', pictures.staticMapWithOverlay({ scale: 1, format: 'webp' })),
    get('/styles/:style/:z/:x/:y@2x.png', pictures.tile({ scale: 2, format: 'png' })),
    get('/styles/:style/:z/:x/:y@2x.webp', pictures.tile({ scale: 2, format: 'webp' })),
    get('/styles/:style/:z/:x/:y.png', pictures.tile({ scale: 1, format: 'png' })),
    get('/styles/:style/:z/:x/:y.webp', pictures.tile({ scale: 1, format: 'webp' })),

    get('/wms', wmsEndpoints(services).ask),
    get('/wmts', wmts.ask),
    get('/wmts/1.0.0/WMTSCapabilities.xml', wmts.capabilities),
    get('/wmts/1.0.0/:Layer/:Style/:TileMatrixSet/:TileMatrix/:TileRow/:TileCol.png', wmts.tile('image/png')),
    get('/wmts/1.0.0/:Layer/:Style/:TileMatrixSet/:TileMatrix/:TileRow/:TileCol.webp', wmts.tile('image/webp')),

    get('/sprites/:file', spriteEndpoints().file),
    get('/fonts/:stack/:range.pbf', fontEndpoints().range),
    get('/map', viewer.page),
    get('/map/layers', viewer.layers),

    get('/docs', docs.contents),
    get('/docs/:page', docs.page),
    get('/docs/pictures/:picture', docs.picture),
  ];
}

export function createApp(services: Services): Express {
  const limit = clientLimit(services);
  const app = express();
  nameHeaders(app);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', services.config.trustedProxies);
  if (services.metrics) app.use(measureRequests(services.metrics));
  app.use(shareAcrossOrigins);
  app.use(identifyClients({ keys: services.keys, record: services.recordAccess }));
  app.use(limit.chargeWrongKeys);
  app.use(limit.charge(1));
  // Edits preserve every digit, which JSON.parse would round. Their routes therefore parse the body themselves.
  app.use(ITEMS_PATH, express.text({ limit: BODY_LIMIT, type: JSON_TYPES, verify: refuseTangledJson }));
  app.use(express.json({ limit: BODY_LIMIT, type: JSON_TYPES, strict: true, verify: refuseTangledJson }));
  mount(app, listRoutes(services), { wrap: askingTwice(services.definitions), charge: limit.charge });
  app.use('/map', viewerFiles());
  app.use(answerUnknownPath);
  app.use(answerProblems({ ...services, explain: explainError, page: problemPage }));
  return app;
}
