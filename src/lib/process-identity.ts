import { readFileSync } from 'node:fs';

/** A process, told apart from another that was given the same id later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** See {@link startTime}; undefined where it is not known. */
  readonly started: string | undefined;
}

/** Whether the process still runs: in a container every process that is started has the same id. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
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
export function startTime(pid: number): string | undefined {
  try {
    // The name, second of the fields, may hold spaces and brackets: what follows its last one begins with field 3.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[22 - 3];
  } catch {
    return undefined;
  }
}
