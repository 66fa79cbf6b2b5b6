import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../../src/app.ts';
import { templateOf } from '../../src/http/route.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from './app.ts';
import { answerChecker, type DescribedParameter, type Document, readDocument, wrongExamples } from './document.ts';

/** What a parameter can be given where its schema has no example, no choice and no default. */
const VALUES: Readonly<Record<string, string>> = {
  within_m: '1500',
  bbox: '106.6,10.9,106.8,11.1',
  datetime: '2025-01-01/..',
  feature: '1',
  id: '1',
  layers: 'land.parcel',
  q: '1 1',
  sheet: '1',
  number: '1',
  unit: 'Phú Lợi',
  x: '106.68',
  y: '10.98',
  z: '12',
  tileMatrix: '12',
  tileRow: '1922',
  tileCol: '3261',
  stack: 'Noto Sans Regular',
  range: '0-255',
  process: 'buffer',
  prefer: 'respond-async',
  collections: 'base.road',
  geojson: '{"type":"Point","coordinates":[106.67,10.98]}',
  filter: 'true',
  BBOX: '106.6,10.9,106.8,11.1',
  TileMatrix: '12',
  TileRow: '1922',
  TileCol: '3261',
};

/** What an operation wants though no parameter alone is required. The older faces ignore what they do not know. */
const LEAST: Readonly<Record<string, Record<string, string>>> = {
  '/parcels': { q: '1 1' },
  '/wms': { SERVICE: 'WMS' },
};
const isOlder = (path: string) => /^\/(wfs|wms|wmts)$|^\/wmts\/.*(png|webp)$/.test(path);

/** Parameters that are refused together, or want another. */
const APART: Readonly<Record<string, readonly string[]>> = {
  '/parcels': ['unit', 'sheet', 'number'],
};

const EXECUTION = {
  inputs: { geometry: { type: 'Point', coordinates: [106.6806, 10.9876] }, distance: 50, layers: ['land.parcel'] },
};

