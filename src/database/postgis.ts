import { BootError } from '../lib/errors.ts';
import type { Database } from './database.ts';
import { sql } from './sql.ts';
import { isForbidden, isUnavailable, isUniqueViolation } from './sqlstate.ts';

/** An arbitrary number, equal in every instance. The second instance waits, and finds the work done. */
const LOCK = 0x64_69_61_63;

const INSTALLED = sql`SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis') AS is`;

/**
 * Returns the versions of PostgreSQL and PostGIS, and creates PostGIS if it is missing.
 * @throws BootError if it cannot be created
 */
export async function openPostgis(db: Pick<Database, 'query' | 'transaction'>): Promise<{
  readonly postgres: string;
  readonly postgis: string;
}> {
  try {
    const [installed] = await db.query<{ is: boolean }>(INSTALLED);
    if (!installed?.is) await createPostgis(db);
    const [versions] = await db.query<{ postgres: string; postgis: string }>(
      sql`SELECT current_setting('server_version') AS postgres, postgis_lib_version() AS postgis`,
    );
    if (!versions) throw new Error('no version');
    return versions;
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    throw new BootError(
      isUnavailable(error) || isForbidden(error) || /postgis/.test(message)
        ? `PostGIS is missing in the database of DATABASE_URL: install it and run CREATE EXTENSION postgis (${message}).`
        : `The database of DATABASE_URL cannot be reached (${message || code}).`,
    );
  }
}

async function createPostgis(db: Pick<Database, 'transaction'>): Promise<void> {
  try {
    await db.transaction(async (session) => {
      // Without the lock, concurrent instances would fail on the uncommitted extension of the first, even with IF NOT
      // EXISTS.
      await session.query(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
      await session.script('CREATE EXTENSION IF NOT EXISTS postgis');
    });
  } catch (error) {
    // Another program created it first.
    if (!isUniqueViolation(error)) throw error;
  }
}
