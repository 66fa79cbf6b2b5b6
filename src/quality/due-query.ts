import { type Query, sql } from '../database/sql.ts';

/** Touched statements that are taken at once. */
const MOST_TOUCHED = 200;

/** Values that a statement has touched, by column; null: of any row. */
export interface TouchedRow {
  readonly relation: string;
  readonly values: Readonly<Record<string, readonly string[]>> | null;
}

/** Takes some of what was touched in tables. Two instances take different rows. */
export function takeTouchedQuery(relations: readonly string[]): Query {
  return sql`
    DELETE FROM quality.touched WHERE id IN (
      SELECT id FROM quality.touched WHERE relation = ANY(${relations}::text[]) ORDER BY id LIMIT ${MOST_TOUCHED}::int FOR UPDATE SKIP LOCKED)
    RETURNING relation, "values"`;
}

/** Selects a row if something was touched and not taken. */
export function anyTouchedQuery(relations: readonly string[]): Query {
  return sql`SELECT id FROM quality.touched WHERE relation = ANY(${relations}::text[]) LIMIT 1`;
}

/** Marks a whole table as touched. */
export function touchQuery(relation: string): Query {
  return sql`INSERT INTO quality.touched (relation) VALUES (${relation})`;
}

/** Replaces what was touched a day ago and nobody took by one row a table, since no server may check anything. */
export function compactTouchedQuery(): Query {
  return sql`
    WITH gone AS (DELETE FROM quality.touched WHERE at < now() - interval '1 day' RETURNING relation)
    INSERT INTO quality.touched (relation) SELECT DISTINCT relation FROM gone`;
}

/** Records of a rule that are due. */
export interface Due {
  readonly rule: string;
  /** null: all records; empty: none, but the numbers of records of the units. */
  readonly keys: readonly string[] | null;
  /** Codes of the units that they may have left. */
  readonly units: readonly string[];
}

/** Returns all records of a rule as due. */
export function allOf(rule: string): Due {
  return { rule, keys: null, units: [] };
}

export function insertDueQuery(due: readonly Due[]): Query {
  return sql`
    INSERT INTO quality.due (rule, keys, units)
    SELECT rule, CASE WHEN keys IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(keys)) END, ARRAY(SELECT json_array_elements_text(units))
    FROM json_to_recordset(${JSON.stringify(due)}::json) AS given (rule text, keys json, units json)`;
}

/** Takes lists of keys of a rule, at most `most` keys together; no list is empty. */
export function takeDueQuery(rule: string, most: number): Query {
  return sql`
    DELETE FROM quality.due WHERE id IN (
      SELECT id FROM (SELECT id, sum(cardinality(keys)) OVER (ORDER BY id) AS total FROM quality.due WHERE rule = ${rule} AND keys <> '{}') AS listed
      WHERE total <= ${most}::int)
    RETURNING rule, keys, units`;
}

/** Takes the units whose numbers of records are due. */
export function takeCountsQuery(rule: string): Query {
  return sql`DELETE FROM quality.due WHERE rule = ${rule} AND keys = '{}' RETURNING units`;
}

export function forgetDueQuery(rule: string): Query {
  return sql`DELETE FROM quality.due WHERE rule = ${rule}`;
}

/** State of a rule: its last run, and the number of keys that are due. */
export interface RuleState {
  readonly rule: string;
  /** Digest of the file that ran; null: none ever did. */
  readonly hash: string | null;
  readonly failed: boolean;
  /** Seconds since the end of the run. */
  readonly age: number;
  /** Seconds that it took. */
  readonly took: number;
  /** Number of keys that are due. */
  readonly keys: number;
  readonly isAllDue: boolean;
  /** True if numbers of assessed records are due. */
  readonly isCountDue: boolean;
}

export function statesQuery(rules: readonly string[]): Query {
  return sql`
    SELECT given.rule, rule_hash AS hash, error IS NOT NULL AS failed,
      coalesce(extract(epoch FROM clock_timestamp() - finished_at), 0)::float8 AS age,
      coalesce(greatest(extract(epoch FROM finished_at - started_at), 0), 0)::float8 AS took,
      coalesce(waiting.keys, 0)::int AS keys, coalesce("isAllDue", FALSE) AS "isAllDue", coalesce("isCountDue", FALSE) AS "isCountDue"
    FROM unnest(${rules}::text[]) AS given (rule)
    LEFT JOIN LATERAL (SELECT * FROM quality.run WHERE run.rule = given.rule ORDER BY id DESC LIMIT 1) AS last ON TRUE
    LEFT JOIN (SELECT rule, sum(cardinality(keys)) AS keys, bool_or(keys IS NULL) AS "isAllDue", bool_or(keys = '{}') AS "isCountDue" FROM quality.due GROUP BY rule) AS waiting
      ON waiting.rule = given.rule`;
}
