import type { TileAddress } from '../../geo/tile.ts';
import { requireTile, tilePath } from '../api/tiles.ts';
import type { Values } from '../parameters.ts';

/** Path parameters of a tile, as OGC 20-057 names and orders them: row before column. */
export const addressPath = { tileMatrix: tilePath.z, tileRow: tilePath.y, tileCol: tilePath.x };

/** @throws Problem not-found for a tile that does not exist at its zoom */
export function requireAddress({ tileMatrix, tileRow, tileCol }: Values<typeof addressPath>): TileAddress {
  return requireTile({ z: tileMatrix, x: tileCol, y: tileRow });
}
