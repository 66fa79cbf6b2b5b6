import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../../../src/app.ts';
import { itemsParameters } from '../../../src/http/features/items.ts';
import { describeBareEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { REFUSED_QUERIES } from './refused-queries.ts';

interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
  readonly templated?: boolean;
}

const pathOf = (href: string) => new URL(href).pathname + new URL(href).search;

describeBareEngines('OGC API - Features', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.site (id integer PRIMARY KEY, name text, level integer, opened date, geom geometry(Polygon, 9210));
      COMMENT ON TABLE odd.site IS 'Điểm thử / Test site';
      INSERT INTO odd.site SELECT i, 'Điểm ' || i, i % 5, date '2025-01-01' + i,
        ST_MakeEnvelope(600000 + i * 100, 1230000, 600050 + i * 100, 1230050, 9210) FROM generate_series(1, 250) AS i;`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_PUBLIC_URL: 'https://diaba.test' });
  });
  afterAll(() => test?.close());
  const get = (path: string) => request(test.app).get(path);

  it('leads from the landing page to everything by links that work', async () => {
    const seen = new Set<string>();
    const queue = ['/'];
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { body, headers } = await get(path).expect(200);
      const nested = [...(body.collections ?? [])].flatMap((each: { links: Link[] }) => each.links);
      for (const { href, type, templated } of [...(body.links ?? []), ...nested] as Link[]) {
        if (!templated && /json/.test(type)) queue.push(pathOf(href));
      }
      expect(headers['content-type'], path).toMatch(/json/);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        '/conformance',
        '/api?f=json',
        '/collections',
        '/collections/odd.site',
        '/collections/odd.site/items?f=json',
      ]),
    );
  });

  it('says of each link what it gives', async () => {
    for (const path of [
      '/',
      '/collections',
      '/collections/odd.site',
      '/collections/odd.site/items?limit=5',
      '/collections/odd.site/items/7',
    ]) {
      const { body } = await get(path).expect(200);
      const links = body.links as Link[];
      expect(links.filter(({ rel }) => rel === 'self')).toHaveLength(1);
      for (const { href, type, templated } of filled(links)) {
        if (templated) continue;
        const { headers } = await get(pathOf(href)).expect(200);
        expect(headers['content-type']?.split(';')[0], href).toBe(type.split(';')[0]);
      }
    }
    const { body } = await get('/');
    const hrefOf = (wanted: string) => (body.links as Link[]).find(({ rel }) => rel === wanted)?.href;
    expect((body.links as Link[]).map(({ rel }) => rel)).toEqual(
      expect.arrayContaining(['self', 'alternate', 'service-desc', 'service-doc', 'conformance', 'data']),
    );
    expect(hrefOf('http://www.opengis.net/def/rel/ogc/1.0/conformance')).toBe(hrefOf('conformance'));
  });

  it('declares what it conforms to', async () => {
    const { body } = await get('/conformance').expect(200);
    expect(body.conformsTo).toContain('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core');
    const published = ['common-3/1.0/conf/schemas', 'common-3/1.0/conf/sortables', 'features-6/1.0/conf/properties'];
    const drafts = ['features-8/1.0/conf/features-sorting', 'features-9/1.0/conf/features-text-search'];
    for (const name of [...published, ...drafts])
      expect(body.conformsTo).toContain(`http://www.opengis.net/spec/ogcapi-${name}`);
    expect(body.conformsTo.join()).not.toMatch(/features-5|features-4/);
    const editable = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
    const locking = 'http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags';
    expect((await request(editable.app).get('/conformance')).body.conformsTo).toContain(locking);
    await editable.close();
    // Inputs by reference, a requirement of their core, are refused.
    expect(body.conformsTo.join()).not.toContain('ogcapi-processes');
  });

  it('says what there is to sort by, and gives a feature with the fields that are asked for', async () => {
    const { body: collection } = await get('/collections/odd.site').expect(200);
    const rel = 'http://www.opengis.net/def/rel/ogc/1.0/sortables';
    const { href } = collection.links.find((link: Link) => link.rel === rel);
    const { pathname } = new URL(href);
    const { body, headers } = await get(pathname).expect(200);
    expect(headers['content-type']).toBe('application/schema+json');
    expect(body).toMatchObject({ $id: href, type: 'object', additionalProperties: false });
    expect(Object.values(body.properties)).not.toContainEqual(expect.objectContaining({ format: /geometry/ }));
    for (const [name, schema] of filled(Object.entries<{ type?: unknown }>(body.properties))) {
      expect([name, typeof schema.type]).toEqual([name, 'string']);
      await get(`/collections/odd.site/items?limit=1&sortby=${encodeURIComponent(name)}`).expect(200);
    }
    const [{ id }] = (await get('/collections/odd.site/items?limit=1')).body.features;
    const one = (await get(`/collections/odd.site/items/${id}?properties=level`).expect(200)).body;
    expect(Object.keys(one.properties)).toEqual(['level']);
    await get(`/collections/odd.site/items/${id}?properties=nothing`).expect(400);
  });

  it('describes a collection', async () => {
    const { body } = await get('/collections/odd.site').set('Accept-Language', 'en').expect(200);
    expect(body).toMatchObject({
      id: 'odd.site',
      title: 'Test site',
      itemType: 'feature',
      crs: expect.arrayContaining(['http://www.opengis.net/def/crs/OGC/1.3/CRS84']),
      storageCrs: 'http://www.opengis.net/def/crs/EPSG/0/9210',
      extent: { spatial: { crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' } },
    });
    const [west, south, east, north] = body.extent.spatial.bbox[0];
    expect([west, south, east, north].map((value) => Math.round(value * 1000) / 1000)).toEqual([
      106.668, 11.12, 106.897, 11.122,
    ]);
    expect((await get('/collections/odd.site')).body.title).toBe('Điểm thử');
  });

  it('gives a feature with its links', async () => {
    const { body } = await get('/collections/odd.site/items/7').expect(200);
    expect(body).toMatchObject({
      type: 'Feature',
      id: 7,
      properties: { id: 7, name: 'Điểm 7', level: 2, opened: '2025-01-08' },
    });
    expect((body.links as Link[]).map(({ rel }) => rel)).toEqual(['self', 'alternate', 'collection']);
  });

  it.each(REFUSED_QUERIES)('refuses ?%s with a problem that says what would be right', async (query) => {
    const { body, status, headers } = await get(`/collections/odd.site/items?${query}`);
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body.details.vi.length).toBeGreaterThan(20);
    expect(body.details.en.length).toBeGreaterThan(20);
    expect(JSON.stringify(body)).not.toMatch(/SELECT|invalid input|\$1/);
  });

  it('answers what is not there with 404, and other methods with 405', async () => {
    for (const path of [
      '/collections/nothing',
      '/collections/odd.nothing/items',
      '/collections/odd.site/items/9999',
      '/collections/odd.site/items/x',
      '/collections/odd.site/else',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    await request(test.app).put('/collections/odd.site/items').send({}).expect(405);
    await get('/collections/%E0%A4%A').expect(400);
  });

  it('takes text as text', async () => {
    const { body } = await get(`/collections/odd.site/items?name=${encodeURIComponent("x' OR '1'='1")}`).expect(200);
    expect(body).toMatchObject({ numberMatched: 0, features: [] });
    expect(
      (await get(`/collections/odd.site/items?level=2&name=${encodeURIComponent('Điểm 7')}`)).body.numberMatched,
    ).toBe(1);
  });

  it('has a page for a browser of everything, in both languages, that loads nothing from elsewhere', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of [
      '/',
      '/conformance',
      '/api',
      '/collections',
      '/collections/odd.site',
      '/collections/odd.site/items',
      '/collections/odd.site/items/7',
    ]) {
      for (const language of ['vi', 'en']) {
        const { text, headers } = await get(path).set('Accept', accept).set('Accept-Language', language).expect(200);
        expect(headers['content-type']).toMatch('text/html');
        expect(text).toContain(`<html lang="${language}">`);
        expect(text).not.toMatch(/<script|<img|<iframe|<link rel="stylesheet"|src=/);
        expect(text).not.toMatch(/undefined|\[object|NaN/);
      }
    }
  });

  it('links from its pages only to what is there', async () => {
    const seen = new Set<string>();
    const queue = ['/?f=html'];
    for (let path = queue.shift(); path !== undefined && seen.size < 60; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { status, text = '' } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      // The viewer is a page of its own.
      if (path === '/map') continue;
      for (const [, href = ''] of text.matchAll(/href="(https[^"]+)"/g))
        queue.push(pathOf(href.replaceAll('&amp;', '&')));
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('shows a problem as a page to a browser, and as JSON to every other client', async () => {
    const page = await get('/collections/nothing').set('Accept', 'text/html').expect(404);
    expect(page.text).toMatch(/<!doctype html>[\s\S]*Không có lớp/);
    const { headers } = await get('/collections/nothing').set('Accept', '*/*').expect(404);
    expect(headers['content-type']).toMatch('application/problem+json');
  });

  it('answers HEAD, and 304 where the client has it', async () => {
    const { headers } = await request(test.app).head('/collections').expect(200);
    expect(headers['content-type']).toMatch('json');
    const { headers: first } = await get('/collections/odd.site').expect(200);
    await get('/collections/odd.site')
      .set('If-None-Match', first.etag as string)
      .expect(304);
  });

  it('describes every route that exists, and only those', async () => {
    const { body, headers } = await get('/api')
      .set('Accept', 'application/vnd.oai.openapi+json;version=3.0')
      .expect(200);
    expect(headers['content-type']).toBe('application/vnd.oai.openapi+json;version=3.0');
    expect(body.openapi).toMatch(/^3\.0/);
    const routes = listRoutes(test.services).map(
      ({ method, path }) => `${method} ${path.replace(/[:*](\w+)/g, '{$1}')}`,
    );
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.filter((each) => !routes.includes(each))).toEqual([
      'get /collections/odd.site/items',
      'post /collections/odd.site/items',
    ]);
    expect(routes.filter((each) => !described.includes(each))).toEqual([]);
    const names = body.paths['/collections/odd.site/items'].get.parameters.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...Object.keys(itemsParameters), 'id', 'name', 'level', 'opened']);
    for (const [path, methods] of Object.entries(
      body.paths as Record<string, Record<string, { parameters: { name: string; in: string }[] }>>,
    )) {
      for (const { parameters } of filled(Object.values(methods))) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(inPath.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      }
    }
  });
});
