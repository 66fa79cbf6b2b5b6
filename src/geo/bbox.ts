import type { LineString, Point, Polygon, Position } from 'geojson';
import { z } from 'zod';

/** West, south, east, north, in the units of the CRS that the context names. */
export type BBox = readonly [west: number, south: number, east: number, north: number];

/** A {@link BBox} in JSON. OpenAPI 3.0 has no tuples. */
export const bboxSchema = z.array(z.number()).length(4) as z.ZodType as z.ZodType<BBox>;

/** Returns the intersection of two boxes, or null if they are disjoint. */
export function intersectBBox(a: BBox, b: BBox): BBox | null {
  const box: BBox = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return box[0] <= box[2] && box[1] <= box[3] ? box : null;
}

/** Returns the smallest box around both. */
export function unionBBox(a: BBox, b: BBox): BBox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Returns the smallest box around all extents, or null if none of the layers has rows. */
export function unionOf(extents: readonly (BBox | null)[]): BBox | null {
  return extents.reduce((all, box) => (all && box ? unionBBox(all, box) : (box ?? all)), null);
}

/** Returns the box grown by `margin` on every side. */
export function growBBox(box: BBox, margin: number): BBox {
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
}

/** Returns the corners of a box, counter-clockwise and closed. */
export function ringOf([west, south, east, north]: BBox): Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

/**
 * Returns a box as GeoJSON. A box without width or height becomes a line or a point, since a polygon would be invalid.
 */
export function boxGeometry(box: BBox): Point | LineString | Polygon {
  const [west, south, east, north] = box;
  const low = [west, south];
  if (west === east && south === north) return { type: 'Point', coordinates: low };
  if (west === east || south === north) return { type: 'LineString', coordinates: [low, [east, north]] };
  return { type: 'Polygon', coordinates: [ringOf(box)] };
}
