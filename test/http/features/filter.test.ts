import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

const ITEMS = '/collections/land.parcel/items';

describeEngines('filters over HTTP', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string, query: Record<string, string> = {}) => request(test.app).get(path).query(query);

  it('narrow the items, in text and in JSON, and are counted and passed on', async () => {
    const plain = await get(ITEMS, { main_use: 'ODT', limit: '3' });
    const text = await get(ITEMS, { filter: "main_use = 'ODT'", limit: '3' });
    const json = await get(ITEMS, {
      filter: JSON.stringify({ op: '=', args: [{ property: 'main_use' }, 'ODT'] }),
      'filter-lang': 'cql2-json',
      limit: '3',
    });
    expect(plain.body.numberMatched).toBeGreaterThan(3);
    for (const { body, status } of [text, json]) {
      expect(status).toBe(200);
      expect([body.numberMatched, body.features]).toEqual([plain.body.numberMatched, plain.body.features]);
    }
    const next = text.body.links.find(({ rel }: { rel: string }) => rel === 'next').href as string;
    expect(new URL(next).searchParams.get('filter')).toBe("main_use = 'ODT'");
    const page = await get(new URL(next).pathname + new URL(next).search);
    expect(page.body.features[0].properties.main_use).toBe('ODT');
    expect(page.body.features[0].id).toBeGreaterThan(text.body.features[2].id);
  });

  it('read coordinates in the system that is said', async () => {
    const inDegrees = await get(ITEMS, { filter: 'S_INTERSECTS(geom, BBOX(106.66,10.97,106.69,11.0))', limit: '1' });
    const northFirst = await get(ITEMS, {
      filter: 'S_INTERSECTS(geom, BBOX(10.97,106.66,11.0,106.69))',
      'filter-crs': 'http://www.opengis.net/def/crs/EPSG/0/4326',
      limit: '1',
    });
    expect(inDegrees.body.numberMatched).toBeGreaterThan(0);
    expect(northFirst.body.numberMatched).toBe(inDegrees.body.numberMatched);
    const inMetres = await get(ITEMS, {
      filter: 'S_INTERSECTS(geom, BBOX(599000,1213000,602500,1216500))',
      'filter-crs': 'EPSG:9210',
      limit: '1',
    });
    expect(inMetres.body.numberMatched).toBeGreaterThan(0);
  });

  it('are shown on the page as what can be taken away', async () => {
    const page = async (filter: string) => (await get(ITEMS, { f: 'html', lang: 'vi', limit: '1', filter })).text;
    expect(await page("main_use = 'ODT'")).toContain('/collections/land.parcel/items?f=html&amp;lang=vi">Bỏ');
    expect((await get(ITEMS, { f: 'html', lang: 'vi', limit: '1' })).text).not.toContain('lang=vi">Bỏ');
  });

  it('find Vietnamese names without case or accents', async () => {
    const { body } = await get('/collections/base.waterway/items', {
      filter: "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('SUOI%'))",
      limit: '5',
    });
    const exact = await get('/collections/base.waterway/items', { filter: "name LIKE 'Suối%'", limit: '1' });
    expect(exact.body.numberMatched).toBeGreaterThan(0);
    expect(body.numberMatched).toBe(exact.body.numberMatched);
  });

  it.each([
    [{ filter: 'nothing = 1' }, /properties of land.parcel/],
    [{ filter: 'main_use =' }, /at its end expected/],
    [{ filter: '{', 'filter-lang': 'cql2-json' }, /JSON/],
    [{ filter: "main_use = 'ODT'", 'filter-lang': 'sql' }, /one of: cql2-text, cql2-json/],
    [{ filter: 'TRUE', 'filter-crs': 'EPSG:1' }, /coordinate reference system/],
  ])('answer %j with what would be right', async (query, said) => {
    const { status, body } = await get(ITEMS, query);
    expect([status, body.details?.en]).toEqual([400, expect.stringMatching(said)]);
  });

  it('may name what /queryables lists', async () => {
    const { body, headers, status } = await get('/collections/land.parcel/queryables');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('application/schema+json')]);
    expect(body.properties.geom).toEqual({ 'x-ogc-role': 'primary-geometry', format: 'geometry-multipolygon' });
    expect(body.$id).toMatch(/\/collections\/land\.parcel\/queryables$/);
    for (const name of filled(Object.keys(body.properties))) {
      const answer = await get(ITEMS, { filter: `"${name}" IS NOT NULL`, limit: '1' });
      expect(answer.status, name).toBe(200);
    }
    const collection = await get('/collections/land.parcel', { f: 'json' });
    expect(collection.body.links.map(({ rel }: { rel: string }) => rel)).toContain(
      'http://www.opengis.net/def/rel/ogc/1.0/queryables',
    );
  });
});
