/** Restores a database: drops added objects, restores altered rows, and reports if anything else has changed. */
import type { Database } from '../../src/database/database.ts';
import { type Query, raw } from '../../src/database/sql.ts';

const OWN = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Names for DROP, in an order in which they can be dropped. */
const OBJECTS = `
  SELECT 1 AS rank, 'EVENT TRIGGER' AS kind, quote_ident(evtname) AS name FROM pg_event_trigger
  UNION ALL SELECT 2, 'SCHEMA', quote_ident(nspname) FROM pg_namespace AS n WHERE ${OWN}
  UNION ALL SELECT 3, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    format('%I.%I', n.nspname, relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OWN}
  UNION ALL SELECT 4, 'SEQUENCE', format('%I.%I', schemaname, sequencename) FROM pg_sequences
  UNION ALL SELECT 5, 'ROUTINE', oid::regprocedure::text FROM pg_proc WHERE pronamespace IN (SELECT oid FROM pg_namespace AS n WHERE ${OWN})
  UNION ALL SELECT 6, 'TYPE', oid::regtype::text FROM pg_type
    WHERE typtype IN ('d', 'e', 'r') AND typnamespace IN (SELECT oid FROM pg_namespace AS n WHERE ${OWN})`;

/** The server's records of its derived rows, rewritten at every start. */
const BOOKS = ['tile.derived', 'tile.stale', 'tile.mosaic', 'tile.dirty'];

const LOG = 'tile.change';

/** Tables whose rows are restored from copies, with the columns that are not computed. */
const COLUMNS = `
  SELECT format('%I.%I', nspname, relname) AS name, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid
  WHERE relkind = 'r' AND ${OWN} AND nspname !~ '^undo_' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND format('%I.%I', nspname, relname) NOT IN (${[...BOOKS, LOG].map((name) => `'${name}'`).join(', ')})
  GROUP BY 1`;

/** Catalogs to compare. A written row has another transaction, even with equal values; so has a row of a catalog. */
const CATALOGS = 'attribute authid constraint db_role_setting index namespace policy proc rewrite trigger type'
  .split(' ')
  .map((name) => `pg_${name}`);

/** The columns of pg_class that a change of a definition alters. TRUNCATE, for one, alters others: its files. */
const DEFINED = `oid, relname, relnamespace, relowner, relpersistence, relkind, relnatts, relchecks, relrowsecurity, relforcerowsecurity,
  relreplident, relispartition, relacl, reloptions`;

interface Named {
  readonly kind: string;
  readonly name: string;
}

interface Mark {
  readonly name: string;
  readonly mark: string;
}

const keyOf = ({ kind, name }: Named) => `${kind} ${name}`;

/** The state to return to. */
interface Before {
  readonly objects: ReadonlySet<string>;
  /** Each table, and the columns that can be written. */
  readonly tables: ReadonlyMap<string, string>;
  /** Schema with a copy of each table. */
  readonly copies: string;
  readonly marksOf: Query;
  readonly restoring: string;
}

/** Without it, a scan of a large table may begin in its middle. */
const IN_ORDER = 'SET LOCAL synchronize_seqscans = off;';

let schemas = 0;

export class Undo {
  readonly #db: Database;
  readonly #before: Before;
  #marks: readonly Mark[];

  private constructor(db: Database, before: Before, marks: readonly Mark[]) {
    this.#db = db;
    this.#before = before;
    this.#marks = marks;
  }

  /** Records the present state. Copies of all rows go to a schema of their own. */
  static async of(db: Database): Promise<Undo> {
    const copies = `undo_${schemas++}`;
    const tables = new Map(
      (await db.query<{ name: string; columns: string }>(raw(COLUMNS))).map(({ name, columns }) => [name, columns]),
    );
    const copy = [...tables.keys()].map((name) => `CREATE TABLE ${copyOf(copies, name)} AS TABLE ${name};`);
    await db.script([IN_ORDER, `CREATE SCHEMA ${copies};`, ...copy].join('\n'));
    const named = await db.query<Named>(raw(OBJECTS));
    const marksOf = marksQuery([...tables.keys()]);
    const before = {
      objects: new Set(named.map(keyOf)),
      tables,
      copies,
      marksOf,
      restoring: await restoring(db, named),
    };
    return new Undo(db, before, await db.query<Mark>(marksOf));
  }

  /** @returns true if all is as before */
  async run(): Promise<boolean> {
    const { objects, restoring, tables } = this.#before;
    const added = (await this.#db.query<Named>(raw(`${OBJECTS} ORDER BY rank`))).filter(
      (each) => !objects.has(keyOf(each)),
    );
    const drops = added.map(({ kind, name }) => `DROP ${kind} IF EXISTS ${name} CASCADE;`);
    await this.#db.script([...drops, restoring].join('\n'));
    const altered = await this.#altered();
    if (altered.some((name) => !tables.has(name))) return false;
    if (altered.length > 0) await this.#restoreRows(altered);
    return true;
  }

