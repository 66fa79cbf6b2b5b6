import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootError } from '../errors.ts';

/**
 * Keeps a second process from opening the same embedded database, which would destroy it. The lock is a file with the
 * process id and the time it started; one left by a process that is gone is taken over, even where its id has been given
 * again: in a container every process that is started has the same one.
 * @returns what gives the folder back
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  try {
    mkdirSync(join(folder, '..'), { recursive: true });
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      throw new BootError(
        `The database in ${folder} is in use by process ${holder.pid}. Stop it first, or set DIABA_DATA to another folder.`,
      );
    }
    rmSync(file, { force: true });
    writeFileSync(file, `${process.pid} ${startTime(process.pid) ?? ''}`, { flag: 'wx' });
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(
      `The folder ${folder} cannot be written (${(error as Error).message}). Set DIABA_DATA to one that can.`,
    );
  }
  return () => rmSync(file, { force: true });
}

interface Holder {
  readonly pid: number;
  readonly started: string | undefined;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid, started] = readFileSync(file, 'utf8').split(' ');
    return Number(pid) ? { pid: Number(pid), started: started || undefined } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (started !== undefined && started !== startTime(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Clock ticks from the boot of the machine to the start of the process (proc(5)); undefined where there is no /proc, and
 * for a process that was killed and that its parent has not asked after yet.
 */
function startTime(pid: number): string | undefined {
  try {
    // The name, second of the fields, may hold spaces and brackets: what follows its last one begins with field 3.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[22 - 3];
  } catch {
    return undefined;
  }
}
