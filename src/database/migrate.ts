import { readdirSync, readFileSync } from 'node:fs';
import { BootError } from '../errors.ts';
import type { Database } from './database.ts';
import { SQL_FOLDER, sql } from './sql.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
}

/** Any number, the same in every instance: whoever comes second waits, and finds the work done. */
const LOCK = 0x64_69_61_62;

/** `sql/migrations/NNNN-name.sql` in order. */
export function readMigrations(folder = new URL('migrations/', SQL_FOLDER)): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file.slice(5, -4),
      text: readFileSync(new URL(file, folder), 'utf8'),
    }));
}

/**
 * Brings the database to this program's version, all in one transaction under a lock.
 * @returns the names of the migrations that were applied
 * @throws BootError where the database is newer than the program
 */
export async function migrate(db: Database, migrations = readMigrations()): Promise<string[]> {
  return db.transaction(async (session) => {
    await session.query(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
    await session.script(`CREATE SCHEMA IF NOT EXISTS catalog;
      CREATE TABLE IF NOT EXISTS catalog.migration (
        version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const [row] = await session.query<{ version: number }>(
      sql`SELECT coalesce(max(version), 0) AS version FROM catalog.migration`,
    );
    const current = row?.version ?? 0;
    const newest = migrations.at(-1)?.version ?? 0;
    if (current > newest) {
      throw new BootError(
        `The database is at version ${current}, newer than this program (${newest}). Update diaba, or use another database.`,
      );
    }
    const pending = migrations.filter((migration) => migration.version > current);
    for (const { version, name, text } of pending) {
      await session.script(text);
      await session.query(sql`INSERT INTO catalog.migration (version, name) VALUES (${version}, ${name})`);
    }
    return pending.map(({ name }) => name);
  });
}
