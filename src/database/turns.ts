export type Priority = 'interactive' | 'background';

/** One at a time, first come first served, but background work only when nobody else waits. */
export class Turns {
  readonly #waiting: Record<Priority, (() => void)[]> = { interactive: [], background: [] };
  #busy = false;

  async take<T>(priority: Priority, work: () => Promise<T>): Promise<T> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting[priority].push(resolve));
    this.#busy = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.interactive.shift() ?? this.#waiting.background.shift();
      // `#busy` stays true when the turn is handed on, so that nobody slips in between.
      if (next) next();
      else this.#busy = false;
    }
  }
}
