/** A checkout of HEAD in a temporary folder, in which the tests run against one mutant after the other. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutate.ts';

export class Checkout {
  readonly #folder: string;

  constructor() {
    this.#folder = join(mkdtempSync(join(tmpdir(), 'diaba-mutants-')), 'checkout');
    execFileSync('git', ['worktree', 'add', '--quiet', '--detach', this.#folder, 'HEAD']);
    symlinkSync(resolve('node_modules'), join(this.#folder, 'node_modules'));
  }

  remove(): void {
    execFileSync('git', ['worktree', 'remove', '--force', this.#folder]);
    rmSync(join(this.#folder, '..'), { recursive: true, force: true });
  }

  /** @returns true if some test fails; the nearest tests run first, then every test that loads the file */
  async kills({ file, line, after }: Mutant): Promise<boolean> {
    const path = join(this.#folder, file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      source
        .split('\n')
        .with(line - 1, after)
        .join('\n'),
    );
    try {
      const near = nearestTests(file, this.#folder);
      return (
        (near !== undefined && !(await this.#passes(['run', near]))) ||
        !(await this.#passes(['related', '--run', file]))
      );
    } finally {
      writeFileSync(path, source);
    }
  }

  #passes(args: readonly string[]): Promise<boolean> {
    const run = spawn(join('node_modules', '.bin', 'vitest'), [...args, '--bail=1', '--reporter=dot'], {
      cwd: this.#folder,
      stdio: 'ignore',
    });
    return new Promise((done) => run.once('exit', (code) => done(code === 0)));
  }
}

/** @returns the folder of tests that mirrors the source's, or the nearest above it */
function nearestTests(file: string, root: string): string | undefined {
  const parts = file.split('/').slice(1, -1);
  for (; parts.length; parts.pop()) {
    const folder = join('test', ...parts);
    if (existsSync(join(root, folder))) return folder;
  }
  return undefined;
}
