import type { Catalog, Layer } from '../catalog/layer.ts';
import type { Database, Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { HOUR_MS } from '../lib/time.ts';

export interface RecordingOptions {
  readonly log?: { warn(fields: object, text: string): void };
  /** Days for which former rows are stored; 0: none are, and those of before are deleted. */
  readonly days: number;
  /** Ids of layers without a history. */
  readonly without: readonly string[];
}

/** A layer's table and its key. */
interface Recorded {
  readonly relation: string;
  readonly key: readonly string[];
}

/** Puts the triggers of the history on the tables of the catalog, and deletes what is too old. */
export class Recording {
  readonly #db: Database;
  readonly #options: RecordingOptions;
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database, options: RecordingOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** Begins, renews and ends histories, so that they are those of the catalog. Runs follow one another. */
  ensure(catalog: Catalog): Promise<void> {
    this.#working = this.#working
      .then(() => (this.#isClosed ? undefined : this.#ensure(catalog)))
      .catch((err) => {
        if (!this.#isClosed) this.#options.log?.warn({ err }, 'histories not renewed');
      });
    return this.#working;
  }

  /** Deletes what is too old now and every hour. */
  start(): void {
    this.#timer = setInterval(() => void this.purge(), HOUR_MS).unref();
    void this.purge();
  }

  /** Deletes former rows that were replaced more than the set number of days ago. */
  async purge(): Promise<void> {
    if (this.#options.days === 0) return;
    const before = sql`now() - make_interval(days => ${this.#options.days}::int)`;
    await this.#db.query(sql`SELECT history.purge(${before})`, { priority: 'background' }).catch((err) => {
      if (!this.#isClosed && !isForbidden(err)) this.#options.log?.warn({ err }, 'old history not deleted');
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  async #ensure(catalog: Catalog): Promise<void> {
    const [rights] = await this.#db.query<{ may: boolean }>(
      sql`SELECT has_schema_privilege('history', 'CREATE') AND NOT current_setting('transaction_read_only')::boolean AS may`,
    );
    if (!rights?.may) return;
    const { days, without } = this.#options;
    const layers = days === 0 ? [] : [...catalog.layers.values()].filter(({ id }) => !without.includes(id));
    const wanted = layers.filter(canBeRecorded).map(recordedOf);
    await this.#forget(wanted);
    const due = await unwritten(this.#db, wanted);
    for (const each of wanted.filter(({ relation }) => due.includes(relation))) {
      if (this.#isClosed) return;
      await this.#db
        .transaction((session) => beginHistory(session, each), { priority: 'background' })
        .catch((err) => {
          this.#options.log?.warn({ err }, `${each.relation}: it has no history`);
        });
    }
  }

  /** Ends the histories of tables other than these. */
  async #forget(wanted: readonly Recorded[]): Promise<void> {
    const names = wanted.map(({ relation }) => relation);
    const others = await this.#db.query<{ relation: string }>(
      sql`SELECT relation FROM history.layer WHERE relation <> ALL (${names}::text[])`,
    );
    for (const { relation } of others) await this.#db.query(sql`SELECT history.forget(${relation})`);
  }
}

/** Returns true for an ordinary table whose rows have a unique key. */
function canBeRecorded({ isTable, key }: Layer): boolean {
  return isTable && key.kind === 'columns' && key.isUnique;
}

function recordedOf({ id, key }: Layer): Recorded {
  return { relation: id, key: key.kind === 'columns' ? key.columns : [] };
}

async function beginHistory(session: Session, wanted: Recorded): Promise<void> {
  await session.query(sql`SELECT pg_advisory_xact_lock(hashtextextended('diaba history watch', 0))`);
  // Another instance may have done it while this one waited.
  if ((await unwritten(session, [wanted])).length === 0) return;
  // A table that is always in use is tried again after the next change of a definition, or at the next start.
  await session.query(sql`SELECT set_config('lock_timeout', '5s', true)`);
  await session.query(sql`SELECT history.watch(${wanted.relation}, ${wanted.key}::text[])`);
}

/** Returns the tables whose history is not written, or with other columns, another key, or numbers of another cluster. */
async function unwritten(session: Pick<Session, 'query'>, wanted: readonly Recorded[]): Promise<readonly string[]> {
  const rows = await session.query<{ relation: string }>(sql`
    SELECT given.relation
    FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS given (relation text, key json)
    LEFT JOIN history.layer AS made USING (relation)
    WHERE made.relation IS NULL OR to_jsonb(made.key) <> given.key::jsonb OR made.system <> history.system() OR NOT history.is_written(made)
      OR made.columns <> history.columns_of(to_regclass(format('%I.%I', split_part(made.relation, '.', 1),
        substr(made.relation, strpos(made.relation, '.') + 1))))`);
  return rows.map(({ relation }) => relation);
}
