import type { Database, Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/** A table, `schema.table`, that could not be watched. */
export interface Unwatched {
  readonly table: string;
  readonly error: unknown;
}

/**
 * Puts triggers on tables that lack them or write other columns, each in a transaction of its own.
 * @param columns watched columns by table
 * @returns tables on which it may not, or cannot
 */
export async function watchTables(
  db: Database,
  columns: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Unwatched[]> {
  const failed: Unwatched[] = [];
  const missing = await unwatched(db, columns);
  for (const table of missing) {
    try {
      await db.transaction((session) => watch(session, table, columns), { priority: 'background' });
    } catch (error) {
      failed.push({ table, error });
    }
  }
  return failed;
}

async function watch(session: Session, table: string, columns: ReadonlyMap<string, readonly string[]>): Promise<void> {
  await session.query(sql`SELECT pg_advisory_xact_lock(hashtextextended('diaba quality watch', 0))`);
  // Another instance may have done it while this one waited.
  if (!(await unwatched(session, new Map([[table, columns.get(table) ?? []]]))).includes(table)) return;
  await session.query(sql`SELECT quality.watch(${table}, ${columns.get(table) ?? []}::text[])`);
}

/** Returns the tables without four triggers that fire always, or whose triggers lack a column. */
async function unwatched(
  session: Pick<Session, 'query'>,
  columns: ReadonlyMap<string, readonly string[]>,
): Promise<readonly string[]> {
  const given = [...columns].map(([table, names]) => ({ table, names }));
  const rows = await session.query<{ table: string }>(sql`
    SELECT given.table
    FROM json_to_recordset(${JSON.stringify(given)}::json) AS given ("table" text, names json)
    LEFT JOIN quality.watched ON relation = given.table
    WHERE relation IS NULL OR NOT to_jsonb(columns) @> names::jsonb
      OR 4 <> (SELECT count(*) FROM pg_trigger JOIN pg_proc AS called ON called.oid = tgfoid AND called.proname = watched.name
        WHERE tgrelid = to_regclass(format('%I.%I', split_part(relation, '.', 1), split_part(relation, '.', 2))) AND tgenabled = 'A')`);
  return rows.map(({ table }) => table);
}
