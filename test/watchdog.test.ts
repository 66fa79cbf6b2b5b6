/** A killed test run leaves no PostgreSQL, no Redis and no folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { hasPostgres } from './engine.ts';
import { sweep } from './setup/watchdog.ts';

const leftBy = (pid: number) =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('diaba-') && name.split('-')[2] === String(pid));

it.skipIf(!hasPostgres()).each(['SIGKILL', 'SIGTERM'] as const)(
  '%s of a run ends its servers',
  async (signal) => {
    const program = `import { startCluster } from ${JSON.stringify(new URL('setup/cluster.ts', import.meta.url).href)};
    import { startRedis } from ${JSON.stringify(new URL('setup/redis.ts', import.meta.url).href)};
    const cluster = await startCluster();
    await startRedis();
    console.log(typeof cluster === 'string' ? cluster : new URL(cluster.url).port);
    setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await once(run.stdout, 'data');
    expect(leftBy(run.pid!).length).toBeGreaterThan(0);
    const exit = once(run, 'exit');
    // The whole group, as a terminal and CI do.
    process.kill(-run.pid!, signal);
    await exit;
    await vi.waitFor(() => expect(leftBy(run.pid!)).toEqual([]), { timeout: 10_000, interval: 100 });
  },
  240_000,
);

it('sweeps what a run has left whose watchdog was killed too, and nothing of those that live', () => {
  const gone = join(tmpdir(), `diaba-sweep-${2 ** 22 + 5}-abc`);
  const living = join(tmpdir(), `diaba-sweep-${process.pid}-abc`);
  for (const folder of [gone, living]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'server.pid'), `${2 ** 22 + 6}\n`);
  }
  sweep('sweep', 'server.pid');
  expect(existsSync(gone)).toBe(false);
  expect(existsSync(living)).toBe(true);
  rmSync(living, { recursive: true });
});
