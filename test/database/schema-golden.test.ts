/**
 * The schema that results from migrations, functions and views, from an empty database and from every state of earlier
 * programs.
 */
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
/** Timeout in milliseconds, since the embedded engine first creates PostGIS. */
const BOOT = 120_000;

const engines = [
  { name: 'embedded', skip: false, open: () => openEmbedded() },
  {
    name: 'postgres',
    skip: !hasPostgres(),
    open: async () => openPostgres({ url: await copyPostgres('template1'), poolSize: 2, statementTimeout: 30_000 }),
  },
];

/** Selects `schema.name` of every function and view that belongs to no extension. */
const OWN = raw(`SELECT DISTINCT format('%s.%s', nspname, name) AS name FROM (
    SELECT oid, pronamespace AS namespace, proname AS name FROM pg_proc
    UNION ALL SELECT oid, relnamespace, relname FROM pg_class WHERE relkind = 'v') AS made
  JOIN pg_namespace AS n ON n.oid = namespace
  WHERE nspname !~ '^pg_|^information_schema$' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = made.oid AND deptype = 'e')`);

/**
 * Objects that an earlier program created for parcels and for a view: a table and a function each, and two states in
 * one table.
 */
const FORMER_TILES = `
  CREATE TABLE tile."land.parcel" ("diaba key" int8); CREATE TABLE tile."land.parcel mosaic" (level int); CREATE TABLE tile."land.parcel next" (level int);
  INSERT INTO tile.derived (layer, fingerprint) VALUES ('land.parcel', 'a'), ('land.parcel mosaic', 'a'), ('environment.station_status', 'b');
  INSERT INTO tile.mosaic (layer, class, top, bottom, target, maker) VALUES ('land.parcel', 'main_use', 14, 8, 'land.parcel next', 'somebody');
  CREATE FUNCTION tile."land.parcel changed"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER diaba_tile_insert AFTER INSERT ON land.parcel FOR EACH STATEMENT EXECUTE FUNCTION tile."land.parcel changed"()`;

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
    // Run while all others exist, each body is checked: everything that it refers to must exist.
    for (const { text } of definitions) await db.script(text);
  });

  it.skipIf(skip)('is the same in a database that an earlier program created', async () => {
    db = await open();
    const former = readMigrations().filter(({ version }) => version <= LAST_WITH_FUNCTIONS);
    expect(await migrate(db, former, [])).toHaveLength(LAST_WITH_FUNCTIONS);
    await db.script(FORMER_TILES);
    await migrate(db);
    await expect(await describeSchema(db)).toMatchFileSnapshot(GOLDEN);
    // The complete mosaic is shown until the next start has rebuilt it.
    expect(await db.query(raw('SELECT layer, fingerprint, key FROM tile.derived ORDER BY layer'))).toEqual([
      { layer: 'environment.station_status', fingerprint: 'former', key: null },
      { layer: 'land.parcel', fingerprint: 'former', key: null },
    ]);
    expect(await db.query(raw('SELECT source, shown, target, fingerprint, maker FROM tile.mosaic'))).toEqual([
      {
        source: 'land.parcel',
        shown: 'mosaic land.parcel',
        target: 'mosaic land.parcel',
        fingerprint: null,
        maker: null,
      },
    ]);
    const left = await db.query<{ name: string }>(
      raw(`SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'tile'::regnamespace AND relname LIKE '%land.parcel%' AND relkind = 'r' ORDER BY name`),
    );
    expect(left.map(({ name }) => name)).toEqual(['land.parcel', 'mosaic land.parcel']);
    expect(await db.query(raw(`SELECT FROM pg_trigger WHERE tgname LIKE 'diaba%'`))).toEqual([]);
  });
});
