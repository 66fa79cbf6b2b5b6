import type { Logger } from 'pino';
import type { Database, Listener } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isMismatched } from '../database/sqlstate.ts';
import { BootError } from '../lib/errors.ts';
import { discover, readFingerprint } from './discover.ts';
import type { Catalog } from './layer.ts';

/** Channel on which the database announces changed definitions. */
export const CATALOG_CHANNEL = 'diaba_catalog';

/**
 * Interval at which definitions are compared without event triggers (the embedded engine, a role without the
 * privilege).
 */
const COMPARE_MS = 30_000;
/** Delay that combines the many notifications of a migration into one discovery. */
const SETTLE_MS = 100;

/** The current catalog, which is replaced as a whole and never modified. */
export class CatalogSource {
  readonly #db: Database;
  readonly #schemas: readonly string[];
  readonly #log: Logger;
  readonly #changed: Set<(catalog: Catalog) => void> = new Set();
  #current: Catalog;
  #settling: NodeJS.Timeout | undefined;
  #comparing: NodeJS.Timeout | undefined;
  #refreshing: Promise<unknown> = Promise.resolve();
  /** A discovery that has not started. */
  #queued: Promise<Catalog> | undefined;
  /** The last report, so that it is not repeated every 30 s. */
  #reported: ReadonlySet<string> = new Set();
  #listener: Listener | undefined;

  private constructor(db: Database, schemas: readonly string[], log: Logger, current: Catalog) {
    this.#db = db;
    this.#schemas = schemas;
    this.#log = log;
    this.#current = current;
  }

  /**
   * Discovers once, and again whenever the database announces a changed definition.
   * @throws BootError for a schema that the database lacks
   */
  static async open(db: Database, schemas: readonly string[], log: Logger): Promise<CatalogSource> {
    const [missing] = await db.query<{ name: string }>(
      sql`SELECT name FROM unnest(${schemas}::text[]) AS name WHERE to_regnamespace(quote_ident(name)) IS NULL`,
    );
    if (missing) throw new BootError(`DIABA_SCHEMAS names the schema "${missing.name}", which the database lacks.`);
    const source = new CatalogSource(db, schemas, log, await discover(db, schemas));
    source.#report();
    source.#listener = await db.listen(CATALOG_CHANNEL, () => source.#settle());
    source.#comparing = setInterval(() => void source.#compare(), COMPARE_MS).unref();
    return source;
  }

  current(): Catalog {
    return this.#current;
  }

  /** Subscribes to catalogs with changed definitions. */
  onChange(subscriber: (catalog: Catalog) => void): void {
    this.#changed.add(subscriber);
  }

  /**
   * Discovers now. Discoveries run one after the other, since of two at once the older could end last and stay. Calls
   * while one is queued share it.
   */
  refresh(): Promise<Catalog> {
    this.#queued ??= this.#refreshing.then(() => {
      this.#queued = undefined;
      return this.#discover();
    });
    this.#refreshing = this.#queued.catch(() => {});
    return this.#queued;
  }

  /**
   * Discovers again after a statement failed because of outdated definitions.
   * @param seen the catalog on which the statement was based
   * @returns true if the catalog changed, so that a retry makes sense
   */
  async renew(seen: Catalog, error: unknown): Promise<boolean> {
    // A request alone can cause a type mismatch, which must not trigger a discovery.
    const isSuspect = !isMismatched(error) || (await readFingerprint(this.#db, this.#schemas)) !== seen.fingerprint;
    // A catalog that replaced the seen one in between may be older than the failure.
    if (isSuspect) await this.refresh();
    return identityOf(this.#current) !== identityOf(seen);
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    clearInterval(this.#comparing);
    await this.#listener?.stop();
  }

  async #discover(): Promise<Catalog> {
    const before = this.#current;
    this.#current = withKeysOf(before, await discover(this.#db, this.#schemas));
    if (identityOf(this.#current) !== identityOf(before))
      for (const subscriber of this.#changed) subscriber(this.#current);
    this.#report();
    return this.#current;
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.refresh().catch((error) => this.#log.warn({ err: error }, 'catalog not refreshed'));
    }, SETTLE_MS);
  }

  async #compare(): Promise<void> {
    try {
      const { fingerprint, skipped } = this.#current;
      const mayRecover = skipped.some((layer) => layer.mayRecover);
      if (mayRecover || (await readFingerprint(this.#db, this.#schemas)) !== fingerprint) await this.refresh();
    } catch (error) {
      this.#log.warn({ err: error }, 'catalog not compared');
    }
  }

  #report(): void {
    const { layers, skipped } = this.#current;
    this.#log.debug({ layers: layers.size }, 'catalog');
    const reports = [
      ...skipped.map(({ id, reason }) => `${id} is not served: ${reason.en} / ${reason.vi}`),
      ...[...layers.values()]
        .filter(({ geometry, rowEstimate }) => !geometry.indexed && rowEstimate > 10_000)
        .map(({ id, geometry }) => `${id}: no spatial index on ${geometry.column}`),
    ];
    for (const report of reports) if (!this.#reported.has(report)) this.#log.warn(report);
    this.#reported = new Set(reports);
  }
}

/** Returns a text that differs if definitions differ, or the set of readable relations. */
function identityOf({ fingerprint, layers }: Catalog): string {
  return JSON.stringify([fingerprint, [...layers.keys()]]);
}

/**
 * Returns the catalog with the keys of the catalog before, if definitions are the same. The key of a view depends on
 * its rows, and with another key its ids and the cursors of its pages are no longer valid.
 */
function withKeysOf(before: Catalog, catalog: Catalog): Catalog {
  if (catalog.fingerprint !== before.fingerprint) return catalog;
  const layers = [...catalog.layers].map(
    ([id, layer]) => [id, { ...layer, key: before.layers.get(id)?.key ?? layer.key }] as const,
  );
  return { ...catalog, layers: new Map(layers) };
}
