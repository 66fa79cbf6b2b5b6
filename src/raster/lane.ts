import { Problem } from '../lib/errors.ts';

interface Waiting {
  /** Pixels of the picture. */
  readonly size: number;
  readonly start: () => void;
}

/**
 * A place where pictures wait for their turn, the smallest first: a few are made at a time, some wait, and more are refused.
 * What waits holds no tiles yet.
 */
export class Lane {
  readonly #atOnce: number;
  readonly #queue: number;
  #waiting: Waiting[] = [];
  #busy = 0;

  constructor({ atOnce, queue }: { readonly atOnce: number; readonly queue: number }) {
    this.#atOnce = atOnce;
    this.#queue = queue;
  }

  /**
   * @param size pixels of the picture
   * @throws Problem overloaded where too many wait; the reason of the signal once it is aborted
   */
  async run<T>(size: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#atOnce) await this.#wait(size, signal);
    else this.#busy++;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      // The place is handed on: `#busy` stays as it is.
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#busy--;
    }
  }

  #wait(size: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#queue) {
      throw new Problem('overloaded', {
        vi: 'Máy chủ đang vẽ quá nhiều ảnh; xin thử lại sau ít giây.',
        en: 'The server is drawing too many pictures; try again in a few seconds.',
      });
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((each) => each !== own);
        reject(signal.reason);
      };
      const own: Waiting = {
        size,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const larger = this.#waiting.findIndex((each) => each.size > size);
      this.#waiting.splice(larger === -1 ? this.#waiting.length : larger, 0, own);
    });
  }
}
