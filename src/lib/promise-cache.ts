/** Promises by key, until they are forgotten. A rejected promise is forgotten at once, so that the next caller tries again. */
export class PromiseCache<K, T> {
  readonly #promises = new Map<K, Promise<T>>();

  /** Returns the promise of the key, created by `make` if there is none. */
  get(key: K, make: () => Promise<T>): Promise<T> {
    const cached = this.#promises.get(key);
    if (cached) return cached;
    const made = make();
    this.#promises.set(key, made);
    made.catch(() => {
      if (this.#promises.get(key) === made) this.#promises.delete(key);
    });
    return made;
  }

  /** @param key absent: all keys */
  forget(key?: K): void {
    if (key === undefined) this.#promises.clear();
    else this.#promises.delete(key);
  }
}
