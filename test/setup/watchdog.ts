/** Cleans up after a killed test run, so that nothing keeps running or stays on the disk. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/lib/process-identity.ts';

/** Ends the process of a file (its first line is the id), waits until it is gone, and removes the folder. */
const CLEAN = `
  pid=$(head -n 1 "$1/$2" 2>/dev/null)
  [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm -rf "$1"`;

/**
 * Starts a watchdog that holds a pipe to this process. When the pipe closes, however this process ends, it ends the
 * server and removes its folder.
 * @param pidFile where the server writes its id, in the folder
 */
export function watchOver(folder: string, pidFile: string): void {
  // A session of its own, so that killing the run's whole group does not reach it.
  const dog = spawn('sh', ['-c', `cat >/dev/null; ${CLEAN}`, 'sh', folder, pidFile], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  dog.unref();
  (dog.stdin as unknown as { unref(): void }).unref();
}

/** Returns a name by which {@link sweep} finds what this process leaves. */
export function ownPrefix(kind: string): string {
  return join(tmpdir(), `diaba-${kind}-${process.pid}-`);
}

/** Ends and removes leftovers of earlier runs whose watchdog was killed as well. */
export function sweep(kind: string, pidFile: string): void {
  const pattern = new RegExp(`^diaba-${kind}-(\\d+)-`);
  for (const name of readdirSync(tmpdir())) {
    const owner = pattern.exec(name)?.[1];
    if (owner === undefined || isAlive({ pid: Number(owner), started: undefined })) continue;
    const folder = join(tmpdir(), name);
    const pid = readPid(join(folder, pidFile));
    if (pid !== undefined && isAlive({ pid, started: undefined })) process.kill(pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function readPid(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) || undefined : undefined;
}
