import type { BBox } from '../geo/bbox.ts';
import { MAX_ZOOM, type TileAddress, tileBounds, tileRange, zoomOfMetres } from '../geo/tile.ts';

/** Picture pixels per map pixel (as in `@2x`). */
export type PixelRatio = 1 | 2;

/** The extent shown, and its size in map pixels. The picture has `scale` times as many. */
export interface PictureView {
  /** EPSG:3857 metres. Pixels need not be square in it. */
  readonly bounds: BBox;
  readonly width: number;
  readonly height: number;
  readonly scale: PixelRatio;
}

/**
 * Returns the zoom at which a style is shown, that of 512 px tiles. If pixels are not square, the coarser side counts,
 * so that the number of tiles is bounded by the picture's size.
 */
export function zoomOf({ bounds, width, height }: PictureView): number {
  const metres = Math.max((bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height);
  const zoom = zoomOfMetres(metres);
  // Bounds computed from a zoom give it back except for the last digits of a double.
  return Math.max(0, Math.min(MAX_ZOOM, Math.round(zoom * 1e6) / 1e6));
}

/** Returns the view grown by `margin` map pixels on every side. */
export function growView(view: PictureView, margin: number): PictureView {
  const [west, south, east, north] = view.bounds;
  const [dx, dy] = [((east - west) / view.width) * margin, ((north - south) / view.height) * margin];
  return {
    ...view,
    bounds: [west - dx, south - dy, east + dx, north + dy],
    width: view.width + 2 * margin,
    height: view.height + 2 * margin,
  };
}

/** Returns the tiles at `z` that share an area with a box in EPSG:3857. */
export function tilesOf([west, south, east, north]: BBox, z: number): TileAddress[] {
  // A box that ends where a tile begins does not show that tile.
  const inset = Math.min(east - west, north - south) * 1e-9;
  const [x0, y0, x1, y1] = tileRange(z, [west + inset, south + inset, east - inset, north - inset]);
  const tiles: TileAddress[] = [];
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) tiles.push({ z, x, y });
  return tiles;
}

/** The place of a tile in a view: map pixels from its upper left corner. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function tilePlaceOf(tile: TileAddress, { bounds, width, height }: PictureView): TilePlace {
  const [west, south, east, north] = bounds;
  const box = tileBounds(tile);
  const [sx, sy] = [width / (east - west), height / (north - south)];
  return {
    x: (box[0] - west) * sx,
    y: (north - box[3]) * sy,
    width: (box[2] - box[0]) * sx,
    height: (box[3] - box[1]) * sy,
  };
}
