import { type BBox, growBBox } from '../geo/bbox.ts';
import { TILE_BUFFER, type TileAddress, tileRange, tileUnit } from '../geo/tile.ts';

/** An area in which tiles have changed: EPSG:3857 metres, and the first and last zoom. */
export type Area = readonly [
  west: number,
  south: number,
  east: number,
  north: number,
  firstZoom: number,
  lastZoom: number,
];

/** One row of the change log, `tile.change`. */
export interface Change {
  readonly id: number;
  /** The 64-bit id of the transaction that wrote the change. */
  readonly xid: bigint;
  readonly layer: string;
  /** `null` means the whole layer. */
  readonly areas: readonly Area[] | null;
}

/**
 * Returns the first and last column and row of the tiles that an area touches at a zoom, tile buffer included. Returns
 * null outside of the area's zooms.
 */
export function touchedTiles(area: Area, z: number): readonly [x0: number, y0: number, x1: number, y1: number] | null {
  const [west, south, east, north, firstZoom, lastZoom] = area;
  if (z < firstZoom || z > lastZoom) return null;
  const box: BBox = [west, south, east, north];
  return tileRange(z, growBBox(box, TILE_BUFFER * tileUnit(z)));
}

/** Returns true if a change may alter the tile. */
export function touches({ areas }: Change, { z, x, y }: TileAddress): boolean {
  if (!areas) return true;
  return areas.some((area) => {
    const range = touchedTiles(area, z);
    return range !== null && x >= range[0] && y >= range[1] && x <= range[2] && y <= range[3];
  });
}
