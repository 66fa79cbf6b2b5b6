import { type Database, DatabaseError, type QueryOptions } from './database.ts';
import type { Query } from './sql.ts';
import { isCancelled, isUnreachable } from './sqlstate.ts';

/** A replica that is away is asked again after this time. */
const AWAY_MS = 5000;

/**
 * A primary whose replicas answer what is asked with `replica`: the least busy of those that are there. What a replica
 * cannot answer (it is away, lags behind a table that is new, or cancels in favour of its recovery), the primary does.
 */
export function withReplicas(primary: Database, replicas: readonly Database[]): Database {
  if (replicas.length === 0) return primary;
  const readers = replicas.map((replica) => new Reader(replica));
  return {
    capabilities: { ...primary.capabilities, replicas: true },
    query: <R>(query: Query, options: QueryOptions = {}): Promise<R[]> => {
      const reader = options.replica ? leastBusy(readers) : undefined;
      if (!reader) return primary.query<R>(query, options);
      return reader.query<R>(query, options).catch((error: unknown) => {
        if (error instanceof DatabaseError && !isCancelled(error)) return primary.query<R>(query, options);
        throw error;
      });
    },
    script: (text) => primary.script(text),
    copy: (target, lines) => primary.copy(target, lines),
    stream: (query, options) => primary.stream(query, options),
    transaction: (work, options) => primary.transaction(work, options),
    listen: (channel, heard, lost) => primary.listen(channel, heard, lost),
    close: async () => {
      await Promise.all([primary, ...replicas].map((database) => database.close()));
    },
  };
}

function leastBusy(readers: readonly Reader[]): Reader | undefined {
  return readers.filter((reader) => reader.isThere()).sort((a, b) => a.busy - b.busy)[0];
}

class Reader {
  readonly #replica: Database;
  #awayUntil = 0;
  busy = 0;

  constructor(replica: Database) {
    this.#replica = replica;
  }

  isThere(): boolean {
    return Date.now() >= this.#awayUntil;
  }

  async query<R>(query: Query, options: QueryOptions): Promise<R[]> {
    this.busy++;
    try {
      return await this.#replica.query<R>(query, options);
    } catch (error) {
      if (isUnreachable(error)) this.#awayUntil = Date.now() + AWAY_MS;
      throw error;
    } finally {
      this.busy--;
    }
  }
}
