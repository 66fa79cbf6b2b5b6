import { describe, expect, it } from 'vitest';
import type { Area, Change } from '../../../src/changes/change.ts';
import { lonLatToMercator, type TileAddress, tileAt } from '../../../src/geo/tile.ts';
import { StoredTile } from '../../../src/tiles/cache/stored-tile.ts';
import { TileStore } from '../../../src/tiles/cache/tile-store.ts';

const PLACE = [106.6806, 10.9876] as const;
const tileOf = (bytes: number) => new StoredTile(new Uint8Array(bytes));
const keyOf = (tile: TileAddress, ...layers: string[]) => ({ set: layers.join(), layers: new Set(layers), tile });

/** Returns a square of 20 m around a place. */
function areaAt([lon, lat]: readonly [number, number], firstZoom = 0): Area {
  const [x, y] = lonLatToMercator(lon, lat);
  return [x - 10, y - 10, x + 10, y + 10, firstZoom, 22];
}
const change = (layer: string, ...areas: Area[]): Change => ({
  id: 1,
  xid: 1n,
  layer,
  areas: areas.length ? areas : null,
});

describe('tile store', () => {
  it('drops what a change touches at every zoom, and nothing else', () => {
    const store = new TileStore(1e6);
    const far = tileAt(15, 106.7, 11.2);
    const zooms = [0, 5, 10, 15, 20].map((z) => tileAt(z, ...PLACE));
    for (const tile of [...zooms, far]) store.set(keyOf(tile, 'a', 'b'), tileOf(10));
    store.set(keyOf(zooms[3]!, 'c'), tileOf(10));
    store.evict(change('b', areaAt(PLACE, 5)));
    expect(zooms.map((tile) => store.get(keyOf(tile, 'a', 'b')) !== undefined)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(store.get(keyOf(far, 'a', 'b'))).toBeDefined();
    expect(store.get(keyOf(zooms[3]!, 'c'))).toBeDefined();
    store.evict(change('c'));
    expect(store.count).toBe(2);
  });

  it('drops the neighbour whose buffer a change reaches', () => {
    const store = new TileStore(1e6);
    const tile = tileAt(15, ...PLACE);
    const neighbour = { ...tile, x: tile.x + 1 };
    store.set(keyOf(neighbour, 'a'), tileOf(10));
    const width = 40075016.685578488 / 2 ** 15;
    const edge = (tile.x + 1) * width - 20037508.342789244;
    const y = 20037508.342789244 - (tile.y + 0.5) * width;
    store.evict(change('a', [edge - 40, y, edge - 20, y + 1, 0, 22]));
    expect(store.count).toBe(1);
    store.evict(change('a', [edge - 40, y, edge - 18, y + 1, 0, 22]));
    expect(store.count).toBe(0);
  });

  it('never weighs more than its limit, and counts the forms that are added later', async () => {
    const store = new TileStore(50_000);
    const at = (x: number) => keyOf({ z: 10, x, y: 0 }, 'a');
    for (let x = 0; x < 20; x++) store.set(at(x), tileOf(8000));
    expect(store.weight).toBeLessThanOrEqual(50_000);
    expect(store.get(at(0))).toBeUndefined();
    const tile = store.get(at(19));
    const before = store.weight;
    await tile?.form('gzip');
    expect(store.weight).toBeLessThan(before - 7000);
    expect(await tile?.form('identity')).toHaveLength(8000);
    store.set(at(30), tileOf(60_000));
    expect(store.get(at(30))).toBeUndefined();
  });

  it('finds a tile by the URL it was last asked for under, until it is gone', () => {
    const store = new TileStore(1e6);
    const key = keyOf(tileAt(15, ...PLACE), 'a');
    store.set(key, tileOf(10), '/xyz/a');
    expect(store.getByUrl('/xyz/a')).toBe(store.get(key));
    store.get(key, '/xyz/a?');
    expect(store.getByUrl('/xyz/a')).toBeUndefined();
    store.evict(change('a', areaAt(PLACE)));
    expect(store.getByUrl('/xyz/a?')).toBeUndefined();
  });
});
