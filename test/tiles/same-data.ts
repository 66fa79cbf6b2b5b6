import type { Catalog } from '../../src/catalog/layer.ts';
import type { Database } from '../../src/database/database.ts';
import { copyLine, ident, join, sql } from '../../src/database/sql.ts';

/**
 * Copies the tables of the layers from `from` to `to`, to the last bit. PostGIS versions differ in places in what they
 * compute while the sample is loaded.
 */
export async function copyLayers(catalog: Catalog, from: Database, to: Database): Promise<void> {
  await to.transaction(async (session) => {
    // Foreign keys are those of the source, where they hold.
    await session.script('SET LOCAL session_replication_role = replica');
    for (const { schema, table } of catalog.layers.values()) {
      const columns = await from.query<{ name: string }>(sql`
        SELECT column_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = ${schema} AND table_name = ${table} AND is_generated = 'NEVER' AND table_type = 'BASE TABLE'
        ORDER BY ordinal_position`);
      if (columns.length === 0) continue;
      const names = columns.map(({ name }) => name);
      const texts = join(
        names.map((name) => sql`${ident(name)}::text AS ${ident(name)}`),
        ', ',
      );
      const rows = await from.query(sql`SELECT ${texts} FROM ${ident(schema, table)}`);
      await session.query(sql`DELETE FROM ${ident(schema, table)}`);
      await session.copy(
        { schema, table, columns: names },
        rows.map((row) => copyLine(names.map((name) => row[name]))),
      );
    }
  });
}
