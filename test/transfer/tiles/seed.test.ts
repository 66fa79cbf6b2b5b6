import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedTiles, TileServer } from '../../../src/transfer/tiles/seed.ts';
import { SeedPosition } from '../../../src/transfer/tiles/seed-position.ts';
import { TilePyramid } from '../../../src/transfer/tiles/tile-pyramid.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { temporaryFolder } from '../temporary-files.ts';

const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
const never = new AbortController().signal;

describeEngines('a seeded server', (engine) => {
  let test: TestApp;
  let server: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    test = await openApp(engine.db);
    server = createServer((request, response) => {
      asked.push(`${request.headers['accept-encoding']} ${request.url}`);
      test.app(request, response);
    });
    url = await listen(server);
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await test.close();
  });

  it('says what it has, and is asked for each tile once, for gzip only', async () => {
    const tiles = new TileServer(url, never);
    expect(await tiles.layers()).toContain('land.parcel');
    const layers = ['land.parcel', 'base.road'];
    const { minzoom, maxzoom, bounds } = await tiles.describe(layers);
    expect([minzoom, maxzoom]).toEqual([5, 16]);
    const pyramid = new TilePyramid({ area: { fromZoom: minzoom }, minZoom: 9, maxZoom: 11, bounds });
    asked.length = 0;
    const reached: number[] = [];
    const ask = (tile: Parameters<TileServer['ask']>[1]) => tiles.ask(layers, tile);
    const onTile = (id: number) => reached.push(id);
    expect(await seedTiles({ pyramid, after: -1, ask, concurrency: 3, signal: never, onTile })).toBe(true);
    const paths = [...pyramid.tiles()].map(({ z, x, y }) => `gzip /xyz/land.parcel,base.road/${z}/${x}/${y}.mvt`);
    expect(asked.toSorted()).toEqual(paths.toSorted());
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
  });
});

describe('seeding', () => {
  const folder = temporaryFolder('seed');

  const pyramid = new TilePyramid({ area: { fromZoom: 0 }, minZoom: 0, maxZoom: 3 });
  const server = (...statuses: number[]) => {
    let count = 0;
    const made = createServer((_, response) => {
      response.writeHead(statuses[Math.min(count++, statuses.length - 1)] as number).end();
    });
    return { made, count: () => count };
  };

  it('goes on where it was stopped, and not for another request', async () => {
    const file = join(folder, 'position');
    const asked: string[] = [];
    const run = async (stopAt: number) => {
      const position = new SeedPosition(file, 'a');
      const stop = new AbortController();
      const isWhole = await seedTiles({
        pyramid,
        after: position.last,
        ask: async ({ z, x, y }) => void asked.push(`${z}/${x}/${y}`),
        concurrency: 1,
        signal: stop.signal,
        onTile: (id) => {
          position.reach(id);
          if (id === stopAt) stop.abort();
        },
      });
      position.close(isWhole);
      return isWhole;
    };
    expect(await run(30)).toBe(false);
    expect(() => new SeedPosition(file, 'b')).toThrow(/not what this command left/);
    expect(await run(-1)).toBe(true);
    expect(new Set(asked).size).toBe(85);
    expect(asked).toHaveLength(85);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(file, 'my letters');
    expect(() => new SeedPosition(file, 'a')).toThrow(/not what this command left/);
  });

  it('asks again where a server is overloaded, not where it says no', async () => {
    const busy = server(503, 204);
    await new TileServer(await listen(busy.made), never).ask(['a.b'], { z: 0, x: 0, y: 0 });
    expect(busy.count()).toBe(2);
    const strict = server(404);
    const url = await listen(strict.made);
    const refused = new TileServer(url, never).ask(['a.b'], { z: 0, x: 0, y: 0 });
    await expect(refused).rejects.toThrow(`does not answer ${url}/xyz/a.b/0/0/0.mvt (HTTP 404)`);
    expect(strict.count()).toBe(1);
    for (const { made } of [busy, strict]) made.close();
  });

  it('ends at once when told, also while it waits', async () => {
    const stop = new AbortController();
    const asking = new TileServer('http://127.0.0.1:1', stop.signal).layers();
    setTimeout(() => stop.abort(new Error('told')), 50);
    await expect(asking).rejects.toThrow('told');
  });
});
