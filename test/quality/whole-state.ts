/** The state that the tables of findings have, and the one that whole runs would write. */
import type { Database } from '../../src/database/database.ts';
import { join, raw, type Sql, sql } from '../../src/database/sql.ts';
import { assessedQuery, findingsQuery } from '../../src/quality/check-query.ts';
import type { BoundRule } from '../../src/quality/rule.ts';

export interface State {
  /** Open findings: rule, key, aspect, others, measure, words and unit. */
  readonly findings: readonly string[];
  /** Numbers of assessed records: rule, unit and number. */
  readonly assessed: readonly string[];
}

const FINDING =
  raw(`concat_ws(' | ', rule, key, aspect, others::text, CASE WHEN rule <> 'station-silent' THEN measure END, words_vi, words_en,
  unit_code, unit_valid_from)`);

/** Returns the findings, and the numbers of rules that count records, as the tables have them. The hours of silence of a station grow meanwhile. */
export async function storedState(db: Database, rules?: readonly BoundRule[]): Promise<State> {
  const counting = rules?.filter(isCounting).map(({ rule }) => rule.id) ?? null;
  return {
    findings: await texts(db, sql`SELECT ${FINDING} AS text FROM quality.finding WHERE closed_at IS NULL`),
    assessed: await texts(
      db,
      sql`SELECT concat_ws(' | ', rule, unit_code, unit_valid_from, records) AS text FROM quality.assessed WHERE rule = ANY(coalesce(${counting}::text[], ARRAY[rule]))`,
    ),
  };
}

/** Returns the findings and numbers that whole runs would write. */
export async function wholeState(db: Database, rules: readonly BoundRule[]): Promise<State> {
  const each = (query: (bound: BoundRule) => Sql, some = rules) =>
    join(
      some.map((bound) => query(bound)),
      ' UNION ALL ',
    );
  return {
    findings: await texts(
      db,
      each(
        (bound) =>
          sql`(SELECT ${FINDING} AS text FROM (SELECT ${bound.rule.id} AS rule, found.* FROM (${findingsQuery(bound)}) AS found) AS ruled)`,
      ),
    ),
    assessed: await texts(
      db,
      each(
        (bound) =>
          sql`(SELECT concat_ws(' | ', ${bound.rule.id}::text, code, "from", records) AS text FROM (${assessedQuery(bound, undefined)}) AS counted)`,
        rules.filter(isCounting),
      ),
    ),
  };
}

/** Amounts are counted by whole runs only. */
function isCounting({ rule }: BoundRule): boolean {
  return rule.counts === 'records';
}

async function texts(db: Database, query: Sql): Promise<readonly string[]> {
  const rows = await db.query<{ text: string }>(query);
  return rows.map(({ text }) => text).sort();
}
