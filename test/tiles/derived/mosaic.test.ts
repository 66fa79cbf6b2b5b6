import { setTimeout } from 'node:timers/promises';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Layer } from '../../../src/catalog/layer.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { Problem } from '../../../src/lib/errors.ts';
import { Encoder } from '../../../src/tiles/encoder.ts';
import { Tiles } from '../../../src/tiles/tiles.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { decodeTile } from '../decode.ts';

const PLACE = [106.680579, 10.987579] as const;
/**
 * A class that no parcel of the sample has, on more rows than are tracked one by one in a statement. Streets that
 * overlap themselves take a minute to dissolve.
 */
const BULK = `INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
  SELECT unit_code, unit_valid_from, sheet, number + 100000, 'BULK', ST_Translate(geom, 3, 3)
  FROM land.parcel WHERE main_use <> 'DGT'`;

describeEngines('low zooms while a mosaic is computed', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('ALTER TABLE land.parcel DROP CONSTRAINT IF EXISTS parcel_main_use_fkey');
    test = await openApp(engine.db);
    await test.services.derivation.idle();
  });
  afterAll(() => test?.close());

  const tiles = [10, 11, 12].map((z) => tileAt(z, ...PLACE));
  /** Returns the classes in a tile; undefined for 204. */
  async function classesIn({ z, x, y }: (typeof tiles)[number]): Promise<string[] | undefined> {
    const { status, body } = await request(test.app).get(`/xyz/land.parcel/${z}/${x}/${y}.mvt`).responseType('blob');
    if (status === 204) return undefined;
    expect(status).toBe(200);
    return [
      ...new Set((decodeTile(body)['land.parcel'] ?? []).map(({ properties }) => String(properties.main_use))),
    ].sort();
  }

  it('show the former one or the new one, and never nothing, after a bulk change', async () => {
    const before = await Promise.all(tiles.map(classesIn));
    expect(before.flat()).not.toContain('BULK');
    const after = before.map((classes) => [...(classes ?? []), 'BULK'].sort());
    const writing = engine.db.script(BULK);
    let answers = 0;
    for (let isNew = false; !isNew; answers++) {
      const shown = await Promise.all(tiles.map(classesIn));
      shown.forEach((classes, index) => {
        expect([before[index], after[index]]).toContainEqual(classes);
      });
      isNew = shown.every((classes) => classes?.includes('BULK'));
      // The embedded engine has one session, which the mosaic needs.
      await setTimeout(500);
    }
    await writing;
    expect(answers).toBeGreaterThan(1);
    await test.services.derivation.idle();
    expect(
      test.services.derivation.stateOf(test.services.catalog.current().layers.get('land.parcel') as Layer).mosaic,
    ).toBe('current');
    expect(await Promise.all(tiles.map(classesIn))).toEqual(after);
  }, 240_000);

  it('follow edits once it is in its place', async () => {
    await engine.db.script(`UPDATE land.parcel SET main_use = 'EDITED' WHERE main_use = 'BULK' AND number < 100010`);
    await test.services.cachedTiles.catchUp();
    for (const tile of tiles) expect(await classesIn(tile)).toContain('EDITED');
    expect(
      await engine.db.query({
        text: `SELECT tablename FROM pg_tables WHERE schemaname = 'tile' AND tablename LIKE 'next %'`,
        values: [],
      }),
    ).toEqual([]);
  });

  it('are refused for a while where nothing can be shown yet, and rendered from the table where that is small', async () => {
    const encoder = new Encoder();
    const bare = new Tiles(engine.db, encoder);
    const { layers } = test.services.catalog.current();
    const [parcels, roads] = [layers.get('land.parcel'), layers.get('base.road')] as [Layer, Layer];
    const [large, small] = [
      { ...parcels, rowEstimate: 1_200_000 },
      { ...parcels, rowEstimate: 10_000 },
    ];
    const tile = tileAt(10, ...PLACE);
    await expect(bare.render([large], tile, {})).rejects.toSatisfy(
      (error) => error instanceof Problem && error.status === 503,
    );
    await expect(bare.render([{ ...parcels, rowEstimate: -1 }], tile, {})).rejects.toBeInstanceOf(Problem);
    const both = await bare.render([large, roads], tile, {});
    expect(Object.keys(decodeTile(both.body as Uint8Array))).toEqual(['base.road']);
    expect(both.isCurrent).toBe(false);
    const direct = await bare.render([small], tile, {});
    expect(decodeTile(direct.body as Uint8Array)['land.parcel']?.length).toBeGreaterThan(0);
    expect(direct.isCurrent).toBe(true);
    await encoder.close();
  });
});
