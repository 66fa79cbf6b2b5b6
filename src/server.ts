import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { recordAccesses } from './access/audit.ts';
import { KeyRing, principalOf } from './access/key-ring.ts';
import { type Principal, PUBLIC } from './access/principal.ts';
import { RateLimit } from './access/rate-limit.ts';
import { VisibleCatalog } from './access/visible-catalog.ts';
import { createProcesses } from './analysis/processes.ts';
import { createApp } from './app.ts';
import { attributionOf } from './catalog/attribution.ts';
import { layerExtent } from './catalog/extent.ts';
import type { Catalog, Layer } from './catalog/layer.ts';
import { CatalogSource } from './catalog/source.ts';
import { ChangeFeed } from './changes/feed.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { Faults } from './database/faults.ts';
import { Recording } from './history/recording.ts';
import { NamedResponse } from './http/kit/headers.ts';
import { clientLimit } from './http/kit/limit-clients.ts';
import { answerUnreadable } from './http/kit/problem.ts';
import { answerFromCache } from './http/tiles/tile-reply.ts';
import { ends } from './lib/deadline.ts';
import { Lane } from './lib/lane.ts';
import { listenAt } from './lib/listen.ts';
import { NO_SIBLINGS } from './lib/siblings.ts';
import { Metrics } from './metrics/metrics.ts';
import { Parcels } from './parcels/parcels.ts';
import { checkProcess } from './quality/check-process.ts';
import { Checks } from './quality/checks.ts';
import { writePublicColumns } from './quality/public-columns.ts';
import { Quality } from './quality/quality.ts';
import { findWrongRules } from './quality/rules.ts';
import { Snapshots } from './quality/snapshots.ts';
import { checkDrawable } from './raster/drawable.ts';
import { Raster } from './raster/raster.ts';
import { jobSource } from './results/job-source.ts';
import { JOB_LIMITS, Jobs } from './results/jobs.ts';
import { StoredLayers } from './results/stored-layers.ts';
import { readSampleMark } from './sample/mark.ts';
import { Search } from './search/search.ts';
import { addServiceMetrics } from './service-metrics.ts';
import type { Services } from './services.ts';
import { Ageing } from './stations/ageing.ts';
import { Stations } from './stations/stations.ts';
import { loadStyles } from './styles/sheet.ts';
import { checkStyles, drawnSchemas } from './styles/style-check.ts';
import { CachedTiles } from './tiles/cache/cached-tiles.ts';
import { CachedExtents } from './tiles/cached-extents.ts';
import { Derivation } from './tiles/derived/derivation.ts';
import { Encoder } from './tiles/encoder.ts';
import { Tiles } from './tiles/tiles.ts';
import { exportProcess } from './transfer/export/export-process.ts';

/** The services, and further parts for their owner. */
export interface OpenServices extends Services {
  readonly catalog: CatalogSource;
  readonly checks: Checks;
  /** undefined: another process does it. */
  readonly recording: Recording | undefined;
  close(): Promise<void>;
}

const OPEN_EDITING =
  'DIABA_EDITING=on: whoever reaches this server may change and delete data. On a network, use DIABA_EDITING=keys.';

