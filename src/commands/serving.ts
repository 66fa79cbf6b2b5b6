import { pino } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { SampleClock } from '../sample/clock.ts';
import { loadSample } from '../sample/load.ts';
import { type RunningServer, startServer } from '../server.ts';
import { printLine, withProgress } from './progress.ts';

/** Fills an empty embedded database with the sample, serves, and prints the address when it is ready. */
export async function startServing(db: Database, config: Config, began: number): Promise<RunningServer> {
  await fillSample(db, config);
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization'] });
  const server = await startServer(config, db, log);
  const clock = new SampleClock(db, log);
  void clock.start();
  const { engine, postgres, postgis } = db.capabilities;
  printLine(`Địa Bạ is ready: ${server.url}  (map: ${server.url}/map)`);
  printLine(
    `${engine === 'embedded' ? 'Embedded PostgreSQL' : 'PostgreSQL'} ${postgres}, PostGIS ${postgis}; ${((Date.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops.`,
  );
  return {
    url: server.url,
    close: async () => {
      await clock.close();
      await server.close();
      // The database closes next, and work in the background that it cuts off is no news.
      log.level = 'silent';
    },
  };
}

async function fillSample(db: Database, { sampleParcels }: Config): Promise<void> {
  if (db.capabilities.engine !== 'embedded' || sampleParcels === 0) return;
  const [row] = await db.query<{ empty: boolean }>(
    sql`SELECT NOT EXISTS (SELECT FROM land.parcel) AND NOT EXISTS (SELECT FROM base.road) AS empty`,
  );
  if (!row?.empty) return;
  await withProgress('Sample province', (onProgress) => loadSample(db, { parcels: sampleParcels, onProgress }));
}
