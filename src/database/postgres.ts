import Cursor from 'pg-cursor';
import type { Text } from '../lib/errors.ts';
import type {
  Capabilities,
  CopyTarget,
  Database,
  EngineState,
  Listener,
  PoolLoad,
  QueryOptions,
  Session,
  TransactionOptions,
} from './database.ts';
import { openPostgis } from './postgis.ts';
import { inTime, RESULT_TYPES } from './postgres-connection.ts';
import { Pools, type PostgresOptions, TRAVEL_MS } from './postgres-pools.ts';
import { ClientSession } from './postgres-session.ts';
import { Pulse } from './pulse.ts';
import { type Query, sql } from './sql.ts';
import { isUnreachable, toDatabaseError } from './sqlstate.ts';

const STREAM_BATCH = 500;
/** Timeout of a ROLLBACK in milliseconds; the server first reads the rest of a COPY. */
const ROLLBACK_MS = 10_000;

/**
 * Opens pools to a real PostgreSQL with PostGIS.
 * @throws BootError if it cannot be reached, or PostGIS is missing
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const engine = { engine: 'postgres', mvt: true, replicas: false, sessions: options.poolSize } as const;
  const postgres = new Postgres(options, { ...engine, postgres: '', postgis: '' });
  try {
    postgres.capabilities = { ...engine, ...(await openPostgis(postgres)) };
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

/** A PostgreSQL server: pools of connections for statements, and one that monitors it and receives notifications. */
export class Postgres implements Database {
  capabilities: Capabilities;
  readonly #pools: Pools;
  readonly #statementMs: number;
  readonly #limit: number;
  readonly #pulse: Pulse;
  /** Started by the first listener, since a command needs none. */
  #beating: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresOptions, capabilities: Capabilities) {
    this.capabilities = capabilities;
    this.#pools = new Pools(options);
    this.#statementMs = options.statementTimeout;
    this.#limit = options.statementTimeout + TRAVEL_MS;
    this.#pulse = new Pulse({
      url: options.url,
      name: 'diaba listen',
      question: sql`SELECT`,
      onLost: () => this.#pools.doubt(),
      onAway: () => this.#pools.cutBounded(),
      onBack: () => void this.#cutForgotten(),
    });
  }

  query<R>(query: Query, options?: QueryOptions): Promise<R[]> {
    return this.#pools.query<R>(query, options);
  }

  script(text: string): Promise<void> {
    return this.#pools.plain.use(undefined, (client) => new ClientSession(client, this.#limit).script(text));
  }

  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    return this.transaction((session) => session.copy(target, lines));
  }

  async *stream<R>(query: Query, options: QueryOptions = {}): AsyncIterable<R> {
    const late = new AbortController();
    const ended = AbortSignal.any([late.signal, ...(options.signal ? [options.signal] : [])]);
    const { client, giveBack } = await this.#pools.streams.lend(ended);
    const cursor = client.query(new Cursor<R>(query.text, [...query.values], { types: RESULT_TYPES } as never));
    const read = async () => {
      const timer = setTimeout(() => late.abort(), this.#statementMs);
      try {
        return await inTime(client, this.#limit, cursor.read(STREAM_BATCH));
      } finally {
        clearTimeout(timer);
      }
    };
    let lost: Error | undefined;
    try {
      for (let rows = await read(); rows.length; rows = await read()) {
        options.signal?.throwIfAborted();
        yield* rows;
      }
    } catch (error) {
      const failure = toDatabaseError(error);
      if (isUnreachable(failure)) lost = failure;
      throw failure;
    } finally {
      if (!lost)
        lost = (await inTime(client, this.#limit, cursor.close()).catch((error: Error) => error)) as Error | undefined;
      await giveBack(lost);
    }
  }

  async transaction<T>(
    work: (session: Session) => Promise<T>,
    { signal, statementMs }: TransactionOptions = {},
  ): Promise<T> {
    const { client, giveBack } = await this.#pools.plain.lend(signal, statementMs !== undefined);
    const session = new ClientSession(client, statementMs && statementMs + TRAVEL_MS);
    let lost: Error | undefined;
    try {
      await session.script(`BEGIN; SET LOCAL statement_timeout = ${statementMs ?? 0}`);
      const result = await work(session);
      await session.script('COMMIT');
      return result;
    } catch (error) {
      lost = await new ClientSession(client, ROLLBACK_MS).script('ROLLBACK').then(
        () => undefined,
        (failure: Error) => failure,
      );
      throw toDatabaseError(error);
    } finally {
      await giveBack(lost);
    }
  }

  async listen(channel: string, receive: (payload: string) => void, lost = () => {}): Promise<Listener> {
    this.#beating ??= this.#pulse.start();
    await this.#beating;
    return this.#pulse.listen(channel, { receive, lost });
  }

  state(): EngineState {
    return this.#pulse.isLost ? { isAnswering: false, reason: unreachable(this.#pulse.reason) } : { isAnswering: true };
  }

  load(): readonly PoolLoad[] {
    return this.#pools.load;
  }

  /**
   * Closes connections that the network has forgotten. Their statements never reached the server, which does nothing
   * for the waiting client.
   */
  async #cutForgotten(): Promise<void> {
    const suspects = this.#pools.suspects;
    if (suspects.length === 0) return;
    const busy = await this.#pulse
      .query<{ pid: number }>(
        sql`SELECT pid FROM pg_stat_activity WHERE pid = ANY(${suspects}::int[]) AND state <> 'idle'`,
      )
      .catch(() => undefined);
    if (!busy) return;
    const ids = new Set(suspects);
    for (const { pid } of busy) ids.delete(pid);
    this.#pools.cutProcesses(ids);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#pulse.close();
    await this.#pools.close();
  }
}

function unreachable(reason: string): Text {
  return {
    vi: `Cơ sở dữ liệu không trả lời (${reason}).`,
    en: `The database does not answer (${reason}).`,
  };
}
