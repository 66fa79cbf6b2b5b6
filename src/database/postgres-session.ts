import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyTarget, Session } from './database.ts';
import { ask } from './postgres-connection.ts';
import { ident, identList, type Query, sql } from './sql.ts';
import { toDatabaseError } from './sqlstate.ts';

/** Most statements with a name. Each name is a plan of up to 200 KB on every connection. */
const MAX_PREPARED = 300;

/** Names of prepared statements, for the first texts that occur. */
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

  /** Renames the text, since its old prepared statement no longer works. */
  renew(text: string): void {
    if (this.#names.has(text)) this.#names.set(text, `diaba_${this.#next++}`);
  }
}

/** Length of a text that COPY sends at once. A message for each row would take more of a core than reading the rows. */
const COPIED_LENGTH = 65_536;

/** Joins lines to texts of some length. */
async function* joinLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const line of lines) {
    text += line;
    if (text.length < COPIED_LENGTH) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}

/** Runs statements on one connection, one after the other. */
export class ClientSession implements Session {
  readonly #client: pg.PoolClient;
  readonly #limit: number | undefined;

  /** @param limit timeout of each answer in milliseconds; absent: none */
  constructor(client: pg.PoolClient, limit?: number) {
    this.#client = client;
    this.#limit = limit;
  }

  query<R>(query: Query): Promise<R[]> {
    return ask<R>(this.#client, query, { limit: this.#limit });
  }

  async script(text: string): Promise<void> {
    // Without values, several statements run as one.
    await ask(this.#client, { text, values: [] }, { limit: this.#limit });
  }

  async copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const { text } = sql`COPY ${ident(target.schema, target.table)} (${identList(target.columns)}) FROM STDIN`;
    try {
      const sink = this.#client.query(copyFrom(text));
      // Both fail together. Awaited one after the other, the rejection of the second would be unhandled.
      await Promise.all([once(sink, 'finish'), pipeline(Readable.from(joinLines(lines)), sink)]);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}
