import { namesUnits } from '../catalog/units.ts';
import { type Database, DatabaseError, type QueryOptions, type Session } from '../database/database.ts';
import { type Query, type Sql, sql } from '../database/sql.ts';
import { isCancelled, isFault, isForbidden, isLocked, isUnreachable } from '../database/sqlstate.ts';
import {
  type AssessedPart,
  assessedQuery,
  type Checked,
  type UnitCount,
  unitCodesQuery,
  writeFindingsQueries,
} from './check-query.ts';
import { KEYS_AT_ONCE } from './due.ts';
import { type Due, forgetDueQuery, insertDueQuery, takeCountsQuery, takeDueQuery } from './due-query.ts';
import type { BoundRule } from './rule.ts';
import { failedRunQuery, insertRunQuery, participantsQuery, writeAssessedQuery } from './run-query.ts';
import { findSuspected } from './sweep.ts';

/** Result of one run of a rule. */
export interface RuleRun extends Omit<Checked, 'assessed'> {
  /** Number of assessed records. */
  readonly records: number;
}

/** Name of the lock that one whole run in the background holds, of whatever rule and instance. */
const WHOLE = 'diaba quality';

/**
 * Assesses every record of a rule in one transaction, so that readers see the findings of before or those of after. Runs
 * of one rule follow one another.
 * @throws DatabaseError if the rule fails; the run is recorded, and the rule is not assessed any more
 */
export function checkAll(db: Database, bound: BoundRule, options: QueryOptions = {}): Promise<RuleRun> {
  return recording(db, bound, options, async (session, startedAt) => {
    await session.query(sql`SELECT pg_advisory_xact_lock(${ruleLock(bound)})`);
    return assessAll(session, bound, startedAt);
  });
}

/**
 * Assesses every record of a rule, unless an instance is at another whole run.
 * @param isDue tells if another instance has not done it meanwhile
 * @returns false if nothing was done
 * @throws as {@link checkAll}
 */
export function checkAllInTurn(
  db: Database,
  bound: BoundRule,
  { isDue, ...options }: QueryOptions & { readonly isDue: (session: Session) => Promise<boolean> },
): Promise<boolean> {
  return recording(db, bound, options, async (session, startedAt) => {
    if (!(await tryLock(session, sql`hashtextextended(${WHOLE}, 0)`))) return false;
    if (!(await tryLock(session, ruleLock(bound))) || !(await isDue(session))) return false;
    await assessAll(session, bound, startedAt);
    return true;
  });
}

/**
 * Assesses the records of a rule that are due by their keys, at most 500 of them, and those whose findings depend on
 * them. The numbers of records of their units are due then: counting a commune takes longer than checking an edit. An
 * instance that ends in the middle leaves them due.
 * @returns false if nothing was due, or another instance is at it
 * @throws DatabaseError if the rule fails
 */
export function checkDue(db: Database, bound: BoundRule, options: QueryOptions = {}): Promise<boolean> {
  const take = takeDueQuery(bound.rule.id, KEYS_AT_ONCE);
  return doWhatIsDue<Due>(db, bound, options, {
    take,
    async work(session, due) {
      const keys = [...new Set(due.flatMap((each) => each.keys ?? []))];
      await assessSome(session, bound, { keys, units: due.flatMap(({ units }) => units) });
    },
  });
}

/**
 * Counts the assessed records of a rule in the units for which that is due.
 * @returns false if nothing was due, or another instance is at it
 * @throws DatabaseError if the rule fails
 */
export function countDue(db: Database, bound: BoundRule, options: QueryOptions = {}): Promise<boolean> {
  const take = takeCountsQuery(bound.rule.id);
  return doWhatIsDue<Pick<Due, 'units'>>(db, bound, options, {
    take,
    async work(session, due) {
      const codes = namesUnits(bound.layer) ? [...new Set(due.flatMap(({ units }) => units))] : undefined;
      const counts = await session.query<UnitCount>(assessedQuery(bound, codes));
      for (const query of writeAssessedQuery(bound.rule.id, counts, codes)) await session.query(query);
    },
  });
}

