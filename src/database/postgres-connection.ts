import type { EventEmitter } from 'node:events';
import pg from 'pg';
import { Late, within } from '../lib/deadline.ts';
import { pinSession, type SessionSettings } from './session-settings.ts';
import type { Query } from './sql.ts';
import { disconnected, toDatabaseError } from './sqlstate.ts';
import { TYPE_READERS } from './values.ts';

/** Types of a cursor's columns, parsed as on its connection. */
export const RESULT_TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && TYPE_READERS[oid]) || pg.types.getTypeParser(oid, format as 'text'),
};

/** Longest time in milliseconds that a reachable server takes to accept a connection. */
export const CONNECT_MS = 3000;
const KEEP_ALIVE_MS = 30_000;

export interface ConnectionOptions {
  readonly url: string;
  /** Name in pg_stat_activity. */
  readonly name: string;
  /** Timeout to connect, in milliseconds. */
  readonly connectMs?: number;
}

export function connectionConfig({ url, name, connectMs = CONNECT_MS }: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    types: RESULT_TYPES,
    connectionTimeoutMillis: connectMs,
    // Firewalls and load balancers forget silent connections without notice.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

/** A connection that reads PostgreSQL's parameter status messages. */
export class WatchedClient extends pg.Client {
  /** As of the end of its last statement; undefined if an intermediary does not forward it. */
  isStandby: boolean | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) => {
      if (parameterName === 'in_hot_standby') this.isStandby = parameterValue === 'on';
    });
  }
}

/** Initializes the session of a new connection, within the timeout for connecting. */
export async function settle(client: pg.ClientBase, settings?: SessionSettings): Promise<void> {
  const { text, values } = pinSession(settings);
  try {
    await within(CONNECT_MS, client.query({ text, values: [...values] }));
  } catch (error) {
    cutOff(client);
    throw error;
  }
}

/**
 * Opens a connection outside of any pool.
 * @throws DatabaseError
 */
export async function connectAlone(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(connectionConfig(options));
  // Its statement or its end reports the error; without a listener the process would exit.
  client.on('error', () => {});
  try {
    await client.connect();
    await settle(client);
    return client;
  } catch (error) {
    cutOff(client);
    throw toDatabaseError(error);
  }
}

/** Closes a connection without waiting for the other side, which may be dead. */
export function cutOff(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

export interface AskOptions {
  /** Name under which the statement is prepared. */
  readonly name?: string | undefined;
  /** Timeout of the answer in milliseconds. A timeout on the server does not help if packets are lost. */
  readonly limit?: number | undefined;
}

/**
 * Runs one statement. If no answer comes in time, the connection is closed.
 * @throws DatabaseError
 */
export async function ask<R>(
  client: pg.ClientBase,
  { text, values }: Query,
  { name, limit }: AskOptions = {},
): Promise<R[]> {
  const answer = client.query({ text, values: [...values], ...(name && { name }) });
  const { rows } = await (limit === undefined ? answer.catch(rethrow) : inTime(client, limit, answer));
  return rows as R[];
}

/**
 * Waits for an answer of a connection, and closes the connection after the timeout.
 * @throws DatabaseError
 */
export async function inTime<T>(client: pg.ClientBase, limit: number, answer: Promise<T>): Promise<T> {
  try {
    return await within(limit, answer);
  } catch (error) {
    if (!(error instanceof Late)) throw toDatabaseError(error);
    cutOff(client);
    throw disconnected(`the database gave ${error.message}`);
  }
}

function rethrow(error: unknown): never {
  throw toDatabaseError(error);
}
