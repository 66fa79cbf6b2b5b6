/**
 * Convex polygons as flat open rings [x0, y0, x1, y1, …], counter-clockwise, in metres. Cut by lines, they stay convex
 * and never overlap, so all land is divided this way.
 */
export type FlatRing = readonly number[];

/** The half-plane where nx·x + ny·y >= c. */
export interface HalfPlane {
  readonly nx: number;
  readonly ny: number;
  readonly c: number;
}

/** Returns the line through (x, y) whose inner side lies towards `angle` (radians). */
export function lineThrough(x: number, y: number, angle: number): HalfPlane {
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  return { nx, ny, c: nx * x + ny * y };
}

/** Cuts the ring into the part on the inner side of the line, and the part beyond. Either may be empty. */
export function cutRing(ring: FlatRing, { nx, ny, c }: HalfPlane): [inner: number[], rest: number[]] {
  const inner: number[] = [];
  const rest: number[] = [];
  const length = ring.length;
  let x0 = ring[length - 2]!;
  let y0 = ring[length - 1]!;
  let d0 = nx * x0 + ny * y0 - c;
  for (let index = 0; index < length; index += 2) {
    const x1 = ring[index]!;
    const y1 = ring[index + 1]!;
    const d1 = nx * x1 + ny * y1 - c;
    if (d0 < 0 !== d1 < 0) {
      const t = d0 / (d0 - d1);
      const x = x0 + t * (x1 - x0);
      const y = y0 + t * (y1 - y0);
      inner.push(x, y);
      rest.push(x, y);
    }
    if (d1 < 0) rest.push(x1, y1);
    else inner.push(x1, y1);
    x0 = x1;
    y0 = y1;
    d0 = d1;
  }
  return [inner.length < 6 ? [] : inner, rest.length < 6 ? [] : rest];
}

export function ringArea(ring: FlatRing): number {
  let sum = 0;
  for (let index = 0, last = ring.length - 2; index < ring.length; last = index, index += 2) {
    sum += ring[last]! * ring[index + 1]! - ring[index]! * ring[last + 1]!;
  }
  return sum / 2;
}

/** Returns the mean of the corners, which is inside and cheap to compute. */
export function middle(ring: FlatRing): [x: number, y: number] {
  let [x, y] = [0, 0];
  for (let index = 0; index < ring.length; index += 2) {
    x += ring[index]!;
    y += ring[index + 1]!;
  }
  return [(2 * x) / ring.length, (2 * y) / ring.length];
}

/** Moves each side inwards by its own distance. Returns an empty ring if nothing remains. */
export function inset(ring: FlatRing, distance: (side: number) => number): number[] {
  let result: number[] = [...ring];
  for (let index = 0; index < ring.length && result.length; index += 2) {
    const next = (index + 2) % ring.length;
    const dx = ring[next]! - ring[index]!;
    const dy = ring[next + 1]! - ring[index + 1]!;
    const length = Math.hypot(dx, dy);
    if (length < 1e-6) continue;
    const [nx, ny] = [-dy / length, dx / length];
    const c = nx * ring[index]! + ny * ring[index + 1]! + distance(index / 2);
    result = cutRing(result, { nx, ny, c })[0];
  }
  return result;
}

/** Returns the direction of the longest side, in radians. */
export function longestSide(ring: FlatRing): number {
  let [best, angle] = [-1, 0];
  for (let index = 0; index < ring.length; index += 2) {
    const next = (index + 2) % ring.length;
    const dx = ring[next]! - ring[index]!;
    const dy = ring[next + 1]! - ring[index + 1]!;
    if (dx * dx + dy * dy > best) [best, angle] = [dx * dx + dy * dy, Math.atan2(dy, dx)];
  }
  return angle;
}

/** Returns the extent of the ring along a direction. */
export function reach(ring: FlatRing, angle: number): [low: number, high: number] {
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < ring.length; index += 2) {
    const value = nx * ring[index]! + ny * ring[index + 1]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Cuts off corners below 130° (vát góc), `size` metres along the bisector. */
export function chamfer(ring: FlatRing, size: number): number[] {
  let result: number[] = [...ring];
  const count = ring.length / 2;
  for (let corner = 0; corner < count; corner++) {
    const [x, y] = [ring[2 * corner]!, ring[2 * corner + 1]!];
    const before = 2 * ((corner + count - 1) % count);
    const after = 2 * ((corner + 1) % count);
    const [ax, ay] = [ring[before]! - x, ring[before + 1]! - y];
    const [bx, by] = [ring[after]! - x, ring[after + 1]! - y];
    const [a, b] = [Math.hypot(ax, ay), Math.hypot(bx, by)];
    if (a < 4 * size || b < 4 * size || (ax * bx + ay * by) / (a * b) < -0.64) continue;
    const angle = Math.atan2(ay / a + by / b, ax / a + bx / b);
    const line = lineThrough(x + size * Math.cos(angle), y + size * Math.sin(angle), angle);
    const inner = cutRing(result, line)[0];
    if (inner.length) result = inner;
  }
  return result;
}

/** Returns the ring as it is stored: rounded to the millimetre, without coincident corners. */
export function toMillimetres(ring: FlatRing): FlatRing {
  const result: number[] = [];
  for (let index = 0; index < ring.length; index += 2) {
    const [x, y] = [Math.round(ring[index]! * 1000) / 1000, Math.round(ring[index + 1]! * 1000) / 1000];
    const last = result.length - 2;
    // Corners within 2 mm are merged; they come from cuts that meet an old corner.
    if (last >= 0 && Math.abs(result[last]! - x) + Math.abs(result[last + 1]! - y) < 0.002) continue;
    result.push(x, y);
  }
  const last = result.length - 2;
  if (last > 0 && Math.abs(result[last]! - result[0]!) + Math.abs(result[last + 1]! - result[1]!) < 0.002)
    result.length = last;
  return result;
}

/** Returns the ring in the other direction, as holes have it. */
export function reversed(ring: FlatRing): number[] {
  const result: number[] = [];
  for (let index = ring.length - 2; index >= 0; index -= 2) result.push(ring[index]!, ring[index + 1]!);
  return result;
}
