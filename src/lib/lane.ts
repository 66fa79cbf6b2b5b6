import { Problem } from './errors.ts';

interface WaitingWork {
  /** Pixels of a picture, or rows of a page. */
  readonly size: number;
  readonly start: () => void;
}

/**
 * A queue of work, the smallest first. Few pieces run at a time, some wait, and more are refused. Work that waits holds
 * nothing yet.
 */
export class Lane {
  readonly #atOnce: number;
  readonly #queue: number;
  #waiting: WaitingWork[] = [];
  #busy = 0;

  constructor({ atOnce, queue }: { readonly atOnce: number; readonly queue: number }) {
    this.#atOnce = atOnce;
    this.#queue = queue;
  }

  /** Pieces of work that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * @param size pixels of a picture, or rows of a page
   * @throws Problem overloaded if too many wait; the signal's reason once it is aborted
   */
  async run<T>(size: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#atOnce) await this.#wait(size, signal);
    else this.#busy++;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      // The slot passes to the next in line, so `#busy` stays the same.
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#busy--;
    }
  }

  #wait(size: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#queue) {
      throw new Problem('overloaded', {
        vi: 'Máy chủ đang xử lý quá nhiều yêu cầu lớn; xin thử lại sau ít giây.',
        en: 'The server has too many large requests; try again in a few seconds.',
      });
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((each) => each !== own);
        reject(signal.reason);
      };
      const own: WaitingWork = {
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
