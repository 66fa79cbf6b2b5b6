/** Two instances, a primary, a streaming replica and Redis, all real. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Layer } from '../../../src/catalog/layer.ts';
import { readConfig } from '../../../src/config.ts';
import type { Database } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { openPostgres } from '../../../src/database/postgres.ts';
import { sql } from '../../../src/database/sql.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import type { CachedTiles } from '../../../src/tiles/cache/cached-tiles.ts';
import { hasPostgres, startSampleCluster } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { type Cluster, startReplica } from '../../setup/cluster.ts';
import { type RedisServer, startRedis } from '../../setup/redis.ts';
import { decodeTile } from '../decode.ts';

interface Instance {
  readonly db: Database;
  readonly test: TestApp;
}

interface Place {
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
}

const redis = await startRedis();
if (!redis && process.env.REQUIRE_REDIS) throw new Error('Redis is not installed (Debian: redis-server).');
if (!redis) process.stdout.write('Skipped: the shared tile cache. Redis is not installed (Debian: redis-server).\n');
const NEVER = new AbortController().signal;

describe.skipIf(!hasPostgres() || !redis)('instances', () => {
  const { url: redisUrl, stop: stopRedis } = redis as RedisServer;
  let clusters: Cluster[] = [];
  let instances: Instance[] = [];
  /** Direct connection to the replica. */
  let replica: Database;
  let places: Place[];

  const openInstance = async (): Promise<Instance> => {
    const [primary, standby] = clusters as [Cluster, Cluster];
    const settings = {
      DATABASE_URL: primary.url,
      DATABASE_REPLICA_URLS: standby.url,
      REDIS_URL: redisUrl,
      DIABA_POOL: '4',
    };
    const db = await openDatabase(readConfig(settings));
    const test = await openApp(db, settings);
    await test.services.derivation.idle();
    return { db, test };
  };

  beforeAll(async () => {
    const primary = await startSampleCluster();
    if (typeof primary === 'string') throw new Error(primary);
    clusters = [primary];
    const db = await openPostgres({ url: primary.url, poolSize: 2, statementTimeout: 60_000 });
    places = await db.query<Place>(sql`SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM (
      SELECT id, ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM land.parcel ORDER BY id LIMIT 20) AS inside`);
    await db.close();
    const standby = await startReplica(primary);
    if (typeof standby === 'string') throw new Error(standby);
    clusters.push(standby);
    instances = [await openInstance(), await openInstance()];
    replica = await openPostgres({ url: standby.url, poolSize: 1, statementTimeout: 10_000 });
  }, 240_000);
  afterAll(async () => {
    for (const { test, db } of instances) {
      await test.close();
      await db.close();
    }
    await replica?.close();
    for (const { stop } of clusters) stop();
    await stopRedis();
  });

  const cacheOf = (index: number): CachedTiles => instances[index]!.test.services.cachedTiles;
  const layerOf = (index: number): Layer =>
    instances[index]!.test.services.catalog.current().layers.get('land.parcel')!;

  /** Returns the legal area of a parcel in an instance's tile, at z16. */
  async function shown(index: number, { id, lon, lat }: Place): Promise<unknown> {
    const request = { layers: [layerOf(index)], tile: tileAt(16, lon, lat), accessClass: 'public' };
    const tile = await cacheOf(index).get(request, NEVER);
    const features = decodeTile(await tile.form('identity'))['land.parcel'];
    return features?.find((feature) => feature.id === id)?.properties.legal_area_m2;
  }

  const edit = (place: Place, area: number) =>
    instances[0]!.db.query(sql`UPDATE land.parcel SET legal_area_m2 = ${area} WHERE id = ${place.id}`);
  const queriesOf = (index: number) => vi.spyOn(instances[index]!.test.services.tiles, 'render');

  it('read tiles from the replica, and what one has rendered the other takes from Redis', async () => {
    const place = places[0]!;
    const before = await shown(0, place);
    expect(before).toBeGreaterThan(0);
    const renders = queriesOf(1);
    await vi.waitFor(async () => {
      cacheOf(1).forget();
      renders.mockClear();
      expect(await shown(1, place)).toBe(before);
      expect(renders).not.toHaveBeenCalled();
    });
    renders.mockRestore();
    const asked = await replica.query<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'diaba' AND query LIKE '%ST_AsMVT%'`,
    );
    expect(asked[0]?.n).toBeGreaterThan(0);
  });

  it('show an edit that the replica does not have yet, in both', async () => {
    const place = places[1]!;
    await Promise.all([shown(0, place), shown(1, place)]);
    await replica.query(sql`SELECT pg_wal_replay_pause()`);
    try {
      await edit(place, 7654.5);
      for (const index of [0, 1]) await vi.waitFor(async () => expect(await shown(index, place)).toBe(7654.5));
      // Nothing older comes back, neither from the replica nor from Redis.
      for (const index of [0, 1]) {
        cacheOf(index).forget();
        expect(await shown(index, place)).toBe(7654.5);
      }
    } finally {
      await replica.query(sql`SELECT pg_wal_replay_resume()`);
    }
  });

  it('do not take for seen what a replica has seen begin and not end', async () => {
    const place = places[2]!;
    await shown(0, place);
    const [primary] = clusters as [Cluster];
    const writer = await openPostgres({ url: primary.url, poolSize: 1, statementTimeout: 60_000 });
    await writer.transaction(async (session) => {
      await session.query(sql`UPDATE land.parcel SET legal_area_m2 = 1234.5 WHERE id = ${place.id}`);
      // A later transaction is replayed: the replica's snapshots end after the writer's id, which is still running.
      await edit(places[10]!, 99);
      await vi.waitFor(async () => {
        const [row] = await replica.query<{ seen: boolean }>(
          sql`SELECT legal_area_m2 = 99 AS seen FROM land.parcel WHERE id = ${places[10]!.id}`,
        );
        expect(row?.seen).toBe(true);
      });
      await replica.query(sql`SELECT pg_wal_replay_pause()`);
    });
    await writer.close();
    try {
      await vi.waitFor(async () => expect(await shown(0, place)).toBe(1234.5));
      cacheOf(0).forget();
      expect(await shown(0, place)).toBe(1234.5);
      expect(await shown(1, place)).toBe(1234.5);
    } finally {
      await replica.query(sql`SELECT pg_wal_replay_resume()`);
    }
  });

  it('are never older than what was announced, with writes and reads all the while', async () => {
    const chosen = places.slice(3, 9);
    let reading = true;
    const readers = [0, 1, 0, 1].map(async (index, n) => {
      while (reading) {
        await shown(index, chosen[n % chosen.length]!);
        // A cached tile is returned without a turn of the event loop, which would starve everything else.
        await new Promise(setImmediate);
      }
    });
    try {
      for (let round = 1; round <= 40; round++) {
        const place = chosen[round % chosen.length]!;
        await edit(place, round + 0.5);
        for (const index of [0, 1]) {
          if (round % 5 === 0) cacheOf(index).forget();
          await vi.waitFor(async () => expect(await shown(index, place)).toBe(round + 0.5), 1000);
          // Once it was shown, nothing older follows.
          for (let again = 0; again < 3; again++) expect(await shown(index, place)).toBe(round + 0.5);
        }
      }
    } finally {
      reading = false;
      await Promise.all(readers);
    }
  });

  it('that begin later know what was changed before, and trust nothing older', async () => {
    const place = places[12]!;
    const late = await openInstance();
    instances.push(late);
    const index = instances.length - 1;
    await edit(place, 4321.5);
    await vi.waitFor(async () => expect(await shown(0, place)).toBe(4321.5));
    cacheOf(index).forget();
    await vi.waitFor(async () => expect(await shown(index, place)).toBe(4321.5));
  });

  it('go on without Redis and without the replica', async () => {
    const place = places[11]!;
    await stopRedis();
    clusters[1]!.stop();
    await edit(place, 5555.5);
    for (const index of [0, 1]) await vi.waitFor(async () => expect(await shown(index, place)).toBe(5555.5), 5000);
  });

  it('do not take a primary for a replica', async () => {
    const [primary] = clusters as [Cluster];
    const config = readConfig({ DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: primary.url });
    await expect(openDatabase(config)).rejects.toThrow('no streaming replica');
  });
});
