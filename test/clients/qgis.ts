/** QGIS without a window, for tests that let it read the server's answers. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Debian's Python, for which `python3-qgis` is built. */
const PYTHON = '/usr/bin/python3';

/** True if QGIS is installed; tests that need it are skipped otherwise, and a line says so. */
export const hasQgis = spawnSync(PYTHON, ['-c', 'import qgis.core']).status === 0;
if (!hasQgis) {
  if (process.env.REQUIRE_QGIS) throw new Error('QGIS is not installed (Debian: apt-get install python3-qgis)');
  process.stdout.write('Skipped: what QGIS reads. It is not installed (Debian: python3-qgis).\n');
}

/**
 * Runs a script of this folder.
 * @returns the JSON document that it prints
 */
export async function askQgis<T>(script: string, ...args: readonly string[]): Promise<T> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(PYTHON, [file, ...args], { timeout: 220_000, maxBuffer: 1e8 });
  return JSON.parse(stdout) as T;
}
