import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Database } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { raw } from '../../src/database/sql.ts';
import { copyPostgres, describeBareEngines, hasPostgres } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

/** Returns the reasons why layers of a schema are not served. */
async function reasonsOf(
  db: Database,
  schemas: readonly string[],
): Promise<Record<string, { vi: string; en: string }>> {
  const { skipped } = await discover(db, schemas);
  return Object.fromEntries(skipped.map(({ id, reason }) => [id, reason]));
}

describeBareEngines('what cannot be read', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`CREATE SCHEMA odd;
      CREATE TABLE odd.plain (id integer PRIMARY KEY, geom geometry(Point, 9210));
      INSERT INTO odd.plain VALUES (1, 'SRID=9210;POINT(600000 1220000)');
      CREATE MATERIALIZED VIEW odd.unfilled AS SELECT * FROM odd.plain WITH NO DATA;
      CREATE VIEW odd.over_unfilled AS SELECT * FROM odd.unfilled;
      INSERT INTO spatial_ref_sys VALUES (998001, NULL, NULL, '', '+proj=nonsense +no_defs');
      ALTER TABLE spatial_ref_sys DISABLE TRIGGER ALL;
      CREATE TABLE odd.unknown_system (id integer PRIMARY KEY, geom geometry(Point, 998002));
      INSERT INTO odd.unknown_system VALUES (1, ST_SetSRID(ST_Point(1, 1), 998002));
      CREATE TABLE odd.empty_unknown_system (id integer PRIMARY KEY, geom geometry(Point, 998002));
      CREATE TABLE odd.wrong_system (id integer PRIMARY KEY, geom geometry(Point, 998001));
      INSERT INTO odd.wrong_system VALUES (1, ST_SetSRID(ST_Point(1, 1), 998001));
      CREATE VIEW odd.failing AS SELECT id, ST_SetSRID(ST_Point(1 / (id - 1), 1), 9210)::geometry(Point, 9210) AS geom FROM odd.plain`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  it('is not listed, and says why in both languages', async () => {
    const reasons = await reasonsOf(engine.db, ['odd']);
    expect(Object.keys(reasons).sort()).toEqual(
      ['empty_unknown_system', 'failing', 'over_unfilled', 'unfilled', 'unknown_system', 'wrong_system'].map(
        (name) => `odd.${name}`,
      ),
    );
    expect(reasons['odd.unfilled']).toEqual({
      vi: 'chưa có dữ liệu; chạy REFRESH MATERIALIZED VIEW',
      en: 'it holds no data yet; run REFRESH MATERIALIZED VIEW',
    });
    expect(reasons['odd.over_unfilled']?.en).toMatch(/^made from what holds no data yet/);
    expect(reasons['odd.failing']?.vi).toMatch(/^không đọc được \(division by zero\)/);
    for (const name of ['unknown_system', 'empty_unknown_system'])
      expect(reasons[`odd.${name}`]?.en).toMatch(/SRID 998002\) is not in spatial_ref_sys/);
    expect(reasons['odd.wrong_system']?.vi).toMatch(/SRID 998001/);
    await request(test.app).get('/collections/odd.unfilled/items').expect(404);
    await request(test.app).get('/collections/odd.plain/items').expect(200);
  });

  it('is listed once it can be read', async () => {
    await engine.db.script('REFRESH MATERIALIZED VIEW odd.unfilled');
    await test.services.catalog.refresh();
    for (const name of ['unfilled', 'over_unfilled']) {
      const { body } = await request(test.app).get(`/collections/odd.${name}/items`).expect(200);
      expect(body.features.length).toBe(1);
    }
  });
});

