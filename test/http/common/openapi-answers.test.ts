import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { type Asking, EXECUTION, isOlder, openAsking } from '../asking.ts';

/** More than the limit of a body. */
const LARGE = 'x'.repeat(2_100_000);

type Content = Record<string, { readonly schema: { readonly example: string } }>;

describeEngines('OpenAPI, by its answers', (engine) => {
  let test: TestApp;
  let asking: Asking;
  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
    asking = await openAsking(engine.db, test);
  });
  afterAll(() => test?.close());

  it('is answered as it says, by every operation that it describes', async () => {
    const faults: unknown[] = [];
    for (const { path, method, operation } of asking.harmless()) {
      const url = asking.fill(path, operation.parameters);
      const response = await asking.send(method, url, asking.leastQuery(path, operation.parameters));
      const wrong = asking.check(method, path, response);
      if (response.status >= 400 || wrong.length) faults.push([method, url, response.status, wrong.slice(0, 3)]);
    }
    expect(faults).toEqual([]);
  }, 300_000);

  it('tells 404, 405, 406, 413 and 415 as it says', async () => {
    const faults: unknown[] = [];
    const hold = (expected: number, method: string, path: string, response: request.Response) => {
      const wrong = asking.check(method, path, response);
      if (response.status !== expected || wrong.length)
        faults.push([method, path, expected, response.status, wrong.slice(0, 3)]);
    };
    for (const { path, method, operation } of asking.operations()) {
      const url = asking.fill(path, operation.parameters);
      const least = asking.leastQuery(path, operation.parameters);
      if (method === 'get' && '406' in operation.responses) {
        hold(406, method, path, await asking.send(method, url, least).set('accept', 'image/tiff'));
      }
      if (method === 'get') {
        const { status, headers } = await request(test.app).trace(url);
        if (status !== 405 || !headers.allow?.includes('GET')) faults.push(['trace', url, status, headers.allow]);
      }
      if (!operation.requestBody) continue;
      const post = () => request(test.app)[method as 'post'](url);
      // The older faces read posts as XML, whatever their media type.
      const [type, large] = isOlder(path) ? ['text/xml', LARGE] : ['application/json', JSON.stringify({ text: LARGE })];
      if (!isOlder(path)) hold(415, method, path, await post().type('application/pdf').send('x'));
      hold(413, method, path, await post().type(type).send(large));
    }
    for (const [path, url] of [
      ['/collections/{collection}', '/collections/nothing'],
      ['/collections/{collection}/items/{feature}', '/collections/base.road/items/0'],
      ['/tiles', '/tiles?collections=nothing'],
      ['/styles/{style}', '/styles/nothing'],
      ['/jobs/{job}', '/jobs/nothing'],
      ['/parcels/{id}', '/parcels/0'],
      ['/stations/{id}', '/stations/0'],
    ] as const) {
      hold(404, 'get', path, await asking.send('get', url));
    }
    expect(faults).toEqual([]);
  }, 300_000);

  it.each(['2.0.0', '1.1.0', '1.0.0'])('gives features of WFS %s as it says, by GET and by POST', async (version) => {
    const query = { service: 'WFS', request: 'GetFeature', typeNames: 'diaba:base.road', count: '2', version };
    for (const outputFormat of [undefined, 'application/json']) {
      for (const srsName of ['EPSG:4326', 'EPSG:9210']) {
        const asked = { ...query, srsName, ...(outputFormat && { outputFormat }) };
        const response = await asking.send('get', '/wfs', asked);
        expect([response.status, asking.check('get', '/wfs', response)]).toEqual([200, []]);
        if (outputFormat) expect(response.body.features).toHaveLength(2);
      }
    }
    const content = asking.document.paths['/wfs']?.post?.requestBody?.content as Content;
    expect(Object.keys(content)).toEqual(['text/xml', 'application/xml']);
    for (const [type, { schema }] of filled(Object.entries(content))) {
      const example = schema.example.replace('2.0.0', version);
      const response = await request(test.app).post('/wfs').type(type).send(example);
      expect([response.status, asking.check('post', '/wfs', response)]).toEqual([200, []]);
    }
  });

  it('says what features of WFS are in GeoJSON', () => {
    const schemas = asking.document.components.schemas as Record<string, object>;
    const answer = asking.document.paths['/wfs']?.get?.responses[200]?.content?.['application/geo+json'];
    expect(answer).toEqual({ schema: { $ref: '#/components/schemas/WfsFeatureCollection' } });
    expect(schemas.WfsFeatureCollection).toMatchObject({
      required: expect.arrayContaining(['features', 'numberMatched']),
    });
  });

  it('gives each output of a process by itself, as the document and the process say', async () => {
    const { body } = await asking.send('get', '/processes/buffer').expect(200);
    for (const [name, { schema }] of filled(Object.entries<{ schema: { contentMediaType: string } }>(body.outputs))) {
      const execution = { ...EXECUTION, response: 'raw', outputs: { [name]: {} } };
      const response = await request(test.app).post('/processes/buffer/execution').send(execution);
      expect([name, response.type, asking.check('post', '/processes/{process}/execution', response)]).toEqual([
        name,
        schema.contentMediaType,
        [],
      ]);
    }
  });

  it('dismisses a job as it says, which is then gone', async () => {
    const response = await asking.send('delete', `/jobs/${asking.job}`);
    expect([response.status, asking.check('delete', '/jobs/{job}', response)]).toEqual([200, []]);
    const results = await asking.send('get', `/jobs/${asking.job}/results`);
    expect([results.status, asking.check('get', '/jobs/{job}/results', results)]).toEqual([410, []]);
  });
});
