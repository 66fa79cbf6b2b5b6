import type pg from 'pg';
import { BootError, type Text } from '../lib/errors.ts';
import { type Database, DatabaseError, type PoolLoad, type QueryOptions, type Row } from './database.ts';
import type { WatchedClient } from './postgres-connection.ts';
import { Pools, type PostgresOptions } from './postgres-pools.ts';
import { Pulse } from './pulse.ts';
import { type Query, sql } from './sql.ts';
import { disconnected, isCancelled } from './sqlstate.ts';

/** Shortest interval between reads of the primary's history, which is read when a replica's differs. */
const REREAD_MS = 1000;

/** A cluster and its timeline; a promoted replica starts a timeline of its own. */
interface History {
  readonly system: string;
  readonly timeline: number;
}

const OF_PRIMARY = sql`SELECT (pg_control_system()).system_identifier::text AS system,
  ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline`;
/** Few roles may read the timeline received; others use that of the last checkpoint. */
const OF_REPLICA = sql`SELECT pg_is_in_recovery() AS follows, (pg_control_system()).system_identifier::text AS system,
  coalesce((SELECT received_tli FROM pg_stat_wal_receiver), (pg_control_checkpoint()).timeline_id) AS timeline`;

/** The server under the URL of a replica does not follow the primary. */
class Strayed extends Error {}

/** A streaming replica of the primary, used while it answers and follows. */
export class Replica {
  readonly #primary: Database;
  readonly #pools: Pools;
  readonly #pulse: Pulse;
  #expected: History | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  busy = 0;

  /**
   * Opens a replica. One that is unreachable is used once it returns.
   * @throws BootError if it is reachable but no replica of the primary
   */
  static async open(options: PostgresOptions, primary: Database): Promise<Replica> {
    const replica = new Replica(options, primary);
    await replica.#readPrimary();
    try {
      await replica.#pulse.start();
    } catch (error) {
      if (error instanceof Strayed) {
        await replica.close();
        throw new BootError(
          `A database of DATABASE_REPLICA_URLS is no streaming replica of DATABASE_URL (${error.message}).`,
        );
      }
      replica.#pulse.startLater();
    }
    return replica;
  }

  get load(): readonly PoolLoad[] {
    return this.#pools.load;
  }

  private constructor(options: PostgresOptions, primary: Database) {
    this.#primary = primary;
    this.#pools = new Pools(options);
    const giveUp = () => {
      this.#pools.doubt();
      // The primary takes over the pending queries.
      this.#pools.cutBounded();
    };
    this.#pulse = new Pulse({
      url: options.url,
      name: 'diaba replica',
      question: OF_REPLICA,
      check: ([row]) => this.#check(row),
      onLost: giveUp,
    });
  }

  get isThere(): boolean {
    return !this.#pulse.isLost;
  }

  /** Reason why it is not used. */
  get complaint(): Text {
    const { reason } = this.#pulse;
    return {
      vi: `Một bản sao của cơ sở dữ liệu không được đọc (${reason}).`,
      en: `A replica of the database is not read (${reason}).`,
    };
  }

  async query<R>(query: Query, options: QueryOptions): Promise<R[]> {
    this.busy++;
    try {
      return await this.#pools.query<R>(query, options, requireStandby);
    } finally {
      this.busy--;
    }
  }

  async close(): Promise<void> {
    this.#pulse.close();
    await this.#pools.close();
  }

  #check(row: Row | undefined): void {
    const { follows, system, timeline } = row as unknown as History & { readonly follows: boolean };
    if (!follows) throw new Strayed('pg_is_in_recovery() is false');
    if (system === this.#expected?.system && timeline === this.#expected.timeline) return;
    // The primary itself may have been replaced.
    void this.#readPrimary().catch(() => {});
    throw new Strayed('it follows another server');
  }

  async #readPrimary(): Promise<void> {
    if (performance.now() - this.#readAt < REREAD_MS) return;
    this.#readAt = performance.now();
    [this.#expected] = await this.#primary.query<History>(OF_PRIMARY);
  }
}

/**
 * Rejects an answer of a server that follows nobody, since its data is no copy of the primary's. PostgreSQL reports
 * this with every answer.
 */
function requireStandby(client: pg.PoolClient): void {
  if ((client as unknown as WatchedClient).isStandby === false) throw disconnected('the replica has been promoted');
}

/**
 * Returns a database whose `replica` queries go to the least busy replica available. The primary answers what a replica
 * cannot: it is unreachable, lacks a new table, or cancels in favour of recovery.
 */
export function withReplicas(primary: Database, replicas: readonly Replica[]): Database {
  if (replicas.length === 0) return primary;
  return {
    capabilities: { ...primary.capabilities, replicas: true },
    query: <R>(query: Query, options: QueryOptions = {}): Promise<R[]> => {
      const replica = options.replica ? leastBusy(replicas) : undefined;
      if (!replica) return primary.query<R>(query, options);
      return replica.query<R>(query, options).catch((error: unknown) => {
        if (error instanceof DatabaseError && !isCancelled(error)) return primary.query<R>(query, options);
        throw error;
      });
    },
    script: (text) => primary.script(text),
    copy: (target, lines) => primary.copy(target, lines),
    stream: (query, options) => primary.stream(query, options),
    transaction: (work, options) => primary.transaction(work, options),
    listen: (channel, receive, lost) => primary.listen(channel, receive, lost),
    state: () => {
      const state = primary.state();
      const ailing = replicas.filter(({ isThere }) => !isThere).map(({ complaint }) => complaint);
      return state.isAnswering && ailing.length ? { ...state, ailing } : state;
    },
    load: () => [
      ...primary.load(),
      ...replicas.flatMap(({ load }, index) =>
        load.map((each) => ({ ...each, pool: `replica ${index + 1} ${each.pool}` })),
      ),
    ],
    close: async () => {
      await Promise.all([primary, ...replicas].map((database) => database.close()));
    },
  };
}

function leastBusy(replicas: readonly Replica[]): Replica | undefined {
  return replicas.filter(({ isThere }) => isThere).sort((a, b) => a.busy - b.busy)[0];
}
