import { readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, startTime } from '../lib/process-identity.ts';

/** `diaba-<process id>-<its start>-<random>` identifies the process that will remove the folder. */
const OWNED = /^diaba-(\d+)-(\d*)-\w{6}$/;
/** Folders of versions that did not record their process. Nothing uses one for longer than {@link UNOWNED_MS}. */
const UNOWNED = /^diaba-(import|export)-\w{6}$/;
const UNOWNED_MS = 24 * 3_600_000;

/** Signals that end a process without a handler for them. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const folders = new Set<string>();

/** A folder for the files of one import or export, which may hold names of persons. */
export interface Workspace {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Creates a folder that nobody else may read. It is removed by `remove`, at the end of the process, or at the next
 * start after a kill.
 */
export async function openWorkspace(): Promise<Workspace> {
  if (folders.size === 0) watchEnd();
  const folder = await mkdtemp(join(tmpdir(), `diaba-${process.pid}-${startTime(process.pid) ?? ''}-`));
  folders.add(folder);
  return {
    folder,
    async remove() {
      removeFolder(folder);
      if (folders.size === 0) unwatchEnd();
    },
  };
}

/** Removes the folders of killed processes. Called at the start of every process. */
export function sweepWorkspaces(): void {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!folders.has(folder) && isLeft(name, folder)) removeFolder(folder);
  }
}

function isLeft(name: string, folder: string): boolean {
  const [, pid, started] = OWNED.exec(name) ?? [];
  // A folder with this process's id that is not in `folders` belongs to an earlier process of the same id.
  if (pid) return Number(pid) === process.pid || !isAlive({ pid: Number(pid), started: started || undefined });
  return UNOWNED.test(name) && Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) > UNOWNED_MS;
}

function removeFolder(folder: string): void {
  folders.delete(folder);
  try {
    // GDAL, in its thread, may write one more file meanwhile. The folder is then not empty, and removal is retried.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch {
    // Another user's folder, which only that user can remove.
  }
}

function removeAll(): void {
  for (const folder of folders) removeFolder(folder);
}

/**
 * Handles a signal. A process with its own handler, such as the server, ends in order; any other ends here as the
 * signal would end it.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatchEnd();
  process.kill(process.pid, signal);
}

function watchEnd(): void {
  process.on('exit', removeAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatchEnd(): void {
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
