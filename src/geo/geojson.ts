import type { Geometry, Position } from 'geojson';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { readShape } from '../shape.ts';

const position = z.array(z.number()).min(2).max(4);
const line = z.array(position).min(2);
const ring = z.array(position).min(4);

const simple = [
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('MultiPoint'), coordinates: z.array(position).min(1) }),
  z.object({ type: z.literal('LineString'), coordinates: line }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line).min(1) }),
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }),
] as const;

/** A GeoJSON geometry (RFC 7946), two to four numbers a position; collections are not nested. */
export const geometrySchema = z.discriminatedUnion('type', [
  ...simple,
  z.object({
    type: z.literal('GeometryCollection'),
    geometries: z.array(z.discriminatedUnion('type', simple)).min(1),
  }),
]);

type Coordinates = number | Coordinates[];

/**
 * A GeoJSON geometry from unknown JSON: flat (heights dropped), rings closed. Whether it is simple is for PostGIS to say.
 * @param root what the JSON is called in the message
 * @throws Problem invalid-geometry that names the place and what would be right
 */
export function readGeometry(value: unknown, root: string): Geometry {
  return mapPositions(readPositions(value, root), (position) => position.slice(0, 2));
}

/** As {@link readGeometry}, with every number of its positions. */
export function readPositions(value: unknown, root: string): Geometry {
  const geometry = readShape(geometrySchema, value, { root, type: 'invalid-geometry' }) as Geometry;
  for (const each of geometry.type === 'GeometryCollection' ? geometry.geometries : [geometry]) {
    if (each.type === 'Polygon') requireClosed(each.coordinates, root);
    if (each.type === 'MultiPolygon') for (const rings of each.coordinates) requireClosed(rings, root);
  }
  return geometry;
}

/** The geometry with every position, in order, replaced. */
export function mapPositions(geometry: Geometry, change: (position: Position) => Position): Geometry {
  const mapped = (coordinates: Coordinates): Coordinates =>
    isPosition(coordinates) ? change(coordinates) : (coordinates as Coordinates[]).map(mapped);
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map((each) => mapPositions(each, change)) };
  }
  return { type: geometry.type, coordinates: mapped(geometry.coordinates) } as Geometry;
}

function isPosition(coordinates: Coordinates): coordinates is Position {
  return Array.isArray(coordinates) && typeof coordinates[0] === 'number';
}

function requireClosed(rings: readonly Position[][], root: string): void {
  for (const [index, points] of rings.entries()) {
    const [first, last] = [points[0], points.at(-1)];
    if (first?.[0] === last?.[0] && first?.[1] === last?.[1]) continue;
    throw new Problem(
      'invalid-geometry',
      {
        vi: `Vòng ${index} của "${root}" chưa khép kín: điểm cuối phải trùng điểm đầu [${first}], không phải [${last}].`,
        en: `Ring ${index} of "${root}" is not closed: its last point must repeat its first, [${first}], not [${last}].`,
      },
      { parameter: root, ring: index },
    );
  }
}
