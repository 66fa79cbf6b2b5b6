import type { EastNorth } from '../geo/vn2000.ts';

/** Returns the length in metres of a line in a plane. */
export function lengthOf(line: readonly EastNorth[]): number {
  return line.slice(1).reduce((sum, [x, y], index) => {
    const [px, py] = line[index] as EastNorth;
    return sum + Math.hypot(x - px, y - py);
  }, 0);
}

/**
 * Returns the area in square metres of a ring in a plane, closed or not, by the shoelace formula. Coordinates are taken
 * from the first corner, since their products would lose digits.
 */
export function areaOf(ring: readonly EastNorth[]): number {
  const [[x0, y0] = [0, 0]] = ring;
  const twice = ring.reduce((sum, [x, y], index) => {
    const [nx, ny] = ring[(index + 1) % ring.length] as EastNorth;
    return sum + (x - x0) * (ny - y0) - (nx - x0) * (y - y0);
  }, 0);
  return Math.abs(twice) / 2;
}
