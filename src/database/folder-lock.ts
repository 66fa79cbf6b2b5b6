import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { BootError } from '../lib/errors.ts';
import { readIfThere } from '../lib/files.ts';
import { isAlive, type ProcessIdentity, startTime } from '../lib/process-identity.ts';

/**
 * Locks an embedded database, because a second process would destroy it.
 * @returns function that releases the folder
 */
export function lockFolder(folder: string): () => void {
  const lock = lockOf(folder);
  if ('release' in lock) return lock.release;
  throw new BootError(
    `The database in ${folder} is in use by process ${lock.pid}. Stop it first, or set DIABA_DATA to another folder.`,
  );
}

function lockOf(folder: string): ReturnType<typeof takeLock> {
  try {
    mkdirSync(join(folder, '..'), { recursive: true });
    return takeLock(`${folder}.lock`);
  } catch (error) {
    throw new BootError(
      `The folder ${folder} cannot be written (${(error as Error).message}). Set DIABA_DATA to one that can.`,
    );
  }
}

/**
 * Takes a lock: a file with the process id and its start time. A lock left by a dead process is taken over, even if its
 * id is in use again. In a container, the server has the same id after every restart. Of several processes at once, one
 * gets it.
 * @returns the lock, or the process that holds it
 */
export function takeLock(file: string): { release(): void } | ProcessIdentity {
  const own = `${process.pid} ${startTime(process.pid) ?? ''}`;
  for (;;) {
    if (createFile(file, own)) return { release: () => readIfThere(file) === own && rmSync(file, { force: true }) };
    const found = readIfThere(file);
    if (found === undefined) continue;
    const holder = readHolder(found);
    if (holder && isAlive(holder)) return holder;
    // Two processes could both remove a stale lock, the second one removing the first one's new lock. Under a lock of
    // its own, only one checks again and removes.
    const turn = takeLock(`${file}.takeover`);
    if ('pid' in turn) return turn;
    if (readIfThere(file) === found) rmSync(file, { force: true });
    turn.release();
  }
}

/**
 * Creates the file with its text atomically, so that nobody reads it empty.
 * @returns false if it exists already
 */
function createFile(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}.${threadId}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @returns undefined if the text names no process */
function readHolder(text: string): ProcessIdentity | undefined {
  const [pid, started] = text.split(' ');
  return Number(pid) ? { pid: Number(pid), started: started || undefined } : undefined;
}
