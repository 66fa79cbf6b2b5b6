import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../../../src/app.ts';
import { templateOf } from '../../../src/http/kit/route.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { type Asking, isOlder, LAYER, openAsking } from '../asking.ts';
import { type DescribedParameter, wrongExamples } from '../document.ts';

/** Parameters that exclude or need each other. */
const APART: Readonly<Record<string, readonly string[]>> = {
  '/parcels': ['unit', 'sheet', 'number'],
};

/** Paths of which a parameter names the operation. */
const WITH_OPERATIONS: readonly string[] = ['/wms', '/wmts'];

describeEngines('OpenAPI', (engine) => {
  let test: TestApp;
  let asking: Asking;
  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
    asking = await openAsking(engine.db, test);
  });
  afterAll(() => test?.close());

  /** Paths of a layer's own, which are alike, are asked on one engine or the other; all others on both. */
  const asked = () => {
    const ids = [...test.services.catalog.current().layers.keys()];
    const isHere = (path: string) => {
      const index = ids.indexOf(path.split('/')[2] ?? '');
      return index < 0 || (index % 2 === 0) === (engine.name === 'embedded');
    };
    return filled(asking.harmless().filter(({ path }) => isHere(path)));
  };

  it('is a valid document of OpenAPI 3.0', async () => {
    expect(asking.document.openapi).toBe('3.0.3');
    const { valid, errors } = await new Validator().validate(structuredClone({ ...asking.document }));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const ids = asking.operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const referred = [...JSON.stringify(asking.document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(referred)].sort()).toEqual(Object.keys(asking.document.components.schemas).sort());
  });

  it.each([
    ['/collections/{collection}/items', ['bbox', 'datetime', 'limit']],
    ['/collections/land.parcel/items', ['bbox', 'datetime', 'limit', 'main_use']],
    ['/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', ['collections']],
    ['/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}', ['collections']],
  ])('says of the parameters of %s that they are given once, lists with commas', (path, names) => {
    for (const name of names) {
      const parameter = asking.document.paths[path]?.get?.parameters.find((each) => each.name === name);
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
    expect(asking.document.paths[path]?.get?.operationId.endsWith(`.${role}`)).toBe(true);
  });

  it('names layers and fields where only those can be meant, and gives examples that are as it says', () => {
    expect(wrongExamples(asking.document)).toEqual([]);
    const of = (path: string, method: string, name: string) =>
      asking.document.paths[path]?.[method]?.parameters.find((each) => each.name === name)?.schema;
    const view = 'environment.station_status';
    expect(of('/collections/{collection}/items', 'get', 'collection')?.enum).toContain(view);
    expect(of('/collections/{collection}/items', 'post', 'collection')?.enum).not.toContain(view);
    expect(Object.keys(asking.document.paths[`/collections/${view}/items`] ?? {})).toEqual(['get']);
    expect(of(`/collections/${LAYER}/items`, 'get', 'properties')?.items).toMatchObject({
      enum: expect.arrayContaining(['name']),
    });
    expect(of(`/collections/${LAYER}/items`, 'get', 'sortby')?.items).toMatchObject({
      enum: expect.arrayContaining(['-name', '+id']),
    });
  });

  it('lets what can be left out be null only where null is a value', () => {
    const body =
      asking.document.paths['/processes/{process}/execution']?.post?.requestBody?.content['application/json'];
    expect(JSON.stringify(body)).toContain('{"geometry":{"allOf":[{"$ref":"#/components/schemas/Geometry"}]},');
    expect(JSON.stringify(asking.document.components.schemas)).toContain('"nullable":true,"enum":[null]');
  });

  it('has every route that Express has, and only those', () => {
    const { stack } = (
      test.app as unknown as { router: { stack: readonly { route?: { path: string; methods: object } }[] } }
    ).router;
    // The handler of 405 is mounted with every method that Node knows.
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
    const described = asking.operations().map(({ method, path }) => `${method} ${path}`);
    const { layers, functions } = test.services.catalog.current();
    const ids = [...layers.keys(), ...functions.keys()];
    const own = (path: string) => ids.some((id) => /^\/(collections|xyz)\/([^/]+)\//.exec(path)?.[2] === id);
    expect(real.filter((each) => !described.includes(each))).toEqual([]);
    expect(described.filter((each) => !real.includes(each) && !own(each.split(' ')[1] ?? ''))).toEqual([]);
    expect(described.length).toBeGreaterThan(real.length + 10);
  });

  // The test of their operations sends every parameter of WMS and WMTS; alone, each would only fetch capabilities again.
  const single = () => asked().filter(({ path }) => !WITH_OPERATIONS.includes(path));

  it('takes every parameter that it describes', async () => {
    const faults: unknown[] = [];
    const skipped: string[] = [];
    for (const { path, method, operation } of single()) {
      const url = asking.fill(path, operation.parameters);
      const least = asking.leastQuery(path, operation.parameters);
      for (const parameter of operation.parameters) {
        const value = asking.valueFor(parameter, path);
        if (parameter.in !== 'query' || APART[path]?.includes(parameter.name)) continue;
        if (value === undefined) {
          skipped.push(`${path} ${parameter.name}`);
          continue;
        }
        const response = await asking.send(method, url, { ...least, [parameter.name]: value });
        const wrong = asking.check(method, path, response);
        // A redirect is an answer.
        if (response.status >= 400 || wrong.length)
          faults.push([
            `${url} ${parameter.name}=${value}`,
            response.status,
            wrong.slice(0, 3),
            response.text?.slice(0, 300),
          ]);
      }
    }
    expect(faults).toEqual([]);
    await asking.send('get', '/parcels', { unit: 'Phú Lợi', sheet: '1', number: '1' }).expect(200);
    // Fields of layers are described only by their type, and cursors come from the layers' own pages.
    expect(skipped.filter((each) => !/^\/collections\/[^/]+\/items(\/\{feature\})? /.test(each))).toEqual([]);
  }, 240_000);

  it.each(WITH_OPERATIONS)('describes all that an operation of %s wants', async (path) => {
    const parameters = asking.document.paths[path]?.get?.parameters ?? [];
    const given = Object.fromEntries(parameters.map((each) => [each.name, asking.valueFor(each, path) ?? '']));
    const operation = parameters.find(({ name }) => name.toLowerCase() === 'request') as DescribedParameter;
    for (const value of filled(operation.schema.enum as string[])) {
      const response = await asking.send('get', path, { ...given, [operation.name]: value });
      expect([value, response.status, asking.check('get', path, response)]).toEqual([value, 200, []]);
    }
  });

  it('refuses a parameter that it does not describe, as it says', async () => {
    const faults: unknown[] = [];
    for (const { path, method, operation } of asked()) {
      const url = asking.fill(path, operation.parameters);
      const response = await asking.send(method, url, {
        ...asking.leastQuery(path, operation.parameters),
        nonsense: '1',
      });
      const wrong = asking.check(method, path, response);
      // The map is only a page, and ignores parameters that shared links have gathered.
      if (response.status !== (isOlder(path) || path === '/map' ? 200 : 400) || wrong.length)
        faults.push([method, url, response.status, wrong.slice(0, 3)]);
    }
    expect(faults).toEqual([]);
  }, 240_000);
});
