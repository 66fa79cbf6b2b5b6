import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootError } from '../errors.ts';

/**
 * Keeps a second process from opening the same embedded database, which would destroy it. The lock is a file with the
 * process id; one left by a process that is gone is taken over.
 * @returns what gives the folder back
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  try {
    mkdirSync(join(folder, '..'), { recursive: true });
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new BootError(
        `The database in ${folder} is in use by process ${holder}. Stop it first, or set DIABA_DATA to another folder.`,
      );
    }
    rmSync(file, { force: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(
      `The folder ${folder} cannot be written (${(error as Error).message}). Set DIABA_DATA to one that can.`,
    );
  }
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
