import { zxyToTileId } from 'pmtiles';
import { expect, it } from 'vitest';
import { type CurveTile, lastIdWithin, quarters, tileId, tileOf, WORLD_TILE } from '../../src/geo/hilbert.ts';

function level(zoom: number): CurveTile[] {
  return zoom === 0 ? [WORLD_TILE] : level(zoom - 1).flatMap(quarters);
}

it('numbers tiles as PMTiles does, each zoom along its curve', () => {
  let next = 0;
  for (let z = 0; z <= 6; z++) {
    for (const tile of level(z)) {
      expect(tileId(tile)).toBe(next++);
      expect(zxyToTileId(tile.z, tile.x, tile.y)).toBe(tileId(tile));
      expect(tileOf(tileId(tile))).toEqual(tile);
    }
  }
});

it('gives back the example of the specification, and the last tiles there are', () => {
  expect(tileOf(19078479)).toMatchObject({ z: 12, x: 3423, y: 1763 });
  const last = lastIdWithin(WORLD_TILE, 22);
  expect(tileOf(last)).toMatchObject({ z: 22, x: 2 ** 22 - 1, y: 0, place: 4 ** 22 - 1 });
  expect(tileOf(last + 1)).toMatchObject({ z: 23, x: 0, y: 0 });
});
