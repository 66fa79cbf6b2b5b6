import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Startable {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers with a status below 500 when the process is ready. */
  readonly readyUrl: string;
}

export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;

/** Everything that the bench starts, so that nothing of it is left whatever happens. */
export class Processes {
  /** For configurations, logs and files to be served; gone at the end. */
  readonly folder: string;
  readonly #running = new Set<ChildProcess>();

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'diaba-bench-'));
    // nginx's workers are somebody else and read what it serves.
    chmodSync(this.folder, 0o755);
  }

  /** @throws Error with the end of the log of a process that does not get ready */
  async start({ name, file, args, env, readyUrl }: Startable): Promise<Running> {
    const log = join(this.folder, `${name}.log`);
    const output = openSync(log, 'a');
    // Written to a file by the process itself: read through a pipe, a talkative one would take this client's time.
    const child = spawn(file, [...args], { env, cwd: this.folder, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#running.add(child);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
    });
    const why = await Promise.race([ended, untilReady(readyUrl)]);
    const stop = () => this.#stop(child);
    if (why === undefined) return { pid: child.pid as number, stop };
    await stop();
    throw new Error(`${why}; the end of its log: ${readFileSync(log, 'utf8').slice(-600).trim()}`);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.#stop(child)));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** For the very end of this process, where nothing can be waited for. */
  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  async #stop(child: ChildProcess): Promise<void> {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const hurry = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      clearTimeout(hurry);
    }
    this.#running.delete(child);
  }
}

/** Nothing when the URL answers; otherwise why it was given up. */
async function untilReady(url: string): Promise<string | undefined> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response && response.status < 500) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return `not ready in ${READY_MS / 1000} s`;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
