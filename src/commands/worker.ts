import type { WorkerLink } from '../cluster/worker-link.ts';
import { readConfig, workerConfig } from '../config.ts';
import { withOpenDatabase } from './database.ts';
import { endIn, reasonToEnd, type Stopping } from './ending.ts';

/** Serves as one of several workers, with its share of the budget, until a signal or the primary stops it. */
export async function serveAsWorker(link: WorkerLink, { stop, stopMs }: Stopping): Promise<void> {
  const stopped = Promise.race([stop, link.stopped]);
  void stopped.then(() => endIn(stopMs));
  try {
    // Loading the program takes as long as the primary needs to prepare the database.
    const serving = import('./serving.ts');
    const start = await Promise.race([link.started, stopped]);
    if (start) await serveShare(link, { isLead: start.isLead, stopped, serving });
  } catch (error) {
    // The primary prints it.
    await link.failed(reasonToEnd(error));
    process.exit(1);
  }
  process.exit(0);
}

interface WorkerShare {
  readonly isLead: boolean;
  readonly stopped: Promise<void>;
  readonly serving: Promise<typeof import('./serving.ts')>;
}

async function serveShare(link: WorkerLink, { isLead, stopped, serving }: WorkerShare): Promise<void> {
  const config = workerConfig(readConfig(), isLead);
  await withOpenDatabase(config, async (db) => {
    const { startServing } = await serving;
    const starting = startServing(db, config, link);
    const server = await Promise.race([starting, stopped]);
    // A signal before the server is ready closes the database under its start.
    if (!server) return void starting.catch(() => {});
    const { metrics } = server;
    if (metrics) link.measuring(() => metrics.read());
    link.listening({ url: server.url, engine: server.engine });
    await stopped;
    await server.close();
  });
}
