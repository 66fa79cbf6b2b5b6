import type pg from 'pg';
import type { Listener, Row } from './database.ts';
import { ask, connectAlone, cut } from './postgres-connection.ts';
import { ident, type Query } from './sql.ts';
import { disconnected } from './sqlstate.ts';

/** Between an answer and the next question. */
const BEAT_MS = 400;
/** Milliseconds in which a server that lives answers what costs it nothing. */
const ANSWER_MS = 1000;
/** For the first connection there is time. */
const START_MS = 10_000;
const RETRY_MS = 250;
/** Out of reach for longer than this, the server has been given up by whoever waits for it. */
const AWAY_MS = 1500;
/** Milliseconds for what a listener asks, which may be a log of a day. */
const QUERY_MS = 10_000;

export interface PulseOptions {
  readonly url: string;
  readonly name: string;
  /** Costs next to nothing. */
  readonly question: Query;
  /** Throws where the answer is not that of the server which is meant. */
  readonly check?: (rows: Row[]) => void;
  /** It was silent, or ended. */
  readonly onLost?: () => void;
  /** It answers again. */
  readonly onBack?: () => void;
  /** It could not be reached for 1.5 s, and is not yet. */
  readonly onAway?: () => void;
}

interface Subscriber {
  readonly heard: (payload: string) => void;
  readonly lost: () => void;
}

/**
 * A connection of its own that asks twice a second whether the server answers, is made anew where it does not, and hears
 * what is notified. A server that dies silently is known to be dead within 1.5 s, and to be back 1.3 s after it is.
 */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #channels = new Map<string, Set<Subscriber>>();
  #client: pg.Client | undefined;
  #provenAt = Number.NEGATIVE_INFINITY;
  #lostAt: number | undefined;
  #reason = '';
  #timer: NodeJS.Timeout | undefined;
  /** One after the other: the protocol of a connection knows no other way. */
  #asking: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** Begins to beat. @throws DatabaseError where the server cannot be reached, or is another one */
  async start(): Promise<void> {
    await this.#connect(START_MS);
  }

  /** Begins to beat, in its own time. */
  startLater(): void {
    this.#lostAt = performance.now();
    this.#retry();
  }

  get isLost(): boolean {
    return this.#lostAt !== undefined;
  }

  /** What it was lost to, without the host and the port that errors of Node name. */
  get reason(): string {
    return /\bE[A-Z]{4,}\b/.exec(this.#reason)?.[0] ?? this.#reason;
  }

  /** As {@link Listener.provenAt}. */
  get provenAt(): number {
    return this.#provenAt;
  }

  async listen(channel: string, subscriber: Subscriber): Promise<Listener> {
    const subscribers = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, subscribers.add(subscriber));
    await this.query({ text: `LISTEN ${ident(channel).text}`, values: [] });
    return {
      provenAt: () => this.#provenAt,
      query: <R>(query: Query) => this.query<R>(query, QUERY_MS),
      stop: async () => void subscribers.delete(subscriber),
    };
  }

  async query<R>(query: Query, limit = ANSWER_MS): Promise<R[]> {
    const client = this.#client;
    if (!client) throw disconnected(`the database cannot be reached (${this.#reason})`);
    const answer = this.#asking.then(() => ask<R>(client, query, { limit }));
    this.#asking = answer.catch(() => {});
    return answer;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#client) cut(this.#client);
  }

  async #connect(connectMs = ANSWER_MS): Promise<void> {
    const { url, name } = this.#options;
    const client = await connectAlone({ url, name, connectMs });
    if (this.#closed) return cut(client);
    this.#client = client;
    this.#asking = Promise.resolve();
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { heard } of this.#channels.get(channel) ?? []) heard(payload);
    });
    try {
      for (const channel of this.#channels.keys())
        await this.query({ text: `LISTEN ${ident(channel).text}`, values: [] });
      await this.#ask();
    } catch (error) {
      this.#client = undefined;
      cut(client);
      throw error;
    }
    client.once('end', () => this.#lose(client, 'the connection has ended'));
    this.#lostAt = undefined;
    this.#beatLater(client);
  }

  async #ask(): Promise<void> {
    const sentAt = performance.now();
    const rows = await this.query<Row>(this.#options.question);
    this.#options.check?.(rows);
    this.#provenAt = sentAt;
  }

  #beatLater(client: pg.Client): void {
    this.#timer = setTimeout(() => {
      this.#ask().then(
        () => this.#client === client && this.#beatLater(client),
        (error: Error) => this.#lose(client, error.message),
      );
    }, BEAT_MS).unref();
  }

  #lose(client: pg.Client, reason: string): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#lostAt = performance.now();
    this.#reason = reason;
    cut(client);
    this.#options.onLost?.();
    for (const { lost } of this.#subscribers()) lost();
    this.#retry();
  }

  #retry(): void {
    this.#timer = setTimeout(async () => {
      try {
        await this.#connect();
      } catch (error) {
        this.#reason = (error as Error).message;
        if (this.#closed) return;
        if (performance.now() - (this.#lostAt ?? 0) > AWAY_MS) this.#options.onAway?.();
        return this.#retry();
      }
      if (this.#closed) return;
      this.#options.onBack?.();
      // What was notified in between is lost: '' tells the listener to look for itself.
      for (const { heard } of this.#subscribers()) heard('');
    }, RETRY_MS).unref();
  }

  #subscribers(): Subscriber[] {
    return [...this.#channels.values()].flatMap((each) => [...each]);
  }
}
