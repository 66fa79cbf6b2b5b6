import type { Catalog, Layer } from '../../catalog/layer.ts';
import type { ChangeFeed } from '../../changes/feed.ts';
import type { Database, Session } from '../../database/database.ts';
import { ident, sql } from '../../database/sql.ts';
import { type DerivedState, NOTHING_DERIVED, readStates } from './derived-state.ts';
import {
  buildTable,
  canBeDerived,
  canBeWatched,
  definitionOf,
  derivedName,
  type TableDefinition,
  watchedTables,
} from './derived-table.ts';
import { fillMosaic } from './mosaic.ts';

export interface DerivationOptions {
  readonly log?: { warn(fields: object, text: string): void };
  readonly onProgress?: (done: number, total: number) => void;
  /** False: a sibling builds, and this process reads what it has built. */
  readonly isBuilder?: boolean;
  /** Announces to siblings that the builder has built, or that rows were found to be dropped. */
  readonly announce?: () => unknown;
}

/**
 * Maintains derived tables and triggers for the layers of the catalog. Until a layer's exist, tiles are rendered from
 * the table itself, and not cached. That stays so for a role that may not create them.
 */
export class Derivation {
  readonly #db: Database;
  readonly #options: DerivationOptions;
  #states: ReadonlyMap<string, DerivedState> = new Map();
  /** Counts events that outdate a read of the states before it completes. */
  #doubts = 0;
  #working: Promise<void> = Promise.resolve();
  /** The present catalog. */
  #catalog: Catalog | undefined;
  readonly #stop = new AbortController();
  #isRefusalLogged = false;
  /** True while a run waits for the one before it. */
  #isWaiting = false;

  constructor(db: Database, options: DerivationOptions = {}) {
    this.#db = db;
    this.#options = options;
  }

  /**
   * Rebuilds the rows of a table after each change of it as a whole.
   * @param current returns the catalog at that time
   */
  follow(feed: ChangeFeed, current: () => Catalog): void {
    feed.subscribe(({ layer, areas }) => {
      // The sources of a view can change as a whole many times a minute, and a view has no derived rows to rebuild.
      if (areas || current().layers.get(layer)?.isTable === false) return;
      this.distrust(layer);
      void this.ensure(current());
    });
  }

