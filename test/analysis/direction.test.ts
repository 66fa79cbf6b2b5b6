import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { decodeTile } from '../tiles/decode.ts';

const CENTRE = [602_050, 1_222_041];
const LAYER = 'odd.directed';
const resultOf = (job: string) => `result.${job}_odd_directed`;

describeEngines('the direction of lines', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    const fixture = readFileSync(new URL('../fixtures/directed-lines.sql', import.meta.url), 'utf8');
    await engine.db.script(`CREATE SCHEMA odd; ${fixture}`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'base,land,environment,odd' });
  });
  afterAll(() => test?.close());

  type Coordinates = [number, number][];
  type Found = { properties: { feature_id: number }; geometry: { coordinates: unknown[] } };

  async function buffered(relation: string, distance: number) {
    const inputs = {
      ...{ geometry: { type: 'Point', coordinates: CENTRE }, crs: 'EPSG:9210' },
      ...{ distance, relation, layers: [LAYER] },
    };
    const { body } = await request(test.app).post('/processes/buffer/execution').send({ inputs }).expect(200);
    const { body: page } = await request(test.app)
      .get(`/collections/${resultOf(body.job)}/items`)
      .expect(200);
    const byId = new Map<number, Coordinates>(
      page.features.map(({ properties, geometry }: Found) => [
        properties.feature_id,
        geometry.coordinates.flat(2).length === 2 * (geometry.coordinates as unknown[]).length
          ? geometry.coordinates
          : geometry.coordinates.flat(Array.isArray((geometry.coordinates[0] as unknown[])[0]) ? 1 : 0),
      ]),
    );
    return { job: body.job as string, byId };
  }

  const goesWest = (line: Coordinates) => (line[0]?.[0] ?? 0) > (line.at(-1)?.[0] ?? 0);
  const area = (ring: Coordinates) =>
    ring.reduce(
      (sum, [x, y], at) =>
        sum + x * (ring[(at + 1) % ring.length]?.[1] ?? 0) - (ring[(at + 1) % ring.length]?.[0] ?? 0) * y,
      0,
    );

  it.each([
    ['intersecting', 500],
    ['within', 500],
    ['clipped', 500],
    ['clipped', 80],
  ])('stays in features that are %s a buffer of %i m, while rings are wound', async (relation, distance) => {
    const { byId } = await buffered(relation, distance);
    expect(byId.size).toBe(3);
    expect(goesWest(byId.get(1) ?? [])).toBe(true);
    expect(goesWest(byId.get(2) ?? [])).toBe(false);
    expect(area(byId.get(3) ?? [])).toBeGreaterThan(0);
  });

  it('stays in the tiles of the result', async () => {
    const { job } = await buffered('clipped', 500);
    const { body } = await request(test.app)
      .get(`/xyz/${resultOf(job)}/tilejson.json`)
      .expect(200);
    const [west, south, east, north] = body.bounds as [number, number, number, number];
    const [lon, lat] = [(west + east) / 2, (south + north) / 2];
    const z = 13;
    const x = Math.floor(((lon + 180) / 360) * 2 ** z);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
    const tile = await request(test.app)
      .get(`/xyz/${resultOf(job)}/${z}/${x}/${y}.mvt`)
      .buffer(true)
      .parse((answer, done) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => done(null, Buffer.concat(pieces)));
      });
    expect(tile.status).toBe(200);
    expect(Object.keys(decodeTile(tile.body))).toEqual([resultOf(job)]);
    const [one, two, three] = decodeTile(tile.body)[resultOf(job)] ?? [];
    const ends = (rings: { x: number }[][] | undefined) => (rings?.[0]?.[0]?.x ?? 0) - (rings?.[0]?.at(-1)?.x ?? 0);
    expect(ends(one?.rings as never)).toBeGreaterThan(0);
    expect(ends(two?.rings as never)).toBeLessThan(0);
    // MVT 2.1, 4.3.3.3: exterior rings are clockwise on the screen, where y points down.
    const ring = (three?.rings[0] ?? []).map(({ x: a, y: b }): [number, number] => [a, b]);
    expect(area(ring)).toBeGreaterThan(0);
  });
});
