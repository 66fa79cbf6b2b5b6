import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { SampleClock } from '../sample/clock.ts';
import { loadSample } from '../sample/load.ts';
import { type RunningServer, startServer } from '../server.ts';
import { withDatabase } from './database.ts';
import { untilStopSignal } from './ending.ts';
import { printLine, withProgress } from './progress.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve over HTTP; fills an empty embedded database with the sample')
    .action(serve);
}

/**
 * Limit of garbage as a percentage of live data. V8's default of 300 is 100 MB for a server full of tiles. Collecting
 * more often takes 1 % of the time.
 */
const GARBAGE_PERCENT = 100;

/** Serves until SIGINT or SIGTERM. An empty embedded database is first filled with the sample. */
async function serve(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const stop = untilStopSignal();
  let isOpen = false;
  // The process ends in any case: at once if nothing is open yet. Committed data stays.
  void stop.then(() => (isOpen ? setTimeout(() => process.exit(0), STOP_MS).unref() : process.exit(0)));
  const began = Date.now();
  printLine('Starting the database…');
  await withDatabase(async (db, config) => {
    isOpen = true;
    const starting = startServing(db, config, began);
    // A signal before the server is ready closes the database under its start.
    const server = await Promise.race([starting, stop]);
    if (!server) return void starting.catch(() => {});
    await stop;
    printLine('Stopping…');
    await server.close();
  });
}

async function startServing(db: Database, config: Config, began: number): Promise<RunningServer> {
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
    },
  };
}

/** Milliseconds from the signal to the end. */
const STOP_MS = 9000;

async function fillSample(db: Database, { sampleParcels }: Config): Promise<void> {
  if (db.capabilities.engine !== 'embedded' || sampleParcels === 0) return;
  const [row] = await db.query<{ empty: boolean }>(
    sql`SELECT NOT EXISTS (SELECT FROM land.parcel) AND NOT EXISTS (SELECT FROM base.road) AS empty`,
  );
  if (!row?.empty) return;
  await withProgress('Sample province', (onProgress) => loadSample(db, { parcels: sampleParcels, onProgress }));
}
