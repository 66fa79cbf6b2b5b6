import { setFlagsFromString } from 'node:v8';
import { CommanderError } from 'commander';
import { pino } from 'pino';
import { type Config, readConfig } from './config.ts';
import type { Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import { loadReference } from './database/reference.ts';
import { sql } from './database/sql.ts';
import { BootError, Problem } from './errors.ts';
import { say, withProgress } from './progress.ts';
import { loadSample } from './sample/load.ts';
import { type RunningServer, startServer } from './server.ts';
import { sweepWorkspaces } from './transfer/workspace.ts';

/** Runs a command with the settings and an open, migrated database; closes it whatever happens. */
export async function withDatabase<T>(work: (db: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  sweepWorkspaces();
  const db = await openDatabase(config);
  try {
    const applied = await migrate(db);
    if (applied.length) say(`Migrated: ${applied.join(', ')}`);
    await loadReference(db);
    return await work(db, config);
  } finally {
    await db.close();
  }
}

/**
 * Garbage may come to this percentage of what is live before it is collected; V8 lets it come to 300, which is 100 MB of a
 * server full of tiles. Collecting more often takes 1 % of the time.
 */
const GARBAGE_PERCENT = 100;

/** Serves until SIGINT or SIGTERM. An empty embedded database is filled with the sample first. */
export async function serve(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const stop = untilToldToStop();
  let isOpen = false;
  // Whatever keeps the process, it ends: at once where nothing is open yet. What was committed stays so.
  void stop.then(() => (isOpen ? setTimeout(() => process.exit(0), STOP_MS).unref() : process.exit(0)));
  const began = Date.now();
  say('Starting the database…');
  await withDatabase(async (db, config) => {
    isOpen = true;
    const starting = start(db, config, began);
    // Told so before it is ready, it closes the database under what it is at.
    const server = await Promise.race([starting, stop]);
    if (!server) return void starting.catch(() => {});
    await stop;
    say('Stopping…');
    await server.close();
  });
}

async function start(db: Database, config: Config, began: number): Promise<RunningServer> {
  await fillSample(db, config);
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization'] });
  const server = await startServer(config, db, log);
  const { engine, postgres, postgis } = db.capabilities;
  say(`Địa Bạ is ready: ${server.url}  (map: ${server.url}/map)`);
  say(
    `${engine === 'embedded' ? 'Embedded PostgreSQL' : 'PostgreSQL'} ${postgres}, PostGIS ${postgis}; ${((Date.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops.`,
  );
  return server;
}

/** Milliseconds from the signal to the end. */
const STOP_MS = 9000;

/** npm passes on the Ctrl-C that the terminal has given the server already: what comes within this time is the same one. */
const SAME_SIGNAL_MS = 1000;

/** Resolves at SIGINT or SIGTERM; told once more, the process ends at once. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const told = () => {
      if (first !== undefined && Date.now() - first > SAME_SIGNAL_MS) process.exit(130);
      first ??= Date.now();
      resolve();
    };
    process.on('SIGINT', told).on('SIGTERM', told);
  });
}

async function fillSample(db: Database, { sampleParcels }: Config): Promise<void> {
  if (db.capabilities.engine !== 'embedded' || sampleParcels === 0) return;
  const [row] = await db.query<{ empty: boolean }>(
    sql`SELECT NOT EXISTS (SELECT FROM land.parcel) AND NOT EXISTS (SELECT FROM base.road) AS empty`,
  );
  if (!row?.empty) return;
  await withProgress('Sample province', (onProgress) => loadSample(db, { parcels: sampleParcels, onProgress }));
}

/** Ends the process: one clear line for what the one who runs it can mend, everything for what is our fault. */
export function fail(error: unknown): never {
  const mendable = error instanceof BootError || error instanceof CommanderError;
  const line = mendable
    ? error.message
    : error instanceof Problem
      ? `${error.detail.en}\n       ${error.detail.vi}`
      : undefined;
  process.stderr.write(`diaba: ${line ?? (error as Error).stack ?? error}\n`);
  process.exit(1);
}
