import { describe, expect, it } from 'vitest';
import { tileId } from '../../../src/geo/hilbert.ts';
import { type TileContent, TilePyramid } from '../../../src/transfer/tiles/tile-pyramid.ts';

const whole: TileContent = { fromZoom: 0 };
const ids = (pyramid: TilePyramid, after?: number) => [...pyramid.tiles(after)].map(tileId);

describe('a pyramid', () => {
  it('gives every tile of every zoom once, in ascending order', () => {
    const pyramid = new TilePyramid({ area: whole, minZoom: 0, maxZoom: 4 });
    expect(ids(pyramid)).toEqual(Array.from({ length: 341 }, (_, id) => id));
    expect(pyramid.count()).toBe(341);
  });

  it('leaves tiles outside of the bounds, and quarters without anything', () => {
    const eastern = new TilePyramid({ area: whole, minZoom: 3, maxZoom: 3, bounds: [1, -80, 179, 80] });
    expect([...eastern.tiles()].every(({ x }) => x >= 4)).toBe(true);
    const sparse: TileContent = { fromZoom: 0, quarters: [undefined, { fromZoom: 3 }, undefined, { fromZoom: 2 }] };
    const pyramid = new TilePyramid({ area: sparse, minZoom: 1, maxZoom: 3 });
    const perZoom = [1, 2, 3].map((zoom) => [...pyramid.tiles()].filter(({ z }) => z === zoom).length);
    expect([eastern.count(), ...perZoom]).toEqual([32, 0, 4, 32]);
  });

  it('continues after any tile, and counts what is left', () => {
    const area: TileContent = { fromZoom: 0, quarters: [{ fromZoom: 0 }, undefined, { fromZoom: 2 }, { fromZoom: 0 }] };
    const pyramid = new TilePyramid({ area, minZoom: 0, maxZoom: 4, bounds: [-100, -60, 120, 70] });
    const all = ids(pyramid);
    expect(pyramid.count()).toBe(all.length);
    for (const [index, id] of all.entries()) {
      expect(ids(pyramid, id)).toEqual(all.slice(index + 1));
      expect(pyramid.count(id)).toBe(all.length - index - 1);
    }
  });

  it('is empty where nothing is anywhere', () => {
    const pyramid = new TilePyramid({ area: undefined, minZoom: 0, maxZoom: 22 });
    expect([pyramid.count(), ...pyramid.tiles()]).toEqual([0]);
  });
});
