import { readdirSync, readFileSync } from 'node:fs';
import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { describeEngines } from '../../engine.ts';
import { countdownProcess } from '../../fixtures/countdown/process.ts';
import { openApp, type TestApp } from '../app.ts';

const JSON_TYPE = 'application/json';

describeEngines('a second process', (engine) => {
  let test: TestApp;
  let app: Express;
  const ended: string[] = [];
  /** Names of the processes before it. */
  let own: string[] = [];
  beforeAll(async () => {
    test = await openApp(engine.db);
    own = test.services.processes.map(({ id }) => id);
    const processes = [...test.services.processes, countdownProcess((reason) => ended.push(reason))];
    app = createApp({ ...test.services, processes });
  });
  afterAll(() => test?.close());

  const execute = (body: object, prefer = '') =>
    request(app).post('/processes/count-down/execution').set('prefer', prefer).set('accept-language', 'en').send(body);

  it('is listed after the first, and described', async () => {
    const { body: list } = await request(app).get('/processes');
    expect(list.processes.map(({ id }: { id: string }) => id)).toEqual([...own, 'count-down']);
    expect((await request(app).get('/processes?limit=1')).body.processes).toHaveLength(1);
    const { body } = await request(app).get('/processes/count-down');
    expect(body.inputs.from).toEqual({
      ...{ title: 'from', description: 'First number', minOccurs: 0, maxOccurs: 1 },
      schema: { type: 'integer', minimum: 1, maximum: 1000 },
    });
    expect(Object.keys(body.outputs)).toEqual(['job', 'last', 'spoken', 'links']);
    expect(body.outputs.spoken.schema).toEqual({ type: 'string', contentMediaType: 'text/plain' });
    expect(body.description).toMatch(/^Counts down\. .*30/);
    expect(body.links.map(({ href }: { href: string }) => new URL(href).pathname)).toEqual([
      '/processes/count-down',
      '/processes/count-down/execution',
      '/processes/count-down/words',
    ]);
  });

  it('is in the OpenAPI document beside the first: its inputs, its results, its tables', async () => {
    const { body } = await request(app).get('/api?f=json');
    const { post } = body.paths['/processes/{process}/execution'];
    expect(post.parameters[0]).toMatchObject({ name: 'process', schema: { enum: [...own, 'count-down'] } });
    const bodies = post.requestBody.content[JSON_TYPE].schema.anyOf;
    expect(bodies).toHaveLength(own.length + 1);
    expect(Object.keys(bodies.at(-1).properties.inputs.properties)).toEqual(['from', 'numbers', 'isBroken']);
    expect(bodies.at(-1).properties.inputs.oneOf).toEqual([{ required: ['from'] }, { required: ['numbers'] }]);
    expect(bodies[0].properties.inputs.oneOf).toHaveLength(4);
    const results = body.paths['/jobs/{job}/results'].get.responses[200].content[JSON_TYPE].schema.anyOf;
    expect([results[0], results[own.length]]).toEqual([
      { $ref: '#/components/schemas/BufferResults' },
      { $ref: '#/components/schemas/CountDownResults' },
    ]);
    expect(body.components.schemas.CountDownResults.properties).toMatchObject({ last: { type: 'integer' } });
    expect(body.paths['/processes/count-down/words'].get.parameters[0]).toMatchObject({
      ...{ name: 'language', required: false },
      schema: { enum: ['vi', 'en'], default: 'vi' },
    });
  });

  it('answers at once, with the outputs asked for in their own media types', async () => {
    const { body } = await execute({ inputs: { from: 3 } }).expect(200);
    expect(Object.keys(body)).toEqual(['job', 'last', 'spoken', 'links']);
    expect(body).toMatchObject({ last: 1, spoken: '3 2 1' });
    expect(body.links.map(({ rel }: { rel: string }) => rel)).toEqual(['self', 'monitor', 'enclosure']);
    const spoken = await execute({ inputs: { numbers: { value: [7, 5] } }, outputs: { spoken: {} } });
    expect([spoken.type, spoken.text]).toEqual(['text/plain', '7 5']);
    const again = await request(app).get(new URL(body.links[0].href).pathname).expect(200);
    const { links: _, ...values } = body;
    expect(again.body).toMatchObject(values);
  });

  it('works in the background, under its own name', async () => {
    const { body } = await execute({ inputs: { from: 2 } }, 'respond-async').expect(201);
    expect(body.processID).toBe('count-down');
    await vi.waitFor(async () =>
      expect((await request(app).get(`/jobs/${body.jobID}`)).body).toMatchObject({
        ...{ status: 'successful', progress: 100, processID: 'count-down' },
      }),
    );
    expect((await request(app).get(`/jobs/${body.jobID}/results`)).body.spoken).toBe('2 1');
  });

  it('is ended when its job is dismissed', async () => {
    ended.length = 0;
    const { jobID } = (await execute({ inputs: { from: 1000 } }, 'respond-async').expect(201)).body;
    expect((await request(app).delete(`/jobs/${jobID}`)).body.status).toBe('dismissed');
    await vi.waitFor(() => expect(ended).toEqual(['aborted']));
    await request(app).get(`/jobs/${jobID}/results`).expect(410);
  });

  it.each([
    ['a number that is too small', { from: 0 }, /"inputs.from" must be ≥ 1/],
    ['an input of the other process', { from: 1, distance: 5 }, /must not have "distance"/],
    ['both of a pair', { from: 1, numbers: [1] }, /one of the two: "from" or "numbers"/],
    ['none of a pair', {}, /one of the two: "from" or "numbers"/],
    ['too many numbers', { numbers: [1, 2, 3, 4, 5, 6] }, /"inputs.numbers" has 6 items.*≤ 5/],
    ['what only its own reading refuses', { numbers: [13] }, /13 must not be there/],
  ])('refuses %s', async (_, inputs, detail) => {
    const { body, status } = await execute({ inputs });
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  it('refuses outputs that only the other has, and forms that it has not', async () => {
    expect((await execute({ inputs: { from: 1 }, outputs: { units: {} } })).status).toBe(400);
    const format = { mediaType: JSON_TYPE };
    const { body } = await execute({ inputs: { from: 1 }, outputs: { spoken: { format } } }).expect(400);
    expect(body.parameter).toBe('outputs.spoken.format.mediaType');
  });

  it('has no pages and no tiles where it made no features', async () => {
    const { job } = (await execute({ inputs: { from: 1 } })).body;
    for (const path of ['features', 'xyz/tilejson.json']) {
      const { body } = await request(app).get(`/jobs/${job}/${path}`).set('accept-language', 'en').expect(404);
      expect(body.detail).toMatch(/"count-down" has no layers/);
    }
  });

  it('keeps to itself what it failed with', async () => {
    const { body } = await execute({ inputs: { from: 1, isBroken: true } }).expect(500);
    expect(JSON.stringify(body)).not.toMatch(/secret/);
  });

  it('has tables at paths of their own', async () => {
    const { body } = await request(app).get('/processes/count-down/words?language=en').expect(200);
    expect(body).toEqual({ words: [{ number: 1, word: 'one' }] });
    expect((await request(app).get('/processes/count-down/words')).body.words[0].word).toBe('một');
    await request(app).get('/processes/count-down/words?language=fr').expect(400);
    await request(app).get('/processes/count-down/presets').expect(404);
  });

  it('is told from the first where neither has the name', async () => {
    const { body } = await request(app).get('/processes/nothing').set('accept-language', 'en').expect(404);
    expect(body.detail).toMatch(`There are: ${[...own, 'count-down'].join(', ')}.`);
  });
});

it('no file of the face of processes, nor the store of jobs, names a process', () => {
  const face = new URL('../../../src/http/processes/', import.meta.url);
  const files = [...readdirSync(face).map((name) => new URL(name, face)), new URL('../../results/jobs.ts', face)];
  expect(files.length).toBeGreaterThan(6);
  expect(files.filter((file) => /buffer/i.test(readFileSync(file, 'utf8')))).toEqual([]);
});
