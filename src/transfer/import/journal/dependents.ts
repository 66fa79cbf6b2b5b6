import type { Session } from '../../../database/database.ts';
import { ident, identList, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { Problem } from '../../../lib/errors.ts';
import type { LayerName } from '../plan/layer-name.ts';
import { type Journal, WRITTEN } from './journal.ts';

/** A foreign key that leads to a table. */
export interface Reference extends LayerName {
  readonly columns: readonly string[];
  /** Columns of the table that it leads to. */
  readonly to: readonly string[];
  /** `a` and `r` forbid a deletion, `c` deletes, `n` and `d` change the row that refers. */
  readonly onDelete: string;
}

/** Rows of other tables that go with deleted rows. */
export interface DependentRows {
  readonly table: string;
  readonly count: number;
}

/** Reads the foreign keys that lead to a table and act on a deletion. */
export async function readReferences(session: Session, { schema, table }: LayerName): Promise<Reference[]> {
  const names = (keys: Sql, relation: Sql) =>
    sql`(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${keys}) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = k.number)`;
  return session.query<Reference>(sql`SELECT n.nspname::text AS schema, c.relname::text AS table, f.confdeltype::text AS "onDelete",
      ${names(raw('f.conkey'), raw('f.conrelid'))} AS columns, ${names(raw('f.confkey'), raw('f.confrelid'))} AS "to"
    FROM pg_constraint AS f JOIN pg_class AS c ON c.oid = f.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE f.contype = 'f' AND f.confrelid = to_regclass(${ident(schema, table).text}) AND f.conparentid = 0
      AND f.confdeltype IN ('c', 'n', 'd') ORDER BY f.conname`);
}

/** Returns the condition that a row `d` refers to one of the selected rows. */
export function refersTo({ columns, to }: Reference, selected: Sql): Sql {
  return sql`(${join(
    columns.map((name) => sql`d.${ident(name)}`),
    ', ',
  )}) IN (SELECT ${identList(to)} FROM (${selected}) AS selected)`;
}

/**
 * Deletes the rows that would go with rows of a table, and records them, deepest first.
 * @param selected SELECT of the rows that will be deleted
 * @throws Problem if a deletion would change rows instead, or tables refer to each other
 */
export async function deleteDependents(
  session: Session,
  journal: Journal,
  {
    name,
    selected,
    path = [],
  }: { readonly name: LayerName; readonly selected: Sql; readonly path?: readonly string[] },
): Promise<DependentRows[]> {
  const found: DependentRows[] = [];
  for (const reference of await readReferences(session, name)) {
    const { schema, table, onDelete } = reference;
    const rows = sql`SELECT d.* FROM ${ident(schema, table)} AS d WHERE ${refersTo(reference, selected)}`;
    const [row] = await session.query<{ count: number }>(sql`SELECT count(*) AS count FROM (${rows}) AS rows`);
    if (!row?.count) continue;
    const [from, to] = [`${schema}.${table}`, `${name.schema}.${name.table}`];
    if (onDelete !== 'c' || [...path, to].includes(from)) throw stillReferred(from, to, row.count);
    found.push(...(await deleteDependents(session, journal, { name: reference, selected: rows, path: [...path, to] })));
    const columns = sql`SELECT d.tableoid, d.ctid, d::text AS before FROM ${ident(schema, table)} AS d WHERE ${refersTo(reference, selected)}`;
    const count = await journal.write(
      reference,
      'delete',
      sql`DELETE FROM ${ident(schema, table)} AS ${WRITTEN} USING (${columns}) AS gone
        WHERE ${WRITTEN}.tableoid = gone.tableoid AND ${WRITTEN}.ctid = gone.ctid`,
      raw('gone.before'),
    );
    found.push({ table: from, count });
  }
  return found;
}

function stillReferred(from: string, to: string, count: number): Problem {
  return new Problem('conflict', {
    vi: `${count} dòng của ${from} trỏ tới các dòng của ${to} sẽ bị xóa. Hãy gỡ hoặc xóa chúng trước.`,
    en: `${count} rows of ${from} refer to rows of ${to} that would be deleted. Detach or delete them first.`,
  });
}
