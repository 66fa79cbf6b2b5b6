/** A private PostgreSQL cluster for the tests, on a free port of the loopback, removed at the end. */
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ownPrefix, sweep, watchOver } from './watchdog.ts';

const PID_FILE = 'data/postmaster.pid';

export interface Cluster {
  /** `postgres://…` of the maintenance database. */
  readonly url: string;
  /** Shuts down in order, copies the files of the cluster to `folder`, and starts again. */
  save(folder: string): void;
  stop(): void;
}

/** Returns the folder of `initdb` and `pg_ctl`; undefined if PostgreSQL is not installed. */
function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const folders = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = [...folders.map((version) => join(root, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return candidates.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
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

/** Returns the user to run as. PostgreSQL refuses to run as root, so Debian's `postgres` is used then. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * @param saved folder that {@link Cluster.save} filled; undefined: an empty cluster
 * @returns the running cluster, or the reason why there is none
 */
export function startCluster(saved?: string): Promise<Cluster | string> {
  if (saved) return start((_, data) => spawnSync('cp', ['-a', saved, data], { encoding: 'utf8' }));
  return start((run, data) =>
    run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8']),
  );
}

/**
 * Starts a streaming replica, with the URL of the same database.
 * @returns the running replica, or the reason why there is none
 */
export async function startReplica(primary: Cluster): Promise<Cluster | string> {
  const replica = await start((run, data) =>
    run('pg_basebackup', ['-D', data, '-d', primary.url, '-R', '-c', 'fast', '-X', 'stream', '--no-sync']),
  );
  return typeof replica === 'string' ? replica : withDatabase(replica, new URL(primary.url).pathname.slice(1));
}

/** The cluster, with the URL of another of its databases. */
export function withDatabase(cluster: Cluster, name: string): Cluster {
  return { ...cluster, url: cluster.url.replace(/postgres$/, name) };
}

type Run = (program: string, args: string[]) => SpawnSyncReturns<string>;

async function start(prepare: (run: Run, data: string) => SpawnSyncReturns<string>): Promise<Cluster | string> {
  const bin = findBinaries();
  if (!bin) return 'PostgreSQL is not installed';
  sweep('pg', PID_FILE);
  const folder = mkdtempSync(ownPrefix('pg'));
  watchOver(folder, PID_FILE);
  const user = owner();
  if (user) execFileSync('chown', [`${user.uid}:${user.gid}`, folder]);
  const run: Run = (program, args) =>
    spawnSync(join(bin, program), args, {
      ...user,
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const data = join(folder, 'data');
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=120`;
  const begin = () => run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start']);
  const prepared = prepare(run, data);
  const started = prepared.status === 0 ? begin() : prepared;
  const save = (target: string) => {
    run('pg_ctl', ['-D', data, '-m', 'fast', '-w', 'stop']);
    cpSync(data, target, { recursive: true });
    if (user) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, target]);
    begin();
  };
  const stop = () => {
    run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  if (started.status !== 0) {
    stop();
    return `PostgreSQL could not be started (${started.stderr.trim().split('\n')[0]})`;
  }
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, save, stop };
}
