export type Priority = 'interactive' | 'background';

/** Runs work one at a time, first come first served. Background work runs only if nothing else waits. */
export class Turns {
  readonly #waiting: Record<Priority, (() => void)[]> = { interactive: [], background: [] };
  #busy = false;

  /** Work that runs, 0 or 1, and work that waits. */
  get load(): { readonly busy: number; readonly waiting: number } {
    return { busy: Number(this.#busy), waiting: this.#waiting.interactive.length + this.#waiting.background.length };
  }

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
