import type { LineString, Point, Polygon, Position } from 'geojson';

/** west, south, east, north, in the units of the CRS it is said to be in. */
export type BBox = readonly [west: number, south: number, east: number, north: number];

/** The part that both boxes share, or null where they share none. */
export function intersectBBox(a: BBox, b: BBox): BBox | null {
  const box: BBox = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return box[0] <= box[2] && box[1] <= box[3] ? box : null;
}

/** The smallest box around both. */
export function unionBBox(a: BBox, b: BBox): BBox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Around all layers that have rows; null where none has. */
export function unionOf(extents: readonly (BBox | null)[]): BBox | null {
  return extents.reduce((all, box) => (all && box ? unionBBox(all, box) : (box ?? all)), null);
}

/** The box grown by `margin` on every side. */
export function growBBox(box: BBox, margin: number): BBox {
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
}

/** The corners of a box, counter-clockwise and closed. */
export function ringOf([west, south, east, north]: BBox): Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

/** A box as GeoJSON: one without breadth or height is a line or a point, since no polygon can be. */
export function boxGeometry(box: BBox): Point | LineString | Polygon {
  const [west, south, east, north] = box;
  const low = [west, south];
  if (west === east && south === north) return { type: 'Point', coordinates: low };
  if (west === east || south === north) return { type: 'LineString', coordinates: [low, [east, north]] };
  return { type: 'Polygon', coordinates: [ringOf(box)] };
}
