/** The odd tables of test/fixtures, all in a schema `odd`. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from '../../src/database/database.ts';

const FOLDER = new URL('../fixtures/', import.meta.url);

/**
 * Creates the table of one fixture in an existing schema `odd`.
 * @param name of its file, without the extension
 */
export async function createOddTable(db: Database, name: string): Promise<void> {
  await db.script(readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8'));
}

export async function createOddTables(db: Database): Promise<void> {
  await db.script('CREATE SCHEMA odd');
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  for (const file of files.sort()) await createOddTable(db, file.slice(0, -'.sql'.length));
}
