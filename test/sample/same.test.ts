/** One seed gives the same province on both engines, to the last digit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, SAMPLE_PARCELS } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { loadReference } from '../../src/database/reference.ts';
import { ident, sql } from '../../src/database/sql.ts';
import { loadSample } from '../../src/sample/load.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { filled } from '../filled.ts';

const TABLES = sql`SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
  WHERE table_schema IN ('base', 'land', 'environment') AND table_type = 'BASE TABLE' ORDER BY 1, 2`;

describe.skipIf(!hasPostgres())('the sample', () => {
  let databases: Database[];

  beforeAll(async () => {
    const url = await copyPostgres('template1');
    databases = [await openEmbedded(), await openPostgres({ url, poolSize: 1, statementTimeout: 60_000 })];
    for (const db of databases) {
      await migrate(db);
      await loadReference(db);
      await loadSample(db, { parcels: 600, now: new Date('2026-01-31T07:20:00Z') });
    }
  }, 240_000);
  afterAll(async () => {
    for (const db of databases ?? []) await db.close();
  });

  it('is the same on both engines', async () => {
    const [tables, others] = await Promise.all(
      databases.map((db) => db.query<{ schema: string; name: string }>(TABLES)),
    );
    expect(others).toEqual(tables);
    for (const { schema, name } of filled(tables ?? [])) {
      // Rows as text, geometries as the bytes of their doubles.
      const rows = sql`SELECT r::text AS row FROM ${ident(schema, name)} AS r ORDER BY 1`;
      const [embedded, postgres] = await Promise.all(databases.map((db) => db.query<{ row: string }>(rows)));
      expect.soft(postgres!.length, `${schema}.${name}`).toBe(embedded!.length);
      const different = embedded!.filter(({ row }, index) => row !== postgres![index]?.row);
      expect.soft(different.slice(0, 1), `${schema}.${name}: ${different.length} rows`).toEqual([]);
    }
  });
});

it('has one default size, whoever loads it', () => {
  expect(readConfig({}).sampleParcels).toBe(SAMPLE_PARCELS);
});
