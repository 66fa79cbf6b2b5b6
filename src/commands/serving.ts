import { pino } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { Siblings } from '../lib/siblings.ts';
import { SampleClock } from '../sample/clock.ts';
import { loadSample } from '../sample/load.ts';
import { type RunningServer, startServer } from '../server.ts';
import { withProgress } from './progress.ts';

export interface Serving extends RunningServer {
  /** Name and versions of the engine. */
  readonly engine: string;
}

/** Fills an empty embedded database with the sample, and serves. */
export async function startServing(db: Database, config: Config, siblings?: Siblings): Promise<Serving> {
  await fillSample(db, config);
  const { logLevel } = config;
  // What the lead reports of the database at its start is not reported by each worker.
  const log = pino({ level: config.isLead ? logLevel : quieter(logLevel), redact: ['req.headers.authorization'] });
  const server = await startServer(config, db, log, siblings);
  log.level = logLevel;
  const clock = config.isLead ? new SampleClock(db, log) : undefined;
  void clock?.start();
  const { engine, postgres, postgis } = db.capabilities;
  return {
    ...server,
    engine: `${engine === 'embedded' ? 'Embedded PostgreSQL' : 'PostgreSQL'} ${postgres}, PostGIS ${postgis}`,
    close: async () => {
      await clock?.close();
      await server.close();
      // The database closes next, and work in the background that it cuts off is no news.
      log.level = 'silent';
    },
  };
}

function quieter(level: Config['logLevel']): Config['logLevel'] {
  return level === 'silent' ? level : 'error';
}

async function fillSample(db: Database, { sampleParcels }: Config): Promise<void> {
  if (db.capabilities.engine !== 'embedded' || sampleParcels === 0) return;
  const [row] = await db.query<{ empty: boolean }>(
    sql`SELECT NOT EXISTS (SELECT FROM land.parcel) AND NOT EXISTS (SELECT FROM base.road) AS empty`,
  );
  if (!row?.empty) return;
  await withProgress('Sample province', (onProgress) => loadSample(db, { parcels: sampleParcels, onProgress }));
}
