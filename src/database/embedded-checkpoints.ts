import { Loop } from '../lib/loop.ts';
import type { Database } from './database.ts';
import { sql } from './sql.ts';

/** Bytes of the write-ahead log after which a checkpoint is due. The engine replays them in 0.2 s after a kill. */
const DUE_BYTES = 32 * 2 ** 20;
/** Interval in milliseconds at which the log is measured, which takes 1 ms. */
const LOOK_MS = 5000;

/**
 * Writes checkpoints until it is stopped. PGlite has no process that does: its log would grow without end, and a start
 * after a kill would replay all of it.
 * @returns function that stops it
 */
export function startCheckpoints(db: Pick<Database, 'query'>): () => void {
  const looking = new Loop(async () => void (await checkpointIfDue(db)));
  // A failure is that of the engine, which its owner notices by itself.
  const timer = setInterval(() => void looking.wake().catch(() => {}), LOOK_MS).unref();
  return () => clearInterval(timer);
}

/**
 * Writes a checkpoint if much has been logged since the last one.
 * @returns true if it did
 */
export async function checkpointIfDue(db: Pick<Database, 'query'>): Promise<boolean> {
  const options = { priority: 'background' } as const;
  const [log] = await db.query<{ isDue: boolean }>(
    sql`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > ${DUE_BYTES}::bigint AS "isDue"
      FROM pg_control_checkpoint()`,
    options,
  );
  if (!log?.isDue) return false;
  await db.query(sql`CHECKPOINT`, options);
  return true;
}
