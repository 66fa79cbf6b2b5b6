import type { Logger } from 'pino';
import type { Database, Listener } from '../database/database.ts';
import { type Query, sql } from '../database/sql.ts';
import { isForbidden } from '../database/sqlstate.ts';
import type { TileAddress } from '../geo/tile.ts';
import type { Change } from './change.ts';
import { RecentChanges } from './recent-changes.ts';

const CHANNEL = 'diaba_tile';
/** NOTIFY only makes it quick: what the log holds is asked for this often. */
const POLL_MS = 5000;
/** How long the log is kept, and so how long an instance may be cut off and still know what it has missed. */
const KEEP_HOURS = 24;
const PURGE_MS = 3_600_000;
/** How long changes are remembered here: longer than a statement may take; what instances share is good for as long. */
const REMEMBER_MS = 3_600_000;
/** A change may be heard so late: with a proof that is older, nothing that is kept can be trusted. */
const TRUSTED_MS = 2000;
/** Identities of changes remembered, so that what was heard is not taken again from the log. */
const REMEMBERED = 20_000;

interface ChangeRow extends Omit<Change, 'xid'> {
  readonly xid: string;
}

/** What `ON TRUE` keeps of the log where it has nothing. */
type LogRow = (ChangeRow | { readonly id: null }) & { readonly xmin: string; readonly database: string };

/**
 * Which database it is whose transactions are numbered: a cluster, its timeline (a replica that is promoted, a backup that
 * is restored, begin a new one and may give a number again), and the database in it; and for whom: policies and views show
 * each role rows of its own.
 */
const DATABASE = sql`(pg_control_system()).system_identifier || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '-' ||
  (SELECT oid FROM pg_database WHERE datname = current_database()) || '-' || current_user`;
const NOW = sql`pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, ${DATABASE} AS database`;

/** What has changed, from the change log of the database, in every instance, whoever wrote it. */
export class ChangeFeed {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #heard: (change: Change) => void;
  #recent = new RecentChanges(REMEMBER_MS);
  #known = new Set<number>();
  #database = '';
  /** Every change of an earlier transaction has been heard. */
  #since = '0';
  #syncedAt = Date.now();
  #isListening = true;
  #isCurrent = true;
  /** The role may not read the log: no change is ever heard. */
  #isDeaf = false;
  #timers: NodeJS.Timeout[] = [];
  #listener: Listener | undefined;

  private constructor(db: Database, log: Logger, heard: (change: Change) => void) {
    this.#db = db;
    this.#log = log;
    this.#heard = heard;
  }

