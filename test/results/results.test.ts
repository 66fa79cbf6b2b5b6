/** Results as layers: each face serves them, they survive a restart, and every server of a database reads them. */
import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { countdownProcess } from '../fixtures/countdown/process.ts';
import { ODD_VALUES, rowsProcess } from '../fixtures/rows/process.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { decodeTile } from '../tiles/decode.ts';

/** Area of a square without its hole. */
const AREA = 96;

interface Server extends TestApp {
  readonly app: Express;
}

describeEngines('results in the database', (engine) => {
  let here: Server;
  let there: Server;
  const open = async (): Promise<Server> => {
    const test = await openApp(engine.db);
    const processes = [...test.services.processes, rowsProcess(), countdownProcess(() => {})];
    return { ...test, app: createApp({ ...test.services, processes }) };
  };
  beforeAll(async () => {
    here = await open();
    there = await open();
  });
  afterAll(async () => {
    await here?.close();
    await there?.close();
  });

  const execute = (process: string, inputs: object, prefer = '') =>
    request(here.app).post(`/processes/${process}/execution`).set('prefer', prefer).send({ inputs });
  const rows = async (size = 3) => (await execute('rows', { size }).expect(200)).body.job as string;
  const get = (path: string, app = here.app) => request(app).get(path).set('accept-language', 'en');
  const squares = (job: string) => `result.${job}_squares`;

  it('are collections with typed values, which no list names', async () => {
    const job = await rows();
    const { body } = await get(`/collections/result.${job}_odd/items?limit=1`);
    const text = (await get(`/collections/result.${job}_odd/items?f=geojson`).buffer(true)).text;
    expect(body).toMatchObject({ numberMatched: 2, features: [{ id: 1, geometry: null }] });
    const { whole: _, moment, ...others } = ODD_VALUES;
    expect(body.features[0].properties).toMatchObject({ id: 1, ...others });
    expect(Date.parse(body.features[0].properties.moment)).toBe(Date.parse(moment));
    expect(text).toContain('9007199254740993');
    const queryables = (await get(`/collections/result.${job}_odd/queryables`)).body.properties;
    expect(queryables).toMatchObject({
      code: { type: 'string', title: 'Code' },
      whole: { type: 'integer' },
      isKnown: { type: 'boolean' },
      day: { format: 'date' },
      moment: { format: 'date-time' },
    });
    for (const list of ['/collections', '/tiles', '/jobs', '/wfs?service=WFS&request=GetCapabilities'])
      expect((await get(list).buffer(true)).text).not.toContain(job);
    const none = (await get(`/collections/result.${job}_none/items`)).body;
    expect([none.numberMatched, none.features]).toEqual([0, []]);
  });

  it('are filtered, sorted, cut to a box, and written as files', async () => {
    const job = await rows(40);
    const items = `/collections/${squares(job)}/items`;
    const found = await get(`${items}?filter=number>37&sortby=-number`).expect(200);
    expect(found.body.features.map((each: { id: number; properties: object }) => [each.id, each.properties])).toEqual([
      [1, { id: 1, number: 40, kind: 'chẵn' }],
      [2, { id: 2, number: 39, kind: 'lẻ/odd' }],
      [3, { id: 3, number: 38, kind: 'chẵn' }],
    ]);
    expect((await get(`${items}?kind=ch%E1%BA%B5n`)).body.numberMatched).toBe(20);
    const [[[[lon, lat]]]] = (await get(`${items}/40`)).body.geometry.coordinates;
    const box = await get(`${items}?bbox=${lon - 1e-6},${lat - 1e-6},${lon + 1e-6},${lat + 1e-6}`);
    expect(box.body.features.map(({ id }: { id: number }) => id)).toEqual([40]);
    const csv = await get(`${items}?f=csv&sortby=number&limit=1&headers=vi`).buffer(true);
    expect(csv.text).toMatch(/^\ufeffSố thứ tự,Số,Loại,Hình học \(WKT\)\r\n40,1,lẻ\/odd,"MULTIPOLYGON\(\(\(106\./);
    for (const f of ['gpkg', 'fgb']) expect((await get(`${items}?f=${f}`)).status).toBe(200);
    await get(`${items}/40`).expect(200);
    await get(`${items}/41`).expect(404);
    await get(`${items}?f=html`).expect(200);
    await request(here.app).delete(`${items}/1`).expect(405);
    const wfs = await get(
      `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:${squares(job)}&count=2&outputFormat=application/json`,
    );
    expect([wfs.status, wfs.body.numberMatched, wfs.body.features?.length]).toEqual([200, 40, 2]);
  });

  it('are tiles, and inputs of another process', async () => {
    const job = await rows();
    const { body } = await get(`/xyz/${squares(job)}/tilejson.json`).expect(200);
    const [lon, lat] = [(body.bounds[0] + body.bounds[2]) / 2, (body.bounds[1] + body.bounds[3]) / 2];
    const z = 14;
    const x = Math.floor(((lon + 180) / 360) * 2 ** z);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
    const tile = await get(`/xyz/${squares(job)}/${z}/${x}/${y}.mvt`)
      .responseType('blob')
      .expect(200);
    expect(decodeTile(tile.body)[squares(job)]?.map(({ id }) => id)).toEqual([1, 2, 3]);
    const features = { layer: squares(job), ids: [3] };
    const buffer = await execute('buffer', { features, distance: 5, layers: [squares(job)] });
    expect([buffer.status, buffer.body.layers?.[0]]).toMatchObject([
      200,
      { layer: squares(job), count: 1, areaM2: AREA },
    ]);
  });

  it('survive a restart, and are read at every server', async () => {
    const before = await open();
    const started = await request(before.app)
      .post('/processes/rows/execution')
      .send({ inputs: { size: 2 } });
    await before.close();
    const { job } = started.body;
    for (const app of [here.app, there.app]) {
      const results = await get(`/jobs/${job}/results`, app).expect(200);
      expect(results.body).toMatchObject({ job, size: 2 });
      expect((await get(`/collections/${squares(job)}/items`, app)).body.numberMatched).toBe(2);
    }
  });

  it('are dropped at every server at once or within two seconds', async () => {
    const job = await rows();
    await get(`/collections/${squares(job)}`, there.app).expect(200);
    expect((await request(there.app).delete(`/jobs/${job}`)).body.status).toBe('dismissed');
    await get(`/collections/${squares(job)}`, there.app).expect(404);
    await get(`/jobs/${job}/results`).expect(410);
    await vi.waitFor(() => get(`/collections/${squares(job)}`).expect(404), 5000);
    const [left] = await engine.db.query(sql`SELECT count(*) AS count FROM result.feature WHERE job = ${job}`);
    expect(left).toEqual({ count: 0 });
  });

  it('of a running job do not come when another server cancels it', async () => {
    const { jobID: job } = (await execute('count-down', { from: 1000 }, 'respond-async').expect(201)).body;
    await vi.waitFor(async () => expect((await get(`/jobs/${job}`, there.app)).body.status).toBe('running'), 5000);
    await request(there.app).delete(`/jobs/${job}`).expect(200);
    const [run] = (await engine.db.query<{ status: string }>(sql`SELECT status FROM result.job WHERE id = ${job}`)) as [
      { status: string },
    ];
    expect(run.status).toBe('dismissed');
    // The other server frees the slot for the next one.
    await rows();
    await get(`/jobs/${job}/results`).expect(410);
  });

  it('have a progress that never falls, though the run ends while its row is read', async () => {
    const { jobID: job } = (await execute('count-down', { from: 400 }, 'respond-async').expect(201)).body;
    const { jobs } = here.services;
    await vi.waitFor(async () => expect((await jobs.require(job)).progress).toBeGreaterThan(30), 5000);
    const query = engine.db.query.bind(engine.db);
    const spy = vi.spyOn(engine.db, 'query').mockImplementation(async (asked, options) => {
      const rows = await query(asked, options);
      if (!asked.text.includes('"isExpired"')) return rows;
      spy.mockRestore();
      await jobs.ended(job);
      return rows;
    });
    const late = await jobs.require(job);
    expect(late).toMatchObject({ status: 'running', progress: expect.any(Number) });
    expect(late.progress).toBeGreaterThan(30);
    const { jobID: dropped } = (await execute('count-down', { from: 1000 }, 'respond-async').expect(201)).body;
    await vi.waitFor(async () => expect((await jobs.require(dropped)).progress).toBeGreaterThan(2), 5000);
    await jobs.dismiss(dropped);
    expect((await jobs.require(dropped)).progress).toBeGreaterThan(2);
  });

  it('keep the progress that a job had reached when it failed', async () => {
    const query = engine.db.query.bind(engine.db);
    const spy = vi.spyOn(engine.db, 'query').mockImplementation(async (asked, options) => {
      if (!asked.text.includes('DELETE FROM result.layer')) return query(asked, options);
      spy.mockRestore();
      throw new Error('the layers cannot be replaced');
    });
    const { jobID: job } = (await execute('count-down', { from: 150 }, 'respond-async').expect(201)).body;
    const { status, progress } = await here.services.jobs.ended(job);
    expect([status, progress]).toEqual(['failed', expect.any(Number)]);
    expect(progress).toBeGreaterThan(80);
  });

  /** Changes a finished job to one whose server died during its run. */
  const abandon = (job: string, attempts: number) =>
    engine.db.query(sql`UPDATE result.job SET status = 'running', worker = 'dead', heartbeat_at = now() - interval '2 minutes',
      attempts = ${attempts}::int, "values" = NULL, finished_at = NULL WHERE id = ${job}`);

  it('come from another server when the first one died, but not for ever', async () => {
    const [again, spent] = [await rows(4), await rows(4)];
    await abandon(again, 1);
    await abandon(spent, 3);
    await vi.waitFor(async () => expect((await get(`/jobs/${again}`)).body.status).toBe('successful'), 15_000);
    expect((await get(`/jobs/${again}/results`)).body.size).toBe(4);
    expect((await get(`/collections/${squares(again)}/items`)).body.numberMatched).toBe(4);
    const { body } = await get(`/jobs/${spent}`);
    expect([body.status, body.message]).toEqual(['failed', expect.stringMatching(/ended several times/)]);
    await get(`/jobs/${spent}/results`).expect(500);
  });

  it('expire: the id of the job is still known, its rows are dropped', async () => {
    const job = await rows();
    await engine.db.query(sql`UPDATE result.job SET expires_at = now() - interval '1 minute' WHERE id = ${job}`);
    const { body } = await get(`/jobs/${job}/results`).expect(410);
    expect(body.detail).toMatch(/expired. Results are stored for 30 days/);
    await vi.waitFor(() => get(`/collections/${squares(job)}`).expect(404), 5000);
    await (await open()).close();
    await vi.waitFor(async () => {
      const [left] = await engine.db.query(
        sql`SELECT inputs, (SELECT count(*) FROM result.feature WHERE job = job.id) AS rows FROM result.job WHERE id = ${job}`,
      );
      expect(left).toEqual({ inputs: {}, rows: 0 });
    }, 5000);
  });

  it('can be computed again from the inputs in the status', async () => {
    const inputs = { geometry: { type: 'Point', coordinates: [106.68, 10.98] }, distance: 200 };
    const first = (await execute('buffer', inputs).expect(200)).body;
    const { body: status } = await get(`/jobs/${first.job}`).expect(200);
    expect(status.inputs).toMatchObject(inputs);
    const execution = status.links.find(({ rel }: { rel: string }) => rel.endsWith('/execute')).href;
    const again = await request(there.app).post(new URL(execution).pathname).send({ inputs: status.inputs });
    expect([again.status, again.body.layers, again.body.buffer]).toEqual([200, first.layers, first.buffer]);
  });

  it('are refused while too many jobs wait', async () => {
    await engine.db.query(sql`INSERT INTO result.job (id, process, inputs, execution, access_class, expires_at)
      SELECT lpad(to_hex(n), 32, '0'), 'unknown', '{}', '{"outputs":[],"form":"raw"}', 'public', now() + interval '1 day' FROM generate_series(1, 20) AS n`);
    const { body } = await execute('rows', {}).set('accept-language', 'en').expect(503);
    expect(body.detail).toMatch(/20 jobs are waiting/);
    await engine.db.query(sql`DELETE FROM result.job WHERE process = 'unknown'`);
    await rows();
  });

  it('cannot be asked for with a schema setting that would list all jobs', async () => {
    await expect(openApp(engine.db, { DIABA_SCHEMAS: 'land,result' })).rejects.toThrow(/DIABA_SCHEMAS/);
  });
});
