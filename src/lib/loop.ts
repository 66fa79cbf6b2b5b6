/** Work that runs again whenever it is asked for. Runs follow one another, and calls before a run starts share it. */
export class Loop {
  readonly #work: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when a run that began after this call has ended. */
  wake(): Promise<void> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined;
      return this.#work();
    });
    this.#last = this.#next.catch(() => {});
    return this.#next;
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    return this.#last;
  }
}
