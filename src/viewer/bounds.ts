import type { Bounds } from './api.ts';

/** Returns the box of a geometry in degrees. */
export function boundsOf(geometry: GeoJSON.Geometry | null | undefined): Bounds | undefined {
  if (!geometry || geometry.type === 'GeometryCollection') return undefined;
  const box: Bounds = [180, 90, -180, -90];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] !== 'number') {
      for (const each of part) visit(each);
      return;
    }
    const [lon, lat] = part as [number, number];
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  };
  visit(geometry.coordinates);
  return box[0] <= box[2] ? box : undefined;
}
