import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../lib/errors.ts';

/** Seconds in which the points of a client are counted. */
export const WINDOW_SECONDS = 60;
/** Cached tiles for one point: a tile that is rendered takes some fifty times as long. */
const CACHED_PER_POINT = 10;
/** Interval at which cached tiles are counted, in milliseconds. */
const COUNT_MS = 200;

/** The points that a client has left. */
export interface Allowance {
  /** Points of a window. */
  readonly points: number;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly seconds: number;
}

/** Points that each client may spend in a minute. They are counted in memory, by each instance for itself. */
export class RateLimit {
  readonly #points: number;
  readonly #limiter: RateLimiterMemory;
  /** Answers from the cache since the last count, by client. */
  readonly #cached = new Map<string, number>();
  #refused = 0;
  /** Clients without points, and the `performance.now()` at which they have some again. */
  readonly #spentUntil = new Map<string, number>();
  #counting: NodeJS.Timeout | undefined;

  /** @param points of each client in a window */
  constructor(points: number) {
    this.#points = points;
    this.#limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  }

  /**
   * Takes points from a client.
   * @throws TooManyRequests if it has fewer; then the window's are spent
   */
  async spend(client: string, points: number): Promise<Allowance> {
    try {
      return this.#allowance(await this.#limiter.consume(client, points));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      this.#spentUntil.set(client, performance.now() + error.msBeforeNext);
      this.#countSoon();
      this.#refused++;
      throw new TooManyRequests(this.#allowance(error));
    }
  }

  /**
   * Counts a tile from the cache. It takes no promise, since such a tile takes 20 µs.
   * @returns false if the client has no points
   */
  countCached(client: string): boolean {
    if (this.#spentUntil.has(client)) return false;
    this.#cached.set(client, (this.#cached.get(client) ?? 0) + 1);
    this.#countSoon();
    return true;
  }

  /** Requests refused so far. */
  get refused(): number {
    return this.#refused;
  }

  close(): void {
    clearTimeout(this.#counting);
  }

  #countSoon(): void {
    this.#counting ??= setTimeout(() => void this.#count(), COUNT_MS).unref();
  }

  async #count(): Promise<void> {
    const now = performance.now();
    for (const [client, until] of this.#spentUntil) if (until <= now) this.#spentUntil.delete(client);
    for (const [client, tiles] of this.#cached) {
      const points = Math.floor(tiles / CACHED_PER_POINT);
      if (points === 0) continue;
      this.#cached.set(client, tiles % CACHED_PER_POINT);
      const { consumedPoints, msBeforeNext } = await this.#limiter.penalty(client, points);
      if (consumedPoints >= this.#points) this.#spentUntil.set(client, performance.now() + msBeforeNext);
    }
    for (const [client, tiles] of this.#cached) if (tiles === 0) this.#cached.delete(client);
    this.#counting = undefined;
    if (this.#cached.size || this.#spentUntil.size) this.#countSoon();
  }

  #allowance({ remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
    return { points: this.#points, remaining: remainingPoints, seconds: Math.ceil(msBeforeNext / 1000) };
  }
}

/** The client has spent its points. */
export class TooManyRequests extends Problem {
  readonly allowance: Allowance;

  constructor(allowance: Allowance) {
    const { points, seconds } = allowance;
    super('too-many-requests', {
      vi: `Quá nhiều yêu cầu: mỗi phút được ${points} điểm. Hãy thử lại sau ${seconds} giây.`,
      en: `Too many requests: there are ${points} points a minute. Try again in ${seconds} seconds.`,
    });
    this.allowance = allowance;
  }
}
