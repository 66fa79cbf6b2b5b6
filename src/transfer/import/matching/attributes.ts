import type { Session } from '../../../database/database.ts';
import { ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { MOST_LISTED, type RegisterOutcome, type Unjoined } from '../../source/row/joined-rows.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn, REFUSAL, ROW } from '../staging/staged.ts';
import { indexRows } from '../staging/staging.ts';
import { ACCEPTED_ROWS, ACTION, CHANGE, type ComparedImport, isUnchanged } from './comparison.ts';
import { isSameRecord, keyCells, type RecordKey } from './keys.ts';

/** Columns of keys whose values are numbers in writing: `012` and `12` are one. */
const WRITTEN_NUMBERS: Readonly<Record<string, readonly string[]>> = { 'land.parcel': ['sheet'] };

/** Columns in which rows of one record may differ; the first value counts. A parcel has a row for each use. */
const PLURAL: Readonly<Record<string, readonly string[]>> = { 'land.parcel': ['main_use'] };

/** Returns SQL of a number as it is compared: `012`, ` 12` and `12.0` are all 12. */
function comparableNumber(text: Sql): Sql {
  return sql`regexp_replace(regexp_replace(upper(btrim(${text})), '^0+(?=\\d)', ''), '^(\\d+)\\.0+$', '\\1')`;
}

/**
 * Gives the numbers of the staged rows the spelling of the table, if it has one and only one. Each unit has a spelling of
 * its own if the key names units.
 */
export async function adoptSpelling(
  session: Session,
  { target, columns, scope }: ComparedImport,
  { names }: RecordKey,
): Promise<void> {
  const { schema, table } = target;
  const cellOf = (name: string) => cellColumn(columns.findIndex((column) => column.name === name));
  const [stored, staged] = names.includes('unit_code')
    ? [raw('o.unit_code'), sql`r.${cellOf('unit_code')}`]
    : [raw('NULL::text'), raw('NULL::text')];
  for (const name of (WRITTEN_NUMBERS[`${schema}.${table}`] ?? []).filter((column) => names.includes(column))) {
    const cell = cellOf(name);
    await session.query(sql`WITH spelt AS (SELECT DISTINCT ${stored} AS unit, o.${ident(name)} AS text
        FROM ${ident(schema, table)} AS o WHERE ${scope}),
      single AS (SELECT unit, min(text) AS text, ${comparableNumber(sql`text`)} AS plain FROM spelt GROUP BY 1, 3 HAVING count(*) = 1)
      UPDATE ${ROW} AS r SET ${cell} = single.text FROM single
      WHERE r.${cell} <> single.text AND ${comparableNumber(sql`r.${cell}`)} = single.plain
        AND ${staged} IS NOT DISTINCT FROM single.unit`);
  }
}

/** Compares the attributes of rows with those of the records that have their keys. Other rows change nothing. */
export async function compareAttributes(session: Session, compared: ComparedImport, key: RecordKey): Promise<void> {
  const { target, columns } = compared;
  await gatherRepeated(session, compared, key);
  const cells = keyCells(key);
  await session.query(sql`INSERT INTO ${CHANGE} (n, part, place, action)
    SELECT r.n, o.tableoid, o.ctid, CASE WHEN ${isUnchanged(target, columns, { fixed: key.names, isShaped: false })}
      THEN ${ACTION.none} ELSE ${ACTION.update} END
    FROM (SELECT DISTINCT ON (${cells}) r.* FROM ${ACCEPTED_ROWS} ORDER BY ${cells}, r.n) AS r
    JOIN ${ident(target.schema, target.table)} AS o ON ${isSameRecord(target, columns, key)}`);
}

/** Gives the first row of each key the first value that a row of the key has, column by column. */
async function gatherRepeated(session: Session, { columns }: ComparedImport, key: RecordKey): Promise<void> {
  const open = columns.flatMap((_, index) => (key.indexes.includes(index) ? [] : [cellColumn(index)]));
  if (!open.length) return;
  const firsts = open.map((cell) => sql`min(r.n) FILTER (WHERE r.${cell} IS NOT NULL) AS ${cell}`);
  const values = open.map((cell) => sql`${cell} = (SELECT x.${cell} FROM ${ROW} AS x WHERE x.n = f.${cell})`);
  await session.query(sql`UPDATE ${ROW} AS w SET ${join(values, ', ')}
    FROM (SELECT min(r.n) AS n, ${join(firsts, ', ')} FROM ${ACCEPTED_ROWS} GROUP BY ${keyCells(key)} HAVING count(*) > 1) AS f
    WHERE w.n = f.n`);
}

/** Returns the condition that another row of the file has the key of the staged row `r` and another value in a column. */
export function contradicts({ schema, table }: ImportTarget, columns: readonly PlanColumn[], key: RecordKey): Sql {
  const plural = PLURAL[`${schema}.${table}`] ?? [];
  const texts = columns.flatMap(({ name }, index) =>
    key.names.includes(name) || plural.includes(name) ? [] : [sql`r.${cellColumn(index)}::text`],
  );
  const differ = texts.map((text) => sql`min(${text}) OVER same <> max(${text}) OVER same`);
  return sql`r.n IN (SELECT n FROM (SELECT r.n, ${differ.length ? join(differ, ' OR ') : sql`FALSE`} AS differs
    FROM ${ROW} AS r WINDOW same AS (PARTITION BY ${keyCells(key)})) AS seen WHERE differs)`;
}

/** Returns SQL of (n, id): the records that the accepted rows name. */
export function namedRecords(target: ImportTarget, columns: readonly PlanColumn[], key: RecordKey): Sql {
  return sql`SELECT r.n, o.id FROM ${ROW} AS r JOIN ${ident(target.schema, target.table)} AS o
    ON ${isSameRecord(target, columns, key)} WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n)`;
}

/** Lists the rows of the file without a record, and the records of the scope without a row. */
export async function listUnjoined(
  session: Session,
  { target, columns, scope }: ComparedImport,
  key: RecordKey,
): Promise<RegisterOutcome> {
  await indexRows(session);
  const table = ident(target.schema, target.table);
  const same = isSameRecord(target, columns, key);
  const own = join(
    key.names.map((name) => sql`o.${ident(name)}`),
    ', ',
  );
  const [row] = await session.query<{ rows: number; joined: number }>(sql`SELECT (SELECT count(*) FROM ${ROW}) AS rows,
    (SELECT count(*) FROM ${table} AS o WHERE ${scope} AND EXISTS (SELECT FROM ${ROW} AS r WHERE ${same})) AS joined`);
  return {
    ...{ rows: row?.rows ?? 0, joined: row?.joined ?? 0 },
    withoutFeature: await listUnjoinedKeys(
      session,
      sql`SELECT ${keyName(keyCells(key))} AS key, r.n AS place FROM ${ROW} AS r WHERE NOT EXISTS (SELECT FROM ${table} AS o WHERE ${same})`,
    ),
    withoutRow: await listUnjoinedKeys(
      session,
      sql`SELECT ${keyName(own)} AS key, row_number() OVER (ORDER BY ${own}) AS place FROM ${table} AS o
        WHERE ${scope} AND NOT EXISTS (SELECT FROM ${ROW} AS r WHERE ${same})`,
    ),
  };
}

const keyName = (values: Sql): Sql => sql`coalesce(nullif(concat_ws('/', ${values}), ''), '–')`;

/** @param rows SELECT of rows with `key` and their `place` in the list */
async function listUnjoinedKeys(session: Session, rows: Sql): Promise<Unjoined> {
  const [found] = await session.query<{ count: number; keys: string[] | null }>(sql`SELECT count(*) AS count,
      json_agg(key ORDER BY number) FILTER (WHERE number <= ${MOST_LISTED}::int) AS keys
    FROM (SELECT key, row_number() OVER (ORDER BY place) AS number FROM (${rows}) AS unjoined) AS numbered`);
  return { count: found?.count ?? 0, keys: found?.keys ?? [] };
}