  stateOf({ id, units }: Layer): DerivedState {
    // Derived rows are those of all units.
    return (units ? undefined : this.#states.get(id)) ?? NOTHING_DERIVED;
  }

  /** Handles a change of a whole layer. Until its state is read again, tiles come from its table and are not cached. */
  distrust(layer: string): void {
    this.#doubts++;
    const { mosaic } = this.#states.get(layer) ?? NOTHING_DERIVED;
    this.#states = new Map(this.#states).set(layer, {
      ...NOTHING_DERIVED,
      mosaic: mosaic === 'none' ? 'none' : 'former',
    });
  }

  /** Reads the states, without building anything. */
  async refresh(catalog: Catalog): Promise<void> {
    this.#adopt(catalog);
    await this.refreshAgain();
  }

  /** Reads the states of the present catalog again, for callers who may have missed changes. */
  async refreshAgain(): Promise<void> {
    if (!this.#catalog) return;
    const doubts = this.#doubts;
    const states = await readStates(this.#db, this.#catalog);
    if (doubts !== this.#doubts) return this.refreshAgain();
    this.#states = states;
  }

  /** Reads the states again after a statement missed a table, and rebuilds what was dropped. */
  async recheck(): Promise<void> {
    await this.refreshAgain();
    if (!this.#isBuilder) this.#options.announce?.();
    else if (this.#catalog) void this.ensure(this.#catalog);
  }

  /** Handles the announcement of a sibling. */
  announced(): Promise<void> {
    return this.#isBuilder ? this.recheck() : this.refreshAgain();
  }

  /** Builds whatever is missing or outdated. Runs follow one another, and all calls before a run starts share it. */
  ensure(catalog: Catalog): Promise<void> {
    this.#adopt(catalog);
    if (this.#isWaiting) return this.#working;
    this.#isWaiting = true;
    this.#working = this.#working
      .then(() => {
        this.#isWaiting = false;
        return this.#ensure(this.#catalog ?? catalog);
      })
      .catch((error) => {
        if (!this.#closed) this.#options.log?.warn({ err: error }, 'derived tables not built');
      });
    return this.#working;
  }

  /** Resolves when nothing is being built. */
  idle(): Promise<void> {
    return this.#working;
  }

  /** Stops building; the rest is built at the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  /** Takes the present catalog. Rows derived by a former definition may lack columns of the present one. */
  #adopt(catalog: Catalog): void {
    const former = this.#catalog;
    this.#catalog = catalog;
    if (former === catalog) return;
    // A read for the former catalog that is under way is outdated.
    this.#doubts++;
    for (const layer of former?.layers.values() ?? []) {
      const present = catalog.layers.get(layer.id);
      if (!present || definitionOf(present).fingerprint !== definitionOf(layer).fingerprint) this.distrust(layer.id);
    }
  }

  get #isBuilder(): boolean {
    return this.#options.isBuilder ?? true;
  }

  get #closed(): boolean {
    return this.#stop.signal.aborted;
  }

  async #ensure(catalog: Catalog): Promise<void> {
    if (!this.#isBuilder || !(await this.#mayBuild())) return this.refreshAgain();
    await this.#dropForeign(catalog);
    await this.refreshAgain();
    for (const layer of catalog.layers.values()) {
      if (this.#closed || !canBeWatched(layer)) continue;
      const { isWatched, isDerived } = this.stateOf(layer);
      if (!isWatched || (canBeDerived(layer) && !isDerived)) await this.#make(layer);
    }
    this.#options.announce?.();
    for (const layer of catalog.layers.values()) {
      const { isDerived, mosaic } = this.stateOf(layer);
      if (layer.mosaic && isDerived && mosaic !== 'current' && !this.#closed) await this.#fillMosaic(layer);
    }
  }

  /** Logs once if the role lacks the privileges, which is the operator's decision. */
  async #mayBuild(): Promise<boolean> {
    const [rights] = await this.#db.query<{ role: string; may: boolean }>(
      sql`SELECT current_user AS role, has_schema_privilege('tile', 'CREATE') AND NOT current_setting('transaction_read_only')::boolean AS may`,
    );
    if (!rights?.may && !this.#isRefusalLogged) {
      this.#isRefusalLogged = true;
      this.#options.log?.warn(
        {},
        `the role "${rights?.role}" may only read: it makes no triggers and no derived rows; tiles of layers without them come from the tables and are not cached`,
      );
    }
    return rights?.may === true;
  }

  async #make(layer: Layer): Promise<void> {
    try {
      await this.#db.transaction((session) => buildLayer(session, layer), {
        priority: 'background',
        signal: this.#stop.signal,
      });
      await this.refreshAgain();
    } catch (error) {
      if (this.#closed) return;
      this.#options.log?.warn({ err: error }, `${layer.id}: tiles are rendered from the table itself and not cached`);
    }
  }

  async #fillMosaic(layer: Layer): Promise<void> {
    const { onProgress, log } = this.#options;
    const isFinished = await fillMosaic(this.#db, layer, {
      onProgress,
      onFailure: (err, block) => log?.warn({ err, ...block }, `${layer.id}: a block of the low zooms stays empty`),
      signal: this.#stop.signal,
    });
    if (isFinished) await this.refreshAgain();
  }

  /** Drops tables and triggers of layers that no longer exist. */
  async #dropForeign(catalog: Catalog): Promise<void> {
    const rows = await this.#db.query<{ layer: string }>(sql`SELECT layer FROM tile.derived`);
    for (const { layer } of rows) {
      const known = catalog.layers.get(layer);
      if (!known || !canBeWatched(known)) await this.#db.query(sql`SELECT tile.forget(${layer})`);
    }
  }
}

/**
 * Builds a layer in one transaction that blocks writers. Earlier writes are in the table; later ones fire the triggers.
 */
async function buildLayer(session: Session, layer: Layer): Promise<void> {
  await session.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`diaba derive ${layer.id}`}, 0))`);
  if (layer.isTable)
    await session.query(sql`LOCK TABLE ${ident(layer.schema, layer.table)} IN SHARE ROW EXCLUSIVE MODE`);
  // Another instance may have built it while this one waited.
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
  // The mosaic now shows former rows, and a concurrent builder gives up.
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
