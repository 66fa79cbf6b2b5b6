import { type BBox, growBBox } from '../geo/bbox.ts';
import { TILE_BUFFER, type TileAddress, tileRange, tileUnit } from '../geo/tile.ts';

/** Where tiles have changed, EPSG:3857 metres, at the zooms from the first to the last. */
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
  /** The transaction that made it (64 bits). */
  readonly xid: bigint;
  readonly layer: string;
  /** null: the whole layer. */
  readonly areas: readonly Area[] | null;
}

/** The tiles of a zoom that an area touches, buffer included: first and last column and row. null: not at this zoom. */
export function touchedTiles(area: Area, z: number): readonly [x0: number, y0: number, x1: number, y1: number] | null {
  const [west, south, east, north, firstZoom, lastZoom] = area;
  if (z < firstZoom || z > lastZoom) return null;
  const box: BBox = [west, south, east, north];
  return tileRange(z, growBBox(box, TILE_BUFFER * tileUnit(z)));
}

/** Whether a change is one of what the tile shows of its layer. */
export function touches({ areas }: Change, { z, x, y }: TileAddress): boolean {
  if (!areas) return true;
  return areas.some((area) => {
    const range = touchedTiles(area, z);
    return range !== null && x >= range[0] && y >= range[1] && x <= range[2] && y <= range[3];
  });
}
