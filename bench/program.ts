import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../src/config.ts';
import { freePort, type Processes, type Running } from './processes.ts';
import type { Settings } from './settings.ts';

/** The built program: what is measured is what is installed, not what a loader makes of the sources. */
export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Megabytes of tiles that the program keeps; 0: none. */
const TILE_CACHE = 'DIABA_TILE_CACHE';

/** Connections to the database: as many for every contender. */
export const POOL_SIZE = readConfig({}).poolSize;

/** Whether the program has the setting yet: one that it does not know stops it. */
export function hasTileCache(): boolean {
  try {
    readConfig({ [TILE_CACHE]: '0' });
    return true;
  } catch {
    return false;
  }
}

/** The environment in which the program keeps so many megabytes of tiles; 0: each tile is cold. */
export function tileCache(megabytes: number): Record<string, string> {
  return hasTileCache() ? { [TILE_CACHE]: String(megabytes) } : {};
}

export interface ProgramServer extends Running {
  readonly url: string;
}

export async function startProgram(
  { settings, processes }: { settings: Settings; processes: Processes },
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await processes.start({
    name: 'diaba',
    file: process.execPath,
    args: [CLI, 'serve'],
    env: {
      ...settings.environment,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      DIABA_LOG: 'error',
      DIABA_REQUEST_LIMIT: '0',
      ...env,
    },
    readyUrl: `${url}/health/ready`,
  });
  return { ...running, url };
}

/** Runs another command of the program; what it says is progress. @throws Error when it fails */
export async function runProgram(settings: Settings, databaseUrl: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...settings.environment, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 2, 2],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`diaba ${args.join(' ')} ended with ${code}`);
}
