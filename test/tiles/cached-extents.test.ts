import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerExtent } from '../../src/catalog/extent.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { CachedExtents } from '../../src/tiles/cached-extents.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const FAR = [107.9, 12.9] as const;

describeBareEngines('extents that are cached', (engine) => {
  let test: TestApp;
  let site: Layer;
  let seen: Layer;

  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.site (id integer PRIMARY KEY, geom geometry(Point, 4326),
        unit_code text DEFAULT '2', unit_valid_from date DEFAULT '2025-07-01');
      INSERT INTO odd.site VALUES (1, ST_SetSRID(ST_MakePoint(106.6, 11), 4326)), (2, ST_SetSRID(ST_MakePoint(106.7, 11.1), 4326));
      UPDATE odd.site SET unit_code = '1' WHERE id = 2;
      CREATE VIEW odd.seen AS SELECT * FROM odd.site;`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
    await test.services.derivation.idle();
    const { layers } = test.services.catalog.current();
    [site, seen] = [layers.get('odd.site') as Layer, layers.get('odd.seen') as Layer];
  });
  afterAll(() => test?.close());

  it('are read once until something changes, and then anew', async () => {
    const { extents, cachedTiles } = test.services;
    const reading = extents.of(site);
    expect(extents.of(site)).toBe(reading);
    const before = await reading;
    await engine.db.script(`INSERT INTO odd.site VALUES (3, ST_SetSRID(ST_MakePoint(${FAR}), 4326))`);
    await cachedTiles.catchUp();
    expect(before).not.toEqual(await extents.of(site));
    expect(await extents.of(site)).toEqual(await layerExtent(engine.db, site));
  });

  it('are not cached of some units, whose extent is another', async () => {
    const { extents } = test.services;
    const whole = await extents.of(site);
    const [west] = (await extents.of({ ...site, units: [{ code: '1', validFrom: '2025-07-01' }] })) ?? [];
    expect(west).toBeCloseTo(106.7, 6);
    expect(await extents.of(site)).toEqual(whole);
  });

  it('are not cached of what announces no changes', async () => {
    const { extents } = test.services;
    expect(extents.of(seen)).not.toBe(extents.of(seen));
  });

  it('are not cached where something changed while they were read, nor where reading failed', async () => {
    const extents = new CachedExtents({
      db: engine.db,
      feed: { subscribe: () => {}, isCurrent: () => true },
      isWatched: () => true,
    });
    const reading = extents.of(site);
    extents.forget('odd.site');
    expect(extents.of(site)).not.toBe(reading);
    const missing = { ...site, id: 'odd.gone', table: 'gone' };
    await expect(extents.of(missing)).rejects.toThrow();
    const again = extents.of(missing);
    await expect(again).rejects.toThrow();
    expect(extents.of(site)).toBe(extents.of(site));
    extents.forget('*');
    await reading;
  });

  it('let a tile be where something has just come', async () => {
    const { z, x, y } = tileAt(12, 105.1, 10.1);
    const path = `/collections/odd.site/tiles/WebMercatorQuad/${z}/${y}/${x}`;
    expect((await request(test.app).get(path)).status).toBe(404);
    await engine.db.script(`INSERT INTO odd.site VALUES (4, ST_SetSRID(ST_MakePoint(105.05, 10.05), 4326))`);
    await test.services.cachedTiles.catchUp();
    // Within the extent now, though it contains nothing.
    expect((await request(test.app).get(path)).status).toBe(204);
  });
});
