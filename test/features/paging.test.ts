import type { Feature } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Layer } from '../../src/catalog/layer.ts';
import { sortableFields } from '../../src/features/sort.ts';
import { createOddTables } from '../catalog/odd-tables.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

/** Layers of test/fixtures/no-true-key.sql, with their numbers of rows. */
const ROWS = {
  ids_repeated: 14,
  ids_null: 5,
  ids_json: 14,
  ids_given: 14,
  parent: 12,
  child: 8,
  split: 15,
  split_key: 8,
  index_partial: 7,
  index_nullable: 7,
  index_expression: 5,
  index_included: 4,
  key_deferrable: 4,
  key_bits: 8,
  key_list: 4,
  key_number: 7,
  key_double: 7,
  sorted: 8,
};

describeBareEngines('pages', (engine) => {
  let test: TestApp;
  let layers: Map<string, Layer>;
  beforeAll(async () => {
    await createOddTables(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    const { layers: tables, functions } = test.services.catalog.current();
    layers = new Map([...tables, ...functions]);
  });
  afterAll(() => test?.close());

  const layerOf = (table: string) => layers.get(`odd.${table}`) as Layer;
  const read = async (path: string) => {
    const { status, body, text } = await request(test.app).get(path);
    if (status !== 200) throw new Error(`${status} ${path} ${text.slice(0, 300)}`);
    return body;
  };
  const nextOf = ({ links }: { links: { rel: string; href: string }[] }) => {
    const href = links.find(({ rel }) => rel === 'next')?.href;
    return href && new URL(href).pathname + new URL(href).search;
  };
  /** Identifies a row by everything that distinguishes it. */
  const nameOf = ({ id, properties, geometry }: Feature) => JSON.stringify([id, properties, geometry]);

  /** Reads every feature by following `next`. */
  async function walk(first: string, limit: number): Promise<string[]> {
    const rows: string[] = [];
    for (let path: string | undefined = first; path; ) {
      const page: { features: Feature[]; links: { rel: string; href: string }[] } = await read(path);
      expect(page.features.length).toBeLessThanOrEqual(limit);
      rows.push(...page.features.map(nameOf));
      path = nextOf(page);
    }
    return rows;
  }

  it.each(Object.entries(ROWS))('of %s give each of its %i rows once, whatever their size', async (table, count) => {
    const path = `/collections/odd.${table}/items`;
    const { features } = await read(`${path}?f=geojson`);
    const all = features.map(nameOf).sort();
    expect(all.length).toBe(count);
    for (const limit of [1, 2, 3, 100]) {
      expect([limit, (await walk(`${path}?limit=${limit}&f=json`, limit)).sort()]).toEqual([limit, all]);
    }
    expect((await read(`${path}?limit=1`)).numberMatched).toBe(count);
  });

  it.each(Object.keys(ROWS))(
    'of %s give each row once in every order',
    async (table) => {
      const path = `/collections/odd.${table}/items`;
      const all = (await read(`${path}?f=geojson`)).features.map(nameOf).sort();
      const names = sortableFields([...layerOf(table).fields]).map(({ name }) => name);
      const orders = [
        ...names.flatMap((name) => [`+${name}`, `-${name}`]),
        names
          .slice(0, 2)
          .map((name) => `-${name}`)
          .join(),
      ];
      const given = orders.filter((each) => each !== '');
      // A list is no sort key.
      expect(given.length === 0).toBe(table === 'key_list');
      for (const sortby of given) {
        const whole = (await read(`${path}?f=json&limit=100&sortby=${encodeURIComponent(sortby)}`)).features.map(
          nameOf,
        );
        for (const limit of [1, 2, 3]) {
          const rows = await walk(`${path}?limit=${limit}&f=json&sortby=${encodeURIComponent(sortby)}`, limit);
          expect([sortby, limit, rows]).toEqual([sortby, limit, whole]);
        }
        expect([sortby, whole.sort()]).toEqual([sortby, all]);
      }
    },
    240_000,
  );

  it.each(Object.keys(ROWS).filter((table) => table !== 'ids_given'))(
    'of WFS give each row of %s once',
    async (table) => {
      const count = ROWS[table as keyof typeof ROWS];
      const ask = `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=odd.${table}&outputFormat=application/json`;
      const all = (await read(ask)).features.map(nameOf).sort();
      expect(all.length).toBe(count);
      const names = sortableFields([...layerOf(table).fields]).map(({ name }) => name);
      for (const order of ['', ...names.flatMap((name) => [`&sortBy=${name}%20ASC`, `&sortBy=${name}%20DESC`])]) {
        for (const size of [1, 2, 3]) {
          const rows: string[] = [];
          for (let start = 0; start < count; start += size) {
            const { features } = await read(`${ask}&startIndex=${start}&count=${size}${order}`);
            rows.push(...features.map(nameOf));
          }
          expect([order, size, rows.sort()]).toEqual([order, size, all]);
        }
      }
    },
    240_000,
  );

  it('find each row again by its id, where a layer has ids', async () => {
    for (const table of Object.keys(ROWS)) {
      if (table === 'ids_given') continue;
      const path = `/collections/odd.${table}/items`;
      const { features } = await read(`${path}?limit=100`);
      expect([table, new Set(features.map(({ id }: Feature) => id)).size]).toEqual([table, features.length]);
      for (const feature of features) {
        const found = await read(`${path}/${encodeURIComponent(feature.id)}`);
        expect([table, nameOf(found)]).toEqual([table, nameOf(feature)]);
      }
    }
  }, 240_000);

  it('of a view whose ids begin to repeat after they were found to be keys give each row once', async () => {
    await engine.db.script(`INSERT INTO odd.view_source SELECT CASE i % 4 WHEN 0 THEN NULL ELSE 3 END, 'again ' || i, 'SRID=9210;POINT(600000 1220000)'
      FROM generate_series(1, 40) AS i`);
    // Beside a view that fails, the server discovers every 30 s. With the same definitions a walk goes on.
    const next = nextOf(await read('/collections/odd.view_with_id/items?limit=20&f=json'));
    await test.services.catalog.refresh();
    expect((await read(String(next))).features.length).toBe(20);
    for (const size of [1, 2, 3, 7, 30]) {
      const rows = await walk(`/collections/odd.view_with_id/items?limit=${size}&f=json`, size);
      expect([size, rows.length, new Set(rows).size]).toEqual([size, 47, 47]);
      const ask =
        '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=odd.view_with_id&outputFormat=application/json';
      const names = new Set<string>();
      for (let start = 0; start < 47; start += size) {
        const { features } = await read(`${ask}&startIndex=${start}&count=${size}`);
        for (const feature of features) names.add(nameOf(feature));
      }
      expect([size, names.size]).toEqual([size, 47]);
    }
  });

  it('are refused where the cursor is of another kind of key', async () => {
    const cursor = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
    const status = async (table: string, values: unknown[]) =>
      (await request(test.app).get(`/collections/odd.${table}/items?cursor=${cursor(values)}`)).status;
    expect(await status('ids_given', ['1'])).toBe(400);
    expect(await status('ids_given', ['1', -1])).toBe(400);
    expect(await status('ids_given', ['1', 1e300])).toBe(400);
    expect(await status('ids_given', ['1', 1])).toBe(200);
    expect(await status('split_key', [null, 'a'])).toBe(400);
    expect(await status('parent', ['(0,1)'])).toBe(400);
  });
});
