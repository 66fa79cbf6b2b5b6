import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Layer } from '../../../src/catalog/layer.ts';
import { ident, sql } from '../../../src/database/sql.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { decodeTile } from '../decode.ts';

describeEngines('derived rows that someone drops', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
    await test.services.derivation.idle();
  });
  afterAll(() => test?.close());

  const layerOf = (id: string) => test.services.catalog.current().layers.get(id) as Layer;

  const tileOf = async (id: string, z: number) => {
    const [at] = await engine.db.query<{ lon: number; lat: number }>(
      sql`SELECT ST_X(p) AS lon, ST_Y(p) AS lat
        FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM ${ident(...id.split('.'))} WHERE id = 1) AS place`,
    );
    const { x, y } = tileAt(z, at!.lon, at!.lat);
    return `/xyz/${id}/${z}/${x}/${y}.mvt`;
  };
  const get = (path: string) =>
    request(test.app)
      .get(path)
      .set('accept-encoding', 'identity')
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
      });

  it('are forgotten with a mosaic that was not finished', async () => {
    await engine.db.script(`INSERT INTO tile.mosaic (layer, class, top, bottom, target, source, shown)
      VALUES ('odd.gone', 'kind', 14, 8, 'next odd.gone', 'odd.gone', NULL)`);
    await engine.db.query(sql`SELECT tile.forget('odd.gone')`);
    expect(await engine.db.query(sql`SELECT FROM tile.mosaic WHERE layer = 'odd.gone'`)).toEqual([]);
  });

  it('are created anew, and every tile meanwhile comes from the table', async () => {
    const shown = async () => decodeTile((await get(await tileOf('land.parcel', 17))).body);
    const before = await shown();
    await engine.db.script('DROP TABLE tile."land.parcel"; DROP TABLE tile."mosaic land.parcel"');
    const paths = await Promise.all([16, 15, 13].map((z) => tileOf('land.parcel', z)));
    for (const { status, body } of await Promise.all([...paths, ...paths].map(get))) {
      expect(status).toBe(200);
      expect(decodeTile(body)['land.parcel']?.length).toBeGreaterThan(0);
    }
    await test.services.derivation.idle();
    expect(test.services.derivation.stateOf(layerOf('land.parcel'))).toEqual({
      isDerived: true,
      isWatched: true,
      mosaic: 'current',
    });
    test.services.cachedTiles.forget();
    expect(await shown()).toEqual(before);
  });

  it('let a writer write, whose change is shown', async () => {
    await engine.db.script(`DROP TABLE tile."environment.waste_site";
      UPDATE environment.waste_site SET name = 'Bãi mới' WHERE id = 1`);
    const path = await tileOf('environment.waste_site', 14);
    const shown = async () =>
      decodeTile((await get(path)).body)['environment.waste_site']?.map(({ properties }) => properties.name);
    await expect.poll(shown, { timeout: 5000 }).toContain('Bãi mới');
    await test.services.derivation.idle();
    expect(test.services.derivation.stateOf(layerOf('environment.waste_site')).isDerived).toBe(true);
  });
});
