import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/database/folder-lock.ts';
import { BootError } from '../../src/lib/errors.ts';

/** Every other round starts with a stale lock. */
const ROUNDS = 60;
/** A process id beyond Linux's range, which no process has. */
const GONE = 2 ** 22 + 1;

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
      const unlock = lockFolder(folder);
      expect(readFileSync(file, 'utf8').split(' ')[0]).toBe(String(process.pid));
      unlock();
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

  /** Returns how many of several concurrent processes got the lock. Each holds it until all have tried. */
  async function race(processes: number): Promise<number> {
    const program = `import { takeLock } from ${JSON.stringify(new URL('../../src/database/folder-lock.ts', import.meta.url).href)};
      process.stdin.on('data', (line) => {
        if (String(line).trim() === 'end') process.exit();
        const lock = takeLock(${JSON.stringify(file)});
        console.log('release' in lock ? 'mine' : 'taken');
      });
      console.log('ready');`;
    const runners = Array.from({ length: processes }, () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    await Promise.all(runners.map(({ stdout }) => once(stdout, 'data')));
    let mine = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // A stale lock of a dead process: two processes could both take it over.
      if (round % 2) writeFileSync(file, `${GONE} 12345`);
      else rmSync(file, { force: true });
      const answers = runners.map(({ stdout }) => once(stdout, 'data'));
      for (const { stdin } of runners) stdin.write('take\n');
      const got = (await Promise.all(answers)).filter(([line]) => String(line).trim() === 'mine').length;
      expect(got).toBe(1);
      mine += got;
    }
    for (const { stdin } of runners) stdin.write('end\n');
    await Promise.all(runners.map((runner) => once(runner, 'exit')));
    rmSync(file, { force: true });
    return mine;
  }

  it('is got by one of four processes that try at once, again and again', async () => {
    expect(await race(4)).toBe(ROUNDS);
    expect(readdirSync(dirname(file))).toEqual([]);
  }, 240_000);
});
