/** Work under way, as its own code sees it. */
export interface Flight {
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** True after {@link Flights.drop}: the result is for those who already wait, and for nobody later. */
  readonly isDropped: boolean;
}

interface Running<K, T> {
  readonly key: K;
  /** `performance.now()` */
  readonly beganAt: number;
  readonly abort: AbortController;
  readonly flight: { isDropped: boolean };
  readonly done: Promise<T>;
  waiting: number;
}

export interface JoinOptions<T> {
  readonly start: (flight: Flight) => Promise<T>;
  /** Aborted when this caller no longer waits; absent: the caller waits to the end. */
  readonly signal?: AbortSignal;
  /** Milliseconds since its start after which work under way is not joined; absent: always joined. */
  readonly maxAge?: number;
}

/** Work that several callers ask for at the same time is done once. Results and errors are not stored. */
export class Flights<K, T> {
  readonly #idOf: (key: K) => string;
  readonly #running = new Map<string, Running<K, T>>();

  /** @param idOf equal for keys of the same work */
  constructor(idOf: (key: K) => string = String) {
    this.#idOf = idOf;
  }

  /** Number of works that can be joined. */
  get count(): number {
    return this.#running.size;
  }

  /**
   * Joins the work of the key that is under way, or starts it.
   * @throws what the work throws
   */
  async join(key: K, { start, signal, maxAge = Number.POSITIVE_INFINITY }: JoinOptions<T>): Promise<T> {
    const id = this.#idOf(key);
    const found = this.#running.get(id);
    const running = found && performance.now() - found.beganAt < maxAge ? found : this.#start(key, id, start);
    running.waiting++;
    const leave = () => {
      if (--running.waiting > 0) return;
      running.abort.abort();
      this.#remove(id, running);
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    try {
      return await running.done;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Makes later callers start anew. Those who already wait receive the result of the work under way. */
  drop(isMeant: (key: K) => boolean = () => true): void {
    for (const [id, running] of this.#running) {
      if (!isMeant(running.key)) continue;
      running.flight.isDropped = true;
      this.#running.delete(id);
    }
  }

  #start(key: K, id: string, start: JoinOptions<T>['start']): Running<K, T> {
    const abort = new AbortController();
    const flight = { signal: abort.signal, isDropped: false };
    const beganAt = performance.now();
    const running: Running<K, T> = { key, beganAt, abort, flight, done: start(flight), waiting: 0 };
    this.#running.set(id, running);
    const end = () => this.#remove(id, running);
    running.done.then(end, end);
    return running;
  }

  #remove(id: string, running: Running<K, T>): void {
    if (this.#running.get(id) === running) this.#running.delete(id);
  }
}
