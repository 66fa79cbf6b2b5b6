import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { fillGrid } from '../../analysis/grid.ts';
import { borrowEmbedded, giveBack } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

/** More features than a result stores. */
const SIZE = 150;
const everything = {
  geometry: { type: 'Point', coordinates: [607_500, 1_227_500] },
  crs: 'EPSG:9210',
  distance: 20_000,
};

describe('an analysis of all parcels on the embedded engine', () => {
  let db: Database;
  let test: TestApp;
  beforeAll(async () => {
    db = await borrowEmbedded();
    await fillGrid(db, SIZE);
    test = await openApp(db);
  });
  afterAll(async () => {
    await test?.close();
    if (db) await giveBack(db);
  });

  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  it('lets health checks and lookups through', async () => {
    const server = test.app.listen(0);
    const url = `http://localhost:${(server.address() as { port: number }).port}`;
    const time = async (path: string) => {
      const start = performance.now();
      const { status } = await fetch(`${url}${path}`);
      expect([path, status]).toEqual([path, 200]);
      return performance.now() - start;
    };
    const analysis = fetch(`${url}/processes/buffer/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: everything }),
    });
    let running = true;
    const ended = analysis.finally(() => {
      running = false;
    });
    const checks: number[] = [];
    const lookups: number[] = [];
    while (running) {
      checks.push(await time('/health/live'));
      lookups.push(await time('/parcels?sheet=1&number=77'));
    }
    const { job } = (await (await ended).json()) as { job: string };
    const { body } = await request(test.app).get(`/jobs/${job}/results`);
    server.close();
    expect(body.layers[0]).toMatchObject({ count: SIZE * SIZE, areaM2: (SIZE * 100) ** 2 });
    expect(checks.length).toBeGreaterThan(5);
    // Compared within the same run, so that seconds do not matter: no request waits for the end of the analysis.
    const whole = sum(checks) + sum(lookups);
    expect(Math.max(...checks)).toBeLessThan(whole / 4);
    expect(Math.max(...lookups)).toBeLessThan(whole / 2);

    expect(body.featuresTruncated).toBe(true);
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(/first 20000 features are kept/);
    const last = await request(test.app).get(`/collections/result.${body.job}_land_parcel/items?limit=1&sortby=-id`);
    expect(last.body).toMatchObject({ numberReturned: 1, numberMatched: 20_000, features: [{ id: 20_000 }] });
    // It takes 26 s beside two other workers on two cores, and vitest would end it after 30.
  }, 240_000);
});
