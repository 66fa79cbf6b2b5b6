import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Principal } from './access/principal.ts';
import { VisibleCatalog } from './access/visible-catalog.ts';
import { Jobs } from './analysis/jobs.ts';
import type { Execution, Outcome } from './analysis/process.ts';
import { listProcesses } from './analysis/processes.ts';
import { ResultTiles } from './analysis/result-tiles.ts';
import { createApp } from './app.ts';
import { attributionOf } from './catalog/attribution.ts';
import { layerExtent } from './catalog/extent.ts';
import type { Layer } from './catalog/layer.ts';
import { CatalogSource } from './catalog/source.ts';
import { ChangeFeed } from './changes/feed.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { Faults } from './database/faults.ts';
import { NamedResponse } from './http/kit/headers.ts';
import { answerUnreadable } from './http/kit/problem.ts';
import { answerFromCache } from './http/tiles/tile-reply.ts';
import { ends } from './lib/deadline.ts';
import { BootError } from './lib/errors.ts';
import { Lane } from './lib/lane.ts';
import { Parcels } from './parcels/parcels.ts';
import { checkDrawable } from './raster/drawable.ts';
import { Raster } from './raster/raster.ts';
import { readSampleMark } from './sample/mark.ts';
import type { Services } from './services.ts';
import { loadStyles } from './styles/sheet.ts';
import { checkStyles } from './styles/style-check.ts';
import { CachedTiles } from './tiles/cache/cached-tiles.ts';
import { CachedExtents } from './tiles/cached-extents.ts';
import { Derivation } from './tiles/derived/derivation.ts';
import { Encoder } from './tiles/encoder.ts';
import { Tiles } from './tiles/tiles.ts';

/** The services, and further parts for their owner. */
export interface OpenServices extends Services {
  readonly catalog: CatalogSource;
  close(): Promise<void>;
}

/** Builds the services of handlers over a migrated database. */
export async function openServices(config: Config, database: Database, log: Logger): Promise<OpenServices> {
  const faults = new Faults(database, log);
  const db = faults.watched();
  const catalog = await CatalogSource.open(db, config.schemas, log);
  checkStyles(catalog.current(), config.schemas);
  const styles = loadStyles(config.schemas);
  checkDrawable(styles);
  const catalogFor = (principal: Principal) => VisibleCatalog.of(catalog.current(), principal);
  const encoder = new Encoder();
  const feed = await ChangeFeed.open(db, log);
  const derivation = new Derivation(db, { log });
  const tiles = new Tiles(db, encoder, derivation);
  const { tileCacheBytes: bytes, redisUrl } = config;
  // Subscribed in this order, so that a change evicts cached tiles before derived rows are rebuilt.
  const cachedTiles = new CachedTiles({ db, feed, tiles, derivation, log, bytes, redisUrl });
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
  const resultTiles = new ResultTiles(encoder);
  // Pictures weigh several times less than the tiles that they show.
  const raster = new Raster({ cachedTiles, catalogFor, bytes: config.tileCacheBytes / 4 });
  const jobs = new Jobs<Outcome, Execution>({ onGone: (id) => resultTiles.drop(id) });
  const synthetic = (await readSampleMark(db)) !== undefined;
  return {
    config,
    db,
    catalog,
    catalogFor,
    definitions: catalog,
    tiles,
    cachedTiles,
    extents,
    derivation,
    parcels: new Parcels(db, config.srid),
    processes: listProcesses(db, config.srid),
    jobs,
    resultTiles,
    raster,
    styles,
    faults,
    largePages: new Lane({ atOnce: 1, queue: 100 }),
    log,
    synthetic,
    attribution: attributionOf(config.agency, synthetic),
    close: async () => {
      faults.close();
      jobs.close();
      cachedTiles.close();
      await Promise.all([catalog.close(), feed.close(), derivation.close(), encoder.close(), raster.close()]);
    },
  };
}

export interface RunningServer {
  readonly url: string;
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
export async function startServer(config: Config, db: Database, log: Logger): Promise<RunningServer> {
  const services = await openServices(config, db, log);
  const server = createServer(
    { ServerResponse: NamedResponse },
    answerFromCache(services.cachedTiles, createApp(services)),
  );
  server.on('clientError', answerUnreadable);
  // Node notices every byte that a client reads. A client that reads none for this long is gone, so its connection is
  // closed.
  server.setTimeout(STALLED_MS, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
  try {
    await listen(server, config);
  } catch (error) {
    await services.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const warm = warmUp(services, stop.signal);
  return {
    url: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    close: async () => {
      stop.abort();
      await drain(server);
      await ends(CLOSE_MS, Promise.all([warm, services.close()]));
    },
  };
}

/** Warms up after the port is open, so that the start does not wait. It opens every connection, each by a lookup. */
async function warmUp({ db, catalog, parcels, tiles, log }: OpenServices, signal: AbortSignal): Promise<void> {
  const search = () => parcels.search('1 1', { srid: 4326, limit: 1, signal, priority: 'background' });
  const layers = [...catalog.current().layers.values()];
  const largest = layers.reduce((a, b) => (b.rowEstimate > a.rowEstimate ? b : a), layers[0] as Layer);
  try {
    await Promise.all(Array.from({ length: db.capabilities.sessions }, search));
    const box = largest && (await layerExtent(db, largest));
    if (box) await tiles.warmUp(layers, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], signal);
  } catch (error) {
    log.debug({ err: error }, 'not warmed up');
  }
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new BootError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} on ${host} is in use. Set PORT to another one (0: any free one).`
            : `Cannot listen on ${host}:${port} (${error.message}).`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
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
