import type pg from 'pg';
import type { Listener, Row, Subscriber } from './database.ts';
import { ask, connectAlone, cutOff } from './postgres-connection.ts';
import { ident, type Query } from './sql.ts';
import { disconnected } from './sqlstate.ts';

/** Pause between an answer and the next probe. */
const BEAT_MS = 400;
/** Milliseconds in which a live server answers a trivial query. */
const ANSWER_MS = 1000;
/** Longer timeout for the first connection. */
const START_MS = 10_000;
const RETRY_MS = 250;
/** Time after which an unreachable server counts as gone, and waiting clients receive an error. */
const AWAY_MS = 1500;
/** Timeout of a listener's query in milliseconds, which may read the log of a day. */
const QUERY_MS = 10_000;

export interface PulseOptions {
  readonly url: string;
  readonly name: string;
  /** The probe, which costs next to nothing. */
  readonly question: Query;
  /** Throws if the answer comes from a different server than expected. */
  readonly check?: (rows: Row[]) => void;
  /** Called when the server was silent, or the connection ended. */
  readonly onLost?: () => void;
  /** Called when the server answers again. */
  readonly onBack?: () => void;
  /** Called when the server has been unreachable for 1.5 s. */
  readonly onAway?: () => void;
}

/**
 * A connection of its own that probes the server twice a second, reconnects, and receives notifications. A silent death
 * of the server is detected within 1.5 s, and its return within 1.3 s.
 */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #channels = new Map<string, Set<Subscriber>>();
  #client: pg.Client | undefined;
  #provenAt = Number.NEGATIVE_INFINITY;
  #lostAt: number | undefined;
  #reason = '';
  #timer: NodeJS.Timeout | undefined;
  /** Queries run one after the other, as the protocol requires. */
  #asking: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /**
   * Connects and starts probing.
   * @throws DatabaseError if the server cannot be reached, or is a different one
   */
  async start(): Promise<void> {
    await this.#connect(START_MS);
  }

  /** Starts to connect in the background. */
  startLater(): void {
    this.#lostAt = performance.now();
    this.#retry();
  }

  get isLost(): boolean {
    return this.#lostAt !== undefined;
  }

  /** Reason of the loss, without the host and the port that errors of Node contain. */
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
    if (this.#client) cutOff(this.#client);
  }

  async #connect(connectMs = ANSWER_MS): Promise<void> {
    const { url, name } = this.#options;
    const client = await connectAlone({ url, name, connectMs });
    if (this.#closed) return cutOff(client);
    this.#client = client;
    this.#asking = Promise.resolve();
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { receive } of this.#channels.get(channel) ?? []) receive(payload);
    });
    try {
      for (const channel of this.#channels.keys())
        await this.query({ text: `LISTEN ${ident(channel).text}`, values: [] });
      await this.#ask();
    } catch (error) {
      this.#client = undefined;
      cutOff(client);
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
    cutOff(client);
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
      // Notifications sent in between are lost, so '' tells the listener to catch up.
      for (const { receive } of this.#subscribers()) receive('');
    }, RETRY_MS).unref();
  }

  #subscribers(): Subscriber[] {
    return [...this.#channels.values()].flatMap((each) => [...each]);
  }
}
