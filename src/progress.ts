import { Presets, SingleBar } from 'cli-progress';

/** A line to the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** A bar with rate and time left; without a terminal nothing but the end is said. */
export function progressBar(title: string): Progress {
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
  let last = { done: 0, total: 0 };
  return {
    update: (done, total) => {
      last = { done, total };
      if (bar.isActive) bar.setTotal(total);
      else bar.start(total, 0);
      bar.update(done);
    },
    stop: () => {
      bar.stop();
      const seconds = Math.max((Date.now() - began) / 1000, 0.001);
      say(`${title}: ${last.done} in ${seconds.toFixed(1)} s (${Math.round(last.done / seconds)}/s)`);
    },
  };
}
