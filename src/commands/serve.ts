import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { WorkerLink } from '../cluster/worker-link.ts';
import { readConfig } from '../config.ts';
import { withDatabase } from './database.ts';
import { endIn, untilStopSignal } from './ending.ts';
import { serveMeasurements } from './measurements.ts';
import { printLine, printReady } from './progress.ts';
import { serveAsWorker } from './worker.ts';
import { serveByWorkers } from './workers.ts';

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
/** Milliseconds from the signal to the end. */
const STOP_MS = 9000;

/** Serves until SIGINT or SIGTERM, in this process or in several. */
async function serve(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const stop = untilStopSignal();
  const link = WorkerLink.open();
  if (link) return serveAsWorker(link, { stop, stopMs: STOP_MS });
  const config = readConfig();
  if (config.workers > 1) return serveByWorkers(config, { stop, stopMs: STOP_MS });
  return serveAlone(stop);
}

/** An empty embedded database is first filled with the sample. */
async function serveAlone(stop: Promise<void>): Promise<void> {
  let isOpen = false;
  // The process ends in any case: at once if nothing is open yet. Committed data stays.
  void stop.then(() => endIn(isOpen ? STOP_MS : 0));
  const began = Date.now();
  printLine('Starting the database…');
  // Loading the program takes as long as half of the database's start, beside which it runs.
  const serving = import('./serving.ts');
  await withDatabase(async (db, config) => {
    isOpen = true;
    const { startServing } = await serving;
    const starting = startServing(db, config);
    // A signal before the server is ready closes the database under its start.
    const server = await Promise.race([starting, stop]);
    if (!server) return void starting.catch(() => {});
    const measured = await serveMeasurements(config, async () => (server.metrics ? [await server.metrics.read()] : []));
    printReady(server, began);
    await stop;
    printLine('Stopping…');
    measured?.close();
    await server.close();
  });
}
