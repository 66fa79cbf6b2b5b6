import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';
import { Undo } from './undo.ts';

let db: Database;
let undo: Undo;
beforeAll(async () => {
  db = await borrowEmbedded();
  undo = await Undo.of(db);
});
afterAll(() => giveBack(db));

it('drops what has been added, wherever it is, and puts back what counts', async () => {
  await db.script(`CREATE SCHEMA more; CREATE TYPE more.level AS ENUM ('low'); CREATE DOMAIN base.short AS text;
    CREATE TABLE more.made (id int PRIMARY KEY, level more.level, note base.short); CREATE TABLE land.made (id serial);
    CREATE VIEW base.made AS SELECT * FROM land.made; CREATE SEQUENCE base.made_too;
    CREATE FUNCTION base.doubled(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
    INSERT INTO tile.derived (layer, name, fingerprint) VALUES ('more.made', 'more.made', 'x'); SELECT tile.lose('more.made'); SELECT nextval('land.parcel_id_seq')`);
  expect(await undo.run()).toBe(true);
  expect(
    await db.query(sql`SELECT to_regclass('land.made') AS made, to_regclass('base.made_too') AS too, to_regtype('base.short') AS short,
      to_regproc('base.doubled') AS doubled, to_regnamespace('more') AS more, (SELECT count(*)::int FROM tile.stale) AS stale`),
  ).toEqual([{ made: null, too: null, short: null, doubled: null, more: null, stale: 0 }]);
});

it.each([
  'ALTER TABLE base.place ALTER rank SET DEFAULT 7',
  'ALTER TABLE base.place SET (fillfactor = 50)',
  'GRANT UPDATE ON base.place TO PUBLIC',
  'ALTER DATABASE postgres SET "DateStyle" = \'German\'',
  'SET "TimeZone" = \'Asia/Tokyo\'',
])('says of %s that not all is as before', async (change) => {
  await db.query(raw(change));
  expect(await undo.run()).toBe(false);
  undo = await Undo.of(db);
  expect(await undo.run()).toBe(true);
});

it.each([
  "UPDATE base.place SET name = 'x' WHERE id = 1",
  'DELETE FROM base.place WHERE id = 2',
  "UPDATE base.unit SET name = 'x' WHERE code = (SELECT min(code) FROM base.unit)",
  'DELETE FROM land.parcel WHERE id < 100',
  // Their derived rows are emptied in the same way, which gives the tables new files.
  'TRUNCATE base.place',
])('restores the rows after %s, and those that were derived from them', async (change) => {
  const rows = () =>
    db.query(
      raw(
        ['base.place', 'base.unit', 'land.parcel', 'tile."base.place"', 'tile."land.parcel"']
          .map(
            (name) =>
              `SELECT '${name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) AS rows FROM ${name} AS t`,
          )
          .join(' UNION ALL '),
      ),
    );
  const before = await rows();
  await db.query(raw(change));
  expect(await rows()).not.toEqual(before);
  expect(await undo.run()).toBe(true);
  expect(await rows()).toEqual(before);
  expect(await undo.run()).toBe(true);
});
