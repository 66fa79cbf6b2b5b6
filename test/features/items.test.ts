import type { FeatureCollection } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

interface Page extends FeatureCollection {
  readonly numberMatched?: number;
  readonly numberReturned: number;
  readonly timeStamp: string;
  readonly links: readonly { rel: string; href: string; type: string }[];
}

const ROWS = 12_000;

describeBareEngines('items', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.many (id integer PRIMARY KEY, name text, day date, at timestamptz, geom geometry(Point, 9210));
      INSERT INTO odd.many SELECT i * 2, 'n' || i % 10, date '2025-01-01' + i % 365, NULL,
        ST_SetSRID(ST_Point(600000 + i % 120 * 100, 1230000 + i / 120 * 100), 9210) FROM generate_series(1, ${ROWS}) AS i;
      CREATE INDEX ON odd.many USING gist (geom);
      CREATE TABLE odd.pairs (code text, day date, geom geometry(Point, 9210), PRIMARY KEY (code, day));
      INSERT INTO odd.pairs SELECT 'c' || i % 50, date '2025-01-01' + i / 50, ST_SetSRID(ST_Point(600000 + i, 1230000), 9210)
        FROM generate_series(1, 500) AS i;
      CREATE VIEW odd.equal_rows AS SELECT 'x' AS name, geom FROM odd.pairs WHERE code < 'c2';`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const read = async (path: string): Promise<Page> => (await request(test.app).get(path).expect(200)).body;
  const nextOf = ({ links }: Page): string | undefined => {
    const href = links.find(({ rel }) => rel === 'next')?.href;
    return href && new URL(href).pathname + new URL(href).search;
  };
  async function walk(path: string, between?: (page: number) => Promise<unknown>): Promise<unknown[]> {
    const ids: unknown[] = [];
    let next: string | undefined = path;
    for (let pages = 1; next; pages++) {
      const page: Page = await read(next);
      ids.push(...page.features.map(({ id }) => id));
      await between?.(pages);
      next = nextOf(page);
    }
    return ids;
  }

  it('gives 100 features, at most 10 000, and says how many there are', async () => {
    const page = await read('/collections/odd.many/items');
    expect(page).toMatchObject({ type: 'FeatureCollection', numberMatched: ROWS, numberReturned: 100 });
    expect(page.features).toHaveLength(100);
    expect(Date.parse(page.timeStamp)).toBeGreaterThan(Date.now() - 60_000);
    for (const limit of ['10000', '10001', '999999999999999999999']) {
      expect((await read(`/collections/odd.many/items?limit=${limit}`)).numberReturned).toBe(10_000);
    }
  });

  it('pages through every row once while rows are added before, after and between', async () => {
    let added = 0;
    const ids = await walk('/collections/odd.many/items?limit=1500', async (page) => {
      const rows = [-page, ROWS * 2 + page * 2, page * 3000 + 1];
      added += rows.length;
      await engine.db.query(
        sql`INSERT INTO odd.many (id, geom) SELECT id, 'SRID=9210;POINT(600000 1230000)' FROM unnest(${rows}::int[]) AS id`,
      );
    });
    expect(added).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
    const original = new Set(ids.filter((id) => Number(id) > 0 && Number(id) % 2 === 0 && Number(id) <= ROWS * 2));
    expect(original.size).toBe(ROWS);
    await engine.db.query(sql`DELETE FROM odd.many WHERE name IS NULL`);
  });

  it('pages by composite keys, and through rows that are equal', async () => {
    const pairs = await walk('/collections/odd.pairs/items?limit=37');
    expect(new Set(pairs).size).toBe(500);
    expect(pairs[0]).toBe('c0:2025-01-02');
    const { numberMatched } = await read('/collections/odd.equal_rows/items?limit=1');
    const equal = await walk('/collections/odd.equal_rows/items?limit=7');
    expect(new Set(equal).size).toBe(numberMatched);
  });

  it('keeps the conditions from page to page', async () => {
    const ids = await walk('/collections/odd.many/items?name=n3&bbox=106.66,11.11,106.70,11.13&limit=11');
    const [{ count } = { count: 0 }] = await engine.db.query<{ count: number }>(sql`
      SELECT count(*) FROM odd.many WHERE name = 'n3'
        AND ST_Intersects(ST_Transform(geom, 4326), ST_MakeEnvelope(106.66, 11.11, 106.70, 11.13, 4326))`);
    expect(count).toBeGreaterThan(30);
    expect(new Set(ids).size).toBe(count);
  });

  it('finds by box what a query in longitude and latitude finds, across the antimeridian too', async () => {
    const whole = await read('/collections/odd.many/items?bbox=-180,-90,180,90&limit=1');
    expect(whole.numberMatched).toBe(ROWS);
    const flat = await read('/collections/odd.many/items?bbox=106.7,11.1,106.72,11.2&limit=1');
    const high = await read('/collections/odd.many/items?bbox=106.7,11.1,-5,106.72,11.2,5&limit=1');
    expect(flat.numberMatched).toBeGreaterThan(500);
    expect(high.numberMatched).toBe(flat.numberMatched);
    expect((await read('/collections/odd.many/items?bbox=106,10,-170,20&limit=1')).numberMatched).toBe(ROWS);
    expect((await read('/collections/odd.many/items?bbox=170,10,-170,20&limit=1')).numberMatched).toBe(0);
  });

  it.each([
    ['2025-01-02', 33],
    ['2025-01-02T00:00:00Z', 33],
    ['2025-01-02T09:30:00+07:00', 33],
    ['2025-01-02/2025-01-03', 66],
    ['../2025-01-02', 65],
    ['/2025-01-01', 32],
    ['2025-12-30/..', 64],
    ['2026-01-01/', 0],
  ])('datetime=%s finds %d', async (datetime, count) => {
    const page = await read(`/collections/odd.many/items?limit=1&${new URLSearchParams({ datetime })}`);
    expect(page.numberMatched).toBe(count);
  });

  it('ignores datetime where there is no time', async () => {
    expect((await read('/collections/odd.equal_rows/items?datetime=2000-01-01&limit=1')).numberReturned).toBe(1);
  });

  it('makes 10 000 features without holding up everyone else', async () => {
    let slowest = 0;
    let done = false;
    const large = read('/collections/odd.many/items?limit=10000').finally(() => {
      done = true;
    });
    while (!done) {
      const began = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      slowest = Math.max(slowest, performance.now() - began);
    }
    expect((await large).numberReturned).toBe(10_000);
    // The client of this test parses the answer in the same event loop.
    expect(slowest).toBeLessThan(500);
  });
});
