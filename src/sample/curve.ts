import { type EastNorth, type LonLat, wgs84ToVn2000 } from '../geo/vn2000.ts';

/** Central meridian of Bình Dương's zone, SRID 9210. */
export const CENTRAL_MERIDIAN = 105.75;

export function sampleMetres(position: LonLat): EastNorth {
  return wgs84ToVn2000(position, CENTRAL_MERIDIAN);
}

/** A point of a curve: its place, its direction (unit vector), and its position along the curve from 0 to 1. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly t: number;
}

/** Returns a smooth curve through the points in metres (Catmull-Rom, 24 pieces each; close enough to centripetal). */
export function smooth(course: readonly LonLat[]): EastNorth[] {
  const points = course.map(sampleMetres);
  const at = (index: number) => points[Math.min(points.length - 1, Math.max(0, index))] as EastNorth;
  const result: EastNorth[] = [];
  for (let index = 0; index < points.length - 1; index++) {
    const [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    for (let step = 0; step < 24; step++) {
      const t = step / 24;
      const blend = (axis: 0 | 1) =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t * t +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t ** 3);
      result.push([blend(0), blend(1)]);
    }
  }
  return [...result, at(points.length - 1)];
}

/** Returns points along the curve, `step` metres apart. */
export function walk(curve: readonly EastNorth[], step: number | ((x: number, y: number) => number)): CurvePoint[] {
  const lengths = curve.map((point, index) => {
    const before = curve[index - 1] ?? point;
    return Math.hypot(point[0] - before[0], point[1] - before[1]);
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const stations: CurvePoint[] = [];
  let [done, next] = [0, 0];
  for (let index = 1; index < curve.length; index++) {
    const [from, to, length] = [curve[index - 1]!, curve[index]!, lengths[index]!];
    const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    while (next <= done + length) {
      const [x, y] = [from[0] + dx * (next - done), from[1] + dy * (next - done)];
      stations.push({ x, y, dx, dy, t: next / total });
      next += typeof step === 'number' ? step : step(x, y);
    }
    done += length;
  }
  return stations;
}

/** Metres of a band of {@link enclosure}. */
const BAND = 200;

/**
 * Returns a test for points inside the closed curve. Each test looks only at the pieces of the curve at its own height.
 */
export function enclosure(curve: readonly EastNorth[]): (x: number, y: number) => boolean {
  const bands = new Map<number, number[]>();
  curve.forEach(([ax, ay], index) => {
    const [bx, by] = curve[(index + curve.length - 1) % curve.length]!;
    for (let band = Math.floor(Math.min(ay, by) / BAND); band <= Math.floor(Math.max(ay, by) / BAND); band++) {
      const pieces = bands.get(band);
      if (pieces) pieces.push(ax, ay, bx, by);
      else bands.set(band, [ax, ay, bx, by]);
    }
  });
  return (x, y) => {
    const pieces = bands.get(Math.floor(y / BAND)) ?? [];
    let inside = false;
    for (let index = 0; index < pieces.length; index += 4) {
      const [ax, ay, bx, by] = [pieces[index]!, pieces[index + 1]!, pieces[index + 2]!, pieces[index + 3]!];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside;
  };
}
