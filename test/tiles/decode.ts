import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

export interface DecodedFeature {
  readonly id: number | undefined;
  readonly type: number;
  readonly properties: Record<string, string | number | boolean>;
  readonly rings: readonly { x: number; y: number }[][];
}

/** layer name -> features in the order of their ids */
export function decodeTile(bytes: Uint8Array): Record<string, DecodedFeature[]> {
  const { layers } = new VectorTile(new PbfReader(bytes));
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => {
      const features = Array.from({ length: layer.length }, (_, index) => {
        const feature = layer.feature(index);
        const properties = feature.properties as DecodedFeature['properties'];
        return { id: feature.id, type: feature.type, properties, rings: feature.loadGeometry() };
      });
      return [name, features.sort((a, b) => (a.id ?? 0) - (b.id ?? 0))];
    }),
  );
}

/** Returns the area by the surveyor's formula in tile coordinates: positive for exterior rings (MVT 2.1, 4.3.3.3). */
export function signedArea(ring: readonly Point[]): number {
  const doubled = ring.reduce((sum, { x, y }, index) => {
    const next = ring[(index + 1) % ring.length] as Point;
    return sum + x * next.y - next.x * y;
  }, 0);
  return doubled / 2;
}

/**
 * Normalizes a ring: without its repeated last point and without points on a straight line, starting from its least
 * point.
 */
export function normalRing(ring: readonly Point[]): string {
  const open = ring.slice(0, -1);
  const at = (index: number) => open[(index + open.length) % open.length] as Point;
  const corners = open.filter((b, index) => {
    const [a, c] = [at(index - 1), at(index + 1)];
    return (b.x - a.x) * (c.y - b.y) !== (b.y - a.y) * (c.x - b.x);
  });
  const texts = corners.map(({ x, y }) => `${x} ${y}`);
  const least = texts.indexOf([...texts].sort()[0] ?? '');
  return [...texts.slice(least), ...texts.slice(0, least)].join();
}

/** Returns WKT: each exterior ring with the interior ones that follow it. */
export function toWkt(rings: DecodedFeature['rings']): string {
  const text = (ring: readonly Point[]) => `(${ring.map(({ x, y }) => `${x} ${y}`).join()})`;
  const polygons: string[][] = [];
  for (const ring of rings) {
    if (signedArea(ring) > 0) polygons.push([text(ring)]);
    else polygons.at(-1)?.push(text(ring));
  }
  return `MULTIPOLYGON(${polygons.map((parts) => `(${parts.join()})`).join()})`;
}

type Point = { x: number; y: number };

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

function farthestFrom(rings: DecodedFeature['rings'], others: DecodedFeature['rings']): number {
  const segments = others.flatMap((ring) => ring.map((point, index) => [point, ring[index + 1] ?? point] as const));
  const distances = rings.flat().map((point) => Math.min(...segments.map(([a, b]) => distanceToSegment(point, a, b))));
  return Math.max(0, ...distances);
}

/** Returns the largest distance, in tile units, of a vertex of either drawing from the other drawing. */
export function drawingDistance(a: DecodedFeature, b: DecodedFeature): number {
  if (JSON.stringify(a.rings) === JSON.stringify(b.rings)) return 0;
  return Math.max(farthestFrom(a.rings, b.rings), farthestFrom(b.rings, a.rings));
}
