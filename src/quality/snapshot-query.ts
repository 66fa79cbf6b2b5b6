import { type Query, sql } from '../database/sql.ts';

/** The score of a day, in Vietnam. */
export interface ScoreSnapshot {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly score: number;
  /** Findings neither mended nor acknowledged. */
  readonly findings: number;
}

/** The present score of a unit, or of everything; a score of null makes no snapshot. */
export interface UnitSnapshot extends Pick<ScoreSnapshot, 'findings'> {
  readonly code: string | null;
  readonly validFrom: string | null;
  readonly score: number | null;
}

const TODAY = sql`(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`;

/** Selects the snapshots of the last days, from old to new, and that of today from the present score. */
export function snapshotsQuery({ code, validFrom, score, findings }: UnitSnapshot, days: number): Query {
  return sql`
    SELECT day, score, findings FROM quality.snapshot
    WHERE (unit_code, unit_valid_from) IS NOT DISTINCT FROM (${code}::text, ${validFrom}::date) AND day < ${TODAY} AND day > ${TODAY} - ${days}::integer
    UNION ALL SELECT ${TODAY}, ${score}::float8, ${findings}::bigint WHERE ${score}::float8 IS NOT NULL ORDER BY day`;
}

/** Writes snapshots of today. Of several servers the last one wins. */
export function writeSnapshotsQuery(snapshots: readonly UnitSnapshot[]): Query {
  return sql`
    INSERT INTO quality.snapshot AS s (day, unit_code, unit_valid_from, score, findings)
    SELECT ${TODAY}, code, "validFrom", score, findings
    FROM json_to_recordset(${JSON.stringify(snapshots)}::json) AS given (code text, "validFrom" date, score float8, findings bigint)
    WHERE score IS NOT NULL
    ON CONFLICT (unit_code, unit_valid_from, day) DO UPDATE SET (score, findings) = (EXCLUDED.score, EXCLUDED.findings)
    WHERE (s.score, s.findings) IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.findings)`;
}
