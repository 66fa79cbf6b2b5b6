import type { Logger } from 'pino';
import type { Database, Listener } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isMismatched } from '../database/sqlstate.ts';
import { BootError } from '../lib/errors.ts';
import { discover, readFingerprint } from './discover.ts';
import type { Catalog } from './layer.ts';

/** Channel on which the database says that a definition changed. */
export const CATALOG_CHANNEL = 'diaba_catalog';

/** Where there are no event triggers (the embedded engine, a role without the right), definitions are compared this often. */
const COMPARE_MS = 30_000;
/** One migration makes many notifications: they are answered by one discovery. */
const SETTLE_MS = 100;

/** The catalog of now: a whole that is swapped, never one that changes. */
export class CatalogSource {
  readonly #db: Database;
  readonly #schemas: readonly string[];
  readonly #log: Logger;
  readonly #changed: Set<(catalog: Catalog) => void> = new Set();
  #current: Catalog;
  #settling: NodeJS.Timeout | undefined;
  #comparing: NodeJS.Timeout | undefined;
  #refreshing: Promise<unknown> = Promise.resolve();
  /** A discovery that has not begun. */
  #queued: Promise<Catalog> | undefined;
  /** What was reported last, so that nothing is said again every 30 s. */
  #reported: ReadonlySet<string> = new Set();
  #listener: Listener | undefined;

  private constructor(db: Database, schemas: readonly string[], log: Logger, current: Catalog) {
    this.#db = db;
    this.#schemas = schemas;
    this.#log = log;
    this.#current = current;
  }

  /**
   * Discovers once, then again whenever the database says that a definition changed.
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

  /** Told of every catalog that is put in place of another with other definitions. */
  onChange(told: (catalog: Catalog) => void): void {
    this.#changed.add(told);
  }

  /**
   * Discovers now. One after the other: of two at once, the one that began first could end last and stay. Whoever asks
   * while one waits for its turn gets that one.
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
   * Looks again after a statement failed for what the catalog says.
   * @param seen the catalog that the statement was made from
   * @returns whether there is another one now, so that trying once more makes sense
   */
  async renew(seen: Catalog, error: unknown): Promise<boolean> {
    // A request can provoke a mismatch of types by itself: that must not cost a discovery.
    const isSuspect = !isMismatched(error) || (await readFingerprint(this.#db, this.#schemas)) !== seen.fingerprint;
    if (this.#current === seen && isSuspect) await this.refresh();
    return identityOf(this.#current) !== identityOf(seen);
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    clearInterval(this.#comparing);
    await this.#listener?.stop();
  }

  async #discover(): Promise<Catalog> {
    const before = identityOf(this.#current);
    this.#current = await discover(this.#db, this.#schemas);
    if (identityOf(this.#current) !== before) for (const told of this.#changed) told(this.#current);
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

/** Differs where definitions do, and where what can be read is not the same. */
function identityOf({ fingerprint, layers }: Catalog): string {
  return JSON.stringify([fingerprint, [...layers.keys()]]);
}
