import type { Session } from '../../../database/database.ts';
import { ident, join, literal, raw, type Sql, sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn, REFUSAL, ROW } from '../staging/staged.ts';
import { indexRows } from '../staging/staging.ts';
import { isSameRecord, type RecordKey, stagedValue } from './keys.ts';

/**
 * One line for each accepted row of the file and each row of the table that changes: `n`, the row's place
 * (`part`, `place`), the action, the text of the row before, and the id of a new row if it is known beforehand.
 */
export const CHANGE = ident('pg_temp', 'import_change');

/** Actions of {@link CHANGE}. */
export const ACTION = {
  insert: literal('i'),
  update: literal('u'),
  delete: literal('d'),
  none: literal('='),
} as const;

export interface ComparedImport {
  readonly target: ImportTarget;
  readonly columns: readonly PlanColumn[];
  /** Condition on the rows `o` of the table that the file stands for. */
  readonly scope: Sql;
}

/** The part of a record that a row of the file changes. */
export interface ChangedPart {
  /** Columns that stay. */
  readonly fixed: readonly string[];
  /** False if the geometry stays. */
  readonly isShaped: boolean;
}

export const WHOLE_RECORD: ChangedPart = { fixed: [], isShaped: true };

/** The staged rows `r` that were not refused. */
export const ACCEPTED_ROWS = sql`${ROW} AS r WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n)`;

/** Creates the list of changes. Nobody else may write to the table from now on, since rows are found by their place. */
export async function openComparison(session: Session, { schema, table }: ImportTarget): Promise<void> {
  await session.script(`LOCK TABLE ${ident(schema, table).text} IN SHARE ROW EXCLUSIVE MODE;
    CREATE TEMP TABLE import_change (n bigint, part oid, place tid, action "char" NOT NULL, before text, id bigint) ON COMMIT DROP`);
  await indexRows(session);
}

/** Compares by the key: rows that the table lacks are inserted, those that differ are updated. */
export async function compareByKey(
  session: Session,
  { target, columns }: ComparedImport,
  key: RecordKey,
): Promise<void> {
  await session.query(sql`INSERT INTO ${CHANGE} (n, part, place, action)
    SELECT r.n, o.tableoid, o.ctid, CASE WHEN o.ctid IS NULL THEN ${ACTION.insert}
      WHEN ${isUnchanged(target, columns, WHOLE_RECORD)} THEN ${ACTION.none} ELSE ${ACTION.update} END
    FROM (SELECT * FROM ${ACCEPTED_ROWS}) AS r
    LEFT JOIN ${ident(target.schema, target.table)} AS o ON ${isSameRecord(target, columns, key)}`);
}

/** True if the table's row `o` has the values and the geometry of the staged row `r`, to the last bit. */
export function isUnchanged({ geometry }: ImportTarget, columns: readonly PlanColumn[], part: ChangedPart): Sql {
  const stored = sql`o.${ident(geometry.name)}::geometry`;
  const changed = updatedColumns(columns, part);
  const before = changed.map(({ name }) => sql`o.${ident(name)}`);
  const after = changed.map(({ index }) => updatedValue(columns, index, raw('o')));
  const isSameShape = part.isShaped ? sql`${stored} IS NOT DISTINCT FROM r.geom` : raw('TRUE');
  // `*=` compares the bytes of values, since types such as json have no equality.
  if (!changed.length) return isSameShape;
  return sql`(${isSameShape} AND ROW(${join(before, ', ')})::record *= ROW(${join(after, ', ')})::record)`;
}

/** Returns the planned columns whose values an existing row takes. It retains its number. */
export function updatedColumns(
  columns: readonly PlanColumn[],
  { fixed }: ChangedPart,
): { readonly name: string; readonly index: number }[] {
  return columns.flatMap(({ name, filledBy }, index) =>
    filledBy === 'identity' || fixed.includes(name) ? [] : [{ name, index }],
  );
}

/**
 * Returns the new value of a column of an existing row. If the file has none, a required column with a default retains
 * its value, and so does any column that the plan says.
 */
export function updatedValue(columns: readonly PlanColumn[], index: number, row: Sql): Sql {
  const column = columns[index] as PlanColumn;
  const value = stagedValue(column, index);
  return column.isRetained || (column.notNull && column.fallback)
    ? sql`coalesce(${value}, ${row}.${ident(column.name)})`
    : value;
}

/** Marks the rows of the scope that the file does not have. */
export async function markMissing(session: Session, { target, scope }: ComparedImport): Promise<void> {
  await session.query(sql`INSERT INTO ${CHANGE} (part, place, action) SELECT o.tableoid, o.ctid, ${ACTION.delete}
    FROM ${ident(target.schema, target.table)} AS o
    WHERE ${scope} AND NOT EXISTS (SELECT FROM ${CHANGE} AS c WHERE c.part = o.tableoid AND c.place = o.ctid)`);
}

