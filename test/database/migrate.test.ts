import { expect, it } from 'vitest';
import { readDefinitions } from '../../src/database/definitions.ts';
import { migrate, readMigrations } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { BootError } from '../../src/lib/errors.ts';
import { copyPostgres, describeEngines, hasPostgres } from '../engine.ts';

const EVERYTHING = [...readMigrations(), ...readDefinitions()].map(({ name }) => name);

describeEngines('migrations', (engine) => {
  it('are done once', async () => {
    expect(await migrate(engine.db)).toEqual([]);
  });

  it('refuse a database that is newer than the program', async () => {
    const older = readMigrations().slice(0, -1);
    const refusal = await migrate(engine.db, older).catch((error) => error);
    expect(refusal).toBeInstanceOf(BootError);
    expect(refusal.message).toMatch(/newer than this program .*Update diaba/);
  });

  it('leave nothing behind when one fails', async () => {
    const version = (readMigrations().at(-1)?.version ?? 0) + 1;
    const broken = { version, name: 'broken', text: 'CREATE TABLE base.half (id int); SELECT 1 / 0' };
    await expect(migrate(engine.db, [...readMigrations(), broken])).rejects.toThrow('division by zero');
    expect(await engine.db.query(sql`SELECT to_regclass('base.half') AS table`)).toEqual([{ table: null }]);
  });
});

it.skipIf(!hasPostgres())('are safe from two instances at once', async () => {
  const url = await copyPostgres('template1');
  const open = () => openPostgres({ url, poolSize: 2, statementTimeout: 30_000 });
  // PostGIS itself is created by whoever opens first.
  const first = await open();
  const second = await open();
  const applied = await Promise.all([migrate(first), migrate(second)]);
  expect(applied.flat()).toEqual(EVERYTHING);
  await Promise.all([first.close(), second.close()]);
});

it.skipIf(!hasPostgres())(
  'are safe from six instances at once that find no PostGIS',
  async () => {
    const url = await copyPostgres('template0');
    const opened = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async () => {
        const db = await openPostgres({ url, poolSize: 1, statementTimeout: 30_000 });
        return { db, applied: await migrate(db) };
      }),
    );
    expect(opened.flatMap(({ applied }) => applied)).toEqual(EVERYTHING);
    for (const { db } of opened) await db.close();
  },
  240_000,
);
