import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/** @returns the PROJ text of each SRID in the database, VN-2000 with the official shift to WGS 84 */
export async function readProjections(db: Database, srids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await db.query<{ srid: number; text: string }>(
    sql`SELECT srid, trim(proj4text) AS text FROM spatial_ref_sys WHERE srid = ANY(${[...new Set(srids)]}::int[])`,
  );
  return new Map(rows.map(({ srid, text }) => [srid, text]));
}

/** Returns the WKT of a CRS, VN-2000 with the official shift to WGS 84; undefined if the database lacks it. */
export async function readWkt(db: Database, srid: number): Promise<string | undefined> {
  const [row] = await db.query<{ text: string | null }>(
    sql`SELECT nullif(trim(srtext), '') AS text FROM spatial_ref_sys WHERE srid = ${srid}::int`,
  );
  return row?.text ?? undefined;
}
