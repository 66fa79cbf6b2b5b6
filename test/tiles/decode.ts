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

/** The largest distance, in tile units, of a vertex of either drawing from the other drawing. */
export function drawingDistance(a: DecodedFeature, b: DecodedFeature): number {
  if (JSON.stringify(a.rings) === JSON.stringify(b.rings)) return 0;
  return Math.max(farthestFrom(a.rings, b.rings), farthestFrom(b.rings, a.rings));
}
