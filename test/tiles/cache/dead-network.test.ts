/** Tiles of a server whose database is behind a dying network, with a Redis and a replica that freeze or diverge. */
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { Database } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { openPostgres } from '../../../src/database/postgres.ts';
import { sql } from '../../../src/database/sql.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { copyPostgres, hasPostgres, startSampleCluster } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { type Cluster, startReplica } from '../../setup/cluster.ts';
import { FaultyNetwork } from '../../setup/faulty-network.ts';
import { type RedisServer, startRedis } from '../../setup/redis.ts';
import { decodeTile } from '../decode.ts';

interface Parcel {
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
}

/** Twelve parcels far apart: in more tiles than a pool has connections. */
const PARCELS = sql`SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM (
  SELECT id, ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM land.parcel ORDER BY id * 7919 % 10007 LIMIT 12) AS inside`;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const redis = await startRedis();

/** A server, and undisturbed access to its tables. */
class Place {
  readonly #test: TestApp;
  readonly #straight: Database;
  readonly parcels: readonly Parcel[];
  constructor(test: TestApp, straight: Database, parcels: readonly Parcel[]) {
    this.#test = test;
    this.#straight = straight;
    this.parcels = parcels;
  }

  /** Returns the status, and the legal area in a parcel's tile. */
  async shown({
    id,
    lon,
    lat,
  }: Parcel): Promise<{ readonly status: number; readonly area: unknown; readonly ms: number }> {
    const { z, x, y } = tileAt(16, lon, lat);
    const began = performance.now();
    const { status, body } = await request(this.#test.app)
      .get(`/xyz/land.parcel/${z}/${x}/${y}.mvt`)
      .set('accept-encoding', 'identity')
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
      });
    const ms = performance.now() - began;
    if (status !== 200) return { status, area: undefined, ms };
    const feature = decodeTile(body)['land.parcel']?.find((each) => each.id === id);
    return { status, area: feature?.properties.legal_area_m2, ms };
  }

  async edit(area: number): Promise<void> {
    await this.#straight.query(sql`UPDATE land.parcel SET legal_area_m2 = ${area} + id % 100
      WHERE id = ANY(${this.parcels.map(({ id }) => id)})`);
  }

  /**
   * Checks that every tile shows the edit or is refused.
   * @returns how many were refused, and the milliseconds of the slowest
   */
  async expectNothingOlder(area: number): Promise<{ readonly refused: number; readonly slowest: number }> {
    const answers = await Promise.all(this.parcels.map(async (parcel) => ({ parcel, ...(await this.shown(parcel)) })));
    for (const { status, parcel, area: found } of answers) {
      if (status === 200) expect(found).toBe(area + (parcel.id % 100));
      else expect([503, 504]).toContain(status);
    }
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    return { refused: answers.filter(({ status }) => status !== 200).length, slowest };
  }

  async expectAll(area: number, timeout = 6000): Promise<void> {
    await vi.waitFor(async () => expect((await this.expectNothingOlder(area)).refused).toBe(0), {
      timeout,
      interval: 100,
    });
  }
}

describe.skipIf(!hasPostgres())('tiles behind a dead network', () => {
  let network: FaultyNetwork;
  let db: Database;
  let straight: Database;
  let test: TestApp;
  let place: Place;

  beforeAll(async () => {
    const url = await copyPostgres();
    network = await FaultyNetwork.start(url);
    straight = await openPostgres({ url, poolSize: 2, statementTimeout: 30_000 });
    const settings = { DATABASE_URL: network.url, DIABA_POOL: '4', DIABA_STATEMENT_TIMEOUT: '5000' };
    db = await openDatabase(readConfig(settings));
    test = await openApp(db, settings);
    await test.services.derivation.idle();
    place = new Place(test, straight, await straight.query<Parcel>(PARCELS));
  }, 240_000);
  afterEach(() => {
    network.weather = 'fair';
    network.delayMs = 0;
  });
  afterAll(async () => {
    await test?.close();
    await db?.close();
    await straight?.close();
    await network?.stop();
  });

  const ready = async () => (await request(test.app).get('/health/ready')).status;

  it.each(['swallow', 'freeze'] as const)(
    'are never old once 2 s have passed where it begins to %s',
    async (weather) => {
      await place.edit(1000);
      await place.expectAll(1000);
      network.weather = weather;
      await place.edit(2000);
      await wait(2000);
      await vi.waitFor(async () => expect(await ready()).toBe(503), { timeout: 8000, interval: 50 });
      for (let round = 0; round < 3; round++) {
        const { refused, slowest } = await place.expectNothingOlder(2000);
        expect(refused).toBe(place.parcels.length);
        expect(slowest).toBeLessThan(8000);
      }
      network.weather = 'fair';
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 10_000, interval: 50 });
      await place.expectAll(2000);
    },
  );

  it('are never old where it forgets its connections', async () => {
    await place.edit(3000);
    await place.expectAll(3000);
    network.forget();
    await place.edit(4000);
    await wait(2000);
    await place.expectNothingOlder(4000);
    await place.expectAll(4000);
    // Another connection listens now, and edits are shown at once again.
    await place.edit(5000);
    await place.expectAll(5000, 1000);
  });

  it('are never old where it is slow, nor shared with who asked before the edit', async () => {
    await place.edit(6000);
    await place.expectAll(6000);
    network.delayMs = 1500;
    const before = place.parcels.map((parcel) => place.shown(parcel));
    await place.edit(7000);
    await wait(2000);
    await place.expectNothingOlder(7000);
    network.delayMs = 0;
    await Promise.all(before);
    await place.expectAll(7000);
  });

  it('are never old where it is cut', async () => {
    await place.edit(8000);
    await place.expectAll(8000);
    network.cut();
    await place.edit(9000);
    await wait(2000);
    await place.expectNothingOlder(9000);
    await place.expectAll(9000, 1500);
  });

  it('show a bulk load that was not heard of, and not the derived rows of before', async () => {
    await place.edit(9500);
    await place.expectAll(9500);
    network.forget();
    await straight.query(sql`UPDATE land.parcel SET legal_area_m2 = 500 + id % 100`);
    // The state after a statement of more than 5 000 rows.
    await straight.transaction(async (session) => {
      await session.query(sql`DELETE FROM tile."land.parcel"`);
      await session.query(sql`SELECT tile.lose('land.parcel')`);
    });
    await wait(2000);
    // The rows of the whole layer are derived anew meanwhile.
    await place.expectAll(500, 20_000);
  });
});

describe.skipIf(!hasPostgres() || !redis)('tiles of instances whose helpers fail', () => {
  const { url: redisUrl, stop: stopRedis, pid: redisPid } = redis as RedisServer;
  let clusters: Cluster[] = [];
  let network: FaultyNetwork;
  let db: Database;
  let straight: Database;
  let test: TestApp;
  let place: Place;

  beforeAll(async () => {
    const primary = await startSampleCluster();
    if (typeof primary === 'string') throw new Error(primary);
    clusters = [primary];
    straight = await openPostgres({ url: primary.url, poolSize: 2, statementTimeout: 60_000 });
    const standby = await startReplica(primary);
    if (typeof standby === 'string') throw new Error(standby);
    clusters.push(standby);
    network = await FaultyNetwork.start(standby.url);
    const settings = {
      DATABASE_URL: primary.url,
      DATABASE_REPLICA_URLS: network.url,
      REDIS_URL: redisUrl,
      DIABA_POOL: '4',
    };
    db = await openDatabase(readConfig(settings));
    test = await openApp(db, settings);
    await test.services.derivation.idle();
    place = new Place(test, straight, await straight.query<Parcel>(PARCELS));
  }, 240_000);
  afterAll(async () => {
    await test?.close();
    await db?.close();
    await straight?.close();
    await network?.stop();
    for (const { stop } of clusters) stop();
    await stopRedis();
  });

  it('wait once for a Redis that is frozen, and use it again when it thaws', async () => {
    await place.edit(1000);
    await place.expectAll(1000);
    process.kill(redisPid, 'SIGSTOP');
    try {
      const get = vi.spyOn(test.services.tiles, 'render');
      test.services.cachedTiles.forget();
      await place.expectNothingOlder(1000);
      const began = performance.now();
      for (let round = 0; round < 5; round++) {
        test.services.cachedTiles.forget();
        await place.expectNothingOlder(1000);
      }
      // At 100 ms for each of 60 tiles, one round after the other would take half a second.
      expect(performance.now() - began).toBeLessThan(2000);
      expect(get).toHaveBeenCalled();
      get.mockRestore();
    } finally {
      process.kill(redisPid, 'SIGCONT');
    }
    const renders = vi.spyOn(test.services.tiles, 'render');
    await vi.waitFor(async () => {
      test.services.cachedTiles.forget();
      renders.mockClear();
      await place.expectNothingOlder(1000);
      expect(renders).not.toHaveBeenCalled();
    }, 5000);
    renders.mockRestore();
  });

  it('wait at most 2 s for a replica that is frozen', async () => {
    await place.edit(2000);
    await place.expectAll(2000);
    network.weather = 'freeze';
    await place.edit(3000);
    // Otherwise Redis has the earlier tile, of which no change is known.
    await test.services.cachedTiles.catchUp();
    test.services.cachedTiles.forget();
    const first = await place.expectNothingOlder(3000);
    expect(first.refused).toBe(0);
    expect(first.slowest).toBeLessThan(2500);
    await place.edit(3500);
    await test.services.cachedTiles.catchUp();
    expect((await place.expectNothingOlder(3500)).slowest).toBeLessThan(1000);
    network.weather = 'fair';
  });

  it('do not read a replica that was promoted and goes its own way', async () => {
    await place.edit(4000);
    await place.expectAll(4000);
    const own = await openPostgres({ url: clusters[1]!.url, poolSize: 1, statementTimeout: 60_000 });
    await own.query(sql`SELECT pg_promote()`);
    // Its transactions get ids that the primary gives to others.
    await own.query(sql`UPDATE land.parcel SET legal_area_m2 = 1`);
    for (let n = 0; n < 50; n++) await own.query(sql`SELECT pg_current_xact_id()`);
    await own.close();
    for (let round = 0; round < 10; round++) {
      await place.edit(5000 + round * 100);
      await test.services.cachedTiles.catchUp();
      test.services.cachedTiles.forget();
      await vi.waitFor(async () => {
        const { refused } = await place.expectNothingOlder(5000 + round * 100);
        expect(refused).toBe(0);
      });
    }
  });
});
