import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillGrid } from '../../analysis/grid.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { BAD_INPUTS, GOOD_INPUTS } from './bad-inputs.ts';

describeEngines('bad input of the buffer process', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, 72);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  it.each(BAD_INPUTS)('%s', async (_, inputs, type, detail) => {
    const { body, status, headers } = await request(test.app)
      .post('/processes/buffer/execution')
      .set('accept-language', 'en')
      .send({ inputs });
    expect([body.type, body.detail]).toEqual([`urn:diaba:problem:${type}`, expect.stringMatching(detail)]);
    expect(status).toBe(type === 'too-much' ? 422 : 400);
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body.details.vi).not.toBe(body.details.en);
    expect(JSON.stringify(body)).not.toMatch(/SELECT|ST_|postgres|at .*\.ts/);
  });

  it.each([
    ['not JSON', '{"inputs":', 'invalid-body', 400],
    [
      'infinity',
      '{"inputs":{"geometry":{"type":"Point","coordinates":[1e999,11]},"distance":5}}',
      'invalid-geometry',
      400,
    ],
    [
      'an infinite distance',
      '{"inputs":{"geometry":{"type":"Point","coordinates":[106.66,11.04]},"distance":1e999}}',
      'invalid-body',
      400,
    ],
    ['10 MB', JSON.stringify({ inputs: { ...GOOD_INPUTS, crs: 'x'.repeat(10_000_000) } }), 'too-large', 413],
    ['an unknown member', JSON.stringify({ inputs: GOOD_INPUTS, mode: 'async' }), 'invalid-body', 400],
    ['an unknown output', JSON.stringify({ inputs: GOOD_INPUTS, outputs: { map: {} } }), 'invalid-body', 400],
    [
      'an input by reference',
      JSON.stringify({ inputs: { ...GOOD_INPUTS, geometry: { href: 'https://example.com/geometry.json' } } }),
      'invalid-body',
      400,
    ],
    ['a response of no kind', JSON.stringify({ inputs: GOOD_INPUTS, response: 'cooked' }), 'invalid-body', 400],
    [
      'an output in a form it does not have',
      JSON.stringify({ inputs: GOOD_INPUTS, outputs: { buffer: { format: { mediaType: 'image/png' } } } }),
      'invalid-body',
      400,
    ],
    [
      'an output by reference',
      JSON.stringify({ inputs: GOOD_INPUTS, outputs: { buffer: { transmissionMode: 'reference' } } }),
      'invalid-body',
      400,
    ],
    ['no body', '', 'invalid-body', 400],
  ])('a body: %s', async (_, text, type, expected) => {
    const { body, status } = await request(test.app)
      .post('/processes/buffer/execution')
      .set('content-type', 'application/json')
      .send(text);
    expect([status, body.type]).toEqual([expected, `urn:diaba:problem:${type}`]);
  });

  it.each([
    ['/processes/nothing', 404, /no-such-process$/],
    ['/processes/buffer?x=1', 400, /unknown-parameter$/],
    ['/processes/buffer/presets?theme=x', 400, /unknown-parameter$/],
    ['/processes/buffer/execution', 405, /method-not-allowed$/],
    ['/jobs/0123', 404, /no-such-job$/],
    ['/jobs/0123/results', 404, /no-such-job$/],
    ['/jobs/0123/features', 404, /no-such-job$/],
    ['/jobs/0123/xyz/tilejson.json', 404, /no-such-job$/],
    ['/jobs/00000000000000000000000000000000', 404, /no-such-job$/],
    ['/jobs/JOB/features?layer=base.road', 400, /invalid-parameter$/],
    ['/jobs/JOB/features?offset=1', 400, /unknown-parameter$/],
    ['/collections/result.JOB_nothing/items', 404, /not-found$/],
    ['/collections/result.00000000000000000000000000000000_buffer', 404, /not-found$/],
    ['/collections/result.JOB_buffer/items?filter=area_m2>', 400, /invalid-parameter$/],
    ['/xyz/result.JOB_buffer/3/9/0.mvt', 404, /not-found$/],
  ])('GET %s', async (path, expected, type) => {
    const { body: result } = await request(test.app).post('/processes/buffer/execution').send({ inputs: GOOD_INPUTS });
    const { body, status } = await request(test.app).get(path.replace('JOB', result.job));
    expect([status, body.type]).toEqual([expected, expect.stringMatching(type)]);
  });

  it('then still answers', async () => {
    const { body, status } = await request(test.app).post('/processes/buffer/execution').send({ inputs: GOOD_INPUTS });
    expect([status, body.layers[0].layer]).toEqual([200, 'land.parcel']);
  });
});
