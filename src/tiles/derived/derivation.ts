import type { Logger } from 'pino';
import type { Catalog, Layer } from '../../catalog/layer.ts';
import type { Database, Session } from '../../database/database.ts';
import { ident, sql } from '../../database/sql.ts';
import { isForbidden } from '../../database/sqlstate.ts';
import { derivedName, derivedTable, dropDerived, mosaicName, wholeLayerTriggers } from './derived-table.ts';

/** What there is of a layer beside its table. */
export interface DerivedState {
  /** Its derived rows are those of the table. */
  readonly isDerived: boolean;
  /** Its mosaic is complete. */
  readonly hasMosaic: boolean;
  /** Its changes are told: its tiles can be kept. */
  readonly isWatched: boolean;
}

const NOTHING: DerivedState = Object.freeze({ isDerived: false, hasMosaic: false, isWatched: false });

/** Milliseconds that one statement of a mosaic should take: the embedded engine answers nobody meanwhile. */
const BATCH_MS = 60;
const FIRST_BATCH = 4;
const LARGEST_BATCH = 2000;

interface StateRow {
  readonly layer: string;
  readonly fingerprint: string;
  readonly stale: boolean;
  /** Whether the role may read the rows. */
  readonly readable: boolean;
}

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

  stateOf({ id }: Layer): DerivedState {
    return this.#states.get(id) ?? NOTHING;
  }

  /** A layer has changed as a whole: until what is there has been read again, its table is believed and nothing kept. */
  distrust(layer: string): void {
    this.#doubts++;
    this.#states = new Map(this.#states).set(layer, NOTHING);
  }

  /** Reads what is there, without making anything. */
  async refresh(catalog: Catalog): Promise<void> {
    this.#catalog = catalog;
    const doubts = this.#doubts;
    const found = new Map((await this.#read(catalog)).map((row) => [row.layer, row]));
    const states = [...catalog.layers.values()].map((layer): [string, DerivedState] => {
      const row = found.get(layer.id);
      if (!row || !canBeWatched(layer) || row.fingerprint !== fingerprintOf(layer)) return [layer.id, NOTHING];
      const isDerived = canBeDerived(layer) && !row.stale && row.readable;
      const mosaic = found.get(`${layer.id} mosaic`);
      const hasMosaic = isDerived && mosaic?.fingerprint === row.fingerprint && mosaic.readable;
      return [layer.id, { isDerived, hasMosaic, isWatched: true }];
    });
    if (doubts !== this.#doubts) return this.refresh(catalog);
    this.#states = new Map(states);
  }

  /** Reads it once more: for whoever cannot be told of what changes. */
  async refreshAgain(): Promise<void> {
    if (this.#catalog) await this.refresh(this.#catalog);
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

  /**
   * What is there of the layers; nothing where the role may not read it: everything comes from the tables then. Derived rows
   * are all rows of a layer: where policies show the role only some, they are not for it.
   */
  async #read({ layers }: Catalog): Promise<StateRow[]> {
    const tables = [...layers.values()].filter(({ isTable }) => isTable);
    const places = [
      ...tables.map((layer) => [layer.id, derivedName(layer).text, ident(layer.schema, layer.table).text]),
      ...tables.map((layer) => [`${layer.id} mosaic`, mosaicName(layer).text, ident(layer.schema, layer.table).text]),
    ];
    try {
      return await this.#db.query<StateRow>(sql`SELECT derived.layer, fingerprint,
        EXISTS (SELECT FROM tile.stale WHERE stale.layer = derived.layer) AS stale,
        coalesce(has_table_privilege(to_regclass(rows), 'SELECT') AND NOT row_security_active(source), false) AS readable
        FROM tile.derived LEFT JOIN unnest(${places.map(([id]) => id)}::text[], ${places.map(([, rows]) => rows)}::text[],
          ${places.map(([, , source]) => source)}::text[]) AS place (layer, rows, source) ON place.layer = derived.layer`);
    } catch (error) {
      if (isForbidden(error)) return [];
      throw error;
    }
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
      const { isDerived, hasMosaic } = this.stateOf(layer);
      if (layer.mosaic && isDerived && !hasMosaic && !this.#closed) await this.#makeMosaic(catalog, layer);
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

  /** Block by block, in statements of their own: what is edited meanwhile settles between them. */
  async #makeMosaic(catalog: Catalog, layer: Layer): Promise<void> {
    const { mosaic } = layer;
    if (!mosaic) return;
    await this.#db.query(sql`TRUNCATE ${mosaicName(layer)}`);
    const blocks = await this.#db.query<{ bx: number; by: number }>(sql`
      SELECT DISTINCT tile.tile_column((ST_XMin(m) + ST_XMax(m)) / 2, ${mosaic.top + 3}) AS bx,
        tile.tile_row((ST_YMin(m) + ST_YMax(m)) / 2, ${mosaic.top + 3}) AS by
      FROM (SELECT "diaba mercator" AS m FROM ${derivedName(layer)}) AS rows ORDER BY bx, by`);
    let done = 0;
    const total = blocks.length * 1.4;
    for (let level = mosaic.top; level >= layer.zooms.min; level--) {
      const shift = mosaic.top - level;
      const keys = new Set(blocks.map(({ bx, by }) => `${bx >> shift} ${by >> shift}`));
      const list = [...keys].map((key) => key.split(' ').map(Number) as [number, number]);
      for (let next = 0, size = FIRST_BATCH; next < list.length && !this.#closed; ) {
        const batch = list.slice(next, next + size);
        const began = Date.now();
        await this.#reduce(layer, level, batch);
        next += batch.length;
        done += batch.length;
        this.#options.onProgress?.(Math.round(Math.min(done, total)), Math.round(total));
        size = Math.max(1, Math.min(LARGEST_BATCH, Math.round((size * BATCH_MS) / Math.max(Date.now() - began, 1))));
      }
    }
    if (this.#closed) return;
    await this.#db.script(`ANALYZE ${mosaicName(layer).text}`);
    await this.#db.query(sql`INSERT INTO tile.derived (layer, fingerprint)
      SELECT ${`${layer.id} mosaic`}, fingerprint FROM tile.derived WHERE layer = ${layer.id}
      ON CONFLICT (layer) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, built_at = now()`);
    await this.#db.query(sql`SELECT tile.announce(${layer.id}, NULL)`);
    await this.refresh(catalog);
  }

  async #reduce({ id }: Layer, level: number, blocks: readonly (readonly [number, number])[]): Promise<void> {
    await this.#db.query(
      sql`WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(${`diaba mosaic ${id}`}, 0)))
        SELECT count(tile.reduce(spec, ${level}::int, bx, by)) FROM locked, tile.mosaic AS spec,
          unnest(${blocks.map(([bx]) => bx)}::int[], ${blocks.map(([, by]) => by)}::int[]) AS block (bx, by) WHERE spec.layer = ${id}`,
      { priority: 'background', signal: this.#stop.signal },
    );
  }

  /** What was made for layers that are no more. */
  async #dropForeign(catalog: Catalog): Promise<void> {
    const rows = await this.#db.query<{ layer: string }>(
      sql`SELECT layer FROM tile.derived WHERE layer NOT LIKE '% mosaic'`,
    );
    for (const { layer } of rows) {
      const known = catalog.layers.get(layer);
      if (known && canBeWatched(known)) continue;
      await this.#db.transaction(async (session) => {
        await session.script(dropDerived(layer));
        await session.query(sql`DELETE FROM tile.derived WHERE layer IN (${layer}, ${`${layer} mosaic`})`);
        await session.query(sql`DELETE FROM tile.stale WHERE layer = ${layer}`);
      });
    }
  }
}

/** Rows can be told one from another, and triggers stand on the table itself. */
function canBeDerived({ isTable, key }: Layer): boolean {
  return isTable && key.kind === 'columns';
}

function canBeWatched({ isTable, dependsOn }: Layer): boolean {
  return isTable || dependsOn.length > 0;
}

function fingerprintOf(layer: Layer): string {
  return canBeDerived(layer) ? derivedTable(layer).fingerprint : wholeLayerTriggers(layer);
}

/** In one transaction that keeps writers out: what they wrote before is in the table, what they write after fires the triggers. */
async function makeLayer(session: Session, layer: Layer): Promise<void> {
  await session.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`diaba derive ${layer.id}`}, 0))`);
  if (layer.isTable)
    await session.query(sql`LOCK TABLE ${ident(layer.schema, layer.table)} IN SHARE ROW EXCLUSIVE MODE`);
  // Another instance may have made it while this one waited.
  const [row] = await session.query<Pick<StateRow, 'fingerprint' | 'stale'>>(sql`SELECT fingerprint,
    EXISTS (SELECT FROM tile.stale WHERE stale.layer = derived.layer) AS stale FROM tile.derived WHERE layer = ${layer.id}`);
  const fingerprint = fingerprintOf(layer);
  if (row?.fingerprint === fingerprint && !row.stale) return;
  if (canBeDerived(layer)) {
    const { build, triggers } = derivedTable(layer);
    await session.script(build);
    await session.script(triggers);
    await session.query(sql`ANALYZE ${derivedName(layer)}`);
  } else {
    await session.script(wholeLayerTriggers(layer));
  }
  await session.query(sql`DELETE FROM tile.stale WHERE layer = ${layer.id}`);
  await session.query(sql`DELETE FROM tile.derived WHERE layer = ${`${layer.id} mosaic`}`);
  await session.query(sql`INSERT INTO tile.derived (layer, fingerprint) VALUES (${layer.id}, ${fingerprint})
    ON CONFLICT (layer) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, built_at = now()`);
  await session.query(sql`SELECT tile.announce(${layer.id}, NULL)`);
}
