import { readdirSync, readFileSync } from 'node:fs';
import { BootError } from '../lib/errors.ts';
import type { Database, Session } from './database.ts';
import { applyDefinitions, type Definition, dueDefinitions, readDefinitions } from './definitions.ts';
import { SQL_FOLDER, sql } from './sql.ts';
import { isForbidden, isNoTable } from './sqlstate.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
}

/** An arbitrary number, equal in every instance. The second instance waits, and finds the work done. */
const LOCK = 0x64_69_61_62;

/** Reads `sql/migrations/NNNN-name.sql` in order. */
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

/** All or some of the parts that define a database. */
interface SchemaParts {
  readonly migrations: readonly Migration[];
  readonly definitions: readonly Definition[];
}

/**
 * Brings the database to this program's version, in one transaction under a lock. It applies missing migrations, then
 * functions and views with a new text. An up-to-date database is only read, for which a read-only role suffices.
 * @returns the names of the migrations, functions and views that were applied
 * @throws BootError if the database is newer than the program, or older and the role may not change it
 */
export async function migrate(
  db: Database,
  migrations = readMigrations(),
  definitions = readDefinitions(),
): Promise<string[]> {
  const program = { migrations, definitions };
  const due = await missingParts(db, program);
  if (due.migrations.length === 0 && due.definitions.length === 0) return [];
  try {
    return await db.transaction((session) => apply(session, program));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const [migration] = due.migrations;
    const lacking = migration ? `the migration "${migration.name}"` : `this version of ${due.definitions[0]?.name}`;
    throw new BootError(
      `The database lacks ${lacking}, and the role of DATABASE_URL may not make it (${error.message}). Run "npm run diaba -- migrate" once as the role that owns the database.`,
    );
  }
}

/**
 * Returns the missing parts. After a migration all definitions are due, since it may have dropped one, or an object
 * that one uses.
 */
async function missingParts(session: Session, { migrations, definitions }: SchemaParts): Promise<SchemaParts> {
  const pending = pendingOf(await readApplied(session), migrations);
  if (pending.length > 0) return { migrations: pending, definitions };
  return { migrations: [], definitions: await dueDefinitions(session, definitions) };
}

/**
 * Returns all missing migrations, not only those beyond the newest. Two that were written in parallel come in any
 * order.
 */
function pendingOf(applied: ReadonlySet<number>, migrations: readonly Migration[]): Migration[] {
  const [current, newest] = [Math.max(0, ...applied), migrations.at(-1)?.version ?? 0];
  if (current > newest) {
    throw new BootError(
      `The database is at version ${current}, newer than this program (${newest}). Update diaba, or use another database.`,
    );
  }
  return migrations.filter(({ version }) => !applied.has(version));
}

/** Returns the versions of the migrations in the database. */
async function readApplied(session: Session): Promise<ReadonlySet<number>> {
  try {
    const rows = await session.query<{ version: number }>(sql`SELECT version FROM catalog.migration`);
    return new Set(rows.map(({ version }) => version));
  } catch (error) {
    if (isNoTable(error)) return new Set();
    if (!isForbidden(error)) throw error;
    throw new BootError(
      `The role of DATABASE_URL may not read which migrations the database has (${error.message}). Grant it USAGE on the schemas catalog and tile, and SELECT on their tables.`,
    );
  }
}

async function apply(session: Session, program: SchemaParts): Promise<string[]> {
  await session.query(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
  await session.script(`CREATE SCHEMA IF NOT EXISTS catalog;
    CREATE TABLE IF NOT EXISTS catalog.migration (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const due = await missingParts(session, program);
  for (const { version, name, text } of due.migrations) {
    await session.script(text);
    await session.query(sql`INSERT INTO catalog.migration (version, name) VALUES (${version}, ${name})`);
  }
  await applyDefinitions(session, due.definitions);
  return [...due.migrations, ...due.definitions].map(({ name }) => name);
}
