import type { Logger } from 'pino';
import type { Catalog, Layer } from '../../catalog/layer.ts';
import type { ChangeFeed } from '../../changes/feed.ts';
import type { Database, Session } from '../../database/database.ts';
import { ident, sql } from '../../database/sql.ts';
import { type DerivedState, NOTHING, readStates } from './derived-state.ts';
import {
  buildTable,
  canBeDerived,
  canBeWatched,
  definitionOf,
  derivedName,
  type TableDefinition,
  watchedTables,
} from './derived-table.ts';
import { makeMosaic } from './mosaic.ts';

export interface DerivationOptions {
  readonly log?: Logger;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Keeps derived tables and triggers as the catalog has the layers. Until a layer's are there, tiles are made from the
 * table itself, and not kept. A role that may not make them is served so for good.
 */
export class Derivation {
  readonly #db: Database;
  readonly #options: DerivationOptions;
  #states: ReadonlyMap<string, DerivedState> = new Map();
  /** Counts what makes a reading of the states out of date before it has arrived. */
  #doubts = 0;
  #working: Promise<void> = Promise.resolve();
  /** The catalog that was last looked at. */
  #catalog: Catalog | undefined;
  readonly #stop = new AbortController();
  #isRefusalTold = false;
  /** The catalog that the next work begins with, where that has not begun. */
  #next: Catalog | undefined;

  constructor(db: Database, options: DerivationOptions = {}) {
    this.#db = db;
    this.#options = options;
  }

  /** Makes the rows of a table anew after each change of it as a whole. @param current the catalog of that time */
  follow(feed: ChangeFeed, current: () => Catalog): void {
    feed.subscribe(({ layer, areas }) => {
      // What a view depends on can change as a whole many times a minute, and it has no rows to be made anew.
      if (areas || current().layers.get(layer)?.isTable === false) return;
      this.distrust(layer);
      void this.ensure(current());
    });
  }

  stateOf({ id }: Layer): DerivedState {
    return this.#states.get(id) ?? NOTHING;
  }

  /** A layer has changed as a whole: until what is there has been read again, its table is believed and nothing kept. */
  distrust(layer: string): void {
    this.#doubts++;
    const { mosaic } = this.#states.get(layer) ?? NOTHING;
    this.#states = new Map(this.#states).set(layer, { ...NOTHING, mosaic: mosaic === 'none' ? 'none' : 'former' });
  }

