import type { FeatureCollection } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

interface Page extends FeatureCollection {
  readonly numberMatched?: number;
  readonly links: readonly { rel: string; href: string }[];
}

const ROWS = 600;

describeBareEngines('sorted features', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TYPE odd.mood AS ENUM ('vui', 'buồn');
      CREATE TABLE odd.thing (id integer PRIMARY KEY, name varchar(20), level integer, share double precision, day date,
        at timestamptz, mood odd.mood, address inet, extra jsonb, geom geometry(Point, 9210));
      INSERT INTO odd.thing SELECT i, CASE WHEN i % 7 > 0 THEN 'Tên ' || i % 11 END, CASE WHEN i % 5 > 0 THEN i % 13 END,
        (i % 17) / 3.0, date '2025-01-01' + i % 9, CASE WHEN i % 3 > 0 THEN timestamptz '2025-01-01 07:00:00.123456+07' + i % 8 * interval '1 hour' END,
        CASE i % 3 WHEN 0 THEN 'vui'::odd.mood WHEN 1 THEN 'buồn' END, CASE WHEN i % 2 > 0 THEN ('10.0.0.' || i % 20)::inet END, '{}',
        ST_SetSRID(ST_Point(600000 + i, 1230000), 9210) FROM generate_series(1, ${ROWS}) AS i;
      CREATE VIEW odd.equal_rows AS SELECT name, level, geom FROM odd.thing WHERE level < 4;`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const read = async (path: string): Promise<Page> =>
    (await request(test.app).get(`/collections/${path}`).expect(200)).body;
  async function walk(path: string, between?: (page: number) => Promise<unknown>): Promise<unknown[]> {
    const ids: unknown[] = [];
    let next: string | undefined = path;
    for (let pages = 1; next !== undefined; pages++) {
      const page: Page = await read(next);
      ids.push(...page.features.map(({ id }) => id));
      await between?.(pages);
      next = page.links.find(({ rel }) => rel === 'next')?.href.split('/collections/')[1];
    }
    return ids;
  }

  it.each([
    ['level', 'level'],
    ['-level', 'level DESC'],
    ['+name,-level', 'name, level DESC'],
    ['-name,+level,-share', 'name DESC, level, share DESC'],
    ['-at,day', 'at DESC, day'],
    ['at,-name,level', 'at, name DESC, level'],
    ['mood,-id', 'mood::text, id DESC'],
    ['-address', 'address::text DESC'],
  ])('pages through sortby=%s in the order of the database, each row once', async (sortby, order) => {
    const ids = await walk(`odd.thing/items?limit=83&sortby=${encodeURIComponent(sortby)}`);
    const rows = await engine.db.query<{ id: number }>({
      text: `SELECT id FROM odd.thing ORDER BY ${order}, id`,
      values: [],
    });
    expect(ids).toEqual(rows.map(({ id }) => id));
  });

  it('gives each row once while rows are added before, after and between, with and without values', async () => {
    const ids = await walk('odd.thing/items?limit=50&sortby=-level,name', (page) =>
      engine.db.query(sql`INSERT INTO odd.thing (id, name, level) VALUES
        (${-page}, NULL, NULL), (${-1000 - page}, 'Tên 5', ${page % 13}), (${-2000 - page}, 'A', -1), (${-3000 - page}, 'Z', 99)`),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => Number(id) > 0)).toHaveLength(ROWS);
    await engine.db.query(sql`DELETE FROM odd.thing WHERE id < 0`);
  });

  it('takes an unescaped + for what it means, and counts what is filtered exactly', async () => {
    const page = await read('odd.thing/items?sortby=+level,-id&level=3&limit=5');
    const [row] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM odd.thing WHERE level = 3`,
    );
    expect(page.numberMatched).toBe(row?.count);
    expect(new Set(await walk('odd.thing/items?sortby=-id&level=3&limit=5')).size).toBe(row?.count);
  });

  it('sorts rows that are equal, which no key tells apart', async () => {
    const ids = await walk('odd.equal_rows/items?sortby=-level,name&limit=31');
    const [row] = await engine.db.query<{ count: number }>(sql`SELECT count(*)::int AS count FROM odd.equal_rows`);
    expect(new Set(ids).size).toBe(row?.count);
    expect(ids).toHaveLength(row!.count);
  });

  it('gives only the fields asked for, and no geometry where none is asked for', async () => {
    const [feature] = (await read('odd.thing/items?limit=1&properties=level,name&skipGeometry=true')).features;
    expect(feature).toEqual({ type: 'Feature', id: 1, geometry: null, properties: { name: 'Tên 1', level: 1 } });
    const [second] = (await read('odd.thing/items?limit=1&skipGeometry=false&properties=day')).features;
    expect(second?.geometry?.type).toBe('Point');
  });

  it('shows a page of what is asked for', async () => {
    const { text } = await request(test.app)
      .get('/collections/odd.thing/items?f=html&sortby=-id&properties=name')
      .expect(200);
    expect(text).toContain('/items/600?');
    expect(text).not.toContain('>share<');
  });

  it.each([
    'sortby=nothing',
    'sortby=',
    'sortby=level,-level',
    'sortby=extra',
    'sortby=geom',
    'sortby=a,b,c,d,e,f,g,h,i',
    'properties=',
    'properties=geom',
    'properties=name,nothing',
    'skipGeometry=1',
  ])('refuses %s', async (query) => {
    const { body } = await request(test.app).get(`/collections/odd.thing/items?${query}`).expect(400);
    expect(body.details.vi).not.toBe(body.details.en);
  });

  it('refuses the cursor of another order', async () => {
    const page = await read('odd.thing/items?limit=1&sortby=level');
    const next = page.links.find(({ rel }) => rel === 'next')!.href.split('/collections/')[1]!;
    for (const other of ['-level', 'name', 'level,name']) {
      const { status } = await request(test.app).get(`/collections/${next.replace('sortby=level', `sortby=${other}`)}`);
      expect([other, status]).toEqual([other, 400]);
    }
  });
});