/** Compares whole rows. Those that the table has in the same form stay; all others of the scope are replaced. */
export async function compareWhole(session: Session, { target, columns, scope }: ComparedImport): Promise<void> {
  const stored = columns.map(({ name }) => sql`o.${ident(name)}`);
  const staged = columns.map((column, index) => insertedValue(column, index));
  const shape = sql`o.${ident(target.geometry.name)}::geometry`;
  // Equal rows are paired one by one, so that the table has each as often as the file.
  await session.query(sql`INSERT INTO ${CHANGE} (n, part, place, action)
    SELECT f.n, t.part, t.place, CASE WHEN f.n IS NULL THEN ${ACTION.delete} WHEN t.place IS NULL THEN ${ACTION.insert} ELSE ${ACTION.none} END
    FROM (SELECT n, digest, row_number() OVER (PARTITION BY digest ORDER BY n) AS copy
      FROM (SELECT r.n, ${valuesDigest([...staged, raw('r.geom')])} AS digest FROM ${ACCEPTED_ROWS}) AS each) AS f
    FULL JOIN (SELECT part, place, digest, row_number() OVER (PARTITION BY digest ORDER BY part, place) AS copy
      FROM (SELECT o.tableoid AS part, o.ctid AS place, ${valuesDigest([...stored, shape])} AS digest
        FROM ${ident(target.schema, target.table)} AS o WHERE ${scope}) AS each) AS t
    ON f.digest = t.digest AND f.copy = t.copy`);
}

/** Returns a digest of values, the same for the same bytes. */
function valuesDigest(values: readonly Sql[]): Sql {
  return sql`md5(ROW(${join(values, ', ')})::text)`;
}

/** Returns the value of a new row. A required column with a default uses it if the file has no value. */
export function insertedValue(column: PlanColumn, index: number): Sql {
  const { notNull, fallback } = column;
  return notNull && fallback ? sql`coalesce(r.${cellColumn(index)}, ${raw(fallback)})` : stagedValue(column, index);
}

/** Reads the rows that will change, as the journal writes them. */
export async function readBefore(session: Session, { schema, table }: ImportTarget): Promise<void> {
  await session.query(sql`UPDATE ${CHANGE} AS c SET before = import_old::text FROM ${ident(schema, table)} AS import_old
    WHERE c.action IN (${ACTION.update}, ${ACTION.delete}) AND c.part = import_old.tableoid AND c.place = import_old.ctid`);
}

/** Counts the listed changes, and the rows of the file that the table has as they are. */
export async function countChanges(session: Session): Promise<{ changed: number; unchanged: number }> {
  const [row] = await session.query<{ changed: number; unchanged: number }>(
    sql`SELECT count(*) FILTER (WHERE action <> ${ACTION.none}) AS changed, count(*) FILTER (WHERE action = ${ACTION.none}) AS unchanged FROM ${CHANGE}`,
  );
  return row ?? { changed: 0, unchanged: 0 };
}

/** Identifiers that are stored once and never computed anew (TT 19/2026/TT-BNNMT Đ.11.3). */
const IDENTIFIERS: Readonly<Record<string, string>> = { 'land.parcel': 'national_id' };

/** Most changed identifiers that a note names. */
const NAMED = 10;

/** Returns a sentence on identifiers that rows of the table have and the file changes. */
export async function noteIdentifiers(
  session: Session,
  { target, columns }: Omit<ComparedImport, 'scope'>,
): Promise<Text[]> {
  const { schema, table } = target;
  const name = IDENTIFIERS[`${schema}.${table}`];
  const index = columns.findIndex((column) => column.name === name);
  if (name === undefined || index < 0) return [];
  const after = updatedValue(columns, index, raw('o'));
  const [found] = await session.query<{ count: number; list: string[] | null }>(sql`SELECT count(*) AS count,
      json_agg(before || ' → ' || coalesce(after, '–') ORDER BY n) FILTER (WHERE number <= ${NAMED}::int) AS list
    FROM (SELECT c.n, o.${ident(name)} AS before, ${after} AS after, row_number() OVER (ORDER BY c.n) AS number
      FROM ${CHANGE} AS c JOIN ${ROW} AS r USING (n) JOIN ${ident(schema, table)} AS o ON c.part = o.tableoid AND c.place = o.ctid
      WHERE c.action = ${ACTION.update} AND o.${ident(name)} IS NOT NULL AND o.${ident(name)} IS DISTINCT FROM ${after}) AS changed`);
  if (!found?.count) return [];
  const list = (found.list ?? []).join(', ');
  return [
    {
      vi: `${name} của ${found.count} đối tượng thay đổi: ${list}.`,
      en: `${name} of ${found.count} features changes: ${list}.`,
    },
  ];
}
