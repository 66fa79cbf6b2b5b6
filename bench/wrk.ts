import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';

const THREADS = 2;
const CONNECTIONS = 32;

export interface WrkRun {
  readonly url: string;
  /** Asked in turn by every thread. */
  readonly paths: readonly string[];
  readonly seconds: number;
  /** `gzip` or `identity`. */
  readonly encoding: string;
  /** 2 unless given. Each thread asks for all paths, so that two ask for the same one at a time. */
  readonly threads?: number;
}

/** Loads a server for some seconds. @returns requests a second @throws Error when answers are not 2xx or are lost */
export async function runWrk(
  { settings, processes }: Bench,
  { url, paths, seconds, encoding, threads = THREADS }: WrkRun,
): Promise<number> {
  if (settings.programs.wrk === undefined) throw new Error('wrk is missing');
  const script = join(processes.folder, 'wrk.lua');
  writeFileSync(script, scriptOf(paths, encoding));
  const args = [
    '-t',
    String(threads),
    '-c',
    String(CONNECTIONS),
    '-d',
    `${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    url,
  ];
  const child = spawn(settings.programs.wrk, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  const trouble = /Non-2xx.*|Socket errors.*/.exec(output);
  if (trouble) throw new Error(`wrk at ${url}${paths[0]}: ${trouble[0]}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  if (!Number.isFinite(rate)) throw new Error(`wrk said: ${output.slice(0, 300)}`);
  return rate;
}

function scriptOf(paths: readonly string[], encoding: string): string {
  return `local requests, at = {}, 0
init = function()
  for _, path in ipairs({${paths.map((path) => JSON.stringify(path)).join(', ')}}) do
    requests[#requests + 1] = wrk.format("GET", path, {["accept-encoding"] = "${encoding}"})
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
`;
}