  /** Reads what is there, without making anything. */
  async refresh(catalog: Catalog): Promise<void> {
    this.#catalog = catalog;
    const doubts = this.#doubts;
    const states = await readStates(this.#db, catalog);
    if (doubts !== this.#doubts) return this.refresh(catalog);
    this.#states = states;
  }

  /** Reads it once more: for whoever cannot be told of what changes. */
  async refreshAgain(): Promise<void> {
    if (this.#catalog) await this.refresh(this.#catalog);
  }

  /** Reads it once more after a statement missed a table, and makes what has been dropped. */
  async recheck(): Promise<void> {
    if (!this.#catalog) return;
    await this.refresh(this.#catalog);
    void this.ensure(this.#catalog);
  }

  /** Makes what is missing or no longer true. One after the other, and once for all who ask before it begins. */
  ensure(catalog: Catalog): Promise<void> {
    const isWaiting = this.#next !== undefined;
    this.#next = catalog;
    if (isWaiting) return this.#working;
    this.#working = this.#working
      .then(() => {
        const next = this.#next ?? catalog;
        this.#next = undefined;
        return this.#ensure(next);
      })
      .catch((error) => {
        if (!this.#closed) this.#options.log?.warn({ err: error }, 'derived tables not made');
      });
    return this.#working;
  }

  /** Resolves when nothing is being made. */
  idle(): Promise<void> {
    return this.#working;
  }

  /** Ends what is being made: what it was for is made at the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  get #closed(): boolean {
    return this.#stop.signal.aborted;
  }

  async #ensure(catalog: Catalog): Promise<void> {
    if (!(await this.#mayMake())) return this.refresh(catalog);
    await this.#dropForeign(catalog);
    await this.refresh(catalog);
    for (const layer of catalog.layers.values()) {
      if (this.#closed || !canBeWatched(layer)) continue;
      const { isWatched, isDerived } = this.stateOf(layer);
      if (!isWatched || (canBeDerived(layer) && !isDerived)) await this.#make(catalog, layer);
    }
    for (const layer of catalog.layers.values()) {
      const { isDerived, mosaic } = this.stateOf(layer);
      if (layer.mosaic && isDerived && mosaic !== 'current' && !this.#closed) await this.#makeMosaic(catalog, layer);
    }
  }

  /** Tells it once where the role may not: that is a choice of whoever runs the database. */
  async #mayMake(): Promise<boolean> {
    const [rights] = await this.#db.query<{ role: string; may: boolean }>(
      sql`SELECT current_user AS role, has_schema_privilege('tile', 'CREATE') AND NOT current_setting('transaction_read_only')::boolean AS may`,
    );
    if (!rights?.may && !this.#isRefusalTold) {
      this.#isRefusalTold = true;
      this.#options.log?.warn(
        `the role "${rights?.role}" may only read: it makes no triggers and no derived rows; tiles of layers without them come from the tables and are not cached`,
      );
    }
    return rights?.may === true;
  }

  async #make(catalog: Catalog, layer: Layer): Promise<void> {
    try {
      await this.#db.transaction((session) => makeLayer(session, layer), {
        priority: 'background',
        signal: this.#stop.signal,
      });
      await this.refresh(catalog);
    } catch (error) {
      if (this.#closed) return;
      this.#options.log?.warn({ err: error }, `${layer.id}: tiles are made from the table itself and not kept`);
    }
  }

  async #makeMosaic(catalog: Catalog, layer: Layer): Promise<void> {
    const { onProgress } = this.#options;
    const isMade = await makeMosaic(this.#db, layer, { onProgress, signal: this.#stop.signal });
    if (isMade) await this.refresh(catalog);
  }

  /** What was made for layers that are no more. */
  async #dropForeign(catalog: Catalog): Promise<void> {
    const rows = await this.#db.query<{ layer: string }>(sql`SELECT layer FROM tile.derived`);
    for (const { layer } of rows) {
      const known = catalog.layers.get(layer);
      if (!known || !canBeWatched(known)) await this.#db.query(sql`SELECT tile.forget(${layer})`);
    }
  }
}

/** In one transaction that keeps writers out: what they wrote before is in the table, what they write after fires the triggers. */
async function makeLayer(session: Session, layer: Layer): Promise<void> {
  await session.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`diaba derive ${layer.id}`}, 0))`);
  if (layer.isTable)
    await session.query(sql`LOCK TABLE ${ident(layer.schema, layer.table)} IN SHARE ROW EXCLUSIVE MODE`);
  // Another instance may have made it while this one waited.
  const [row] = await session.query<{ fingerprint: string; stale: boolean; dropped: boolean }>(sql`SELECT fingerprint,
    EXISTS (SELECT FROM tile.stale WHERE stale.layer = derived.layer) AS stale,
    key IS NOT NULL AND to_regclass(${derivedName(layer).text}) IS NULL AS dropped FROM tile.derived WHERE layer = ${layer.id}`);
  const definition = definitionOf(layer);
  if (row?.fingerprint === definition.fingerprint && !row.stale && !row.dropped) return;
  if (canBeDerived(layer)) {
    await session.script(buildTable(layer));
    await session.query(sql`ANALYZE ${derivedName(layer)}`);
  }
  await remember(session, layer, definition);
  await session.query(sql`SELECT tile.watch(${layer.id}, ${watchedTables(layer)}::regclass[])`);
  await session.query(sql`DELETE FROM tile.stale WHERE layer = ${layer.id}`);
  // The mosaic is one of former rows now, and whoever was making it gives up.
  await session.query(sql`UPDATE tile.mosaic SET fingerprint = NULL, maker = NULL WHERE layer = ${layer.id}`);
  await session.query(sql`SELECT tile.announce(${layer.id}, NULL)`);
}

async function remember(session: Session, { id }: Layer, definition: TableDefinition): Promise<void> {
  const { fingerprint, name, key, rows, class: field, top } = definition;
  await session.query(sql`
    INSERT INTO tile.derived (layer, fingerprint, name, key, rows, class, top)
    VALUES (${id}, ${fingerprint}, ${name}, ${key}, ${rows}, ${field}, ${top})
    ON CONFLICT (layer) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, name = EXCLUDED.name, key = EXCLUDED.key,
      rows = EXCLUDED.rows, class = EXCLUDED.class, top = EXCLUDED.top, built_at = now()`);
}
