import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { readConfig } from '../../src/config.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { Encoder } from '../../src/tiles/encoder.ts';
import { Tiles } from '../../src/tiles/tiles.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { decodeMlt } from './decode-mlt.ts';

/** Phú Lợi, with parcels and roads, and the north, with forests and contours. */
const PLACES = [
  [106.680579, 10.987579],
  [106.615422, 11.204112],
] as const;

describeEngines('tiles in MLT', (engine) => {
  const encoder = new Encoder();
  let tiles: Tiles;
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await discover(engine.db, readConfig({}).schemas);
    tiles = new Tiles(engine.db, encoder);
  });
  afterAll(() => encoder.close());

  it('have what MVT has, of every layer at every zoom', async () => {
    const shown = new Set<string>();
    for (const z of [8, 10, 12, 13, 14, 15, 16, 18]) {
      for (const [lon, lat] of PLACES) {
        const { body } = await tiles.render([...catalog.layers.values()], tileAt(z, lon, lat), {});
        if (!body) continue;
        const mlt = decodeMlt(await tiles.convert(body));
        const { layers } = new VectorTile(new PbfReader(body));
        expect(Object.keys(mlt)).toEqual(Object.keys(layers));
        for (const [name, layer] of Object.entries(layers)) {
          shown.add(name);
          const expected = Array.from({ length: layer.length }, (_, index) => {
            const { id, properties } = layer.feature(index);
            const paths = layer.feature(index).loadGeometry();
            return { id, properties: { ...properties }, paths: paths.map((path) => path.map(({ x, y }) => [x, y])) };
          });
          expect(mlt[name], `${name} at zoom ${z}`).toEqual(expected);
        }
      }
    }
    const drawn = filled([...catalog.layers.keys()]).filter((id) => !shown.has(id));
    // The sample has no findings before a check.
    expect(drawn, 'layers without a feature in these tiles').toEqual(['quality.finding']);
  });
});
