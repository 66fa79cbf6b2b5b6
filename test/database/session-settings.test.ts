/** Settings of a database or a role must not affect any answer. */
import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { ident, literal, raw, sql } from '../../src/database/sql.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const NASTY: Readonly<Record<string, string>> = {
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'America/St_Johns',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  search_path: 'nowhere',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  quote_all_identifiers: 'on',
  transform_null_equals: 'on',
  xmlbinary: 'hex',
  xmloption: 'document',
  row_security: 'off',
  gin_fuzzy_search_limit: '1',
  default_transaction_isolation: 'serializable',
  lock_timeout: '1ms',
  statement_timeout: '200ms',
  idle_in_transaction_session_timeout: '1ms',
  idle_session_timeout: '300ms',
};

const ITEMS = '/collections/odd.field_types/items';
const GET_FEATURE = '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=odd.field_types';
/** A request to each face, with reading and with comparing. */
const QUESTIONS = [
  `${ITEMS}?f=json`,
  `${ITEMS}?f=json&datetime=2025-07-01T00:00:00Z/..`,
  `${ITEMS}?f=csv`,
  `${ITEMS}?f=geojson`,
  `${ITEMS}?f=geojsonseq`,
  '/collections/land.parcel/items?f=fgb&bbox=106.40,11.33,106.41,11.34',
  `${ITEMS}/1`,
  `${ITEMS}?f=json&filter=${encodeURIComponent("day = DATE('2025-07-01') AND at >= TIMESTAMP('2025-07-01T00:00:00Z')")}`,
  `${ITEMS}?f=json&filter=${encodeURIComponent("day = DATE('2025-02-03')")}`,
  GET_FEATURE,
  `${GET_FEATURE}&outputFormat=application/json`,
  '/xyz/odd.field_types/14/13046/7682.mvt',
  '/collections/land.parcel/items?limit=3&f=csv',
  '/parcels?q=1+1',
  '/xyz/land.parcel/12/3261/1922.mvt',
];

interface Kind {
  readonly name: string;
  readonly skip: boolean;
  /** Opens the sample with the odd table, and again with nasty settings. */
  open(): Promise<readonly [plain: Database, nasty: Database]>;
}

async function fill(db: Database): Promise<void> {
  await db.script('CREATE SCHEMA odd');
  await db.script(readFileSync(new URL('../fixtures/field-types.sql', import.meta.url), 'utf8'));
}

async function makeNasty(db: Database): Promise<void> {
  const [row] = await db.query<{ name: string }>(sql`SELECT current_database() AS name`);
  for (const [name, value] of Object.entries(NASTY))
    await db.query(sql`ALTER DATABASE ${ident(row!.name)} SET ${raw(name)} = ${literal(value)}`);
}

const KINDS: readonly Kind[] = [
  {
    name: 'embedded',
    skip: false,
    open: async () => {
      const plain = await openEmbedded({ snapshot: readFileSync(inject('snapshot')) });
      await fill(plain);
      const first = await openEmbedded({ snapshot: await plain.dump() });
      await makeNasty(first);
      const snapshot = await first.dump();
      await first.close();
      return [plain, await openEmbedded({ snapshot })];
    },
  },
  {
    name: 'postgres',
    skip: !hasPostgres(),
    open: async () => {
      const options = { poolSize: 2, statementTimeout: 30_000 };
      const [url, nastyUrl] = [await copyPostgres(), await copyPostgres()];
      const plain = await openPostgres({ url, ...options });
      const first = await openPostgres({ url: nastyUrl, ...options });
      for (const db of [plain, first]) await fill(db);
      await makeNasty(first);
      await first.close();
      return [plain, await openPostgres({ url: nastyUrl, ...options })];
    },
  },
];

describe.each(KINDS.filter(({ skip }) => !skip))('settings of the database ($name)', ({ open }) => {
  let databases: readonly Database[];
  let apps: readonly TestApp[];

  beforeAll(async () => {
    databases = await open();
    apps = await Promise.all(
      databases.map((db) => openApp(db, { DIABA_SCHEMAS: 'odd,base,land,environment', DIABA_PUBLIC_URL: 'http://x' })),
    );
  }, 240_000);
  afterAll(async () => {
    for (const { close } of apps ?? []) await close();
    for (const db of databases ?? []) await db.close();
  });

  it.each(QUESTIONS)('leave no trace in %s', async (path) => {
    const [plain, nasty] = await Promise.all(
      apps.map(async ({ app }) => {
        const { status, body, text } = await request(app).get(path).buffer(true);
        return { status, answer: stable(text ?? JSON.stringify(body)) };
      }),
    );
    expect(plain?.status).toBe(200);
    expect(nasty).toEqual(plain);
  });

  it('leave none in a transaction, a stream or a session of many statements', async () => {
    const question = sql`SELECT '2025-07-01'::timestamptz::text AS at, '1 day 02:03'::interval::text AS span,
      (0.1::float8 + 0.2)::text AS sum, '\\x00ff'::bytea::text AS bytes, current_setting('search_path') AS path,
      current_setting('transaction_isolation') AS isolation`;
    const right = {
      at: '2025-07-01 00:00:00+00',
      span: '1 day 02:03:00',
      sum: '0.30000000000000004',
      bytes: '\\x00ff',
      path: 'public',
      isolation: 'read committed',
    };
    for (const db of databases) {
      expect(await db.query(question)).toEqual([right]);
      expect(await db.transaction((session) => session.query(question))).toEqual([right]);
      for await (const row of db.stream(question)) expect(row).toEqual(right);
      const listener = await db.listen('tin', () => {});
      expect(await listener.query(question)).toEqual([right]);
      await listener.stop();
    }
  });
});

/** Removes the times of an answer. */
function stable(text: string): string {
  return text.replaceAll(/"timeStamp":\s?"[^"]*"|timeStamp="[^"]*"/g, '');
}

it.skipIf(!hasPostgres())('PostGIS may lie in a schema of its own', async () => {
  const url = await copyPostgres('template1');
  const options = { url, poolSize: 1, statementTimeout: 30_000 };
  const first = await openPostgres(options);
  await first.script('DROP EXTENSION postgis; CREATE SCHEMA "Mở rộng"; CREATE EXTENSION postgis SCHEMA "Mở rộng"');
  await first.close();
  const second = await openPostgres(options);
  expect(await second.query(sql`SELECT ST_AsText(ST_Point(1, 2)) AS text`)).toEqual([{ text: 'POINT(1 2)' }]);
  await second.close();
});
