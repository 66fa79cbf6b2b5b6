import { type Query, raw, type Sql, sql } from '../database/sql.ts';
import type { RequestedRun, StoredProblem } from './job.ts';

const JOB =
  raw(`id, process, inputs, execution, access_class AS "accessClass", key_id AS owner, restricted_layers AS restricted, status, progress, created_at AS created, started_at AS started,
  finished_at AS finished, updated_at AS updated, expires_at AS expires, attempts, error`);
const NOW = raw('clock_timestamp()');

/** Inserts a job, unless `waiting` others wait already: `{id}`, or no row. */
export function insertJobQuery(id: string, asked: RequestedRun, limits: { waiting: number; days: number }): Query {
  const { process, inputs, execution, accessClass, owner, restricted } = asked;
  return sql`
    INSERT INTO result.job (id, process, inputs, execution, access_class, key_id, restricted_layers, expires_at)
    SELECT ${id}, ${process}, ${JSON.stringify(inputs)}::json, ${JSON.stringify(execution)}::json, ${accessClass}, ${owner},
      ${restricted}::text[], ${lifetime(limits.days)}
    WHERE (SELECT count(*) FROM result.job WHERE status = 'accepted') < ${limits.waiting}::int RETURNING id`;
}

function lifetime(days: number): Sql {
  return sql`${NOW} + make_interval(days => ${days}::int)`;
}

/** Selects a job that has not expired, or whose tombstone is there. */
export function jobQuery(id: string): Query {
  return sql`SELECT ${JOB}, expires_at <= ${NOW} AS "isExpired" FROM result.job WHERE id = ${id}`;
}

/** Selects `{values, layers, hasFile}` of a successful job. */
export function outcomeQuery(id: string): Query {
  return sql`
    SELECT "values", coalesce((SELECT json_agg(json_build_object('id', id, 'title', title, 'count', count) ORDER BY place)
      FROM result.layer WHERE job = job.id), '[]') AS layers,
      EXISTS (SELECT FROM result.file WHERE file.job = job.id) AS "hasFile"
    FROM result.job WHERE id = ${id} AND status = 'successful' AND "values" IS NOT NULL AND expires_at > ${NOW}`;
}

/** Claims the oldest waiting job of a known process for a worker. No two instances claim the same. */
export function claimQuery(worker: string, processes: readonly string[]): Query {
  return sql`
    UPDATE result.job SET status = 'running', started_at = coalesce(started_at, ${NOW}), updated_at = ${NOW}, worker = ${worker},
      heartbeat_at = ${NOW}, attempts = attempts + 1
    WHERE id = (SELECT id FROM result.job WHERE status = 'accepted' AND process = ANY(${processes}::text[])
      ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING ${JOB}`;
}

const isOwn = (id: string, worker: string) => sql`id = ${id} AND worker = ${worker} AND status = 'running'`;

/** Sets the progress, which never falls. */
const reached = (progress: number) => sql`progress = greatest(progress, ${progress}::int)`;

/** Reports that the worker lives, and the progress. It returns no row if the job is no longer the worker's. */
export function heartbeatQuery(id: string, worker: string, progress: number): Query {
  return sql`
    UPDATE result.job SET heartbeat_at = ${NOW},
      updated_at = CASE WHEN progress < ${progress}::int THEN ${NOW} ELSE updated_at END, ${reached(progress)}
    WHERE ${isOwn(id, worker)} RETURNING id`;
}

export function successQuery(id: string, worker: string, end: { values: unknown; days: number }): Query {
  return sql`
    UPDATE result.job SET status = 'successful', progress = 100, finished_at = ${NOW}, updated_at = ${NOW},
      expires_at = ${lifetime(end.days)}, "values" = ${JSON.stringify(end.values)}::json
    WHERE ${isOwn(id, worker)} RETURNING id`;
}

export function failureQuery(id: string, worker: string, end: { error: StoredProblem; progress: number }): Query {
  return sql`
    UPDATE result.job SET status = 'failed', ${reached(end.progress)}, finished_at = ${NOW}, updated_at = ${NOW},
      error = ${JSON.stringify(end.error)}::json
    WHERE ${isOwn(id, worker)} RETURNING id`;
}

/**
 * Dismisses a job in whatever state. Its worker, which may be another instance, finds it out by its heartbeat.
 * @param progress percent that its run here has reached; 0 if it does not run here
 */
export function dismissQuery(id: string, progress: number): Query {
  return sql`
    UPDATE result.job SET status = 'dismissed', ${reached(progress)}, "values" = NULL, error = NULL, updated_at = ${NOW},
      finished_at = CASE WHEN status IN ('accepted', 'running') THEN ${NOW} ELSE finished_at END
    WHERE id = ${id} RETURNING ${JOB}`;
}

/** Removes the layers of a job, and with them their rows. */
export function forgetLayersQuery(id: string): Query {
  return sql`DELETE FROM result.layer WHERE job = ${id}`;
}

/** Returns a worker's jobs to the queue, since it ends by itself. */
export function releaseQuery(worker: string): Query {
  return sql`
    UPDATE result.job SET status = 'accepted', worker = NULL, attempts = attempts - 1 WHERE worker = ${worker} AND status = 'running'`;
}

/** Returns jobs to the queue whose worker has been silent, or fails them after too many attempts. */
export function recoverQuery(limits: { silentMs: number; attempts: number }, error: StoredProblem): Query {
  const isSpent = sql`attempts >= ${limits.attempts}::int`;
  return sql`
    UPDATE result.job SET worker = NULL, updated_at = ${NOW},
      status = CASE WHEN ${isSpent} THEN 'failed' ELSE 'accepted' END,
      finished_at = CASE WHEN ${isSpent} THEN ${NOW} END,
      error = CASE WHEN ${isSpent} THEN ${JSON.stringify(error)}::json END
    WHERE status = 'running' AND heartbeat_at < ${NOW} - make_interval(secs => ${limits.silentMs}::float8 / 1000)`;
}

/**
 * Empties some results that have expired, or are beyond the newest `rows` of all: `{id}` each. Of a file, a kilobyte
 * counts as a row. The jobs themselves stay
 * for a year, so that the id of an expired one is known.
 */
export function expireQuery(limits: { rows: number; atOnce: number }): Query {
  return sql`
    WITH sized AS (
      SELECT id, expires_at, sum((SELECT coalesce(sum(count), 0) FROM result.layer WHERE job = job.id)
        + (SELECT coalesce(sum(size) / 1000, 0) FROM result.file WHERE job = job.id)) OVER (ORDER BY created_at DESC, id) AS rows
      FROM result.job WHERE "values" IS NOT NULL OR expires_at <= ${NOW} AND inputs::text <> '{}'),
    due AS (SELECT id FROM sized WHERE expires_at <= ${NOW} OR rows > ${limits.rows}::bigint ORDER BY expires_at LIMIT ${limits.atOnce}::int),
    emptied AS (DELETE FROM result.layer WHERE job IN (SELECT id FROM due)),
    freed AS (DELETE FROM result.file WHERE job IN (SELECT id FROM due))
    UPDATE result.job SET "values" = NULL, error = NULL, inputs = '{}', expires_at = least(expires_at, ${NOW})
    WHERE id IN (SELECT id FROM due) RETURNING id`;
}

export function forgetJobsQuery(): Query {
  return sql`DELETE FROM result.job WHERE expires_at < ${NOW} - interval '1 year'`;
}
