import { beforeEach, expect, it } from 'vitest';
import { type Definition, readDefinitions } from '../../src/database/definitions.ts';
import { migrate, readMigrations } from '../../src/database/migrate.ts';
import { sql } from '../../src/database/sql.ts';
import { BootError } from '../../src/lib/errors.ts';
import { describeEngines } from '../engine.ts';

describeEngines('functions and views', (engine) => {
  const definitions = readDefinitions();
  beforeEach(async () => {
    await engine.db.script(`UPDATE catalog.definition SET version = '0.0.1'`);
    await migrate(engine.db);
  });

  const width = async () => (await engine.db.query<{ width: number }>(sql`SELECT tile.width(0) AS width`))[0]?.width;
  const changed = (name: string, text: string): Definition[] =>
    definitions.map((each) => (each.name === name ? { name, text, hash: `of ${text}` } : each));
  const narrow = changed(
    'tile.width',
    `CREATE OR REPLACE FUNCTION tile.width(zoom integer) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 1.0::float8'`,
  );

  it('are applied again where their text has changed, and no others', async () => {
    expect(await migrate(engine.db, readMigrations(), narrow)).toEqual(['tile.width']);
    expect(await width()).toBe(1);
    expect(await migrate(engine.db, readMigrations(), narrow)).toEqual([]);
    expect(await migrate(engine.db)).toEqual(['tile.width']);
    expect(await width()).toBeCloseTo(40075016.685578488, 6);
  });

  it('are all applied after a migration, which may have dropped what they stand on', async () => {
    const drop = {
      version: (readMigrations().at(-1)?.version ?? 0) + 1,
      name: 'drop',
      text: 'DROP VIEW environment.station_status; DROP FUNCTION environment.nowcast',
    };
    expect(await migrate(engine.db, [...readMigrations(), drop])).toEqual([
      'drop',
      ...definitions.map(({ name }) => name),
    ]);
    expect(await engine.db.query(sql`SELECT count(*) > 50 AS "areThere" FROM environment.station_status`)).toEqual([
      { areThere: true },
    ]);
    await engine.db.script(`DELETE FROM catalog.migration WHERE name = 'drop'`);
  });

  it('may call what is created after them', async () => {
    const calling = {
      name: 'tile.a',
      text: `CREATE OR REPLACE FUNCTION tile.a() RETURNS integer LANGUAGE sql AS 'SELECT tile.b()'`,
      hash: 'a',
    };
    const called = {
      name: 'tile.b',
      text: `CREATE OR REPLACE FUNCTION tile.b() RETURNS integer LANGUAGE sql AS 'SELECT 7'`,
      hash: 'b',
    };
    await migrate(engine.db, readMigrations(), [...definitions, calling, called]);
    expect(await engine.db.query(sql`SELECT tile.a() AS a`)).toEqual([{ a: 7 }]);
  });

  it('of a newer program are not replaced by an older one', async () => {
    await migrate(engine.db, readMigrations(), narrow);
    await engine.db.script(`UPDATE catalog.definition SET version = '99.0.0'`);
    const refusal = await migrate(engine.db).catch((error) => error);
    expect(refusal).toBeInstanceOf(BootError);
    expect(refusal.message).toMatch(/has tile\.width of diaba 99\.0\.0, newer than this program .*Update diaba/);
    expect(await width()).toBe(1);
    // The same text is the same function, whoever applied it.
    expect(await migrate(engine.db, readMigrations(), narrow)).toEqual([]);
  });

  it('stay as they were where one of them fails', async () => {
    const broken = changed('tile.width', 'SELECT 1 / 0');
    const area = broken.map((each) => (each.name === 'tile.area' ? { ...each, hash: 'another' } : each));
    await expect(migrate(engine.db, readMigrations(), area)).rejects.toThrow('division by zero');
    expect(await migrate(engine.db)).toEqual([]);
  });
});
