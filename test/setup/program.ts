/** The compiled program, for tests that start it as a process. Through tsx a start takes 2.3 s of a core instead of 0.9. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

export const PROGRAM = 'dist/cli.js';

/**
 * Compiles what has changed, once a run.
 * @throws if nothing was written; errors of types alone are the business of `npm run types`
 */
export async function compileProgram(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'compile']).catch((error) => {
    if (!existsSync(PROGRAM)) throw error;
    process.stdout.write(
      `The program has errors of types, and its processes may be of an older state.\n${error.stdout}`,
    );
  });
}
