import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { HOUR_MS } from '../lib/time.ts';
import { readSampleMark, type SampleMark } from './mark.ts';
import { type Observation, type ObservedStation, observe, timeOf } from './observations.ts';
import { loadOf, type StationKind } from './stations.ts';

/** Days that are appended at most, and after which synthetic observations are deleted. */
const MOST_DAYS = 14;
const OLDEST_DAYS = 60;
/** Rows of a statement. */
const CHUNK = 5000;
/** Milliseconds after the full hour. */
const LATE_MS = 5000;

/**
 * Continues the observations of the sample up to the present hour, now and each hour. It touches only the stations that
 * the sample came with, and does nothing in a database without its mark.
 */
export class SampleClock {
  readonly #db: Database;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** Catches up, and continues after each full hour. */
  async start(): Promise<void> {
    this.#running = this.#append();
    try {
      if (!(await this.#running)) return;
    } catch (error) {
      this.#log.warn({ err: error }, 'The observations of the sample could not be continued.');
      if (isForbidden(error)) return;
    }
    if (this.#isClosed) return;
    const wait = HOUR_MS - (Date.now() % HOUR_MS) + LATE_MS;
    this.#timer = setTimeout(() => void this.start(), wait).unref();
  }

  /** Returns false if there is nothing to continue here. */
  async #append(): Promise<boolean> {
    const mark = await readSampleMark(this.#db);
    if (!mark?.stations) return false;
    await appendObservations(this.#db, mark, new Date());
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running.catch(() => {});
  }
}

interface StationRow {
  readonly id: number;
  readonly code: string;
  readonly kind: StationKind;
  readonly x: number;
  readonly y: number;
}

/**
 * Appends the observations of the sample's stations after their last one, at most of 14 days, and deletes those older
 * than 60 days. A second instance that does the same adds nothing.
 */
export async function appendObservations(db: Database, mark: SampleMark, now: Date): Promise<void> {
  const last = Math.floor(now.getTime() / HOUR_MS);
  const stations = await db.query<StationRow>(
    sql`SELECT id, code, kind, ST_X(geom) AS x, ST_Y(geom) AS y FROM environment.station WHERE id <= ${mark.stations}::bigint ORDER BY id`,
  );
  const [latest] = await db.query<{ at: string | null }>(
    sql`SELECT max(observed_at) AS at FROM environment.observation WHERE station_id <= ${mark.stations}::bigint`,
  );
  const after = latest?.at ? Math.floor(Date.parse(latest.at) / HOUR_MS) : 0;
  const first = Math.max(after + 1, last - MOST_DAYS * 24 + 1);
  const loaded = Math.floor(Date.parse(mark.loadedAt) / HOUR_MS);
  const rows = stations.flatMap((station) => [
    ...observe(toObserved(station, mark.seed), { seed: mark.seed, loaded, first, last }),
  ]);
  for (let index = 0; index < rows.length; index += CHUNK)
    await insertObservations(db, rows.slice(index, index + CHUNK));
  if (rows.length === 0) return;
  await db.query(
    sql`DELETE FROM environment.observation WHERE station_id <= ${mark.stations}::bigint
      AND observed_at < ${now.toISOString()}::timestamptz - ${OLDEST_DAYS}::int * interval '1 day'`,
    { priority: 'background' },
  );
}

function toObserved({ id, code, kind, x, y }: StationRow, seed: number): ObservedStation {
  return { id, code, kind, load: loadOf({ id, kind, x, y }, seed) };
}

async function insertObservations(db: Database, rows: readonly Observation[]): Promise<void> {
  const values = rows.map((row) => ({ s: row.station, p: row.parameter, t: timeOf(row), v: row.value }));
  await db.query(
    sql`INSERT INTO environment.observation (station_id, parameter, observed_at, value)
      SELECT s, p, t, v FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS row (s bigint, p text, t timestamptz, v numeric)
      ON CONFLICT DO NOTHING`,
    { priority: 'background' },
  );
}
