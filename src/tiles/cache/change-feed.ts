import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import type { Change } from './change.ts';

const CHANNEL = 'diaba_tile';
/** NOTIFY only makes it quick: what the log holds is asked for this often. */
const POLL_MS = 5000;
/** How long the log is kept, and so how long an instance may be cut off and still know what it has missed. */
const KEEP_HOURS = 24;
const PURGE_MS = 3_600_000;
/** Identities of changes remembered, so that what was heard is not taken again from the log. */
const REMEMBERED = 20_000;

interface ChangeRow extends Omit<Change, 'xid'> {
  readonly xid: string;
}

/** What has changed, from the change log of the database, in every instance, whoever wrote it. */
export class ChangeFeed {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #heard: (change: Change) => void;
  #known = new Set<number>();
  /** Every change of an earlier transaction has been heard. */
  #since = '0';
  #syncedAt = Date.now();
  #isListening = true;
  #isCurrent = true;
  #timers: NodeJS.Timeout[] = [];
  #unlisten: (() => Promise<void>) | undefined;

  private constructor(db: Database, log: Logger, heard: (change: Change) => void) {
    this.#db = db;
    this.#log = log;
    this.#heard = heard;
  }

  /** Hears from now on. */
  static async open(db: Database, log: Logger, heard: (change: Change) => void): Promise<ChangeFeed> {
    const feed = new ChangeFeed(db, log, heard);
    feed.#unlisten = await db.listen(
      CHANNEL,
      (payload) => feed.#receive(payload),
      () => feed.#lose(),
    );
    const [now] = await db.query<{ xmin: string }>(sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`);
    feed.#since = now?.xmin ?? '0';
    feed.#timers = [
      setInterval(() => void feed.catchUp(), POLL_MS).unref(),
      setInterval(() => void feed.#purge(), PURGE_MS).unref(),
    ];
    return feed;
  }

  /** Whether a change would be heard now. While not, nothing that is kept can be trusted. */
  isCurrent(): boolean {
    return this.#isListening && this.#isCurrent;
  }

  /** Takes from the log what was not heard. */
  async catchUp(): Promise<void> {
    try {
      const rows = await this.#db.query<ChangeRow & { xmin: string }>(
        sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, id, xid::text AS xid, layer, areas
          FROM (SELECT) AS one LEFT JOIN tile.change ON xid >= ${this.#since}::xid8 ORDER BY id`,
        { priority: 'background' },
      );
      if (Date.now() - this.#syncedAt > KEEP_HOURS * 3_600_000)
        this.#tell({ id: -1, xid: 0n, layer: '*', areas: null });
      for (const row of rows) if (row.id !== null) this.#take(row);
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
    await this.#unlisten?.();
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
    this.#tell({ id, xid: BigInt(xid), layer, areas });
  }

  #tell(change: Change): void {
    this.#heard(change);
  }

  async #purge(): Promise<void> {
    await this.#db
      .query(sql`DELETE FROM tile.change WHERE at < now() - make_interval(hours => ${KEEP_HOURS}::int)`, {
        priority: 'background',
      })
      .catch((error) => this.#log.warn({ err: error }, 'change log not purged'));
  }
}
