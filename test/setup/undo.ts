/** Restores a database: drops added objects, and reports if anything else has changed. */
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

/** Catalogs to compare. A written row has another transaction, even with equal values; so has a row of a catalog. */
const CATALOGS = 'attribute authid class constraint db_role_setting index namespace policy proc rewrite trigger type'
  .split(' ')
  .map((name) => `pg_${name}`);

interface Named {
  readonly kind: string;
  readonly name: string;
}

interface Mark {
  readonly name: string;
  readonly mark: string;
}

const keyOf = ({ kind, name }: Named) => `${kind} ${name}`;

export class Undo {
  readonly #db: Database;
  readonly #objects: ReadonlySet<string>;
  readonly #marksOf: Query;
  readonly #marks: string;
  readonly #restoring: string;

  private constructor(
    db: Database,
    was: { objects: ReadonlySet<string>; marksOf: Query; marks: string; restoring: string },
  ) {
    this.#db = db;
    this.#objects = was.objects;
    this.#marksOf = was.marksOf;
    this.#marks = was.marks;
    this.#restoring = was.restoring;
  }

  /** Records the present state. */
  static async of(db: Database): Promise<Undo> {
    const named = await db.query<Named>(raw(OBJECTS));
    const marksOf = marksQuery(named);
    const marks = JSON.stringify(await db.query<Mark>(marksOf));
    return new Undo(db, { objects: new Set(named.map(keyOf)), marksOf, marks, restoring: await restoring(db, named) });
  }

  /** @returns true if all is as before; altered rows stay altered */
  async run(): Promise<boolean> {
    const added = (await this.#db.query<Named>(raw(`${OBJECTS} ORDER BY rank`))).filter(
      (each) => !this.#objects.has(keyOf(each)),
    );
    const drops = added.map(({ kind, name }) => `DROP ${kind} IF EXISTS ${name} CASCADE;`);
    await this.#db.script([...drops, this.#restoring].join('\n'));
    return JSON.stringify(await this.#db.query<Mark>(this.#marksOf)) === this.#marks;
  }
}

/**
 * Selects the row count by transaction for every table and catalog, every row of the server's records, and the
 * session's settings.
 */
function marksQuery(named: readonly Named[]): Query {
  const tables = named
    .filter(({ kind, name }) => kind === 'TABLE' && ![...BOOKS, LOG].includes(name))
    .map(({ name }) => name);
  const counted = [...tables, ...CATALOGS].map(
    (name) => `SELECT '${name}' AS name, count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) AS mark FROM ${name}`,
  );
  const read = BOOKS.map(
    (name) => `SELECT '${name}', md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${name} AS t`,
  );
  const settings = `SELECT 'settings', md5(string_agg(name || setting, ' ' ORDER BY name)) FROM pg_settings WHERE source = 'session'`;
  return raw([...counted, ...read, settings].join(' UNION ALL '));
}

/** Returns the script that restores the server's records, its log and the sequences. */
async function restoring(db: Database, named: readonly Named[]): Promise<string> {
  const lines = [`DELETE FROM ${LOG};`];
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
