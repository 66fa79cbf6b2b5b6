import { isTile, MAX_ZOOM, type TileAddress } from '../../geo/tile.ts';
import { notFound } from '../../lib/errors.ts';
import { integerParameter, required, type Values } from '../kit/parameters.ts';

const index = (vi: string, en: string) => required(integerParameter({ vi, en }, { min: 0, max: 2 ** MAX_ZOOM - 1 }));

/** z, x and y of a tile URL, for every route that has them. */
export const tilePath = {
  z: required(integerParameter({ vi: 'Mức thu phóng', en: 'Zoom' }, { min: 0, max: MAX_ZOOM })),
  x: index('Cột, từ tây', 'Column, from the west'),
  y: index('Hàng, từ bắc', 'Row, from the north'),
};

/** @throws Problem not-found for a tile that does not exist at its zoom */
export function requireTile(tile: TileAddress): TileAddress {
  if (isTile(tile)) return tile;
  const last = 2 ** tile.z - 1;
  throw notFound({
    vi: `Ở mức ${tile.z}, x và y đi từ 0 đến ${last}.`,
    en: `At zoom ${tile.z}, x and y run from 0 to ${last}.`,
  });
}

/** Path parameters of a tile, in the names and order of OGC 20-057: row before column. */
export const addressPath = { tileMatrix: tilePath.z, tileRow: tilePath.y, tileCol: tilePath.x };

/** @throws Problem not-found for a tile that does not exist at its zoom */
export function requireAddress({ tileMatrix, tileRow, tileCol }: Values<typeof addressPath>): TileAddress {
  return requireTile({ z: tileMatrix, x: tileCol, y: tileRow });
}
