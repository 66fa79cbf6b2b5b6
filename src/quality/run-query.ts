import { DatabaseError } from '../database/database.ts';
import { type Query, type Sql, sql } from '../database/sql.ts';
import { INTERNAL_ERROR } from '../database/sqlstate.ts';
import type { Checked, UnitCount } from './check-query.ts';
import { forgetDueQuery } from './due-query.ts';
import type { QualityRule } from './rule.ts';

/** Selects the keys themselves, and those of records in one open finding with one of them. */
export function participantsQuery(rule: string, keys: readonly string[]): Query {
  return sql`
    WITH given AS (SELECT unnest(${keys}::text[]) AS key)
    SELECT key FROM given
    UNION SELECT f.key FROM quality.finding AS f WHERE f.rule = ${rule} AND f.closed_at IS NULL AND f.others && ${keys}::text[]
    UNION SELECT unnest(f.others) FROM quality.finding AS f JOIN given USING (key) WHERE f.rule = ${rule} AND f.closed_at IS NULL`;
}

/**
 * Returns the statements that replace the numbers of assessed records of a rule.
 * @param codes of the units that were counted, beside the records in no unit; undefined: all were
 */
export function writeAssessedQuery(
  rule: string,
  assessed: readonly UnitCount[],
  codes?: readonly string[],
): readonly Query[] {
  return [
    codes
      ? sql`${forgetAssessed(rule)} AND (unit_code = ANY(${codes}::text[]) OR unit_code IS NULL)`
      : forgetAssessed(rule),
    sql`INSERT INTO quality.assessed (rule, unit_code, unit_valid_from, records)
      SELECT ${rule}, code, "from", records FROM json_to_recordset(${JSON.stringify(assessed)}::json) AS given (code text, "from" date, records bigint)`,
  ];
}

function forgetAssessed(rule: string): Sql {
  return sql`DELETE FROM quality.assessed WHERE rule = ${rule}`;
}

interface Counts extends Omit<Checked, 'assessed'> {
  readonly records: number;
}

export function insertRunQuery({ id, hash }: QualityRule, startedAt: Date, run: Counts): Query {
  return sql`INSERT INTO quality.run (rule, rule_hash, started_at, records, found, opened, closed)
    VALUES (${id}, ${hash}, ${startedAt.toISOString()}::timestamptz, ${run.records}::bigint, ${run.found}::bigint, ${run.opened}::bigint, ${run.closed}::bigint)`;
}

/** Returns the statements that record a failed run. Its rule is not assessed until it succeeds, so no key is due. */
export function failedRunQuery({ id, hash }: QualityRule, startedAt: Date, error: unknown): readonly Query[] {
  const code = error instanceof DatabaseError ? error.code : INTERNAL_ERROR;
  return [
    forgetAssessed(id),
    forgetDueQuery(id),
    sql`INSERT INTO quality.run (rule, rule_hash, started_at, error) VALUES (${id}, ${hash}, ${startedAt.toISOString()}::timestamptz, ${code})`,
  ];
}
