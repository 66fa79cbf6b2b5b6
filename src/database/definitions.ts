import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { BootError } from '../lib/errors.ts';
import { compareVersions, VERSION } from '../lib/version.ts';
import type { Session } from './database.ts';
import { SQL_FOLDER, sql } from './sql.ts';

/** A function or a view, with what belongs to it: SQL that can be run again over what an earlier version has left. */
export interface Definition {
  /** `schema.name`, as the file is named. */
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** A definition as the database remembers it. */
interface Remembered {
  readonly name: string;
  readonly hash: string;
  /** The version of the program that applied it. */
  readonly version: string;
}

/** Views build on functions. */
const FOLDERS = ['functions/', 'views/'];

/** `sql/functions/*.sql`, then `sql/views/*.sql`, each in the order of their names. */
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
 * The definitions that the database has not, or has with another text.
 * @throws BootError where a newer version of the program has applied that other text
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

/** To be called in a transaction. Bodies are looked at when they run: a function may call one that is made after it. */
export async function applyDefinitions(session: Session, definitions: readonly Definition[]): Promise<void> {
  await session.script('SET LOCAL check_function_bodies = off');
  for (const { name, text, hash } of definitions) {
    await session.script(text);
    await session.query(sql`INSERT INTO catalog.definition (name, hash, version) VALUES (${name}, ${hash}, ${VERSION})
      ON CONFLICT (name) DO UPDATE SET hash = EXCLUDED.hash, version = EXCLUDED.version, applied_at = now()`);
  }
}
