import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { TILE_EXTENT, tileAt } from '../../src/geo/tile.ts';
import { Encoder } from '../../src/tiles/encoder.ts';
import { Tiles } from '../../src/tiles/tiles.ts';
import { borrowEmbedded, copyPostgres, giveBack, hasPostgres } from '../engine.ts';
import { filled } from '../filled.ts';
import { type DecodedFeature, decodeTile, drawingDistance, signedArea } from './decode.ts';
import { copyLayers } from './same-data.ts';

/** Phú Lợi (on the embedded side of 11.04° N), Bến Cát (north of it), and the confluence of Đồng Nai and Sông Bé. */
const PLACES = [
  [106.680579, 10.987579],
  [106.615422, 11.204112],
  [106.919445, 11.104874],
] as const;

/**
 * True for features at least one unit inside the tile, since rounding moves others into its buffer or out of it. Areas
 * need an eighth of a pixel: of narrower ones, each engine retains what it finds valid.
 */
function isSeen({ type, rings }: DecodedFeature): boolean {
  if (type === 3 && rings.reduce((sum, ring) => sum + signedArea(ring), 0) < 8) return false;
  const points = rings.flat();
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const reaches = (values: number[]) => Math.max(...values) > 1 && Math.min(...values) < TILE_EXTENT - 1;
  return reaches(xs) && reaches(ys);
}

describe.skipIf(!hasPostgres())('tiles of both engines', () => {
  const encoder = new Encoder();
  let embedded: Database;
  let postgres: Database;
  let catalog: Catalog;

  beforeAll(async () => {
    embedded = await borrowEmbedded();
    postgres = await openPostgres({ url: await copyPostgres(), poolSize: 4, statementTimeout: 30_000 });
    catalog = await discover(postgres, readConfig({}).schemas);
    await copyLayers(catalog, embedded, postgres);
  });
  afterAll(async () => {
    await Promise.all([giveBack(embedded), postgres.close(), encoder.close()]);
  });

  const tiles = [10, 12, 13, 14, 15, 16, 18].flatMap((z) => PLACES.map(([lon, lat]) => tileAt(z, lon, lat)));
  const distances: number[] = [];

  it.each(tiles)('decode to the same features at $z/$x/$y', async (tile) => {
    const layers = [...catalog.layers.values()];
    const [a, b] = await Promise.all([embedded, postgres].map((db) => new Tiles(db, encoder).render(layers, tile, {})));
    const [mine, theirs] = [a, b].map((rendered) => (rendered?.body ? decodeTile(rendered.body) : {}));
    for (const name of filled([...catalog.layers.keys()])) {
      const features = (theirs?.[name] ?? []).filter(isSeen);
      const others = (mine?.[name] ?? []).filter(isSeen);
      const plain = ({ id, type, properties }: DecodedFeature) => ({ name, id, type, properties });
      expect(others.map(plain)).toEqual(features.map(plain));
      distances.push(...features.map((feature, index) => drawingDistance(feature, others[index] as DecodedFeature)));
    }
  });

  it('draw them alike: within the diagonal of one tile unit, but for what rounding made invalid and each mends its way', () => {
    expect(distances.length).toBeGreaterThan(3000);
    const apart = distances.filter((distance) => distance > Math.SQRT2);
    expect(apart.length / distances.length).toBeLessThan(0.005);
  });

  it('hold something to compare', async () => {
    const parcels = catalog.layers.get('land.parcel');
    const tile = await new Tiles(embedded, encoder).render(parcels ? [parcels] : [], tileAt(15, ...PLACES[0]), {});
    expect(decodeTile(tile.body as Uint8Array)['land.parcel']?.length).toBeGreaterThan(20);
  });
});
