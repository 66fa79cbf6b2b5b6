import type { Session } from '../../../database/database.ts';
import { EMPTY, ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { deleteDependents } from '../journal/dependents.ts';
import { type Journal, WRITTEN } from '../journal/journal.ts';
import {
  ACTION,
  CHANGE,
  type ChangedPart,
  insertedValue,
  updatedColumns,
  updatedValue,
} from '../matching/comparison.ts';
import { hasLineage, readFormerNumbers, writeLineage } from '../matching/lineage.ts';
import type { RowMatching } from '../matching/matching.ts';
import { countSuccessions, NO_SUCCESSIONS } from '../matching/succession.ts';
import type { ImportPlan } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { REFUSAL, ROW } from '../staging/staged.ts';
import { indexRows } from '../staging/staging.ts';
import type { RowCounts } from './row-counts.ts';

type WrittenRows = Omit<RowCounts, 'unchanged'>;

/** Condition of an accepted row `r` of the file. */
const ACCEPTED = sql`WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n)`;

export interface Insertion {
  readonly target: ImportTarget;
  readonly plan: ImportPlan;
  /** True if the table is new. */
  readonly created: boolean;
  /** Number of refused rows. */
  readonly refused: number;
}

/** Inserts all accepted rows, in the order of the file. */
export async function insertAll(
  session: Session,
  journal: Journal,
  { target, plan, created, refused }: Insertion,
): Promise<WrittenRows> {
  // A scan gives rows in another order, since short ones fill the pages before. Sorting would write all to the disk.
  await indexRows(session);
  const insert = insertion(target, plan, sql`${refused === 0 ? EMPTY : ACCEPTED} ORDER BY r.n`);
  const inserted = created ? await journal.fill(target, insert) : await journal.write(target, 'insert', insert);
  return { inserted, updated: 0, deleted: 0, dependents: [], ...NO_SUCCESSIONS };
}

/** Writes the listed changes: what goes first, then what stays, then what is new, so that unique values become free. */
export async function writeChanges(
  session: Session,
  journal: Journal,
  {
    target,
    plan,
    matching,
  }: { readonly target: ImportTarget; readonly plan: ImportPlan; readonly matching: RowMatching },
): Promise<WrittenRows> {
  const isWithLineage = matching.mode === 'sync' && hasLineage(target);
  if (isWithLineage) await readFormerNumbers(session);
  const dependents = await deleteDependents(session, journal, { name: target, selected: deletedRows(target) });
  const deleted = await journal.write(target, 'delete', deletion(target), raw('c.before'));
  const update = alteration(target, plan, matching.part);
  const updated = update ? await journal.write(target, 'update', update, raw('c.before')) : 0;
  const isNew = sql`JOIN ${CHANGE} AS c USING (n) WHERE c.action = ${ACTION.insert} ORDER BY r.n`;
  const inserted = await journal.write(target, 'insert', insertion(target, plan, isNew, isWithLineage));
  if (isWithLineage) await writeLineage(journal);
  const successions = matching.mode === 'sync' ? await countSuccessions(session) : NO_SUCCESSIONS;
  return { inserted, updated, deleted, dependents, ...successions };
}

/**
 * @param which join, condition and order that select the staged rows `r`
 * @param hasIds true if `c` gives the ids of the new rows
 */
function insertion(
  { schema, table, geometry }: ImportTarget,
  { columns }: ImportPlan,
  which: Sql,
  hasIds = false,
): Sql {
  const values = columns.map((column, index) => [ident(column.name), insertedValue(column, index)] as const);
  if (hasIds && !columns.some(({ name }) => name === 'id')) values.push([ident('id'), raw('c.id')]);
  values.push([ident(geometry.name), raw('r.geom')]);
  const list = (place: 0 | 1) =>
    join(
      values.map((each) => each[place]),
      ', ',
    );
  return sql`INSERT INTO ${ident(schema, table)} AS ${WRITTEN} (${list(0)}) OVERRIDING SYSTEM VALUE
    SELECT ${list(1)} FROM ${ROW} AS r ${which}`;
}

/** Condition that the row of the table is that of the change `c`. */
const ITS_PLACE = sql`c.part = ${WRITTEN}.tableoid AND c.place = ${WRITTEN}.ctid`;

function deletedRows({ schema, table }: ImportTarget): Sql {
  return sql`SELECT ${WRITTEN}.* FROM ${ident(schema, table)} AS ${WRITTEN} JOIN ${CHANGE} AS c ON ${ITS_PLACE} AND c.action = ${ACTION.delete}`;
}

function deletion({ schema, table }: ImportTarget): Sql {
  return sql`DELETE FROM ${ident(schema, table)} AS ${WRITTEN} USING ${CHANGE} AS c WHERE c.action = ${ACTION.delete} AND ${ITS_PLACE}`;
}

/** Returns the statement that changes rows; undefined if the file has nothing but their key. */
function alteration(
  { schema, table, geometry }: ImportTarget,
  { columns }: ImportPlan,
  part: ChangedPart,
): Sql | undefined {
  const values = updatedColumns(columns, part).map(
    ({ name, index }) => sql`${ident(name)} = ${updatedValue(columns, index, WRITTEN)}`,
  );
  if (part.isShaped) values.push(sql`${ident(geometry.name)} = r.geom`);
  if (!values.length) return undefined;
  return sql`UPDATE ${ident(schema, table)} AS ${WRITTEN} SET ${join(values, ', ')}
    FROM ${CHANGE} AS c JOIN ${ROW} AS r USING (n) WHERE c.action = ${ACTION.update} AND ${ITS_PLACE}`;
}
