import type { Feature, Geometry, Position } from 'geojson';
import { z } from 'zod';
import { Problem } from '../lib/errors.ts';
import { isObject, readShape } from '../lib/shape.ts';
import { countPositions } from './tangle.ts';

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

/** The schema of the coordinates of each type, and of the lists that they consist of. */
const LEVELS: Readonly<Record<string, readonly z.ZodType[]>> = {
  Point: [position],
  MultiPoint: [z.array(position).min(1), position],
  LineString: [line, position],
  MultiLineString: [z.array(line).min(1), line, position],
  Polygon: [z.array(ring).min(1), ring, position],
  MultiPolygon: [z.array(z.array(ring).min(1)).min(1), z.array(ring).min(1), ring, position],
};

/** A GeoJSON geometry (RFC 7946) with two to four numbers a position. Collections are not nested. */
export const geometrySchema = z.discriminatedUnion('type', [
  ...simple,
  z.object({
    type: z.literal('GeometryCollection'),
    geometries: z.array(z.discriminatedUnion('type', simple)).min(1),
  }),
]);

/** Most vertices of one geometry for any purpose. Reading them takes 40 ms. */
const MAX_VERTICES = 100_000;

type Coordinates = number | Coordinates[];

/**
 * Reads a GeoJSON geometry from unknown JSON, drops heights and closes rings. PostGIS checks later that it is simple.
 * @param root name of the JSON value in the message
 * @param most vertices
 * @throws Problem invalid-geometry that names the invalid member and what would be valid
 */
export function readGeometry(value: unknown, root: string, most = MAX_VERTICES): Geometry {
  return mapPositions(readPositions(value, root, most), (position) => position.slice(0, 2));
}

/** Reads like {@link readGeometry}, but leaves all numbers of a position. */
export function readPositions(value: unknown, root: string, most = MAX_VERTICES): Geometry {
  requireFewVertices(value, root, most);
  requireFirstSound(value, root);
  const geometry = readShape(geometrySchema, value, { root, type: 'invalid-geometry' }) as Geometry;
  for (const each of geometry.type === 'GeometryCollection' ? geometry.geometries : [geometry]) {
    if (each.type === 'Polygon') requireClosed(each.coordinates, root);
    if (each.type === 'MultiPolygon') for (const rings of each.coordinates) requireClosed(rings, root);
  }
  return geometry;
}

/** Counts the vertices of a JSON value that may be a geometry. */
export function countVerticesOf(value: unknown): number {
  const parts = isObject(value) ? [value, ...(Array.isArray(value.geometries) ? value.geometries : [])] : [];
  return parts.reduce((sum, part) => sum + (isObject(part) ? countPositions(part.coordinates) : 1), 0);
}

/**
 * Rejects a geometry with too many vertices before the schema sees it. If 100 000 positions are invalid, the schema
 * describes every one.
 * @throws Problem invalid-geometry
 */
export function requireFewVertices(value: unknown, root: string, most = MAX_VERTICES): void {
  const vertices = countVerticesOf(value);
  if (vertices <= most) return;
  throw new Problem(
    'invalid-geometry',
    {
      vi: `"${root}" có ${vertices} đỉnh; nhiều nhất là ${most}. Hãy đơn giản hóa hoặc chia nhỏ.`,
      en: `"${root}" has ${vertices} vertices; the most is ${most}. Simplify or split it.`,
    },
    { parameter: root, vertices, most },
  );
}

/**
 * Rejects the first invalid position. The schema would describe 100 000 invalid positions one by one, which takes 0.5
 * s.
 */
function requireFirstSound(value: unknown, root: string): void {
  const parts = isObject(value) && Array.isArray(value.geometries) ? value.geometries : [value];
  const isCollection = parts[0] !== value;
  for (const [index, part] of parts.entries()) {
    if (!isObject(part)) continue;
    const levels = Object.hasOwn(LEVELS, String(part.type)) ? LEVELS[String(part.type)] : undefined;
    const path = isCollection ? `${root}.geometries[${index}].coordinates` : `${root}.coordinates`;
    if (levels && Array.isArray(part.coordinates)) requireLevel(part.coordinates, path, levels);
  }
}

function requireLevel(value: unknown, path: string, [schema, ...inner]: readonly z.ZodType[]): void {
  if (!schema) return;
  const isSound = inner.length > 0 ? Array.isArray(value) : isSoundPosition(value);
  if (!isSound) readShape(schema, value, { root: path, type: 'invalid-geometry' });
  if (inner.length === 0) return;
  for (const [index, each] of (value as unknown[]).entries()) requireLevel(each, `${path}[${index}]`, inner);
}

function isSoundPosition(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 2 && value.length <= 4 && value.every(Number.isFinite);
}

/** Returns the geometry with every position replaced, in order. */
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

/** Matches a JSON string, or a member with a number as its value. */
const STRING_OR_NUMBER = /("(?:[^"\\]|\\.)*"\s*:\s*)(-?\d[\d.eE+-]*)|"(?:[^"\\]|\\.)*"/g;

/** Most digits that a double always holds. */
export const MOST_DIGITS = 15;

/**
 * Parses a feature as the database writes it, for display. Numeric members with more digits than a double holds become
 * text: `9007199254740993` would be read as `…992`. Coordinates stay numbers.
 */
export function readFeatureText<P>(text: string): Feature<Geometry | null, P> {
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (all: string, member?: string, number = '') =>
      member !== undefined && number.replace(/e.*|\D/gi, '').length > MOST_DIGITS ? `${member}"${number}"` : all,
    ),
  );
}
