import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { BootError } from '../lib/errors.ts';
import { compareVersions, VERSION } from '../lib/version.ts';
import type { Session } from './database.ts';
import { SQL_FOLDER, sql } from './sql.ts';

/** A function or a view, with its grants and comments: SQL that can run again over an earlier version. */
export interface Definition {
  /** `schema.name`, the name of the file. */
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** A definition as recorded in the database. */
interface Remembered {
  readonly name: string;
  readonly hash: string;
  /** Version of the program that applied it. */
  readonly version: string;
}

/** Views come second, since they use functions. */
const FOLDERS = ['functions/', 'views/'];

/** Reads `sql/functions/*.sql`, then `sql/views/*.sql`, each in order of their names. */
export function readDefinitions(): Definition[] {
  return FOLDERS.flatMap((name) => {
    const folder = new URL(name, SQL_FOLDER);
    const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
    return files.sort().map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return { name: file.slice(0, -'.sql'.length), text, hash: createHash('sha1').update(text).digest('base64url') };
    });
  });
}

/**
 * Returns the definitions that the database lacks, or has with another text.
 * @throws BootError if a newer version of the program applied that other text
 */
export async function dueDefinitions(session: Session, definitions: readonly Definition[]): Promise<Definition[]> {
  const rows = await session.query<Remembered>(sql`SELECT name, hash, version FROM catalog.definition`);
  const remembered = new Map(rows.map((row) => [row.name, row]));
  const due = definitions.filter(({ name, hash }) => remembered.get(name)?.hash !== hash);
  for (const { name } of due) {
    const applied = remembered.get(name)?.version;
    if (applied === undefined || compareVersions(applied, VERSION) <= 0) continue;
    throw new BootError(
      `The database has ${name} of diaba ${applied}, newer than this program (${VERSION}). Update diaba, or use another database.`,
    );
  }
  return due;
}

/**
 * Applies definitions, inside a transaction. Bodies are checked when they run, so a function may call one defined after
 * it.
 */
export async function applyDefinitions(session: Session, definitions: readonly Definition[]): Promise<void> {
  await session.script('SET LOCAL check_function_bodies = off');
  for (const { name, text, hash } of definitions) {
    await session.script(text);
    await session.query(sql`INSERT INTO catalog.definition (name, hash, version) VALUES (${name}, ${hash}, ${VERSION})
      ON CONFLICT (name) DO UPDATE SET hash = EXCLUDED.hash, version = EXCLUDED.version, applied_at = now()`);
  }
}
