import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/database/folder-lock.ts';
import { BootError } from '../../src/errors.ts';

describe('lock of the embedded database', () => {
  let root: string;
  let folder: string;
  let file: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'diaba-lock-'));
    folder = join(root, 'data', 'pg');
    file = `${folder}.lock`;
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is refused while its holder runs, and free again afterwards', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      new BootError(
        `The database in ${folder} is in use by process ${process.pid}. Stop it first, or set DIABA_DATA to another folder.`,
      ),
    );
    unlock();
    expect(existsSync(file)).toBe(false);
    lockFolder(folder)();
  });

  it('is taken over from a process that is gone, and from a file that says nothing', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const left of [String(pid), `${pid} 12345`, '', 'nonsense']) {
      writeFileSync(file, left);
      lockFolder(folder)();
    }
  });

  it.runIf(existsSync('/proc/self/stat'))('is taken over where the id of its holder has been given again', () => {
    const unlock = lockFolder(folder);
    const [pid, started] = readFileSync(file, 'utf8').split(' ');
    unlock();
    expect(Number(started)).toBeGreaterThan(0);
    writeFileSync(file, `${pid} ${Number(started) - 1}`);
    lockFolder(folder)();
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'is taken over from a killed process that its parent does not reap',
    async () => {
      const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30']);
      try {
        const [pid] = await once(parent.stdout, 'data');
        const stat = () => readFileSync(`/proc/${Number(pid)}/stat`, 'utf8').split(' ');
        await expect.poll(() => stat()[2], { timeout: 5000 }).toBe('Z');
        writeFileSync(file, `${Number(pid)} ${stat()[21]}`);
        lockFolder(folder)();
      } finally {
        parent.kill();
      }
    },
  );
});