  /** Returns the names whose marks differ. */
  async #altered(): Promise<string[]> {
    const was = new Map(this.#marks.map(({ name, mark }) => [name, mark]));
    const marks = await this.#db.query<Mark>(this.#before.marksOf);
    return marks.filter(({ name, mark }) => was.get(name) !== mark).map(({ name }) => name);
  }

  /** Writes the rows of tables, and of those that refer to them, anew. No trigger sees it. */
  async #restoreRows(altered: readonly string[]): Promise<void> {
    const { tables, copies, marksOf } = this.#before;
    const reached = (await this.#db.query<{ name: string }>(raw(referring(altered)))).map(({ name }) => name);
    const always = await this.#db.query<{ table: string; trigger: string }>(raw(alwaysFired(reached)));
    const fill = reached.map((name) => {
      const columns = tables.get(name);
      return `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${copyOf(copies, name)};`;
    });
    await this.#db.script(
      [
        IN_ORDER,
        'SET LOCAL session_replication_role = replica;',
        ...always.map(({ table, trigger }) => `ALTER TABLE ${table} DISABLE TRIGGER ${trigger};`),
        `TRUNCATE ${reached.join(', ')};`,
        ...fill,
        ...always.map(({ table, trigger }) => `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger};`),
        `ANALYZE ${reached.join(', ')};`,
        'SET LOCAL session_replication_role = origin;',
      ].join('\n'),
    );
    this.#marks = await this.#db.query<Mark>(marksOf);
  }
}

const copyOf = (schema: string, table: string) => `${schema}.${JSON.stringify(table.replaceAll('"', ''))}`;

/** Selects the triggers that fire even for a replica. */
function alwaysFired(tables: readonly string[]): string {
  return `SELECT tgrelid::regclass::text AS table, quote_ident(tgname) AS trigger FROM pg_trigger
    WHERE tgenabled = 'A' AND tgrelid = ANY (${listOf(tables)}::regclass[])`;
}

const listOf = (names: readonly string[]) =>
  `ARRAY[${names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')}]`;

/** Selects tables, and those whose foreign keys lead to them, directly or not. */
function referring(tables: readonly string[]): string {
  return `WITH RECURSIVE reached (oid) AS (
    SELECT name::regclass::oid FROM unnest(${listOf(tables)}) AS name
    UNION SELECT conrelid FROM pg_constraint JOIN reached ON confrelid = reached.oid WHERE contype = 'f')
    SELECT format('%I.%I', nspname, relname) AS name FROM reached JOIN pg_class AS c USING (oid) JOIN pg_namespace AS n ON n.oid = relnamespace`;
}

/**
 * Selects the row count by transaction for every table and catalog, every row of the server's records, the
 * session's settings, and the definitions of relations.
 */
function marksQuery(tables: readonly string[]): Query {
  const counted = [...tables, ...CATALOGS].map(
    (name) =>
      `SELECT '${name.replaceAll("'", "''")}' AS name, count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) AS mark FROM ${name}`,
  );
  const read = BOOKS.map(
    (name) => `SELECT '${name}', md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${name} AS t`,
  );
  const settings = `SELECT 'settings', md5(string_agg(name || setting, ' ' ORDER BY name)) FROM pg_settings WHERE source = 'session'`;
  const classes = `SELECT 'pg_class', md5(string_agg(t::text, ' ' ORDER BY oid)) FROM (SELECT ${DEFINED} FROM pg_class) AS t`;
  return raw([...counted, ...read, settings, classes].join(' UNION ALL '));
}

/** Returns the script that restores the server's records, its log and the sequences. */
async function restoring(db: Database, named: readonly Named[]): Promise<string> {
  const lines = [`DELETE FROM ${LOG};`, 'DELETE FROM result.job;'];
  for (const name of BOOKS) {
    const [row] = await db.query<{ rows: string }>(
      raw(`SELECT quote_literal(coalesce(jsonb_agg(to_jsonb(t)), '[]')) AS rows FROM ${name} AS t`),
    );
    lines.push(
      `DELETE FROM ${name}; INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, ${row?.rows});`,
    );
  }
  const sequences = named.filter(({ kind }) => kind === 'SEQUENCE');
  for (const { name } of sequences) {
    const [row] = await db.query<{ last: string; called: boolean }>(
      raw(`SELECT last_value::text AS last, is_called AS called FROM ${name}`),
    );
    lines.push(`SELECT setval('${name}', ${row?.last}, ${row?.called});`);
  }
  return lines.join('\n');
}
