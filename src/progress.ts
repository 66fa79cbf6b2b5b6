import { Presets, SingleBar } from 'cli-progress';

/** A line to the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

type OnProgress = (done: number, total: number) => void;

/** Shows a bar with rate and time left while `work` runs; without a terminal nothing but the end is said. */
export async function withProgress<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {value}/{total} | {eta_formatted}`,
      hideCursor: true,
      noTTYOutput: false,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  const began = Date.now();
  let reached = 0;
  try {
    const result = await work((done, total) => {
      reached = done;
      if (bar.isActive) bar.setTotal(total);
      else bar.start(total, 0);
      bar.update(done);
    });
    bar.stop();
    const seconds = Math.max((Date.now() - began) / 1000, 0.001);
    say(`${title}: ${reached} in ${seconds.toFixed(1)} s (${Math.round(reached / seconds)}/s)`);
    return result;
  } finally {
    bar.stop();
  }
}
