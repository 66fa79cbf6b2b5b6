/** Ten tiles of the sample, decoded. `npm run goldens` writes the files of test/expected anew. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tileAt, tileBounds } from '../../src/geo/tile.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { writeTile } from './tile-text.ts';

/** Zoom, longitude and latitude of a place in the tile, and its layers. */
const TILES: readonly (readonly [number, number, number, string])[] = [
  [13, 106.66, 10.98, 'base.unit'],
  [8, 106.66, 10.98, 'base.railway,base.place'],
  [11, 106.66, 11.12, 'base.waterway,base.water_body'],
  [13, 106.680579, 10.987579, 'land.planning_zone,environment.station'],
  [12, 106.6669, 11.1213, 'environment.protection_corridor,environment.waste_site,environment.discharge'],
  [15, 106.680579, 10.987579, 'base.road,base.contour'],
  // On both sides of 11.04° N, where PROJ by itself takes another operation for VN-2000.
  [17, 106.680579, 10.987579, 'land.parcel'],
  [16, 106.689285, 11.326439, 'land.parcel,base.building'],
  [18, 106.689285, 11.326439, 'land.parcel,base.land_cover'],
  [11, 106.680579, 10.987579, 'land.parcel'],
];

describeEngines('ten tiles', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
    await test.services.derivation.idle();
  });
  afterAll(() => test?.close());

  it.each(TILES)('are as before: %i at %f, %f of %s', async (zoom, lon, lat, layers) => {
    const { z, x, y } = tileAt(zoom, lon, lat);
    const { body } = await request(test.app).get(`/xyz/${layers}/${z}/${x}/${y}.mvt`).responseType('blob').expect(200);
    const bounds = tileBounds({ z, x, y }).map((metre) => metre.toFixed(3));
    const text = `${z}/${x}/${y}, in EPSG:3857 from ${bounds.slice(0, 2).join(' ')} to ${bounds.slice(2).join(' ')}\n${writeTile(body)}\n`;
    // Where a clipped edge passes at half a unit, and with which corner a ring begins, differs between the encoders.
    const golden = `../expected/tiles/${engine.name}/${z}-${x}-${y}-${layers.split(',')[0]}.txt`;
    await expect(text).toMatchFileSnapshot(golden);
  });
});
