/** The schema that migrations, functions and views make, from nothing and from every state that an earlier program has left. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { readDefinitions } from '../../src/database/definitions.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate, readMigrations } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { raw } from '../../src/database/sql.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { describeSchema } from './schema.ts';

const GOLDEN = '../expected/schema.txt';
/** The last migration before functions and views had files of their own. */
const LAST_WITH_FUNCTIONS = 21;
/** Milliseconds: the embedded engine makes PostGIS first. */
const BOOT = 120_000;

const engines = [
  { name: 'embedded', skip: false, open: () => openEmbedded() },
  {
    name: 'postgres',
    skip: !hasPostgres(),
    open: async () => openPostgres({ url: await copyPostgres('template1'), poolSize: 2, statementTimeout: 30_000 }),
  },
];

/** `schema.name` of every function and view that no extension has brought. */
const OWN = raw(`SELECT DISTINCT format('%s.%s', nspname, name) AS name FROM (
    SELECT oid, pronamespace AS namespace, proname AS name FROM pg_proc
    UNION ALL SELECT oid, relnamespace, relname FROM pg_class WHERE relkind = 'v') AS made
  JOIN pg_namespace AS n ON n.oid = namespace
  WHERE nspname !~ '^pg_|^information_schema$' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = made.oid AND deptype = 'e')`);

describe.each(engines)('the schema ($name)', { timeout: BOOT }, ({ skip, open }) => {
  let db: Database | undefined;
  afterEach(() => db?.close());

  it.skipIf(skip)('is the golden one in a new database', async () => {
    db = await open();
    await migrate(db);
    await expect(await describeSchema(db)).toMatchFileSnapshot(GOLDEN);
    const definitions = readDefinitions();
    const made = await db.query<{ name: string }>(OWN);
    expect(definitions.map(({ name }) => name).sort()).toEqual(made.map(({ name }) => name).sort());
    // Run where all others are there, each body is looked at: what it names has to be there.
    for (const { text } of definitions) await db.script(text);
  });

  it.skipIf(skip)('is the same in a database that an earlier program has made', async () => {
    db = await open();
    const former = readMigrations().filter(({ version }) => version <= LAST_WITH_FUNCTIONS);
    expect(await migrate(db, former, [])).toHaveLength(LAST_WITH_FUNCTIONS);
    await migrate(db);
    await expect(await describeSchema(db)).toMatchFileSnapshot(GOLDEN);
  });
});
