import type { Logger } from 'pino';
import type { AuditEntry } from './access/audit-query.ts';
import type { KeyRing } from './access/key-ring.ts';
import type { Principal } from './access/principal.ts';
import type { RateLimit } from './access/rate-limit.ts';
import type { VisibleCatalog } from './access/visible-catalog.ts';
import type { Process } from './analysis/process.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Faults } from './database/faults.ts';
import type { Text } from './lib/errors.ts';
import type { Lane } from './lib/lane.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Parcels } from './parcels/parcels.ts';
import type { Quality } from './quality/quality.ts';
import type { Raster } from './raster/raster.ts';
import type { Jobs } from './results/jobs.ts';
import type { Search } from './search/search.ts';
import type { Stations } from './stations/stations.ts';
import type { Styles } from './styles/sheet.ts';
import type { CachedTiles } from './tiles/cache/cached-tiles.ts';
import type { CachedExtents } from './tiles/cached-extents.ts';
import type { Derivation } from './tiles/derived/derivation.ts';
import type { Tiles } from './tiles/tiles.ts';

/** The state of the database's definitions, and a test for changes of them. */
export interface Definitions {
  current(): object;
  /** Returns true if they have changed since, so that a retry makes sense. */
  renew(seen: object, error: unknown): Promise<boolean>;
  /** Runs work again for each result that it names and that must be read first. */
  reading<T>(work: () => Promise<T>): Promise<T>;
}

/** The services passed to handlers, so that nothing is ambient. */
export interface Services {
  readonly config: Config;
  readonly db: Database;
  /** Returns the present catalog as a principal may see it; there is no other access to layers. */
  readonly catalogFor: (principal: Principal) => VisibleCatalog;
  readonly keys: KeyRing;
  /** undefined: clients may ask as much as they want. */
  readonly rates: RateLimit | undefined;
  /** Adds to the record of accesses, outside of a transaction. */
  readonly recordAccess: (entries: readonly AuditEntry[]) => Promise<void>;
  readonly definitions: Definitions;
  readonly tiles: Tiles;
  readonly cachedTiles: CachedTiles;
  /** For limits of tilesets. */
  readonly extents: CachedExtents;
  readonly derivation: Derivation;
  readonly parcels: Parcels;
  readonly stations: Stations;
  readonly search: Search;
  readonly quality: Quality;
  readonly processes: readonly Process[];
  readonly jobs: Jobs;
  readonly raster: Raster;
  readonly styles: Styles;
  readonly faults: Faults;
  /** undefined: nothing is measured. */
  readonly metrics: Metrics | undefined;
  /** Pages of many rows, a few at a time: each blocks the event loop for up to 0.1 s. */
  readonly largePages: Lane;
  readonly log: Logger;
  /** Source of the data; tells if it is synthetic. */
  readonly attribution: Text;
  /** True if the data is the sample, invented from a seed. */
  readonly synthetic: boolean;
}
