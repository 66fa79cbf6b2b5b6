import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { epsgUri } from '../../src/geo/crs.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

/** More features than a page can have. */
const ROWS = 12_000;
/** 20 MB, more than the sockets between server and client buffer. */
const LONG_ROWS = 4000;

const hasGdal = spawnSync('ogrinfo', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: GeoJSON of whole layers, as GDAL reads it. GDAL is not installed.\n');

/** Returns the database with counters of rows and of ended streams. */
function countStreams(db: Database) {
  const counts = { rows: 0, ended: 0 };
  const counted = new Proxy(db, {
    get: (target, name) => {
      if (name === 'stream') return stream;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  async function* stream(...given: Parameters<Database['stream']>) {
    try {
      for await (const row of db.stream(...given)) {
        counts.rows++;
        yield row;
      }
    } finally {
      counts.ended++;
    }
  }
  return { counts, counted };
}

describeBareEngines('whole layers', (engine) => {
  let test: TestApp;
  let server: Server;
  let counts: ReturnType<typeof countStreams>['counts'];
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.place (id integer PRIMARY KEY, name text, cccd text, geom geometry(Point, 9210));
      INSERT INTO odd.place SELECT i, 'Điểm "' || i || '"', '012345678901', ST_SetSRID(ST_Point(600000 + i, 1230000), 9210)
        FROM generate_series(1, ${ROWS}) AS i;
      CREATE TABLE odd.long (id integer PRIMARY KEY, text text, geom geometry(Point, 4326));
      INSERT INTO odd.long SELECT i, repeat('x', 5000), ST_SetSRID(ST_Point(106, 11), 4326) FROM generate_series(1, ${LONG_ROWS}) AS i;
      CREATE TABLE odd.nothing (id integer PRIMARY KEY, geom geometry(Point, 4326));`);
    const { counted, ...rest } = countStreams(engine.db);
    counts = rest.counts;
    test = await openApp(counted, { DIABA_SCHEMAS: 'odd' });
    server = test.app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await test?.close();
  });
  const get = (path: string) =>
    request(test.app)
      .get(`/collections/${path}`)
      .buffer(true)
      .parse((response, done) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(Buffer.from(piece)));
        response.on('end', () => done(null, Buffer.concat(pieces).toString()));
      });
  const readSequence = (text: string) =>
    text
      .split('\x1e')
      .slice(1)
      .map((each) => JSON.parse(each));

  it('come as one collection, each feature once', async () => {
    const { headers, body } = await get('odd.place/items?f=geojson').expect(200);
    expect(headers['content-type']).toBe('application/geo+json');
    expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''odd.place.geojson");
    const { type, features, numberReturned, links, crs } = JSON.parse(body);
    expect([type, features.length, numberReturned, crs]).toEqual(['FeatureCollection', ROWS, ROWS, undefined]);
    expect(new Set(features.map(({ id }: { id: number }) => id)).size).toBe(ROWS);
    expect(links.map(({ rel }: { rel: string }) => rel)).toEqual(['collection']);
    const page = JSON.parse((await get('odd.place/items?limit=1')).body);
    expect(features[0]).toEqual(page.features[0]);
    expect(body).not.toContain('012345678901');
  });

  it('come as a sequence, each feature once', async () => {
    const { headers, body } = await get('odd.place/items?f=geojsonseq').expect(200);
    expect(headers['content-type']).toBe('application/geo+json-seq');
    expect(headers['content-disposition']).toContain('odd.place.geojsons');
    const features = readSequence(body);
    expect(new Set(features.map(({ id }) => id)).size).toBe(ROWS);
    expect(features).toHaveLength(ROWS);
    expect(features[0]).toMatchObject({ type: 'Feature', id: 1, properties: { name: 'Điểm "1"' } });
    const accepted = await get('odd.place/items?limit=1').set('accept', 'application/geo+json-seq').expect(200);
    expect(accepted.headers['content-type']).toBe('application/geo+json-seq');
    const page = await get('odd.place/items?limit=1').set('accept', 'application/geo+json').expect(200);
    expect(page.headers['content-disposition']).toBeUndefined();
  });

  it('are narrowed, ordered and cut as they are asked for', async () => {
    const query = 'filter=id%20%3E%205&sortby=-id&properties=id&limit=2';
    const file = JSON.parse((await get(`odd.place/items?f=geojson&${query}`)).body);
    const sequence = readSequence((await get(`odd.place/items?f=geojsonseq&${query}`)).body);
    expect(file.features.map(({ properties }: { properties: object }) => properties)).toEqual([
      { id: ROWS },
      { id: ROWS - 1 },
    ]);
    expect(sequence).toEqual(file.features);
    expect(JSON.parse((await get('odd.nothing/items?f=geojson')).body)).toMatchObject({
      features: [],
      numberReturned: 0,
    });
    expect((await get('odd.nothing/items?f=geojsonseq')).body).toBe('');
    await get('odd.place/items?f=geojson&filter=nothing%20%3D%201').expect(400);
    await get('odd.place/items?f=geojsonseq&id=x').expect(400);
  });

  it('say in which system they are, longitude or easting first in a file', async () => {
    const inVn2000 = JSON.parse((await get(`odd.place/items?f=geojson&limit=1&crs=${epsgUri(9210)}`)).body);
    expect(inVn2000.crs.properties.name).toBe('urn:ogc:def:crs:EPSG::9210');
    expect(inVn2000.features[0].geometry.coordinates).toEqual([600001, 1230000]);
    const inDegrees = JSON.parse((await get(`odd.place/items?f=geojson&limit=1&crs=${epsgUri(4326)}`)).body);
    expect(inDegrees.crs).toBeUndefined();
    expect(inDegrees.features[0].geometry.coordinates[0]).toBeCloseTo(106.668, 2);
    const { headers, body } = await get(`odd.place/items?f=geojsonseq&limit=1&crs=${epsgUri(4326)}`);
    expect(headers['content-crs']).toBe(`<${epsgUri(4326)}>`);
    expect(readSequence(body)[0].geometry.coordinates[1]).toBeCloseTo(106.668, 2);
  });

  it.skipIf(!hasGdal).each([
    ['geojson', 'GeoJSON', 'EPSG",9210'],
    ['geojsonseq', 'GeoJSONSeq', 'EPSG",4326'],
  ])('are opened by GDAL as %s', async (format, driver, system) => {
    const folder = mkdtempSync(join(tmpdir(), 'diaba-whole-'));
    const crs = format === 'geojson' ? `&crs=${epsgUri(9210)}` : '';
    const { body } = await get(`odd.place/items?f=${format}${crs}`);
    const file = join(folder, `some.${format === 'geojson' ? 'geojson' : 'geojsons'}`);
    writeFileSync(file, body);
    const { stdout } = spawnSync('ogrinfo', ['-al', '-so', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout).toContain(`using driver \`${driver}'`);
    expect(stdout).toContain(`Feature Count: ${ROWS}`);
    expect(stdout).toContain(system);
  });

  it('are linked from the layer and from its pages', async () => {
    const { links } = JSON.parse((await get('odd.place?f=json')).body) as {
      links: { rel: string; href: string; type: string }[];
    };
    const found = (format: string) => links.find(({ href }) => href.endsWith(`?f=${format}`));
    expect(found('geojson')).toMatchObject({ rel: 'enclosure', type: 'application/geo+json' });
    expect(found('geojsonseq')).toMatchObject({ rel: 'items', type: 'application/geo+json-seq' });
    const page = (await get('odd.place/items?f=html&limit=5&filter=id%20%3E%205')).body;
    const [, href = ''] = /href="([^"]*[?;]f=geojson(?:&[^"]*)?)"/.exec(page) ?? [];
    const url = new URL(href.replaceAll('&amp;', '&'));
    expect(Object.fromEntries(url.searchParams)).toEqual({ f: 'geojson', filter: 'id > 5' });
  });

  const open = (format: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      httpGet({ port, path: `/collections/odd.long/items?f=${format}`, agent: false }, resolve).on('error', reject);
    });
  /** Returns the count of rows once it has been stable for half a second. */
  const settledRows = async () => {
    for (let before = -1; before !== counts.rows; await sleep(500)) before = counts.rows;
    return counts.rows;
  };

  it.each(['csv', 'geojson', 'geojsonseq'])('are read no faster than they are taken, as %s', async (format) => {
    counts.rows = 0;
    const response = await open(format);
    expect(await settledRows()).toBeLessThan(LONG_ROWS * 0.8);
    let bytes = 0;
    for await (const piece of response) bytes += (piece as Buffer).length;
    expect(counts.rows).toBe(LONG_ROWS);
    expect(bytes).toBeGreaterThan(LONG_ROWS * 5000);
  });

  it('are read no further when the client goes away', async () => {
    Object.assign(counts, { rows: 0, ended: 0 });
    const response = await open('geojson');
    await settledRows();
    response.on('error', () => {}).destroy();
    await expect.poll(() => counts.ended).toBe(1);
    expect(counts.rows).toBeLessThan(LONG_ROWS);
    expect((await get('odd.place/items?limit=1')).status).toBe(200);
  });
});
