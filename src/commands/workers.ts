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
  let isPrepared = false;
  void stop.then(() => endIn(isPrepared ? stopMs + LATE_MS : 0));
  const began = Date.now();
  printLine('Starting the database…');
  const workers = new Workers({ count, log: pino({ level: logLevel }) });
  workers.prepare();
  await withDatabase(async () => {});
  isPrepared = true;
  const first = await Promise.race([workers.start(), workers.failed, stop]);
  if (first) {
    const measured = await serveMeasurements(config, () => workers.measure());
    printReady({ ...first, engine: `${first.engine}, ${count} workers` }, began);
    await Promise.race([workers.failed, stop]);
    printLine('Stopping…');
    measured?.close();
  }
  await workers.stop(stopMs);
}
