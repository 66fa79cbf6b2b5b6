import type { EventEmitter } from 'node:events';
import pg from 'pg';
import { Late, within } from '../lib/deadline.ts';
import { pinSession, type SessionSettings } from './session-settings.ts';
import type { Query } from './sql.ts';
import { disconnected, toDatabaseError } from './sqlstate.ts';
import { READERS } from './values.ts';

/** Types of the columns of a cursor, which reads by them as its connection does. */
export const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && READERS[oid]) || pg.types.getTypeParser(oid, format as 'text'),
};

/** Milliseconds that a server in reach takes at most to let somebody in. */
export const CONNECT_MS = 3000;
const KEEP_ALIVE_MS = 30_000;

export interface ConnectionOptions {
  readonly url: string;
  /** What the database shows it as in pg_stat_activity. */
  readonly name: string;
  /** Milliseconds to connect within. */
  readonly connectMs?: number;
}

export function connectionConfig({ url, name, connectMs = CONNECT_MS }: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    types: TYPES,
    connectionTimeoutMillis: connectMs,
    // What stands in between (a firewall, a load balancer) forgets connections that say nothing, and tells nobody.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

/** A connection that knows what PostgreSQL tells of itself without being asked. */
export class WatchedClient extends pg.Client {
  /** As of the end of its last statement; undefined where what stands in between does not pass it on. */
  isStandby: boolean | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) => {
      if (parameterName === 'in_hot_standby') this.isStandby = parameterValue === 'on';
    });
  }
}

/** Settles the session of a new connection, in the time that connecting may take. */
export async function settle(client: pg.ClientBase, settings?: SessionSettings): Promise<void> {
  const { text, values } = pinSession(settings);
  try {
    await within(CONNECT_MS, client.query({ text, values: [...values] }));
  } catch (error) {
    cut(client);
    throw error;
  }
}

/** A connection of its own, outside of any pool. @throws DatabaseError */
export async function connectAlone(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(connectionConfig(options));
  // Told by its statement, or by its end; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await settle(client);
    return client;
  } catch (error) {
    cut(client);
    throw toDatabaseError(error);
  }
}

/** Ends a connection without waiting for the other side, which may be dead. */
export function cut(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

export interface AskOptions {
  /** Name to prepare the statement under. */
  readonly name?: string | undefined;
  /** Milliseconds to wait for the answer: a timeout of the server's does not help where packets are swallowed. */
  readonly limit?: number | undefined;
}

/** Asks one statement. @throws DatabaseError; where no answer came in time, the connection is cut */
export async function ask<R>(
  client: pg.ClientBase,
  { text, values }: Query,
  { name, limit }: AskOptions = {},
): Promise<R[]> {
  const answer = client.query({ text, values: [...values], ...(name && { name }) });
  const { rows } = await (limit === undefined ? answer.catch(rethrow) : inTime(client, limit, answer));
  return rows as R[];
}

/** Waits for an answer of a connection, and cuts it where none comes. @throws DatabaseError */
export async function inTime<T>(client: pg.ClientBase, limit: number, answer: Promise<T>): Promise<T> {
  try {
    return await within(limit, answer);
  } catch (error) {
    if (!(error instanceof Late)) throw toDatabaseError(error);
    cut(client);
    throw disconnected(`the database gave ${error.message}`);
  }
}

function rethrow(error: unknown): never {
  throw toDatabaseError(error);
}
