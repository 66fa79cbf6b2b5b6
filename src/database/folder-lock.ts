import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootError } from '../errors.ts';
import { isAlive, type ProcessIdentity, startTime } from '../process-identity.ts';

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
 * where its id has been given again: in a container every process that is started has the same one.
 * @returns what gives it back, or the process that has it
 */
export function takeLock(file: string): { release(): void } | { readonly pid: number } {
  const holder = readHolder(file);
  if (holder && isAlive(holder)) return holder;
  rmSync(file, { force: true });
  writeFileSync(file, `${process.pid} ${startTime(process.pid) ?? ''}`, { flag: 'wx' });
  return { release: () => rmSync(file, { force: true }) };
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const [pid, started] = readFileSync(file, 'utf8').split(' ');
    return Number(pid) ? { pid: Number(pid), started: started || undefined } : undefined;
  } catch {
    return undefined;
  }
}
