import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BootError } from '../lib/errors.ts';

/** Major version of PostgreSQL in PGlite, which cannot read the files of another. */
const POSTGRES_VERSION = '18';
/** Files of every database. If one is missing, PGlite would create an empty database in its place, or exit. */
const PARTS = ['PG_VERSION', 'base', 'global/pg_control', 'pg_wal', 'pg_xact', 'postgresql.conf'];

/**
 * Ensures that a folder holds a complete database, and never overwrites existing files. It must be called with the
 * folder locked.
 * @param make fills a draft folder with a new database. The draft is renamed once complete, so that a killed start
 * leaves nothing behind.
 * @throws BootError that explains the fault of the folder
 */
export async function prepareFolder(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  const isEmpty = !existsSync(folder) || readdirSync(folder).length === 0;
  if (!isEmpty) return checkWhole(folder);
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  await make(draft);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}

function checkWhole(folder: string): void {
  const missing = PARTS.filter((part) => !existsSync(join(folder, part)));
  if (missing.length === PARTS.length) {
    throw new BootError(
      `The folder ${folder} holds files that are no database. Empty it, or set DIABA_DATA to another folder.`,
    );
  }
  if (missing.length) {
    throw new BootError(
      `The database in ${folder} is not whole: ${missing.join(', ')} missing. Nothing was changed. Restore the folder from a backup, or set DIABA_DATA to another one.`,
    );
  }
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== POSTGRES_VERSION) {
    throw new BootError(
      `The database in ${folder} is of PostgreSQL "${version}" and this program has ${POSTGRES_VERSION}. Nothing was changed. Use the version of diaba that made it, or set DIABA_DATA to another folder.`,
    );
  }
}
