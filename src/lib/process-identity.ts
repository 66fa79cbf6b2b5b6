import { readFileSync } from 'node:fs';

/** Identity of a process. It differs from that of a later process with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As returned by {@link startTime}; undefined if it is unknown. */
  readonly started: string | undefined;
}

/**
 * Returns true if this very process still runs. The pid alone does not tell: in a container, the server has the same
 * pid after every restart.
 */
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
 * Returns the start of the process in clock ticks since boot (proc(5)). Returns undefined without /proc, and for a
 * zombie: a process that was killed and not yet reaped.
 */
export function startTime(pid: number): string | undefined {
  try {
    // Field 2, the name, may hold spaces and brackets, so the fields are counted from 3, after its last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[22 - 3];
  } catch {
    return undefined;
  }
}
