import { Presets, SingleBar } from 'cli-progress';

/** Prints a line on the terminal. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @param began `Date.now()` at the start */
export function printReady({ url, engine }: { readonly url: string; readonly engine: string }, began: number): void {
  printLine(`Địa Bạ is ready: ${url}  (map: ${url}/map)`);
  printLine(`${engine}; ${((Date.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops.`);
}

/** @param before part of `done` from an earlier run, which does not count for the rate */
export type OnProgress = (done: number, total: number, before?: number) => void;

/** Shows a bar with rate and remaining time while `work` runs. Without a terminal only the end is printed. */
export async function withProgress<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {value}/{total} | {rate}/s | {eta_formatted}`,
      hideCursor: true,
      noTTYOutput: false,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  const began = Date.now();
  const seconds = () => Math.max((Date.now() - began) / 1000, 0.001);
  let reached = 0;
  const rate = () => Math.round(reached / seconds());
  try {
    const result = await work((done, total, before = 0) => {
      reached = done - before;
      if (bar.isActive) bar.setTotal(total);
      else bar.start(total, before, { rate: 0 });
      bar.update(done, { rate: rate() });
    });
    bar.stop();
    printLine(`${title}: ${reached} in ${seconds().toFixed(1)} s (${rate()}/s)`);
    return result;
  } finally {
    bar.stop();
  }
}
