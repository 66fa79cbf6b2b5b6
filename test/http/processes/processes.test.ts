import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { lonLatToMercator } from '../../../src/geo/tile.ts';
import { fillGrid } from '../../analysis/grid.ts';
import { describeEngines } from '../../engine.ts';
import { decodeTile } from '../../tiles/decode.ts';
import { openApp, type TestApp } from '../app.ts';

const SIZE = 60;
const inputs = { geometry: { type: 'Point', coordinates: [602_037, 1_222_041] }, crs: 'EPSG:9210', distance: 500 };

describeEngines('OGC API Processes', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, SIZE);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const execute = (body: object, prefer = '') =>
    request(test.app).post('/processes/buffer/execution').set('prefer', prefer).send(body);
  const settled = async (id: string) => {
    for (;;) {
      const { body } = await request(test.app).get(`/jobs/${id}`);
      if (body.status !== 'accepted' && body.status !== 'running') return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('lists and describes the process, inputs and outputs as JSON Schema', async () => {
    const list = await request(test.app).get('/processes');
    expect(list.body.processes[0]).toMatchObject({
      ...{ id: 'buffer', jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'] },
    });
    const { body } = await request(test.app).get('/processes/buffer').set('accept-language', 'en');
    expect(Object.keys(body.inputs)).toEqual([
      'geometry',
      'crs',
      'features',
      'distance',
      'preset',
      'width',
      'caps',
      'ring',
      'layers',
      'relation',
    ]);
    expect(body.inputs.distance.schema).toMatchObject({ type: 'number', maximum: 50000 });
    expect(body.inputs.relation.schema).toMatchObject({
      enum: ['intersecting', 'within', 'clipped'],
      default: 'intersecting',
    });
    expect(body.inputs.geometry.schema.oneOf).toHaveLength(7);
    expect(Object.keys(body.outputs)).toContain('buffer');
    expect(body.description).toMatch(/stored for 30 days/);
  });

  it('answers at once with everything, or with the outputs asked for', async () => {
    const { body, status } = await execute({ inputs, response: 'document' });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'job',
      'buffer',
      'bbox',
      'units',
      'layers',
      'zones',
      'coverage',
      'featuresTruncated',
      'notes',
      'links',
    ]);
    const [west, south, east, north] = body.bbox;
    expect(east - west).toBeCloseTo(1000 / 109_300, 4);
    expect(north - south).toBeCloseTo(1000 / 110_600, 4);
    const some = await execute({ inputs, outputs: { bbox: {}, job: { transmissionMode: 'value' } } });
    expect(Object.keys(some.body)).toEqual(['job', 'bbox']);
  });

  it('gives one output as it is, by its own media type', async () => {
    const asked = { inputs, outputs: { buffer: { format: { mediaType: 'application/geo+json' } } } };
    const one = await execute({ ...asked, response: 'raw' })
      .expect(200)
      .expect('content-type', /^application\/geo\+json/);
    expect(JSON.parse(one.text)).toMatchObject({ type: 'Feature', properties: { distanceM: 500 } });
    const [, job] = /^<http.*\/jobs\/(\w+)>; rel="monitor"$/.exec(one.headers.link ?? '') ?? [];
    await request(test.app)
      .get(`/jobs/${job}/results`)
      .expect('content-type', /^application\/geo\+json/);
    const unsaid = await execute({ inputs, outputs: { job: {} } }).expect('content-type', /^text\/plain/);
    expect(unsaid.text).toMatch(/^[0-9a-f]{32}$/);
    await execute({ inputs, outputs: {}, response: 'raw' }).expect(204);
    const document = await execute({ inputs, outputs: { bbox: {} }, response: 'document' });
    expect(Object.keys(document.body)).toEqual(['bbox']);
  });

  it('gives several outputs raw as the parts of a message', async () => {
    const { headers, body } = await execute({ inputs, outputs: { bbox: {}, units: {} }, response: 'raw' })
      .buffer(true)
      .parse((response, done) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => done(null, text));
      });
    const [, type, boundary] =
      /^multipart\/related; type="(.*)"; boundary=(\w+)$/.exec(headers['content-type'] ?? '') ?? [];
    expect(type).toBe('application/json');
    const [before, ...parts] = (body as string).split(`--${boundary}`);
    expect([before, parts.pop()]).toEqual(['', '--\r\n']);
    const read = parts.map((part) => part.trim().split('\r\n'));
    expect(read.map((lines) => lines.slice(0, 3))).toEqual([
      ['Content-Type: application/json', 'Content-ID: bbox', ''],
      ['Content-Type: application/json', 'Content-ID: units', ''],
    ]);
    expect(JSON.parse(read[0]?.[3] ?? '')).toHaveLength(4);
  });

  it('takes inputs wrapped as standard clients wrap them', async () => {
    const wrapped = { ...inputs, geometry: { value: inputs.geometry, mediaType: 'application/geo+json' } };
    expect((await execute({ inputs: wrapped })).status).toBe(200);
  });

  it('works in the background with progress that grows, then gives the result', async () => {
    const started = await execute({ inputs: { ...inputs, distance: 3000 } }, 'respond-async, wait=5');
    expect(started.status).toBe(201);
    expect(started.headers['preference-applied']).toBe('respond-async');
    expect(started.body).toMatchObject({ processID: 'buffer', type: 'process' });
    const id: string = started.body.jobID;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(started.headers.location).toMatch(new RegExp(`^http://.*/jobs/${id}$`));
    const early = await request(test.app).get(`/jobs/${id}/results`);
    expect(early.status).toBe(404);
    expect(early.body.type).toMatch(/result-not-ready$/);
    const seen: number[] = [];
    for (let status = 'running'; status === 'running' || status === 'accepted'; ) {
      const { body } = await request(test.app).get(`/jobs/${id}`);
      status = body.status;
      seen.push(body.progress);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
    expect(new Set(seen).size).toBeGreaterThan(2);
    const { body } = await request(test.app).get(`/jobs/${id}/results`);
    expect(body.job).toBe(id);
    expect(body.layers[0].count).toBeGreaterThan(1000);
  });

  it('dismisses what runs, and forgets what has ended', async () => {
    const running = (await execute({ inputs: { ...inputs, distance: 4000 } }, 'respond-async')).body.jobID;
    const { body, status } = await request(test.app).delete(`/jobs/${running}`);
    expect([status, body.status]).toEqual([200, 'dismissed']);
    expect((await settled(running)).status).toBe('dismissed');
    const ended = (await execute({ inputs })).body.job;
    await request(test.app).delete(`/jobs/${ended}`);
    for (const path of ['results', 'features', 'xyz/tilejson.json']) {
      const gone = await request(test.app).get(`/jobs/${ended}/${path}`);
      expect([path, gone.status]).toEqual([path, 410]);
    }
    for (const path of ['collections/LAYER', 'collections/LAYER/items', 'xyz/LAYER/0/0/0.mvt']) {
      const gone = await request(test.app).get(`/${path.replace('LAYER', `result.${ended}_buffer`)}`);
      expect([path, gone.status]).toEqual([path, 404]);
    }
  });

  it('ends the work of a client that went away', async () => {
    const dismiss = vi.spyOn(test.services.jobs, 'dismiss');
    const server = test.app.listen(0);
    const { port } = server.address() as { port: number };
    const controller = new AbortController();
    const answer = fetch(`http://localhost:${port}/processes/buffer/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: { ...inputs, distance: 4000, layers: ['land.parcel', 'base.road', 'base.building'] },
      }),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 50);
    await expect(answer).rejects.toThrow(/abort/);
    await vi.waitFor(() => expect(dismiss).toHaveBeenCalledOnce());
    expect(await dismiss.mock.results[0]?.value).toMatchObject({ status: 'dismissed' });
    server.close();
    dismiss.mockRestore();
  });

  it('makes each found layer and the buffer a collection, whose pages give each feature once', async () => {
    const { body } = await execute({ inputs });
    const collection = `/collections/result.${body.job}_land_parcel`;
    const items = body.links.filter(({ rel }: { rel: string }) => rel === 'items');
    expect(items.map(({ href }: { href: string }) => new URL(href).pathname)).toEqual([
      `${collection}/items`,
      `/collections/result.${body.job}_buffer/items`,
    ]);
    const ids: number[] = [];
    let url: string | undefined = `${collection}/items?limit=7`;
    let pages = 0;
    while (url) {
      const page: request.Response = await request(test.app).get(url);
      expect(page.headers['content-type']).toMatch('application/geo+json');
      expect(page.body.numberMatched).toBe(body.layers[0].count);
      ids.push(
        ...page.body.features.map(({ properties }: { properties: { feature_id: number } }) => properties.feature_id),
      );
      const next = page.body.links.find(({ rel }: { rel: string }) => rel === 'next');
      url = next && new URL(next.href).pathname + new URL(next.href).search;
      pages++;
    }
    expect(pages).toBe(Math.ceil(body.layers[0].count / 7));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(body.layers[0].count);
    const short = await request(test.app).get(`/jobs/${body.job}/features`).expect(307);
    expect(new URL(short.headers.location ?? '').pathname).toBe(`${collection}/items`);
  });

  it('gives features the fields of tiles, typed, and nothing of persons', async () => {
    const { body } = await execute({ inputs });
    const page = await request(test.app).get(`/collections/result.${body.job}_land_parcel/items?limit=1`);
    const [feature] = page.body.features;
    expect(Object.keys(feature.properties)).toEqual([
      'id',
      'feature_id',
      'unit_code',
      'sheet',
      'number',
      'main_use',
      'legal_area_m2',
    ]);
    expect([feature.id, feature.geometry.type]).toEqual([1, 'MultiPolygon']);
    const stored = await request(test.app).get(`/collections/land.parcel/items/${feature.properties.feature_id}`);
    expect(feature.geometry).toEqual(stored.body.geometry);
    const { sheet, main_use: use, legal_area_m2: area } = stored.body.properties;
    expect(feature.properties).toMatchObject({ sheet, main_use: use, legal_area_m2: area });
  });

  it('is a tileset: every feature and the buffer, at the tile that holds them all', async () => {
    const { body } = await execute({ inputs });
    const [parcels, buffer] = [`result.${body.job}_land_parcel`, `result.${body.job}_buffer`];
    const short = await request(test.app).get(`/jobs/${body.job}/xyz/tilejson.json`).expect(307);
    const description = await request(test.app).get(new URL(short.headers.location ?? '').pathname);
    expect(description.body).toMatchObject({ tilejson: '3.0.0', minzoom: 0, maxzoom: 18 });
    expect(description.body.vector_layers.map(({ id }: { id: string }) => id)).toEqual([parcels, buffer]);
    const z = 15;
    const size = (2 * Math.PI * 6_378_137) / 2 ** z;
    const cell = (lon: number, lat: number) => {
      const [x, y] = lonLatToMercator(lon, lat);
      return [Math.floor(x / size + 2 ** (z - 1)), Math.floor(2 ** (z - 1) - y / size)] as const;
    };
    const [west, south, east, north] = body.bbox;
    const [[left, bottom], [right, top]] = [cell(west, south), cell(east, north)];
    const found = new Set<number>();
    const layers = new Set<string>();
    // Squares that touch the buffer extend at most one tile beyond it.
    for (let x = left - 1; x <= right + 1; x++) {
      for (let y = top - 1; y <= bottom + 1; y++) {
        const tile = await request(test.app).get(`/xyz/${parcels},${buffer}/${z}/${x}/${y}.mvt`).responseType('blob');
        expect(tile.status).toBe(tile.body.length > 0 ? 200 : 204);
        if (tile.status === 204) continue;
        for (const [name, features] of Object.entries(decodeTile(tile.body))) {
          layers.add(name);
          if (name === parcels) for (const { id } of features) found.add(id as number);
        }
      }
    }
    expect([...layers].sort()).toEqual([buffer, parcels]);
    const all = Array.from({ length: body.layers[0].count }, (_, index) => index + 1);
    expect([...found].sort((a, b) => a - b)).toEqual(all);
    expect((await request(test.app).get(`/xyz/${parcels}/15/0/0.mvt`)).status).toBe(204);
  });

  it('says that nothing was left out where nothing was', async () => {
    const body = (await execute({ inputs: { ...inputs, distance: 6000 } })).body;
    expect(body).toMatchObject({ featuresTruncated: false });
    expect(body.layers[0].count).toBe(SIZE * SIZE);
    expect(body.layers[0].areaM2).toBeCloseTo((SIZE * 100) ** 2, 0);
  });

  it('says which inputs must be given', async () => {
    const { inputs: described } = (await request(test.app).get('/processes/route-take')).body;
    const least = Object.fromEntries(['left', 'caps', 'geometry'].map((name) => [name, described[name].minOccurs]));
    expect(least).toEqual({ left: 1, caps: 0, geometry: 0 });
  });

  it('lists the distance rules with their legal basis, and no jobs', async () => {
    const { body } = await request(test.app).get('/processes/buffer/presets');
    expect(body.presets.length).toBeGreaterThan(60);
    expect(body.presets.find(({ id }: { id: string }) => id === 'road_9')).toMatchObject({
      distanceM: 9,
      theme: 'road',
      status: expect.stringMatching(/^source/),
      ruleStatus: 'unchecked',
      ruleStatusText: { vi: 'chưa đối chiếu', en: 'not checked against the text' },
    });
    await execute({ inputs });
    expect((await request(test.app).get('/jobs')).body.jobs).toEqual([]);
  });
});
