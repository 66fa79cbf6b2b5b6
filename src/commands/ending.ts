import { CommanderError } from 'commander';
import { BootError, Problem } from '../lib/errors.ts';

/** npm passes on the Ctrl-C that the terminal has given the server already: what comes within this time is the same one. */
const SAME_SIGNAL_MS = 1000;

/** Resolves at SIGINT or SIGTERM; told once more, the process ends at once. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const told = () => {
      if (first !== undefined && Date.now() - first > SAME_SIGNAL_MS) process.exit(130);
      first ??= Date.now();
      resolve();
    };
    process.on('SIGINT', told).on('SIGTERM', told);
  });
}

/** Ends the process: one clear line for what the one who runs it can mend, everything for what is our fault. */
export function fail(error: unknown): never {
  const mendable = error instanceof BootError || error instanceof CommanderError;
  const line = mendable
    ? error.message
    : error instanceof Problem
      ? `${error.detail.en}\n       ${error.detail.vi}`
      : undefined;
  process.stderr.write(`diaba: ${line ?? (error as Error).stack ?? error}\n`);
  process.exit(1);
}
