import type { Geometry } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ASKED_WEIGHT, MOST_PAIR_VERTICES } from '../../src/analysis/parts/subject.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { circle, comb, crossed, nested, points, star, zigzag } from './shapes.ts';
import { buffered, filtered, type HttpRequest, near, posted, spatial, WORST } from './worst.ts';

describeEngines('requests that cost most', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_EDITING: 'on' });
  });
  afterAll(() => test?.close());

  const send = ({ path, method, type, body }: HttpRequest): request.Test =>
    method === 'GET'
      ? request(test.app).get(path)
      : request(test.app)
          .post(path)
          .set('content-type', type ?? '')
          .send(body);

  // Section `hostile` of the bench measures the cost, since machines that run tests are busy.
  it.each(Object.entries(WORST))('answers the most that is accepted: %s', async (_, worst) => {
    const { status, text } = await send(worst);
    expect(status, text.slice(0, 500)).toBe(200);
  });

  it.each<[string, HttpRequest, RegExp]>([
    ['a star of 2 kB', filtered(`S_INTERSECTS(geom, ${toWkt(star(101))})`), /more than 200 places/],
    ['a star, posted', spatial('Intersects', star(999)), /more than 200 places/],
    ['a star of 20 000 corners', spatial('Intersects', star(20_001)), /20002 vertices .*most is 4000/],
    ['a comb, posted', spatial('Intersects', comb(4001)), /4001 vertices .*most is 4000/],
    ['a zigzag of long sides', spatial('Touches', zigzag(100)), /cut into pieces.*the most is 328/],
    ['touched', spatial('Touches', circle(251)), /251 vertices in geometries of S_TOUCHES/],
    ['a distance', near(zigzag(251)), /251 vertices/],
    ['rings within each other', spatial('Intersects', nested(33)), /more than 32 rings/],
    ['conditions', posted(`<Or>${condition.repeat(500)}</Or>`), /500/],
    ['a text', posted(condition.replace('1', 'x'.repeat(1001))), /1001 characters/],
  ])('refuses what would take longer: %s', async (_, refused, said) => {
    const { status, text } = await send(refused);
    expect(status, text.slice(0, 500)).toBe(400);
    expect(text).toMatch(said);
  });

  it('finds 10 000 features by their ids, and says that more are too many', async () => {
    const ask = (count: number) =>
      send(posted(Array.from({ length: count }, (_, id) => `<ResourceId rid="land.parcel.${id}"/>`).join('')));
    const { text } = await ask(10_000).expect(200);
    const [row] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM land.parcel WHERE id < 10000`,
    );
    expect(text).toContain(`numberMatched="${row?.count}"`);
    expect((await ask(10_001).expect(400)).text).toMatch(/at most 10000 ids \(here are 10001\)/);
  });

  it('buffers lines and areas piece by piece, and refuses tangles', async () => {
    for (const geometry of [zigzag(40), comb(120), circle(2000), points(150)]) {
      const { status, text } = await send(buffered({ geometry, distance: 50 }));
      expect(status, `${geometry.type}: ${text}`).toBe(200);
    }
    for (const tangle of [star(101), crossed(201)]) {
      const { body } = await send(buffered({ geometry: tangle, distance: 50 })).expect(400);
      expect(body.type).toBe('urn:diaba:problem:invalid-geometry');
      expect(body.details.en).toMatch(/more than 200 places where its sides cross/);
    }
  });

  it('overlays the shape of most vertices on all parcels, and refuses one of a vertex more', async () => {
    const box = JSON.stringify(circle(100));
    const [all] = await engine.db.query<{ count: number; vertices: number }>(sql`
      SELECT count(*)::int AS count, sum(ST_NPoints(geom))::int AS vertices FROM land.parcel
      WHERE geom && ST_Transform(ST_GeomFromGeoJSON(${box}::text), 9210)`);
    const { count = 0, vertices = 0 } = all ?? {};
    expect(count).toBeGreaterThan(3000);
    const most = Math.floor((MOST_PAIR_VERTICES - vertices) / (ASKED_WEIGHT * count));
    const ask = (corners: number) =>
      request(test.app)
        .post('/processes/overlay/execution')
        .set('accept-language', 'en')
        .send({ inputs: { geometry: circle(corners), layers: ['land.parcel'] }, outputs: { place: {} } });
    const accepted = await ask(most);
    expect(accepted.status, accepted.text.slice(0, 500)).toBe(200);
    const { status, body } = await ask(most + 1);
    expect([status, body.detail]).toEqual([
      422,
      expect.stringMatching(/vertices to compare, pair by pair; the most is 5000000/),
    ]);
  });

  it('takes no tangle into a layer', async () => {
    const feature = (geometry: Geometry) =>
      request(test.app)
        .post('/collections/base.land_cover/items')
        .set('content-type', 'application/geo+json')
        .send({ type: 'Feature', geometry, properties: {} });
    const { body } = await feature(star(999)).expect(400);
    expect(body.details.en).toMatch(/"geometry" has more than 200 places where its sides cross/);
    const long: Geometry = { type: 'LineString', coordinates: Array(100_001).fill([107, 11]) };
    const { body: large } = await feature(long).expect(400);
    expect(large.details.en).toMatch(/"geometry" has 100001 vertices; the most is 100000/);
  });
});

const condition = '<PropertyIsEqualTo><ValueReference>sheet</ValueReference><Literal>1</Literal></PropertyIsEqualTo>';

function toWkt({ coordinates }: { coordinates: number[][][] }): string {
  return `POLYGON(${coordinates.map((ring) => `(${ring.map((each) => each.join(' ')).join(',')})`).join(',')})`;
}
