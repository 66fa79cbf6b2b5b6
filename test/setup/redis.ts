/** A private Redis for the tests, on a free port of the loopback, in memory. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './cluster.ts';
import { ownPrefix, sweep, watchOver } from './watchdog.ts';

const PID_FILE = 'redis.pid';

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** @returns undefined if Redis is not installed */
export async function startRedis(): Promise<RedisServer | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  sweep('redis', PID_FILE);
  const folder = mkdtempSync(ownPrefix('redis'));
  watchOver(folder, PID_FILE);
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--pidfile', join(folder, PID_FILE)];
  const server = spawn('redis-server', settings, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    pid: server.pid as number,
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
