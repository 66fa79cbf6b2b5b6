import type { Session } from '../../../database/database.ts';
import { EMPTY, ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import type { LayerName } from '../plan/layer-name.ts';

/** Bounds of what is recorded to undo imports. */
export const JOURNAL_LIMITS = {
  /** Days after which an import cannot be undone. */
  days: 30,
  /** Rows of an import. A larger one cannot be undone. */
  rows: 2_000_000,
} as const;

export type StepAction = 'create' | 'insert' | 'update' | 'delete';

/** Name under which statements know the row that they write. It is no name of a column. */
export const WRITTEN = raw('import_old');

/** Digest of a row: 64 bits of its text. */
export const rowDigest = (row: Sql): Sql => sql`hashtextextended(${row}::text, 0)`;

/** Returns the query for the number of rows of a table and the sum of their digests, as text. */
export function tableDigest({ schema, table }: LayerName, isDigested = true): Sql {
  const digest = isDigested ? sql`sum(${rowDigest(WRITTEN)})::text` : raw('NULL::text');
  return sql`SELECT count(*) AS count, ${digest} AS digest FROM ${ident(schema, table)} AS ${WRITTEN}`;
}

/** A table as its steps describe it. */
export interface JournalTable extends LayerName {
  /** Columns of the primary key; empty if it has none. */
  readonly key: readonly string[];
  /** Columns and types in order. */
  readonly definition: string;
  /** Columns that an INSERT may write, and those that an UPDATE may. */
  readonly writable: readonly string[];
  readonly updatable: readonly string[];
}

/** Reads what a step records of its table; undefined if there is none. */
export async function readJournalTable(
  session: Session,
  { schema, table }: LayerName,
): Promise<JournalTable | undefined> {
  const [row] = await session.query<{
    definition: string | null;
    writable: string[] | null;
    updatable: string[] | null;
    key: string[] | null;
  }>(sql`
    SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS definition,
      json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS writable,
      json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '' AND a.attidentity <> 'a') AS updatable,
      (SELECT json_agg(k.attname ORDER BY array_position(i.indkey::int2[], k.attnum)) FROM pg_index AS i
        JOIN pg_attribute AS k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary) AS key
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = ${schema} AND c.relname = ${table} GROUP BY c.oid`);
  if (!row?.definition) return undefined;
  return {
    schema,
    table,
    definition: row.definition,
    writable: row.writable ?? [],
    updatable: row.updatable ?? [],
    key: row.key ?? [],
  };
}

/** Returns the primary key of a row as text; NULL if the table has none. */
export function keyText(row: Sql, key: readonly string[]): Sql {
  return key.length
    ? sql`ROW(${join(
        key.map((name) => sql`${row}.${ident(name)}`),
        ', ',
      )})::text`
    : raw('NULL::text');
}

/** Records the statements of an import, so that it can be undone. */
export class Journal {
  readonly #session: Session;
  readonly #tables = new Map<string, JournalTable>();
  readonly #id: number;
  readonly #isRecording: boolean;
  #step = 0;

  constructor(session: Session, id: number, isRecording: boolean) {
    this.#session = session;
    this.#id = id;
    this.#isRecording = isRecording;
  }

  get id(): number {
    return this.#id;
  }

  /** False if the import is too large to be undone. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /**
   * Runs a statement that writes rows, and records them.
   * @param write the statement up to RETURNING; it calls the row {@link WRITTEN}
   * @param before the row's text before, for an update or a deletion
   * @returns number of rows
   */
  async write(
    name: LayerName,
    action: Exclude<StepAction, 'create'>,
    write: Sql,
    before: Sql = raw('NULL::text'),
  ): Promise<number> {
    const table = await this.#table(name);
    const step = ++this.#step;
    const isByRow = this.#isRecording;
    const after = this.#isRecording && action !== 'delete' ? rowDigest(WRITTEN) : raw('NULL::bigint');
    const returning = isByRow
      ? sql`${keyText(WRITTEN, table.key)} AS key, ${after} AS after, ${before} AS before`
      : sql`${after} AS after`;
    const rows = isByRow
      ? sql`, recorded AS (INSERT INTO transfer.import_row (import_id, step, key, after, before)
          SELECT ${this.#id}::bigint, ${step}::smallint, key, after, before FROM written)`
      : EMPTY;
    const [row] = await this.#session.query<{
      count: number;
    }>(sql`WITH written AS (${write} RETURNING ${returning})${rows},
      step AS (INSERT INTO transfer.import_step (import_id, step, "schema", "table", action, definition, count, digest)
        SELECT ${this.#id}::bigint, ${step}::smallint, ${name.schema}, ${name.table}, ${action}, ${table.definition}, count(*), sum(after) FROM written)
      SELECT count(*) AS count FROM written`);
    return row?.count ?? 0;
  }

  /**
   * Fills a table that the import has created, and records the digest of its rows.
   * @returns number of rows
   */
  async fill(name: LayerName, write: Sql): Promise<number> {
    const { definition } = await this.#table(name);
    await this.#session.query(write);
    // Several processes read a table that is written. Returned by the statement itself, each row would be stored twice.
    const [row] = await this.#session.query<{ count: number; digest: string | null }>(
      tableDigest(name, this.#isRecording),
    );
    const { count = 0, digest = null } = row ?? {};
    await this.#session.query(sql`INSERT INTO transfer.import_step (import_id, step, "schema", "table", action, definition, count, digest)
      VALUES (${this.#id}::bigint, ${++this.#step}::smallint, ${name.schema}, ${name.table}, 'create', ${definition}, ${count}::bigint, ${digest}::numeric)`);
    return count;
  }

  /** Writes the counts of the import. */
  async close(counts: object): Promise<void> {
    await this.#session.query(
      sql`UPDATE transfer.import SET counts = ${JSON.stringify(counts)}::json WHERE id = ${this.#id}::bigint`,
    );
  }

  async #table(name: LayerName): Promise<JournalTable> {
    const id = `${name.schema}.${name.table}`;
    const known = this.#tables.get(id) ?? (await readJournalTable(this.#session, name));
    if (!known) throw new Error(`there is no table ${id}`);
    this.#tables.set(id, known);
    return known;
  }
}

export interface OpenedImport {
  readonly layer: string;
  readonly file: string;
  readonly mode: string;
  readonly created: boolean;
  /** Rows that will be written, changed and deleted. */
  readonly rows: number;
}

/** Begins to record an import, and empties what is older than the limit. */
export async function openJournal(
  session: Session,
  { layer, file, mode, created, rows }: OpenedImport,
): Promise<Journal> {
  await dropExpired(session);
  const isRecording = rows <= JOURNAL_LIMITS.rows;
  const state = isRecording ? 'undoable' : 'too-large';
  const [row] = await session.query<{
    id: number;
  }>(sql`INSERT INTO transfer.import (layer, file, mode, created, counts, state)
    VALUES (${layer}, ${file}, ${mode}, ${created}, '{}', ${state}) RETURNING id`);
  return new Journal(session, row?.id ?? 0, isRecording);
}

/** Empties what imports older than the limit have recorded. */
async function dropExpired(session: Session): Promise<void> {
  const expired = await session.query(sql`UPDATE transfer.import SET state = 'expired'
    WHERE state = 'undoable' AND imported_at < now() - make_interval(days => ${JOURNAL_LIMITS.days}::int) RETURNING id`);
  if (!expired.length) return;
  await session.query(
    sql`DELETE FROM transfer.import_row WHERE import_id IN (SELECT id FROM transfer.import WHERE state <> 'undoable')`,
  );
}
