import { Presets, SingleBar } from 'cli-progress';

/** A line to the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @param before how many of `done` were done by an earlier run, which tells nothing of the rate of this one */
export type OnProgress = (done: number, total: number, before?: number) => void;

/** Shows a bar with rate and time left while `work` runs; without a terminal nothing but the end is said. */
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
    say(`${title}: ${reached} in ${seconds().toFixed(1)} s (${rate()}/s)`);
    return result;
  } finally {
    bar.stop();
  }
}
