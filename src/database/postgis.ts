import { BootError } from '../lib/errors.ts';
import type { Database } from './database.ts';
import { sql } from './sql.ts';
import { isForbidden, isTaken } from './sqlstate.ts';

/** Any number, the same in every instance: whoever comes second waits, and finds the work done. */
const LOCK = 0x64_69_61_63;

const INSTALLED = sql`SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis') AS is`;

/** Versions of PostgreSQL and PostGIS; PostGIS is created where it is missing. @throws BootError where it cannot be */
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
      code === '0A000' || isForbidden(error) || /postgis/.test(message)
        ? `PostGIS is missing in the database of DATABASE_URL: install it and run CREATE EXTENSION postgis (${message}).`
        : `The database of DATABASE_URL cannot be reached (${message || code}).`,
    );
  }
}

async function createPostgis(db: Pick<Database, 'transaction'>): Promise<void> {
  try {
    await db.transaction(async (session) => {
      // Of several at once, all but one would fail at what the first has not committed yet, IF NOT EXISTS or not.
      await session.query(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
      await session.script('CREATE EXTENSION IF NOT EXISTS postgis');
    });
  } catch (error) {
    // Somebody else than a server of ours was quicker.
    if (!isTaken(error)) throw error;
  }
}
