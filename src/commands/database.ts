import { type Config, readConfig } from '../config.ts';
import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { loadReference } from '../database/reference.ts';
import { restoreSystems } from '../database/vn2000-systems.ts';
import { sweepWorkspaces } from '../transfer/workspace.ts';
import { printLine } from './progress.ts';

/** Runs a command with the settings and an open, migrated database, and always closes it. */
export async function withDatabase<T>(work: (db: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  return withOpenDatabase(config, async (db) => {
    const applied = await migrate(db);
    if (applied.length) printLine(`Migrated: ${applied.join(', ')}`);
    if (await restoreSystems(db)) printLine('Restored: the official VN-2000 systems');
    await loadReference(db);
    return work(db, config);
  });
}

/** Runs work with a database that a command has migrated before, and always closes it. */
export async function withOpenDatabase<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  sweepWorkspaces();
  const db = await openDatabase(config);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
