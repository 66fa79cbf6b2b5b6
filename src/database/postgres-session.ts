import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyTarget, Session } from './database.ts';
import { ask } from './postgres-connection.ts';
import { ident, identList, type Query, sql } from './sql.ts';
import { toDatabaseError } from './sqlstate.ts';

/** Beyond this many texts, a statement goes unnamed: each name is a plan kept by every connection, up to 200 KB. */
const MAX_PREPARED = 300;

/** Names of the statements that are prepared: the first texts that come. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #next = 0;

  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_PREPARED) return known;
    const name = `diaba_${this.#next++}`;
    this.#names.set(text, name);
    return name;
  }

  /** Gives the text another name: what was prepared under the old one answers no longer. */
  renew(text: string): void {
    if (this.#names.has(text)) this.#names.set(text, `diaba_${this.#next++}`);
  }
}

/** Statements over one connection, one after the other. */
export class ClientSession implements Session {
  readonly #client: pg.PoolClient;
  readonly #limit: number | undefined;

  /** @param limit milliseconds to wait for each answer; absent: as long as it takes */
  constructor(client: pg.PoolClient, limit?: number) {
    this.#client = client;
    this.#limit = limit;
  }

  query<R>(query: Query): Promise<R[]> {
    return ask<R>(this.#client, query, { limit: this.#limit });
  }

  async script(text: string): Promise<void> {
    // Without values, several statements go as one.
    await ask(this.#client, { text, values: [] }, { limit: this.#limit });
  }

  async copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const { text } = sql`COPY ${ident(target.schema, target.table)} (${identList(target.columns)}) FROM STDIN`;
    try {
      const sink = this.#client.query(copyFrom(text));
      const finished = once(sink, 'finish');
      await pipeline(Readable.from(lines), sink);
      await finished;
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}
