import type { Quality } from './quality.ts';

const LOOK_MS = 10 * 60_000;

/**
 * Writes the snapshot of today every ten minutes. Each server does, so that none must be the one; they write the same. A
 * role that may only read cannot, and leaves it to others.
 */
export class Snapshots {
  readonly #quality: Pick<Quality, 'writeSnapshots'>;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<unknown> = Promise.resolve();

  constructor(quality: Pick<Quality, 'writeSnapshots'>) {
    this.#quality = quality;
    this.#timer = setInterval(() => void this.#write(), LOOK_MS).unref();
  }

  #write(): void {
    this.#running = this.#quality.writeSnapshots({ priority: 'background' }).catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
