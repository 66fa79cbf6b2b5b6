import type { Logger } from 'pino';
import type { Database, Listener } from '../database/database.ts';
import { type Query, sql } from '../database/sql.ts';
import { isForbidden } from '../database/sqlstate.ts';
import type { TileAddress } from '../geo/tile.ts';
import { HOUR_MS } from '../lib/time.ts';
import type { Change } from './change.ts';
import { RecentChanges } from './recent-changes.ts';

const CHANNEL = 'diaba_tile';
/** Interval at which the log is polled. NOTIFY only lowers the latency; polling guarantees delivery. */
const POLL_MS = 5000;
/** Retention of the log in the database. An instance may be cut off this long and still catch up. */
const RETENTION_HOURS = 24;
const PURGE_MS = HOUR_MS;
/**
 * Retention of changes in memory, longer than any statement may take. It also bounds the age of snapshots that
 * instances share.
 */
const MEMORY_MS = HOUR_MS;
/** Longest delay of a notification. If the last proof of a live connection is older, no cached tile can be trusted. */
const TRUSTED_MS = 2000;
/** Number of change ids remembered, so that a change received by NOTIFY is not taken again from the log. */
const REMEMBERED = 20_000;

interface ChangeRow extends Omit<Change, 'xid'> {
  readonly xid: string;
}

/** A row of the log. An empty log yields one row with `id: null`, because of the left join. */
type LogRow = (ChangeRow | { readonly id: null }) & { readonly xmin: string; readonly database: string };

/**
 * Identity of the database that numbers the transactions: cluster, timeline, database and role. A promoted replica or a
 * restored backup begins a new timeline and may reuse transaction ids. The role is part of it because policies and
 * views show each role its own rows.
 */
const DATABASE = sql`(pg_control_system()).system_identifier || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '-' ||
  (SELECT oid FROM pg_database WHERE datname = current_database()) || '-' || current_user`;
const NOW = sql`pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, ${DATABASE} AS database`;

/** Delivers every change of the database's change log to this instance, whoever wrote it. */
export class ChangeFeed {
  readonly #db: Database;
  readonly #log: Logger;
  /** In order of their subscription. */
  readonly #subscribers: ((change: Change) => void)[] = [];
  #recent = new RecentChanges(MEMORY_MS);
  #receivedIds = new Set<number>();
  #database = '';
  /** Every change of a transaction earlier than this has been received. */
  #since = '0';
  #syncedAt = Date.now();
  #isListening = true;
  #isCurrent = true;
  /** The role may not read the log, so no change is ever received. */
  #isForbidden = false;
  #timers: NodeJS.Timeout[] = [];
  #listener: Listener | undefined;

