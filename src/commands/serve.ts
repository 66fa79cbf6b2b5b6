import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { withDatabase } from './database.ts';
import { untilStopSignal } from './ending.ts';
import { printLine } from './progress.ts';

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
  // Loading the program takes as long as half of the database's start, beside which it runs.
  const serving = import('./serving.ts');
  await withDatabase(async (db, config) => {
    isOpen = true;
    const { startServing } = await serving;
    const starting = startServing(db, config, began);
    // A signal before the server is ready closes the database under its start.
    const server = await Promise.race([starting, stop]);
    if (!server) return void starting.catch(() => {});
    await stop;
    printLine('Stopping…');
    await server.close();
  });
}

/** Milliseconds from the signal to the end. */
const STOP_MS = 9000;
