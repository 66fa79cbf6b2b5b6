import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { BootError } from '../lib/errors.ts';
import { isAlive, type ProcessIdentity, startTime } from '../lib/process-identity.ts';

/**
 * Keeps a second process from opening the same embedded database, which would destroy it.
 * @returns what gives the folder back
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
 * Makes a lock: a file with the process id and the time it started. One left by a process that is gone is taken over, even
 * where its id has been given again: in a container every process that is started has the same one. Of any number who try
 * at once, one gets it.
 * @returns what gives it back, or the process that has it
 */
export function takeLock(file: string): { release(): void } | ProcessIdentity {
  const own = `${process.pid} ${startTime(process.pid) ?? ''}`;
  for (;;) {
    if (create(file, own)) return { release: () => readText(file) === own && rmSync(file, { force: true }) };
    const found = readText(file);
    if (found === undefined) continue;
    const holder = readHolder(found);
    if (holder && isAlive(holder)) return holder;
    // Who removes what another has just put in its place would let two in: one at a time looks once more, and removes.
    const turn = takeLock(`${file}.takeover`);
    if ('pid' in turn) return turn;
    if (readText(file) === found) rmSync(file, { force: true });
    turn.release();
  }
}

/** Makes the file with its text in it, in one step: nobody sees it empty. @returns whether it was not there */
function create(file: string, text: string): boolean {
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

/** @returns undefined where there is no file */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns undefined where the text names nobody */
function readHolder(text: string): ProcessIdentity | undefined {
  const [pid, started] = text.split(' ');
  return Number(pid) ? { pid: Number(pid), started: started || undefined } : undefined;
}