describeEngines('OpenAPI', (engine) => {
  let test: TestApp;
  let document: Document;
  let check: ReturnType<typeof answerChecker>;
  const cursors = new Map<string, string>();
  let job = '';
  let skipped: string[] = [];

  beforeAll(async () => {
    // So that the function `land.parcel_near_waste` has the feature 1.
    await engine.db.script(`INSERT INTO environment.waste_site (name, kind, geom)
      SELECT 'Bãi thử', 'landfill', ST_Multi(ST_Buffer(geom, 1)) FROM land.parcel WHERE id = 1`);
    test = await openApp(engine.db);
    document = await readDocument(test);
    check = answerChecker(document);
    job = (await request(test.app).post('/processes/buffer/execution').send(EXECUTION).expect(200)).body.job;
    const { body } = await request(test.app).get('/collections/base.road/items?limit=1');
    const next = body.links.find(({ rel }: { rel: string }) => rel === 'next').href;
    cursors.set('base.road', new URL(next).searchParams.get('cursor') as string);
  });
  afterAll(() => test?.close());

  /** Collections other than this one are there once more by their own paths. */
  const LAYER = 'base.road';

  function valueFor({ name, schema }: DescribedParameter, path: string): string | undefined {
    if (name === 'collection') return LAYER;
    if (name === 'job') return job;
    if (name === 'properties' && path.startsWith('/xyz/')) return 'sheet';
    // In WFS a filter is XML.
    if (name === 'filter' && path === '/wfs') return '<Filter/>';
    if (name === 'layers' && path.startsWith('/styles/')) return 'base.unit';
    if (name === 'layer') return 'land.parcel';
    if (name === 'cursor') return path.includes('/jobs/') ? '0' : path.includes(LAYER) ? cursors.get(LAYER) : undefined;
    if (name === 'x' && path.includes('{z}')) return '3261';
    if (name === 'y' && path.includes('{z}')) return '1922';
    const value = VALUES[name] ?? schema.example ?? (schema.enum as unknown[])?.[0] ?? schema.default ?? schema.minimum;
    return value === undefined ? undefined : String(value);
  }

  function fill(path: string, parameters: readonly DescribedParameter[]): string {
    return parameters
      .filter((each) => each.in === 'path')
      .reduce((url, each) => url.replace(`{${each.name}}`, encodeURIComponent(valueFor(each, path) ?? '')), path);
  }

  function operations() {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }

  /** The query that an operation wants at least. */
  function leastQuery(path: string, parameters: readonly DescribedParameter[]): Record<string, string> {
    const wanted = parameters.filter((each) => each.in === 'query' && each.required);
    const least = Object.fromEntries(wanted.map((each) => [each.name, valueFor(each, path) ?? '']));
    return { ...LEAST[path], ...least };
  }

  const send = (method: string, url: string, query: Record<string, string> = {}) => {
    const sent = request(test.app)[method as 'get'](url).query(query).set('accept', '*/*').buffer(true);
    return method === 'post' ? sent.send(EXECUTION) : sent;
  };

  it('is a valid document of OpenAPI 3.0', async () => {
    expect(document.openapi).toBe('3.0.3');
    const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(referred)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it.each([
    ['/collections/{collection}/items', ['bbox', 'datetime', 'limit']],
    ['/collections/land.parcel/items', ['bbox', 'datetime', 'limit', 'main_use']],
    ['/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', ['collections']],
    ['/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', ['collections']],
  ])('says of the parameters of %s that they are given once, lists with commas', (path, names) => {
    for (const name of names) {
      const parameter = document.paths[path]?.get?.parameters.find((each) => each.name === name);
      expect(parameter, name).toMatchObject({ in: 'query', required: false, style: 'form', explode: false });
      if (['bbox', 'collections'].includes(name)) expect(parameter?.schema.type).toBe('array');
    }
  });

  it.each([
    ['/tiles', 'dataset.vector.getTileSetsList'],
    ['/tiles/{tileMatrixSetId}', 'dataset.vector.getTileSet'],
    ['/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', 'dataset.vector.getTile'],
    ['/collections/{collection}/tiles', 'collection.vector.getTileSetsList'],
    ['/collections/{collection}/tiles/{tileMatrixSetId}', 'collection.vector.getTileSet'],
    ['/collections/{collection}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', 'collection.vector.getTile'],
    ['/map/tiles', 'dataset.map.getTileSetsList'],
    ['/map/tiles/{tileMatrixSetId}', 'dataset.map.getTileSet'],
    ['/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', 'dataset.map.getTile'],
    ['/styles/{style}/map/tiles', 'dataset.style.map.getTileSetsList'],
    ['/styles/{style}/map/tiles/{tileMatrixSetId}', 'dataset.style.map.getTileSet'],
    ['/styles/{style}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', 'dataset.style.map.getTile'],
    ['/collections/{collection}/map/tiles', 'collection.map.getTileSetsList'],
    ['/collections/{collection}/map/tiles/{tileMatrixSetId}', 'collection.map.getTileSet'],
    [
      '/collections/{collection}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}',
      'collection.map.getTile',
    ],
    ['/collections/{collection}/styles/{style}/map/tiles', 'collection.style.map.getTileSetsList'],
    ['/collections/{collection}/styles/{style}/map/tiles/{tileMatrixSetId}', 'collection.style.map.getTileSet'],
    [
      '/collections/{collection}/styles/{style}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}',
      'collection.style.map.getTile',
    ],
  ])('lets %s be known as %s (OGC 20-057, table 11)', (path, role) => {
    expect(document.paths[path]?.get?.operationId.endsWith(`.${role}`)).toBe(true);
  });

  it('names layers and fields where only those can be meant, and gives examples that are as it says', () => {
    expect(wrongExamples(document)).toEqual([]);
    const of = (path: string, method: string, name: string) =>
      document.paths[path]?.[method]?.parameters.find((each) => each.name === name)?.schema;
    const view = 'environment.station_status';
    expect(of('/collections/{collection}/items', 'get', 'collection')?.enum).toContain(view);
    expect(of('/collections/{collection}/items', 'post', 'collection')?.enum).not.toContain(view);
    expect(Object.keys(document.paths[`/collections/${view}/items`] ?? {})).toEqual(['get']);
    expect(of(`/collections/${LAYER}/items`, 'get', 'properties')?.items).toMatchObject({
      enum: expect.arrayContaining(['name']),
    });
    expect(of(`/collections/${LAYER}/items`, 'get', 'sortby')?.items).toMatchObject({
      enum: expect.arrayContaining(['-name', '+id']),
    });
  });

  it('lets what can be left out be null only where null is a value', () => {
    const body = document.paths['/processes/{process}/execution']?.post?.requestBody?.content['application/json'];
    expect(JSON.stringify(body)).toContain('{"geometry":{"allOf":[{"$ref":"#/components/schemas/Geometry"}]},');
    expect(JSON.stringify(document.components.schemas)).toContain('"nullable":true,"enum":[null]');
  });

  it('has every route that Express has, and only those', () => {
    const { stack } = (
      test.app as unknown as { router: { stack: readonly { route?: { path: string; methods: object } }[] } }
    ).router;
    // What answers 405 is mounted with every method that Node knows.
    const mounted = stack.flatMap(({ route }) => {
      const methods = Object.keys(route?.methods ?? {});
      return route && methods.length < 10 ? methods.map((method) => `${method} ${templateOf(route.path)}`) : [];
    });
    const real = [...new Set(mounted)];
    expect(real.sort()).toEqual(
      listRoutes(test.services)
        .map(({ method, path }) => `${method} ${templateOf(path)}`)
        .sort(),
    );
    const described = operations().map(({ method, path }) => `${method} ${path}`);
    const { layers, functions } = test.services.catalog.current();
    const ids = [...layers.keys(), ...functions.keys()];
    const own = (path: string) => ids.some((id) => /^\/(collections|xyz)\/([^/]+)\//.exec(path)?.[2] === id);
    expect(real.filter((each) => !described.includes(each))).toEqual([]);
    expect(described.filter((each) => !real.includes(each) && !own(each.split(' ')[1] ?? ''))).toEqual([]);
    expect(described.length).toBeGreaterThan(real.length + 10);
  });

  /** Operations that change nothing, besides the execution of a process; edits have tests of their own. */
  function harmless() {
    return operations().filter(({ method, path }) => method === 'get' || path.startsWith('/processes/'));
  }

  it('is answered as it says, by every operation that it describes', async () => {
    const faults: unknown[] = [];
    for (const { path, method, operation } of harmless()) {
      const url = fill(path, operation.parameters);
      const response = await send(method, url, leastQuery(path, operation.parameters));
      const wrong = check(method, path, response);
      if (response.status >= 300 || wrong.length) faults.push([method, url, response.status, wrong.slice(0, 3)]);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('takes every parameter that it describes', async () => {
    const faults: unknown[] = [];
    skipped = [];
    for (const { path, method, operation } of harmless()) {
      const url = fill(path, operation.parameters);
      const least = leastQuery(path, operation.parameters);
      for (const parameter of operation.parameters) {
        const value = valueFor(parameter, path);
        if (parameter.in !== 'query' || APART[path]?.includes(parameter.name)) continue;
        if (value === undefined) {
          skipped.push(`${path} ${parameter.name}`);
          continue;
        }
        const response = await send(method, url, { ...least, [parameter.name]: value });
        const wrong = check(method, path, response);
        if (response.status >= 300 || wrong.length)
          faults.push([
            `${url} ${parameter.name}=${value}`,
            response.status,
            wrong.slice(0, 3),
            response.text?.slice(0, 300),
          ]);
      }
    }
    expect(faults).toEqual([]);
    await send('get', '/parcels', { unit: 'Phú Lợi', sheet: '1', number: '1' }).expect(200);
    // Fields of layers are told by their type alone, and their cursors by the layers' own pages.
    expect(skipped.filter((each) => !/^\/collections\/[^/]+\/items /.test(each))).toEqual([]);
  }, 240_000);

  it.each(['/wms', '/wmts'])('describes all that an operation of %s wants', async (path) => {
    const parameters = document.paths[path]?.get?.parameters ?? [];
    const given = Object.fromEntries(parameters.map((each) => [each.name, valueFor(each, path) ?? '']));
    const operation = parameters.find(({ name }) => name.toLowerCase() === 'request') as DescribedParameter;
    for (const value of operation.schema.enum as string[]) {
      const response = await send('get', path, { ...given, [operation.name]: value });
      expect([value, response.status, check('get', path, response)]).toEqual([value, 200, []]);
    }
  });

  it('refuses a parameter that it does not describe, as it says', async () => {
    const faults: unknown[] = [];
    for (const { path, method, operation } of harmless()) {
      const url = fill(path, operation.parameters);
      const response = await send(method, url, { ...leastQuery(path, operation.parameters), nonsense: '1' });
      const wrong = check(method, path, response);
      if (response.status !== (isOlder(path) ? 200 : 400) || wrong.length)
        faults.push([method, url, response.status, wrong.slice(0, 3)]);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('tells 404, 405, 406, 413 and 415 as it says', async () => {
    const faults: unknown[] = [];
    const hold = (expected: number, method: string, path: string, response: request.Response) => {
      const wrong = check(method, path, response);
      if (response.status !== expected || wrong.length)
        faults.push([method, path, expected, response.status, wrong.slice(0, 3)]);
    };
    for (const { path, method, operation } of operations()) {
      const url = fill(path, operation.parameters);
      const least = leastQuery(path, operation.parameters);
      if (method === 'get' && '406' in operation.responses) {
        hold(406, method, path, await send(method, url, least).set('accept', 'image/tiff'));
      }
      if (method === 'get') {
        const { status, headers } = await request(test.app).trace(url);
        if (status !== 405 || !headers.allow?.includes('GET')) faults.push(['trace', url, status, headers.allow]);
      }
      if (!operation.requestBody) continue;
      hold(415, method, path, await request(test.app)[method as 'post'](url).type('application/pdf').send('x'));
      hold(
        413,
        method,
        path,
        await request(test.app)
          [method as 'post'](url)
          .send({ text: 'x'.repeat(2_100_000) }),
      );
    }
    for (const [path, url] of [
      ['/collections/{collection}', '/collections/nothing'],
      ['/collections/{collection}/items/{feature}', '/collections/base.road/items/0'],
      ['/tiles', '/tiles?collections=nothing'],
      ['/styles/{style}', '/styles/nothing'],
      ['/jobs/{job}', '/jobs/nothing'],
      ['/parcels/{id}', '/parcels/0'],
    ] as const) {
      hold(404, 'get', path, await send('get', url));
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('gives each output of a process by itself, as the document and the process say', async () => {
    const { body } = await send('get', '/processes/buffer').expect(200);
    for (const [name, { schema }] of Object.entries<{ schema: { contentMediaType: string } }>(body.outputs)) {
      const execution = { ...EXECUTION, response: 'raw', outputs: { [name]: {} } };
      const response = await request(test.app).post('/processes/buffer/execution').send(execution);
      expect([name, response.type, check('post', '/processes/{process}/execution', response)]).toEqual([
        name,
        schema.contentMediaType,
        [],
      ]);
    }
  });

  it('dismisses a job as it says, which is then gone', async () => {
    const response = await send('delete', `/jobs/${job}`);
    expect([response.status, check('delete', '/jobs/{job}', response)]).toEqual([200, []]);
    const results = await send('get', `/jobs/${job}/results`);
    expect([results.status, check('get', '/jobs/{job}/results', results)]).toEqual([410, []]);
  });
});
