import { type Query, sql } from '../database/sql.ts';

/** Bytes of a part. */
export const PART_BYTES = 1 << 20;

export function insertFileQuery(job: string, name: string): Query {
  return sql`INSERT INTO result.file (job, name) VALUES (${job}, ${name})`;
}

export function insertPartQuery(job: string, part: number, bytes: Uint8Array): Query {
  return sql`
    INSERT INTO result.file_part (job, part, content)
    VALUES (${job}, ${part}::int, decode(${Buffer.from(bytes).toString('base64')}, 'base64'))`;
}

export function completeFileQuery(job: string, size: number): Query {
  return sql`UPDATE result.file SET size = ${size}::int8 WHERE job = ${job}`;
}

/** Removes the file of a job, and with it its parts. */
export function forgetFileQuery(job: string): Query {
  return sql`DELETE FROM result.file WHERE job = ${job}`;
}

/** Selects `{name, size}` of a complete file whose result has not expired. */
export function fileQuery(job: string): Query {
  return sql`
    SELECT name, size FROM result.file JOIN result.job ON job.id = file.job
    WHERE file.job = ${job} AND size IS NOT NULL AND status = 'successful' AND expires_at > clock_timestamp()`;
}

/** Selects bytes `from` to before `to` of a part: `{bytes}`. */
export function partQuery(job: string, part: number, { from, to }: FileSpan): Query {
  return sql`
    SELECT substring(content FROM ${from + 1}::int FOR ${to - from}::int) AS bytes FROM result.file_part
    WHERE job = ${job} AND part = ${part}::int`;
}

/** Offsets: from the first byte to before the last. */
export interface FileSpan {
  readonly from: number;
  readonly to: number;
}
