import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { answerFromCache } from '../../../src/http/tiles/tile-reply.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { decodeTile } from '../decode.ts';

interface Parcel {
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
}

/** A change is received within 2 s, and usually at once. */
const HEARD = { timeout: 2000, interval: 10 };

describeEngines('cached tiles', (engine) => {
  let test: TestApp;
  let server: Server;
  let base: string;
  let parcels: Parcel[];
  /** A parcel in no tile of the others. */
  let far: Parcel;
  /** Requests that reached the app. */
  let reached = 0;

  beforeAll(async () => {
    test = await openApp(engine.db);
    await test.services.derivation.idle();
    server = createServer(
      answerFromCache(
        test.services.cachedTiles,
        () => true,
        (request, response) => {
          reached++;
          test.app(request, response);
        },
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const rows = await engine.db.query<Parcel>(sql`
      SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM land.parcel,
        LATERAL (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS p) AS inside ORDER BY id`);
    parcels = rows.slice(0, 40);
    const shownTogether = new Set(parcels.map((each) => pathOf(each)));
    far = rows.find((each) => !shownTogether.has(pathOf(each))) as Parcel;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await test.close();
  });

  const pathOf = ({ lon, lat }: Parcel, zoom = 16) => {
    const { z, x, y } = tileAt(zoom, lon, lat);
    return `/xyz/land.parcel,base.road/${z}/${x}/${y}.mvt`;
  };
  const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers });

  /** Returns the legal area in the parcel's tile. */
  async function shown(parcel: Parcel): Promise<unknown> {
    const features = decodeTile(new Uint8Array(await (await get(pathOf(parcel))).arrayBuffer()))['land.parcel'];
    return features?.find(({ id }) => id === parcel.id)?.properties.legal_area_m2;
  }

  it('are given again without the app being asked, the same to the byte', async () => {
    const path = pathOf(parcels[0]!);
    const first = await get(path);
    const bytes = Buffer.from(await first.arrayBuffer());
    const before = reached;
    const again = await get(path);
    expect([again.status, reached - before]).toEqual([200, 0]);
    expect(bytes.equals(Buffer.from(await again.arrayBuffer()))).toBe(true);
    for (const name of [
      'etag',
      'content-type',
      'content-encoding',
      'vary',
      'cache-control',
      'access-control-allow-origin',
    ])
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    const known = await get(path, { 'if-none-match': again.headers.get('etag') as string });
    expect([known.status, reached - before]).toEqual([304, 0]);
  });

  it('leave to the app whoever shows credentials, asks otherwise, or takes no encoding that is there', async () => {
    const path = pathOf(parcels[0]!);
    await (await get(path)).arrayBuffer();
    const before = reached;
    for (const name of ['authorization', 'x-api-key'])
      expect((await get(path, { [name]: 'Bearer x' })).status).toBe(401);
    expect((await get(`${path}?key=x`)).status).toBe(400);
    await fetch(base + path, { method: 'DELETE' });
    const plain = await get(path, { 'accept-encoding': 'br;q=0, gzip;q=0' });
    await plain.arrayBuffer();
    expect([reached - before, plain.headers.get('content-encoding')]).toEqual([5, null]);
  });

  it('show an edit as soon as it is announced, and keep what it does not touch', async () => {
    const one = parcels[1]!;
    await Promise.all([shown(one), shown(far)]);
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = 4321.5 WHERE id = ${one.id}`);
    await expect.poll(() => shown(one), HEARD).toBe(4321.5);
    const before = reached;
    await shown(far);
    expect(reached).toBe(before);
  });

  it('are never older than an announced edit, with readers all the while', async () => {
    const chosen = parcels.slice(5, 13);
    let reading = true;
    const seen = chosen.map(() => [] as number[]);
    const readers = [0, 1, 2, 3].map(async (index) => {
      while (reading) seen[index]?.push(Number(await shown(chosen[index]!)));
    });
    await engine.db.query(
      sql`UPDATE land.parcel SET legal_area_m2 = 0.5 WHERE id = ANY(${chosen.map(({ id }) => id)})`,
    );
    await expect.poll(() => shown(chosen.at(-1)!), HEARD).toBe(0.5);
    for (const each of seen) each.length = 0;
    for (let round = 1; round <= 30; round++) {
      const parcel = chosen[round % chosen.length]!;
      await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = ${round + 0.5} WHERE id = ${parcel.id}`);
      await expect.poll(() => shown(parcel), HEARD).toBe(round + 0.5);
    }
    reading = false;
    await Promise.all(readers);
    for (const areas of filled(seen.slice(0, 4))) {
      expect(new Set(areas).size).toBeGreaterThan(1);
      // No reader has seen an older value after a newer one.
      expect(areas).toEqual([...areas].sort((a, b) => a - b));
    }
  });

  it('show a bulk change, and its layer is derived anew', async () => {
    await shown(parcels[2]!);
    await engine.db.query(sql`INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT unit_code, unit_valid_from, '999', n, 'CLN', geom FROM land.parcel, generate_series(1, 6000) AS n
      WHERE id = ${parcels[2]!.id}`);
    const count = async () =>
      decodeTile(new Uint8Array(await (await get(pathOf(parcels[2]!))).arrayBuffer()))['land.parcel']?.length ?? 0;
    await expect.poll(count, HEARD).toBeGreaterThan(6000);
    await engine.db.query(sql`DELETE FROM land.parcel WHERE sheet = '999'`);
    await expect.poll(count, HEARD).toBeLessThan(6000);
    await test.services.derivation.idle();
    expect(test.services.derivation.stateOf(test.services.catalog.current().layers.get('land.parcel')!).isDerived).toBe(
      true,
    );
  }, 240_000);

  it.skipIf(engine.name === 'embedded')(
    'are not trusted while the change log is out of reach, and catch up',
    async () => {
      const parcel = parcels[3]!;
      const { cachedTiles } = test.services;
      await shown(parcel);
      const ended = await engine.db.query(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'diaba listen' AND datname = current_database()`);
      expect(ended).toHaveLength(1);
      await expect.poll(() => cachedTiles.isCurrent, HEARD).toBe(false);
      await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = 77.5 WHERE id = ${parcel.id}`);
      const before = reached;
      expect(await shown(parcel)).toBe(77.5);
      expect(reached).toBe(before + 1);
      await expect.poll(() => cachedTiles.isCurrent, { timeout: 10_000, interval: 10 }).toBe(true);
      expect(await shown(parcel)).toBe(77.5);
      const settled = reached;
      expect(await shown(parcel)).toBe(77.5);
      expect(reached).toBe(settled);
    },
  );
});
