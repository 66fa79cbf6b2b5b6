import type { TileAddress } from './tile.ts';

/**
 * A tile and its place on the Hilbert curve of its zoom, as PMTiles 3 numbers tiles. Tiles near each other on the curve
 * are near each other on the map. `mirrored` (x and y exchanged) and `turned` (by 180°) give the direction of the curve
 * within the tile.
 */
export interface CurveTile extends TileAddress {
  /** From 0 to 4^z - 1. */
  readonly place: number;
  readonly mirrored: boolean;
  readonly turned: boolean;
}

export const WORLD_TILE: CurveTile = Object.freeze({ z: 0, x: 0, y: 0, place: 0, mirrored: false, turned: false });

/** Column and row of the quarters, in the order of a curve that is neither mirrored nor turned. */
const VISITS = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
] as const;

/** Returns the four tiles of the next zoom, in the order of the curve. */
export function quarters({ z, x, y, place, mirrored, turned }: CurveTile): CurveTile[] {
  return VISITS.map(([first, second], index) => {
    const [column, row] = mirrored ? [second, first] : [first, second];
    // The curve enters by its first quarter and leaves by its last, and is mirrored in both.
    const isEnd = index === 0 || index === 3;
    return {
      z: z + 1,
      x: 2 * x + (turned ? 1 - column : column),
      y: 2 * y + (turned ? 1 - row : row),
      place: 4 * place + index,
      mirrored: mirrored !== isEnd,
      turned: turned !== (index === 3),
    };
  });
}

/**
 * Returns the number of a tile in PMTiles (version 3, 4.1): the tiles of all lower zooms come first. Exact to zoom 22
 * and beyond.
 */
export function tileId({ z, place }: Pick<CurveTile, 'z' | 'place'>): number {
  return (4 ** z - 1) / 3 + place;
}

/** Returns the number of the last tile of zoom `z` within a tile of that zoom or a lower one. */
export function lastIdWithin({ z, place }: CurveTile, zoom: number): number {
  return tileId({ z: zoom, place: (place + 1) * 4 ** (zoom - z) - 1 });
}

/** Returns the tile of a number: the inverse of {@link tileId}. */
export function tileOf(id: number): CurveTile {
  let zoom = 0;
  while (tileId({ z: zoom + 1, place: 0 }) <= id) zoom++;
  const place = id - tileId({ z: zoom, place: 0 });
  let tile = WORLD_TILE;
  for (let z = zoom - 1; z >= 0; z--) tile = quarters(tile)[Math.floor(place / 4 ** z) % 4] as CurveTile;
  return tile;
}
