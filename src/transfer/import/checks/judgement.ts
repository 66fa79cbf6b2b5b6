import type { Session } from '../../../database/database.ts';
import { join, sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import type { RowMatching } from '../matching/matching.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { REFUSAL, ROW } from '../staging/staged.ts';
import type { Check, Reason } from './check.ts';
import { keyChecks, ruleChecks } from './rule-checks.ts';
import { shapeChecks, valueChecks } from './value-checks.ts';

export interface Judgement {
  /** Reasons by the first of each row, the most frequent first. */
  readonly reasons: readonly Reason[];
  /** Texts of the numbers in `reasons` of the refused rows. */
  readonly texts: readonly Text[];
}

interface JudgedImport {
  readonly target: ImportTarget;
  readonly columns: readonly PlanColumn[];
  readonly matching: RowMatching | undefined;
  /** Reasons for which the source refuses rows, by the staged `finding`. */
  readonly findings?: readonly Text[] | undefined;
}

/** Checks the staged rows, and gives each refused one its first reason and all its reasons. */
export async function judge(
  session: Session,
  { target, columns, matching, findings = [] }: JudgedImport,
): Promise<Judgement> {
  const others = [
    ...shapeChecks(target, matching?.part.isShaped ?? true),
    ...columns.flatMap(valueChecks),
    ...ruleChecks(target, columns, matching),
    ...(matching ? keyChecks(target, columns, matching) : []),
  ];
  const checks = findings.length ? [...findings.map(findingCheck), ...others.map(unlessFound)] : others;
  const cases = checks.map(({ condition }, index) => sql`WHEN ${condition} THEN ${index}::int`);
  await session.query(sql`INSERT INTO ${REFUSAL}
    SELECT n, reason FROM (SELECT n, CASE ${join(cases, ' ')} END AS reason FROM ${ROW} AS r) AS judged WHERE reason IS NOT NULL`);
  const found = await session.query<{ reason: number; count: number; examples: number[] }>(
    sql`SELECT reason, count(*) AS count, (array_agg(n ORDER BY n))[1:5] AS examples FROM ${REFUSAL} GROUP BY reason ORDER BY 2 DESC, 1`,
  );
  if (found.length) await addAllReasons(session, checks);
  const reasons: Reason[] = [];
  for (const { reason, count, examples } of found) {
    const check = checks[reason];
    if (check)
      reasons.push({ reason: await withValues(session, check, reason), count, examples: examples.map(Number) });
  }
  return { reasons, texts: checks.map(({ reason }) => reason) };
}

function findingCheck(reason: Text, index: number): Check {
  return { condition: sql`r.finding = ${index}::int`, reason };
}

/** A row with a finding, such as an open line, is no feature that other checks could judge. */
function unlessFound(check: Check): Check {
  return { ...check, condition: sql`(r.finding IS NULL AND ${check.condition})` };
}

/** A row that is refused for one reason is checked for all others, so that it need not be sent again for each. */
async function addAllReasons(session: Session, checks: readonly Check[]): Promise<void> {
  const each = checks.map(({ condition }, index) => sql`CASE WHEN ${condition} THEN ${index}::int END`);
  await session.query(sql`UPDATE ${REFUSAL} AS f SET reasons = found.reasons
    FROM (SELECT n, array_remove(ARRAY[${join(each, ', ')}], NULL) AS reasons FROM ${ROW} AS r
      WHERE n IN (SELECT n FROM ${REFUSAL})) AS found WHERE found.n = f.n`);
}

async function withValues(session: Session, { reason, shows }: Check, index: number): Promise<Text> {
  if (!shows) return reason;
  const rows = await session.query<{ value: string }>(
    sql`SELECT DISTINCT left((${shows})::text, 40) AS value FROM ${ROW} AS r JOIN ${REFUSAL} AS f USING (n) WHERE f.reason = ${index}::int LIMIT 6`,
  );
  const list = rows.map(({ value }) => value).join(', ');
  return { vi: `${reason.vi} (${list})`, en: `${reason.en} (${list})` };
}