  /** Hears from now on, and remembers what the log has of the time before. */
  static async open(db: Database, log: Logger, heard: (change: Change) => void): Promise<ChangeFeed> {
    const feed = new ChangeFeed(db, log, heard);
    feed.#listener = await db.listen(
      CHANNEL,
      (payload) => feed.#receive(payload),
      () => feed.#lose(),
    );
    try {
      await feed.#remember();
    } catch (error) {
      if (!isForbidden(error)) throw error;
      log.warn('the role may not read the change log (tile.change): no tile is cached');
      feed.#isDeaf = true;
      return feed;
    }
    feed.#timers = [
      setInterval(() => void feed.catchUp(), POLL_MS).unref(),
      setInterval(() => void feed.#purge(), PURGE_MS).unref(),
    ];
    return feed;
  }

  /** Identity of the database, the same in all instances: what is told of changes in one means nothing in another. */
  get database(): string {
    return this.#database;
  }

  /** Whether what was changed 2 s ago has been heard. While not, nothing that is kept can be trusted. */
  isCurrent(): boolean {
    if (!this.#isListening || !this.#isCurrent || this.#isDeaf) return false;
    return performance.now() - (this.#listener?.provenAt() ?? Number.NEGATIVE_INFINITY) <= TRUSTED_MS;
  }

  /** Whether a tile that was made from a snapshot lacks, or may lack, a change that has been told. */
  isOutdated(snapshot: string, layers: ReadonlySet<string>, tile: TileAddress): boolean {
    return this.#recent.isOutdated(snapshot, layers, tile);
  }

  /** Takes from the log what was not heard. */
  async catchUp(): Promise<void> {
    if (this.#isDeaf) return;
    try {
      const rows = await this.#ask<LogRow>(
        sql`SELECT ${NOW}, id, xid::text AS xid, layer, areas
          FROM (SELECT) AS one LEFT JOIN tile.change ON xid >= ${this.#since}::xid8 ORDER BY id`,
      );
      const isCutOff = Date.now() - this.#syncedAt > KEEP_HOURS * 3_600_000;
      if (isCutOff || rows[0]?.database !== this.#database) await this.#beginAnew();
      else for (const row of rows) if (row.id !== null) this.#take(row);
      this.#since = rows[0]?.xmin ?? this.#since;
      this.#syncedAt = Date.now();
      this.#isCurrent = true;
    } catch (error) {
      if (this.#isCurrent) this.#log.warn({ err: error }, 'change log not read: tiles are not kept');
      this.#isCurrent = false;
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#listener?.stop();
  }

  /** Past whoever waits for a connection: cached tiles hang on the answer. */
  #ask<R>(query: Query): Promise<R[]> {
    return this.#listener ? this.#listener.query<R>(query) : this.#db.query<R>(query);
  }

  /** Nothing that is kept or remembered can be held against this database, or against so long a gap. */
  async #beginAnew(): Promise<void> {
    this.#recent = new RecentChanges(REMEMBER_MS);
    this.#known.clear();
    await this.#remember();
    this.#heard({ id: -1, xid: 0n, layer: '*', areas: null });
  }

  async #remember(): Promise<void> {
    const rows = await this.#ask<LogRow & { age: number }>(
      sql`SELECT ${NOW}, id, xid::text AS xid, layer, areas, extract(epoch FROM clock_timestamp() - at)::float8 * 1000 AS age
        FROM (SELECT) AS one LEFT JOIN tile.change ON TRUE ORDER BY id`,
    );
    // Of what is no longer in the log, the newest row is left: see #purge.
    this.#database = rows[0]?.database ?? '';
    this.#since = rows[0]?.xmin ?? '0';
    const now = Date.now();
    for (const row of rows) {
      if (row.id === null) continue;
      if (row.age > REMEMBER_MS) this.#recent.raiseFloor(BigInt(row.xid));
      else if (!this.#known.has(row.id)) this.#recent.add({ ...row, xid: BigInt(row.xid) }, now - row.age);
    }
  }

  #receive(payload: string): void {
    if (payload !== '') {
      this.#take(JSON.parse(payload) as ChangeRow);
      return;
    }
    // The connection was lost and made again.
    this.#isCurrent = false;
    this.#isListening = true;
    void this.catchUp();
  }

  #lose(): void {
    this.#isListening = false;
    this.#log.warn('connection to the change log lost: tiles are not kept until it is back');
  }

  #take({ id, xid, layer, areas }: ChangeRow): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    if (this.#known.size > REMEMBERED) this.#known = new Set([...this.#known].slice(REMEMBERED / 2));
    const change = { id, xid: BigInt(xid), layer, areas };
    this.#recent.add(change);
    this.#heard(change);
  }

  /** The newest of what is old stays: it tells instances that start later up to where they know nothing. */
  async #purge(): Promise<void> {
    const old = sql`at < now() - make_interval(hours => ${KEEP_HOURS}::int)`;
    await this.#db
      .query(sql`DELETE FROM tile.change WHERE ${old} AND xid < (SELECT max(xid) FROM tile.change WHERE ${old})`, {
        priority: 'background',
      })
      .catch((error: unknown) => {
        // Whose role may only read leaves it to those who may write.
        if (!isForbidden(error)) this.#log.warn({ err: error }, 'change log not purged');
      });
  }
}
