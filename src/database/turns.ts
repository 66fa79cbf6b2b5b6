export type Priority = 'interactive' | 'background';

/** Runs work one at a time, first come first served. Background work runs only if nothing else waits. */
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
      // `#busy` stays true when the turn passes on, so that no other work can start in between.
      if (next) next();
      else this.#busy = false;
    }
  }
}
