import { pino } from 'pino';
import { Workers } from '../cluster/workers.ts';
import type { Config } from '../config.ts';
import { withDatabase } from './database.ts';
import { endIn, type Stopping } from './ending.ts';
import { serveMeasurements } from './measurements.ts';
import { printLine, printReady } from './progress.ts';

/** Milliseconds from the end that workers set themselves to the end of the primary. */
const LATE_MS = 500;

/** Prepares the database, then serves by worker processes behind one port, until a signal. */
export async function serveByWorkers(config: Config, { stop, stopMs }: Stopping): Promise<void> {
  const { workers: count, logLevel } = config;
  const workers = new Workers({ count, log: pino({ level: logLevel }) });
  let isPrepared = false;
  void stop.then(async () => {
    if (!isPrepared) await workers.stop(LATE_MS);
    endIn(isPrepared ? stopMs + LATE_MS : 0);
  });
  const began = Date.now();
  printLine('Starting the database…');
  workers.prepare();
  try {
    await withDatabase(async () => {});
    isPrepared = true;
    await serveUntil(stop, { workers, config, began });
  } finally {
    // A process that is being born complains if its primary has gone.
    await workers.stop(stopMs);
  }
}

interface Start {
  readonly workers: Workers;
  readonly config: Config;
  /** `Date.now()` of the start. */
  readonly began: number;
}

async function serveUntil(stop: Promise<void>, { workers, config, began }: Start): Promise<void> {
  const first = await Promise.race([workers.start(), workers.failed, stop]);
  if (!first) return;
  const measured = await serveMeasurements(config, () => workers.measure());
  printReady({ ...first, engine: `${first.engine}, ${config.workers} workers` }, began);
  await Promise.race([workers.failed, stop]);
  printLine('Stopping…');
  measured?.close();
}
