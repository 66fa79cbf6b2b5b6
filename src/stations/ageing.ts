import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

const LOOK_MS = 5 * 60_000;

/**
 * Announces every five minutes that values have become stale. Cached tiles of stations would otherwise say that a silent
 * station is within its limits. A role that may only read cannot, and leaves it to another instance.
 */
export class Ageing {
  readonly #db: Database;
  readonly #timer: NodeJS.Timeout;
  #since = new Date();
  #running: Promise<unknown> = Promise.resolve();

  constructor(db: Database) {
    this.#db = db;
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Announces what has become stale since the last call. An error leaves that to the next call. */
  look(): Promise<unknown> {
    const since = this.#since;
    const now = new Date();
    this.#running = this.#db
      .query(sql`SELECT environment.announce_aged(${since.toISOString()}::timestamptz)`, { priority: 'background' })
      .then(
        () => {
          this.#since = now;
        },
        () => {},
      );
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
