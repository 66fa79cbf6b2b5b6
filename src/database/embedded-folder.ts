import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BootError } from '../lib/errors.ts';

/** Major version of PostgreSQL in PGlite: the files of another one are not its own. */
const VERSION = '18';
/** What every database has; without any one of them, PGlite would make an empty database in its place, or end. */
const PARTS = ['PG_VERSION', 'base', 'global/pg_control', 'pg_wal', 'pg_xact', 'postgresql.conf'];

/**
 * Makes sure that a folder holds a whole database, or nothing: what is there is never written over. To be called with the
 * folder locked.
 * @param make fills a folder with a new database. It gets another one, whose place the whole one then takes: a start that
 *   is killed leaves nothing in this one.
 * @throws BootError that says what is wrong with the folder
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
  if (version !== VERSION) {
    throw new BootError(
      `The database in ${folder} is of PostgreSQL "${version}" and this program has ${VERSION}. Nothing was changed. Use the version of diaba that made it, or set DIABA_DATA to another folder.`,
    );
  }
}