describe.skipIf(!hasPostgres())('what a role may not read (postgres)', () => {
  let owner: Database;
  let reader: Database;
  beforeAll(async () => {
    const url = await copyPostgres();
    owner = await openPostgres({ url, poolSize: 1, statementTimeout: 30_000 });
    await owner.script(`CREATE ROLE odd_reader LOGIN; CREATE SCHEMA odd; CREATE SCHEMA hidden;
      CREATE TABLE odd.readable (id integer PRIMARY KEY, geom geometry(Point, 9210));
      CREATE TABLE odd.secret (id integer PRIMARY KEY, geom geometry(Point, 9210));
      CREATE TABLE odd.part (id integer PRIMARY KEY, owner_name text, geom geometry(Point, 9210));
      CREATE VIEW odd.of_owner AS SELECT * FROM odd.secret;
      CREATE VIEW odd.of_invoker WITH (security_invoker) AS SELECT * FROM odd.secret;
      CREATE TABLE hidden.within (id integer PRIMARY KEY, geom geometry(Point, 9210));
      GRANT USAGE ON SCHEMA odd, catalog TO odd_reader; GRANT SELECT ON ALL TABLES IN SCHEMA catalog TO odd_reader;
      GRANT SELECT ON odd.readable, odd.of_owner, odd.of_invoker, hidden.within TO odd_reader; GRANT SELECT (id, geom) ON odd.part TO odd_reader;
      CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw;
      CREATE SERVER nowhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'x');
      CREATE USER MAPPING FOR PUBLIC SERVER nowhere OPTIONS (user 'x', password 'x');
      CREATE FOREIGN TABLE odd.abroad (id integer, geom geometry(Point, 9210)) SERVER nowhere;
      CREATE VIEW odd.over_abroad AS SELECT id, geom FROM odd.abroad;
      CREATE TABLE odd.split (id integer, kind text, geom geometry(Point, 9210)) PARTITION BY LIST (kind);
      CREATE FOREIGN TABLE odd.split_abroad PARTITION OF odd.split FOR VALUES IN ('a') SERVER nowhere;
      CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE odd.no_file (id integer, geom geometry(Point, 9210)) SERVER files OPTIONS (filename '/nowhere/at-all.csv', format 'csv');
      GRANT SELECT ON odd.abroad, odd.over_abroad, odd.split, odd.no_file TO odd_reader`);
    reader = await openPostgres({
      url: url.replace('postgres@', 'odd_reader@'),
      poolSize: 2,
      statementTimeout: 30_000,
    });
  });
  afterAll(async () => {
    await reader?.close();
    await owner?.script('DROP OWNED BY odd_reader; DROP ROLE odd_reader');
    await owner?.close();
  });

  it('is not listed, and the rest is', async () => {
    const { layers } = await discover(reader, ['odd', 'hidden']);
    expect([...layers.keys()]).toEqual(['odd.of_owner', 'odd.readable']);
    const reasons = await reasonsOf(reader, ['odd', 'hidden']);
    expect(reasons['hidden.within']?.vi).toBe('không có quyền USAGE trên schema "hidden"');
    expect(reasons['odd.secret']?.en).toBe('no right to read it (SELECT)');
    expect(reasons['odd.part']?.en).toBe('no right to read it (SELECT)');
    expect(reasons['odd.of_invoker']?.vi).toMatch(/^không có quyền đọc nơi lấy dữ liệu/);
    for (const name of ['abroad', 'over_abroad', 'split', 'no_file']) {
      expect(reasons[`odd.${name}`]?.en, name).toMatch(/cannot be read|foreign server/);
    }
  });

  it('is listed and gone as rights are given and taken, without a failing answer', async () => {
    const test = await openApp(reader, { DIABA_SCHEMAS: 'odd' });
    const status = async () => (await request(test.app).get('/collections/odd.of_invoker/items')).status;
    expect(await status()).toBe(404);
    await owner.query(raw('GRANT SELECT ON odd.secret TO odd_reader'));
    await test.services.catalog.refresh();
    expect(await status()).toBe(200);
    await owner.query(raw('REVOKE SELECT ON odd.secret FROM odd_reader'));
    expect(await status()).toBe(404);
    await test.close();
  });
});
