import type { BBox } from './bbox.ts';

/** A tile of WebMercatorQuad (OGC 17-083r4), y counted from the north. */
export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export const MAX_ZOOM = 22;
/** Units across a tile, the usual value of MVT servers and clients. */
export const TILE_EXTENT = 4096;
/** Buffer around a tile in tile units: wide enough for a 6 px line at 512 px a tile. */
export const TILE_BUFFER = 64;

/** Half the width of the EPSG:3857 square, metres: π · 6378137. */
export const HALF_WORLD = 20037508.342789244;

/** Scale of a tile of 256 px at zoom 0, with pixels of 0.28 mm (OGC 17-083r4, annex D.1). */
export const SCALE_OF_WORLD = 559082264.0287178;

/** Returns true if the three numbers are whole and name a tile that exists. */
export function isTile({ z, x, y }: TileAddress): boolean {
  return z >= 0 && z <= MAX_ZOOM && x >= 0 && y >= 0 && x < 2 ** z && y < 2 ** z;
}

/** Returns the bounds of the tile in EPSG:3857 metres, without a buffer. */
export function tileBounds({ z, x, y }: TileAddress): BBox {
  const size = (2 * HALF_WORLD) / 2 ** z;
  return [x * size - HALF_WORLD, HALF_WORLD - (y + 1) * size, (x + 1) * size - HALF_WORLD, HALF_WORLD - y * size];
}

/** Returns the tile at `z` that holds a point. */
export function tileAt(z: number, lon: number, lat: number): TileAddress {
  const [x, y] = lonLatToMercator(lon, lat);
  return { z, x: tileIndex(z, x + HALF_WORLD), y: tileIndex(z, HALF_WORLD - y) };
}

/** Returns the first and last column and row of the tiles at `z` that a box in EPSG:3857 touches. */
export function tileRange(
  z: number,
  [west, south, east, north]: BBox,
): readonly [x0: number, y0: number, x1: number, y1: number] {
  return [
    tileIndex(z, west + HALF_WORLD),
    tileIndex(z, HALF_WORLD - north),
    tileIndex(z, east + HALF_WORLD),
    tileIndex(z, HALF_WORLD - south),
  ];
}

function tileIndex(z: number, metres: number): number {
  return Math.max(0, Math.min(2 ** z - 1, Math.floor((metres * 2 ** z) / (2 * HALF_WORLD))));
}

/** Map pixels across a tile at its own zoom, as in MapLibre. */
export const TILE_PIXELS = 512;

/** Returns the EPSG:3857 metres across a map pixel at a style's zoom. */
export function metresPerPixel(zoom: number): number {
  return (2 * HALF_WORLD) / TILE_PIXELS / 2 ** zoom;
}

/** Returns the zoom of a style at which a map pixel has this many EPSG:3857 metres. */
export function zoomOfMetres(metres: number): number {
  return Math.log2((2 * HALF_WORLD) / TILE_PIXELS / metres);
}

/** Returns the size of one tile unit at zoom `z`, in EPSG:3857 metres. */
export function tileUnit(z: number): number {
  return (2 * HALF_WORLD) / 2 ** z / TILE_EXTENT;
}

/** Converts degrees, longitude first, to EPSG:3857 metres. Latitudes beyond ±85.0511° are clamped to the square. */
export function lonLatToMercator(lon: number, lat: number): [x: number, y: number] {
  const clamped = Math.max(-85.0511287798066, Math.min(85.0511287798066, lat));
  const y = Math.log(Math.tan(Math.PI / 4 + (clamped * Math.PI) / 360)) / Math.PI;
  return [(lon / 180) * HALF_WORLD, y * HALF_WORLD];
}

/** Converts EPSG:3857 metres to degrees, longitude first. */
export function mercatorToLonLat(x: number, y: number): [lon: number, lat: number] {
  const lat = (Math.atan(Math.sinh((y / HALF_WORLD) * Math.PI)) * 180) / Math.PI;
  return [(x / HALF_WORLD) * 180, lat];
}

export function lonLatBBoxToMercator(box: BBox): BBox {
  const [west, south] = lonLatToMercator(box[0], box[1]);
  const [east, north] = lonLatToMercator(box[2], box[3]);
  return [west, south, east, north];
}
