import { CommanderError } from 'commander';
import { BootError, Problem } from '../lib/errors.ts';

/**
 * npm forwards the Ctrl-C that the terminal has sent to the server already. A signal within this time is the same one.
 */
const SAME_SIGNAL_MS = 1000;

/** The end of a server. */
export interface Stopping {
  /** Resolves at the signal. */
  readonly stop: Promise<void>;
  /** Milliseconds from then to the end of the process, whatever it is doing. */
  readonly stopMs: number;
}

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

/** Ends the process after this many milliseconds, unless it has ended by itself. */
export function endIn(ms: number): void {
  if (ms === 0) process.exit(0);
  setTimeout(() => process.exit(0), ms).unref();
}

/** Returns one clear line for an error that the operator can fix, and everything for our own faults. */
export function reasonToEnd(error: unknown): string {
  if (error instanceof BootError || error instanceof CommanderError) return error.message;
  if (error instanceof Problem) return `${error.detail.en}\n       ${error.detail.vi}`;
  return (error as Error).stack ?? String(error);
}

/** Ends the process, and prints why. */
export function fail(error: unknown): never {
  process.stderr.write(`diaba: ${reasonToEnd(error)}\n`);
  process.exit(1);
}
