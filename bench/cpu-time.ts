import { readFileSync } from 'node:fs';
import { withClient } from './databases.ts';

/** Ticks of a second in /proc (proc(5), sysconf(_SC_CLK_TCK)), the same on every Linux. */
const TICKS = 100;

/** CPU seconds (user and system) of a process, of its living children, and of those that have ended. */
export function treeSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const own = statOf(pid);
  const ticks = own.ticks + own.ended + children.reduce((total, child) => total + statOf(child).ticks, 0);
  return ticks / TICKS;
}

/** CPU seconds (user and system) of the children of a process that have ended. */
export function endedSeconds(pid: number): number {
  return statOf(pid).ended / TICKS;
}

/** The process of PostgreSQL whose children serve connections; it must run on this machine. */
export function findPostmaster(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    return statOf(rows[0].pid).parent;
  });
}

function statOf(pid: number) {
  try {
    // Field 2, the name, may hold spaces: fields are counted from 3, after its closing bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ').map(Number) ?? [];
    const field = (number: number) => fields[number - 3] ?? 0;
    return { parent: field(4), ticks: field(14) + field(15), ended: field(16) + field(17) };
  } catch {
    // It has ended meanwhile, and counts among those that have.
    return { parent: 0, ticks: 0, ended: 0 };
  }
}
