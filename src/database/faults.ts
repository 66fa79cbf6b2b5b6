import type { Logger } from 'pino';
import type { Text } from '../lib/errors.ts';
import type { Database, DatabaseError } from './database.ts';
import { reasonOf } from './problem.ts';
import { raw, sql } from './sql.ts';
import { isDiskFull, isFault } from './sqlstate.ts';

/** Interval between checks if a fault was repaired. */
const CHECK_MS = 1000;
/** A fault that no query can check is reported for this long after it was last seen. */
const REPORT_MS = 600_000;

/** A fault of the database that only the operator can repair. */
export interface Fault {
  readonly code: string;
  readonly reason: Text;
  /** ISO 8601. */
  readonly since: string;
}

interface Seen extends Fault {
  readonly error: DatabaseError;
  readonly seenAt: number;
}

/** Faults of the database's disk that statements met, until they are repaired. */
export class Faults {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #seen = new Map<string, Seen>();
  readonly #timer: NodeJS.Timeout;

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
    let isChecking = false;
    this.#timer = setInterval(async () => {
      if (isChecking || this.#seen.size === 0) return;
      isChecking = true;
      await this.#check();
      isChecking = false;
    }, CHECK_MS).unref();
  }

  list(): readonly Fault[] {
    return [...this.#seen.values()].map(({ code, reason, since }) => ({ code, reason, since }));
  }

  /** Returns the same database, recording its faults. */
  watched(): Database {
    const db = this.#db;
    const note = (error: unknown): never => {
      if (isFault(error)) this.#note(error);
      throw error;
    };
    return {
      get capabilities() {
        return db.capabilities;
      },
      query: (query, options) => db.query<never>(query, options).catch(note),
      script: (text) => db.script(text).catch(note),
      copy: (target, lines) => db.copy(target, lines).catch(note),
      transaction: (work, options) => db.transaction(work, options).catch(note),
      async *stream(query, options) {
        try {
          yield* db.stream<never>(query, options);
        } catch (error) {
          note(error);
        }
      },
      listen: (channel, receive, lost) => db.listen(channel, receive, lost),
      state: () => db.state(),
      load: () => db.load(),
      close: () => db.close(),
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #note(error: DatabaseError): void {
    const { code, message } = error;
    const known = this.#seen.get(code);
    const since = known?.since ?? new Date().toISOString();
    this.#seen.set(code, { code, since, reason: reasonOf(error), error, seenAt: Date.now() });
    if (!known) this.#log.error({ code }, `the disk of the database: ${message}`);
  }

  async #check(): Promise<void> {
    for (const { code, error, seenAt } of this.#seen.values()) {
      const isOver = isDiskFull(error) ? await this.#hasRoom() : Date.now() - seenAt > REPORT_MS;
      if (!isOver) continue;
      this.#seen.delete(code);
      this.#log.info({ code }, 'the disk of the database is mended');
    }
  }

  /** Returns true if a write succeeds; it is rolled back. */
  async #hasRoom(): Promise<boolean> {
    const roomy = new Error('there is room');
    const tried = this.#db.transaction(
      async (session) => {
        await session.script('CREATE TEMPORARY TABLE diaba_room (line text)');
        await session.query(
          sql`INSERT INTO diaba_room SELECT ${raw('repeat(md5(n::text), 60)')} FROM generate_series(1, 200) AS n`,
        );
        throw roomy;
      },
      { statementMs: CHECK_MS * 5, priority: 'background' },
    );
    return tried.then(
      () => true,
      (error) => error === roomy,
    );
  }
}
