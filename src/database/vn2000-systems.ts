import { BootError } from '../lib/errors.ts';
import type { Database } from './database.ts';
import { readMigrations } from './migrate.ts';
import { sql } from './sql.ts';
import { isForbidden } from './sqlstate.ts';

/** Migrations that write the VN-2000 rows of `spatial_ref_sys`; each can be applied again. */
const WRITTEN_BY = ['crs', 'crs-text'];
/** Rows that they write. */
const SYSTEMS = 21;

/**
 * Rewrites the VN-2000 rows of `spatial_ref_sys` if one of them is not the official one. `pg_dump` leaves out rows that
 * PostGIS brings itself, and an update of PostGIS writes its own. Both move places south of 11.04° N by 0.8 m.
 */
export async function restoreSystems(db: Database): Promise<boolean> {
  const [row] = await db.query<{ official: number }>(
    sql`SELECT count(*)::integer AS official FROM spatial_ref_sys WHERE srtext LIKE '%VN-2000 (QD 05/2007)%'`,
  );
  if (row?.official === SYSTEMS) return false;
  const texts = readMigrations().filter(({ name }) => WRITTEN_BY.includes(name));
  try {
    await db.transaction(async (session) => {
      for (const { text } of texts) await session.script(text);
    });
    return true;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new BootError(
      `The VN-2000 systems of the database are not the official ones, which moves coordinates by up to 0.8 m, and the role of DATABASE_URL may not correct them (${error.message}). Run "npm run diaba -- migrate" once as the role that owns the database.`,
    );
  }
}