  private constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** Subscribes to notifications, and loads the changes that the log already holds. */
  static async open(db: Database, log: Logger): Promise<ChangeFeed> {
    const feed = new ChangeFeed(db, log);
    feed.#listener = await db.listen(
      CHANNEL,
      (payload) => feed.#receive(payload),
      () => feed.#disconnected(),
    );
    try {
      await feed.#remember();
    } catch (error) {
      if (!isForbidden(error)) throw error;
      log.warn('the role may not read the change log (tile.change): no tile is cached');
      feed.#isForbidden = true;
      return feed;
    }
    feed.#timers = [
      setInterval(() => void feed.catchUp(), POLL_MS).unref(),
      setInterval(() => void feed.#purge(), PURGE_MS).unref(),
    ];
    return feed;
  }

  /**
   * Calls the subscriber for every change from now on. `areas: null` means the whole layer, and a `layer` of `*` all
   * layers.
   */
  subscribe(subscriber: (change: Change) => void): void {
    this.#subscribers.push(subscriber);
  }

  /**
   * Identity of the database, equal in all instances that share it. Change ids and snapshots of one database mean
   * nothing in another.
   */
  get database(): string {
    return this.#database;
  }

  /** Returns true if every change older than 2 s has been received. While false, no cached tile can be trusted. */
  isCurrent(): boolean {
    if (!this.#isListening || !this.#isCurrent || this.#isForbidden) return false;
    return performance.now() - (this.#listener?.provenAt() ?? Number.NEGATIVE_INFINITY) <= TRUSTED_MS;
  }

  /** Returns true if a tile rendered from the snapshot lacks, or may lack, a change received since. */
  isOutdated(snapshot: string, layers: ReadonlySet<string>, tile: TileAddress): boolean {
    return this.#recent.isOutdated(snapshot, layers, tile);
  }

  /** Reads from the log the changes that no notification delivered. */
  async catchUp(): Promise<void> {
    if (this.#isForbidden) return;
    try {
      const rows = await this.#ask<LogRow>(
        sql`SELECT ${NOW}, id, xid::text AS xid, layer, areas
          FROM (SELECT) AS one LEFT JOIN tile.change ON xid >= ${this.#since}::xid8 ORDER BY id`,
      );
      const isCutOff = Date.now() - this.#syncedAt > RETENTION_HOURS * HOUR_MS;
      if (isCutOff || rows[0]?.database !== this.#database) await this.#reset();
      else for (const row of rows) if (row.id !== null) this.#take(row);
      this.#since = rows[0]?.xmin ?? this.#since;
      this.#syncedAt = Date.now();
      this.#isCurrent = true;
    } catch (error) {
      if (this.#isCurrent) this.#log.warn({ err: error }, 'change log not read: tiles are not cached');
      this.#isCurrent = false;
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#listener?.stop();
  }

  /** Bypasses the queue for connections, since cached tiles wait for the answer. */
  #ask<R>(query: Query): Promise<R[]> {
    return this.#listener ? this.#listener.query<R>(query) : this.#db.query<R>(query);
  }

  /**
   * Drops all remembered changes and announces a change of every layer. Called after a change of database, or after a
   * gap longer than the log's retention.
   */
  async #reset(): Promise<void> {
    this.#recent = new RecentChanges(MEMORY_MS);
    this.#receivedIds.clear();
    await this.#remember();
    this.#announce({ id: -1, xid: 0n, layer: '*', areas: null });
  }

  async #remember(): Promise<void> {
    const rows = await this.#ask<LogRow & { age: number }>(
      sql`SELECT ${NOW}, id, xid::text AS xid, layer, areas, extract(epoch FROM clock_timestamp() - at)::float8 * 1000 AS age
        FROM (SELECT) AS one LEFT JOIN tile.change ON TRUE ORDER BY id`,
    );
    // The log holds the newest purged row as well, which gives the floor: see #purge.
    this.#database = rows[0]?.database ?? '';
    this.#since = rows[0]?.xmin ?? '0';
    const now = Date.now();
    for (const row of rows) {
      if (row.id === null) continue;
      if (row.age > MEMORY_MS) this.#recent.raiseFloor(BigInt(row.xid));
      else if (!this.#receivedIds.has(row.id)) this.#recent.add({ ...row, xid: BigInt(row.xid) }, now - row.age);
    }
  }

  #receive(payload: string): void {
    if (payload !== '') {
      this.#take(JSON.parse(payload) as ChangeRow);
      return;
    }
    // An empty payload announces that the connection was lost and restored.
    this.#isCurrent = false;
    this.#isListening = true;
    void this.catchUp();
  }

  #disconnected(): void {
    this.#isListening = false;
    this.#log.warn('connection to the change log lost: tiles are not cached until it is back');
  }

  #take({ id, xid, layer, areas }: ChangeRow): void {
    if (this.#receivedIds.has(id)) return;
    this.#receivedIds.add(id);
    if (this.#receivedIds.size > REMEMBERED) this.#receivedIds = new Set([...this.#receivedIds].slice(REMEMBERED / 2));
    const change = { id, xid: BigInt(xid), layer, areas };
    this.#recent.add(change);
    this.#announce(change);
  }

  #announce(change: Change): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }

  /**
   * Deletes old changes except the newest of them. That row tells instances that start later up to which transaction
   * the log is incomplete.
   */
  async #purge(): Promise<void> {
    const old = sql`at < now() - make_interval(hours => ${RETENTION_HOURS}::int)`;
    await this.#db
      .query(sql`DELETE FROM tile.change WHERE ${old} AND xid < (SELECT max(xid) FROM tile.change WHERE ${old})`, {
        priority: 'background',
      })
      .catch((error: unknown) => {
        // A read-only role leaves the purge to instances that may write.
        if (!isForbidden(error)) this.#log.warn({ err: error }, 'change log not purged');
      });
  }
}
