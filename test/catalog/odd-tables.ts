/** The odd tables of test/fixtures, all in a schema `odd`. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from '../../src/database/database.ts';

const FOLDER = new URL('../fixtures/', import.meta.url);

export async function createOddTables(db: Database): Promise<void> {
  await db.script('CREATE SCHEMA odd');
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  for (const name of files.sort()) await db.script(readFileSync(new URL(name, FOLDER), 'utf8'));
}
