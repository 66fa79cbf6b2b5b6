/** The thread in which PGlite runs. PGlite blocks its thread while a statement runs. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PGlite, Results } from '@electric-sql/pglite';
import { answerQuestions } from '../lib/thread-answers.ts';
import { type EmbeddedWorkerData, openEngine } from './embedded-engine.ts';
import type { Query } from './sql.ts';

export type EmbeddedRequest =
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'copy'; readonly statement: string; readonly data: string }
  | { readonly kind: 'listen'; readonly channel: string }
  | { readonly kind: 'dump' }
  | { readonly kind: 'close' };

export type EmbeddedMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  /** PostgreSQL has panicked and answers no further statement. */
  | { readonly kind: 'panic'; readonly message: string }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };

const port = parentPort;
if (!port) throw new Error('embedded-worker runs in a worker thread only');
const sendMessage = (message: EmbeddedMessage) => port.postMessage(message);

/** PostgreSQL's last message about a fatal error. PGlite itself says only `Aborted()`. */
let complaint: string | undefined;

function readLog(line: string): void {
  const [, level, message] = /\b(FATAL|PANIC): +(.+)$/.exec(line) ?? [];
  if (message === undefined) return;
  complaint ??= message;
  if (level === 'PANIC') sendMessage({ kind: 'panic', message });
}

/**
 * Detects a statement that PGlite lost. If GEOS throws (ST_Difference of two nearly touching buffers), PGlite reports
 * no error, returns the rows so far and commits. The statement then lacks its completion. In a script it has one all the
 * same: there, nothing shows the loss.
 */
function requireEnd(results: readonly Results<unknown>[]): void {
  if (results.every(({ command }) => command !== undefined && command !== '???')) return;
  throw new Error('the engine has lost the statement: a function of PostGIS failed in it');
}

/** Runs statements atomically, in the open transaction or in one of their own. */
async function runWhole<T extends Results<unknown> | Results<unknown>[]>(
  db: PGlite,
  run: () => Promise<T>,
): Promise<T> {
  const isOpen = db.isInTransaction();
  if (!isOpen) await db.exec('BEGIN');
  try {
    const results = await run();
    requireEnd(Array.isArray(results) ? results : [results]);
    if (!isOpen) await db.exec('COMMIT');
    return results;
  } catch (error) {
    if (!isOpen) await db.exec('ROLLBACK');
    throw error;
  }
}

async function answerEmbedded(db: PGlite, request: EmbeddedRequest): Promise<unknown> {
  switch (request.kind) {
    case 'query':
      return (await runWhole(db, () => db.query(request.query.text, [...request.query.values]))).rows;
    case 'script':
      await (isTransactional(request.text) ? db.exec(request.text) : runWhole(db, () => db.exec(request.text)));
      return;
    case 'copy':
      await runWhole(db, () => db.query(request.statement, [], { blob: new Blob([request.data]) }));
      return;
    case 'listen':
      await db.listen(request.channel, (payload) =>
        sendMessage({ kind: 'notification', channel: request.channel, payload }),
      );
      return;
    case 'dump':
      return new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer());
    case 'close':
      await db.close();
      return;
  }
}

function isTransactional(text: string): boolean {
  return text === 'BEGIN' || text === 'COMMIT' || text === 'ROLLBACK';
}

try {
  const db = await openEngine(workerData as EmbeddedWorkerData, readLog);
  answerQuestions((request: EmbeddedRequest) => answerEmbedded(db, request));
  sendMessage({ kind: 'ready' });
} catch (error) {
  sendMessage({ kind: 'failed', message: complaint ?? (error as Error | undefined)?.message ?? String(error) });
}