/** Takes what is due of a rule and does it, in one transaction, unless another instance is at the rule. */
function doWhatIsDue<Row extends object>(
  db: Database,
  bound: BoundRule,
  { signal }: QueryOptions,
  { take, work }: { readonly take: Query; work(session: Session, due: readonly Row[]): Promise<void> },
): Promise<boolean> {
  return db.transaction(
    async (session) => {
      if (!(await tryLock(session, ruleLock(bound)))) return false;
      const due = await session.query<Row>(take);
      if (due.length > 0) await work(session, due);
      return due.length > 0;
    },
    { signal, priority: 'background' },
  );
}

/** Runs a whole run in a transaction, and records its failure. */
async function recording<T>(
  db: Database,
  { rule }: BoundRule,
  options: QueryOptions,
  run: (session: Session, startedAt: Date) => Promise<T>,
): Promise<T> {
  const startedAt = new Date();
  try {
    return await db.transaction((session) => run(session, startedAt), options);
  } catch (error) {
    if (!options.signal?.aborted && isOfRule(error))
      for (const query of failedRunQuery(rule, startedAt, error)) await db.query(query, { priority: 'background' });
    throw error;
  }
}

/** Returns true if an error comes from the rule and the data, so that it would come again. */
export function isOfRule(error: unknown): error is DatabaseError {
  const isPassing = [isForbidden, isUnreachable, isFault, isLocked, isCancelled].some((test) => test(error));
  return error instanceof DatabaseError && !isPassing;
}

async function assessAll(session: Session, bound: BoundRule, startedAt: Date): Promise<RuleRun> {
  // Committed before, and so seen by the statements below.
  await session.query(forgetDueQuery(bound.rule.id));
  const suspected = await findSuspected(session, bound);
  const { assessed, ...counts } = await writeFindings(session, bound, { suspected });
  const run = { ...counts, records: assessed.reduce((sum, { records }) => sum + records, 0) };
  for (const query of writeAssessedQuery(bound.rule.id, assessed)) await session.query(query);
  await session.query(insertRunQuery(bound.rule, startedAt, run));
  return run;
}

/**
 * @param touched keys of records that were created, changed or deleted, and codes of units that they have left; or places
 *   of a rule with a reach
 */
async function assessSome(
  session: Session,
  bound: BoundRule,
  touched: Pick<Due, 'units'> & { keys: readonly string[] },
) {
  if (bound.rule.reach !== undefined) return void (await writeFindings(session, bound, { touched: touched.keys }));
  const rows = await session.query<{ key: string }>(participantsQuery(bound.rule.id, touched.keys));
  await writeFindings(session, bound, { touched: rows.map(({ key }) => key) });
  const units = namesUnits(bound.layer) ? await unitCodes(session, bound, touched) : [];
  await session.query(insertDueQuery([{ rule: bound.rule.id, keys: [], units }]));
}

async function unitCodes(
  session: Session,
  bound: BoundRule,
  { keys, units }: { keys: readonly string[]; units: readonly string[] },
) {
  const rows = await session.query<{ code: string }>(unitCodesQuery(bound, keys));
  return [...new Set([...units, ...rows.map(({ code }) => code)])];
}

async function writeFindings(session: Session, bound: BoundRule, part: AssessedPart): Promise<Checked> {
  let checked: Checked | undefined;
  for (const query of writeFindingsQueries(bound, part)) [checked] = await session.query<Checked>(query);
  if (!checked) throw new Error(`no answer of the rule ${bound.rule.id}`);
  return checked;
}

function ruleLock({ rule }: BoundRule): Sql {
  return sql`hashtextextended(${`diaba quality ${rule.id}`}, 0)`;
}

async function tryLock(session: Session, key: Sql): Promise<boolean> {
  const [row] = await session.query<{ got: boolean }>(sql`SELECT pg_try_advisory_xact_lock(${key}) AS got`);
  return row?.got === true;
}
