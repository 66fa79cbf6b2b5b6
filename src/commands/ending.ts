import { CommanderError } from 'commander';
import { BootError, Problem } from '../lib/errors.ts';

/**
 * npm forwards the Ctrl-C that the terminal has sent to the server already. A signal within this time is the same one.
 */
const SAME_SIGNAL_MS = 1000;

/** Resolves at SIGINT or SIGTERM. A second signal ends the process at once. */
export function untilStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = () => {
      if (first !== undefined && Date.now() - first > SAME_SIGNAL_MS) process.exit(130);
      first ??= Date.now();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}

/** Ends the process. Prints one clear line for errors that the operator can fix, and everything for our own faults. */
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