/** Builds the services of handlers over a migrated database. */
export async function openServices(
  config: Config,
  database: Database,
  log: Logger,
  siblings = NO_SIBLINGS,
): Promise<OpenServices> {
  const faults = new Faults(database, log);
  const db = faults.watched();
  const catalog = await CatalogSource.open(db, config.schemas, log);
  const schemas = drawnSchemas(catalog.current(), config.schemas);
  checkStyles(catalog.current(), schemas);
  const styles = loadStyles(schemas);
  checkDrawable(styles);
  const stored = new StoredLayers(db, siblings);
  const catalogFor = (principal: Principal) => VisibleCatalog.of(catalog.current(), principal, stored);
  const keys = await KeyRing.open(db, log);
  const metrics = config.metricsPort === undefined ? undefined : new Metrics();
  const rates = config.requestLimit > 0 ? new RateLimit(config.requestLimit) : undefined;
  if (config.editing === 'on') log.warn(OPEN_EDITING);
  const encoder = new Encoder();
  const feed = await ChangeFeed.open(db, log);
  siblings.on('changes', () => feed.catchUp());
  const derivation = new Derivation(db, {
    log,
    isBuilder: config.isLead,
    announce: () => siblings.announce('derived'),
  });
  siblings.on('derived', () => derivation.announced());
  const tiles = new Tiles(db, encoder, derivation);
  const { tileCacheBytes: bytes, redisUrl } = config;
  // Subscribed in this order, so that a change evicts cached tiles before derived rows are rebuilt.
  const cachedTiles = new CachedTiles({ db, feed, tiles, derivation, log, bytes, redisUrl, siblings });
  const extents = new CachedExtents({ db, feed, isWatched: (layer) => derivation.stateOf(layer).isWatched });
  derivation.follow(feed, () => catalog.current());
  await derivation.refresh(catalog.current());
  catalog.onChange((changed) => {
    cachedTiles.forget();
    extents.forget('*');
    void derivation.ensure(changed);
  });
  // Not awaited: until a layer's derived rows are built, its tiles come from its table.
  void derivation.ensure(catalog.current());
  // Pictures weigh several times less than the tiles that they show.
  const ageing = config.isLead ? new Ageing(db) : undefined;
  const raster = new Raster({ cachedTiles, catalogFor, bytes: config.tileCacheBytes / 4 });
  const quality = new Quality(db, catalog.current());
  // Whole runs wait until tiles come from derived rows.
  const checks = new Checks({
    db,
    log,
    rules: quality.rules,
    isOn: config.isChecking,
    ready: () => derivation.idle(),
  });
  const writeColumns = async () => {
    if (!config.isLead) return;
    await writePublicColumns(db, catalog.current(), quality.rules).catch((err) =>
      log.warn({ err }, 'public columns not listed'),
    );
  };
  catalog.onChange(() => void writeColumns().then(() => checks.watchAgain()));
  await writeColumns();
  checks.start();
  const recording = config.isLead
    ? new Recording(db, { log, days: config.historyDays, without: config.historyWithout })
    : undefined;
  catalog.onChange((changed) => void recording?.ensure(changed));
  // Not awaited: a layer has no history until it has begun.
  void recording?.ensure(catalog.current()).then(() => recording.start());
  const snapshots = config.isLead ? new Snapshots(quality) : undefined;
  const synthetic = (await readSampleMark(db)) !== undefined;
  const attribution = attributionOf(config.agency, synthetic);
  const processes = [
    ...createProcesses(db, config.srid),
    checkProcess(db, quality.rules),
    exportProcess({ db, styles, tiles, attribution, srid: config.srid }),
  ];
  const layersOf = (owner: string | null) =>
    jobSource(catalogFor(owner === null ? PUBLIC : principalOf(keys.requireId(owner))));
  const limits = { ...JOB_LIMITS, running: Math.max(1, Math.floor(JOB_LIMITS.running * config.share)) };
  const jobs = new Jobs({ db, log, processes, layersOf, stored, siblings, days: config.resultDays, limits });
  const parcels = new Parcels(db, config.srid);
  const services: OpenServices = {
    config,
    db,
    catalog,
    catalogFor,
    keys,
    rates,
    recordAccess: (entries) => recordAccesses(db, entries),
    definitions: {
      current: () => catalog.current(),
      renew: (seen, error) => catalog.renew(seen as Catalog, error),
      reading: (work) => stored.reading(work),
    },
    tiles,
    cachedTiles,
    extents,
    derivation,
    parcels,
    search: new Search(db, parcels, config.srid),
    stations: new Stations(db),
    quality,
    checks,
    recording,
    processes,
    jobs,
    raster,
    styles,
    faults,
    metrics,
    largePages: new Lane({ atOnce: 1, queue: 100 }),
    log,
    synthetic,
    attribution,
    close: async () => {
      faults.close();
      metrics?.close();
      await jobs.close();
      cachedTiles.close();
      rates?.close();
      await Promise.all([
        keys.close(),
        ageing?.close(),
        checks.close(),
        snapshots?.close(),
        recording?.close(),
        catalog.close(),
        feed.close(),
        derivation.close(),
        encoder.close(),
        raster.close(),
      ]);
    },
  };
  if (metrics) addServiceMetrics(metrics, services);
  return services;
}

export interface RunningServer {
  readonly url: string;
  /** undefined: nothing is measured. */
  readonly metrics: Metrics | undefined;
  /** Accepts no more requests, waits for pending ones (at most 5 s), and closes everything: 6 s in all. */
  close(): Promise<void>;
}

/** Milliseconds in which a client reads nothing of its pending answer. */
const STALLED_MS = 20_000;
/** Milliseconds for pending requests to finish. Afterwards they are cut, and their database queries are cancelled. */
const DRAIN_MS = 5000;
/** Interval between checks for idle connections, which clients hold open as long as they can. */
const IDLE_LOOK_MS = 100;
/** Milliseconds for closing everything. A statement of the embedded engine cannot be cancelled. */
const CLOSE_MS = 1000;

/** Serves on the configured host and port. The database stays open: it belongs to the caller. */
export async function startServer(
  config: Config,
  db: Database,
  log: Logger,
  siblings = NO_SIBLINGS,
): Promise<RunningServer> {
  const services = await openServices(config, db, log, siblings);
  const { countCached } = clientLimit(services);
  const server = createServer(
    { ServerResponse: NamedResponse },
    answerFromCache(services.cachedTiles, countCached, createApp(services)),
  );
  server.on('clientError', answerUnreadable);
  // Node notices every byte that a client reads. A client that reads none for this long is gone, so its connection is
  // closed.
  server.setTimeout(STALLED_MS, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
  const port = await listenAt(server, { ...config, setting: 'PORT' }).catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  const stop = new AbortController();
  const warm = warmUp(services, stop.signal);
  return {
    url: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    metrics: services.metrics,
    close: async () => {
      stop.abort();
      await drain(server);
      await ends(CLOSE_MS, Promise.all([warm, services.close()]));
    },
  };
}

/** Warms up after the port is open, so that the start does not wait. It opens every connection, each by a lookup. */
async function warmUp(
  { config, db, catalog, parcels, tiles, quality, log }: OpenServices,
  signal: AbortSignal,
): Promise<void> {
  const search = () => parcels.search('1 1', { srid: 4326, limit: 1, signal, priority: 'background' });
  const layers = [...catalog.current().layers.values()];
  const largest = layers.reduce((a, b) => (b.rowEstimate > a.rowEstimate ? b : a), layers[0] as Layer);
  try {
    await Promise.all(Array.from({ length: db.capabilities.sessions }, search));
    const box = largest && (await layerExtent(db, largest));
    if (box) await tiles.warmUp(layers, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], signal);
    if (!config.isLead) return;
    for (const fault of await findWrongRules(db, quality.rules)) log.error(fault);
  } catch (error) {
    log.debug({ err: error }, 'not warmed up');
  }
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const hurry = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    const look = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
    server.close(() => {
      clearTimeout(hurry);
      clearInterval(look);
      resolve();
    });
    server.closeIdleConnections();
  });
}
