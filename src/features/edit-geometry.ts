import { coordAll } from '@turf/meta';
import type { Geometry, Position } from 'geojson';
import { mapPositions } from '../geo/geojson.ts';
import type { GeometryColumn, Ordinates } from '../geometry/column.ts';
import { groupBy } from '../lib/group.ts';
import { wrongGeometry } from './draft.ts';

/** A vertex of a stored geometry in the layer's CRS, with every digit. */
export interface StoredVertex {
  /** The position as clients read it, in the CRS of the edit. */
  readonly shown: Position;
  readonly x: number;
  readonly y: number;
  readonly z: number | null;
  readonly m: number | null;
}

/**
 * Returns true if a geometry equals the one that was read. Heights left out are not compared, since not every client
 * supports them.
 */
export function isSameGeometry(given: Geometry, read: Geometry): boolean {
  if (given.type !== read.type) return false;
  if (given.type === 'GeometryCollection') {
    const others = (read as typeof given).geometries;
    return (
      given.geometries.length === others.length &&
      given.geometries.every((each, index) => isSameGeometry(each, others[index] as Geometry))
    );
  }
  return isSamePlace(given.coordinates, (read as typeof given).coordinates, true);
}

function isSamePlace(given: unknown, read: unknown, isList: boolean): boolean {
  if (!Array.isArray(given) || !Array.isArray(read)) return given === read;
  const isPosition = typeof given[0] === 'number';
  const isLongEnough = isPosition && isList ? given.length <= read.length : given.length === read.length;
  return isLongEnough && given.every((each, index) => isSamePlace(each, read[index], isList));
}

/** A geometry to write, with its vertices matched to stored ones. */
export interface Matched {
  /** As given, with rings in the direction of the stored ones. */
  readonly geometry: Geometry;
  /** The stored vertex of each position, in order; undefined for a new one. */
  readonly vertices: readonly (StoredVertex | undefined)[];
  /** All stored vertices of the row, matched or not. */
  readonly stored: readonly StoredVertex[];
}

/**
 * Matches the positions of a given geometry to stored vertices. A position equal to one that was read is that vertex.
 * It therefore retains the digits, the height and the measure that the client did not see.
 */
export function matchVertices(given: Geometry, stored: readonly StoredVertex[]): Matched {
  const places = groupBy(stored, ({ shown }) => positionKey(shown));
  const order = new Map(stored.map((vertex, index) => [vertex, index]));
  const isBackwards = (ring: readonly Position[]) => {
    const found = ring.flatMap((position) => {
      const [vertex, another] = places.get(positionKey(position)) ?? [];
      return vertex && !another ? (order.get(vertex) ?? []) : [];
    });
    const steps = found.slice(1).map((index, before) => Math.sign(index - (found[before] ?? index)));
    return steps.reduce((sum, step) => sum + step, 0) < 0;
  };
  const geometry = mapRings(given, (ring) => (isBackwards(ring) ? ring.toReversed() : ring));
  const positions = coordAll(geometry);
  const counts = groupBy(positions, positionKey);
  const seen = new Map<string, number>();
  const vertices = positions.map((position) => {
    const place = positionKey(position);
    const number = seen.get(place) ?? 0;
    seen.set(place, number + 1);
    return chooseVertex(places.get(place) ?? [], { position, number, count: counts.get(place)?.length ?? 0 });
  });
  return { geometry, vertices, stored };
}

interface Visit {
  readonly position: Position;
  /** Count of earlier positions at the same place, and of all. */
  readonly number: number;
  readonly count: number;
}

/**
 * Chooses one of several vertices at the same place, in order. If the given positions are not as many as the stored ones,
 * a height or measure in which those differ is unknown.
 */
function chooseVertex(vertices: readonly StoredVertex[], { position, number, count }: Visit): StoredVertex | undefined {
  if (vertices.length === count || vertices.length <= 1) return vertices[number] ?? vertices[0];
  const level = vertices.filter(({ shown }) => position[2] === undefined || shown[2] === position[2]);
  const [first = vertices[0], ...others] = level;
  if (!first) return undefined;
  const isSame = (name: 'z' | 'm') => others.every((other) => other[name] === first[name]);
  return { ...first, z: isSame('z') ? first.z : null, m: isSame('m') ? first.m : null };
}

function positionKey([x, y]: Position): string {
  return `${x} ${y}`;
}

function mapRings(geometry: Geometry, change: (ring: Position[]) => Position[]): Geometry {
  if (geometry.type === 'Polygon') return { ...geometry, coordinates: geometry.coordinates.map(change) };
  if (geometry.type === 'MultiPolygon') {
    return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(change)) };
  }
  if (geometry.type !== 'GeometryCollection') return geometry;
  return { ...geometry, geometries: geometry.geometries.map((each) => mapRings(each, change)) };
}

/** Returns the new positions in order, which must be transformed to the layer's CRS. */
export function newPositions({ geometry, vertices }: Matched): Position[] {
  return coordAll(geometry).filter((_, index) => vertices[index] === undefined);
}

/**
 * Returns the geometry as EWKT in the layer's CRS, with every digit of a double.
 * @param moved the positions of {@link newPositions}, in the layer's CRS
 * @throws Problem invalid-geometry if the column does not accept the type, or if a height or a measure would be lost
 */
export function storedText(
  column: GeometryColumn,
  { geometry, vertices, stored }: Matched,
  moved: readonly Position[],
): string {
  // Without declared ordinates, the column's type is only that of its first rows.
  const type = column.ordinates ? column.type : 'GEOMETRY';
  requireGeometryType(type, geometry);
  const ordinates = column.ordinates ?? ordinatesOf(geometry, stored);
  const [given, added] = [coordAll(geometry).values(), moved.values()];
  const found = vertices.values();
  const placed = mapPositions(geometry, () => {
    const position = given.next().value ?? [];
    const vertex = found.next().value;
    const [x, y] = vertex ? [vertex.x, vertex.y] : (added.next().value ?? []);
    const z = position[2] === undefined || position[2] === vertex?.shown[2] ? vertex?.z : position[2];
    return [x ?? 0, y ?? 0, ...higherOrdinates(ordinates, position, { z, m: position[3] ?? vertex?.m })];
  });
  return `SRID=${column.srid};${wellKnownText(promote(type, placed), ordinates.slice(2))}`;
}

/** Returns the ordinates for an undeclared column: those of the stored row and of the given geometry. */
function ordinatesOf(geometry: Geometry, stored: Matched['stored']): Ordinates {
  const has = (name: 'z' | 'm', index: number) =>
    stored.some((vertex) => vertex[name] !== null) || coordAll(geometry).some((position) => position.length > index);
  return `XY${has('z', 2) ? 'Z' : ''}${has('m', 3) ? 'M' : ''}` as Ordinates;
}

type Higher = Readonly<Record<'z' | 'm', number | null | undefined>>;

function higherOrdinates(ordinates: Ordinates, position: Position, { z, m }: Higher): number[] {
  const [hasHeights, hasMeasures] = [ordinates.includes('Z'), ordinates.includes('M')];
  const place = `[${position.join(', ')}]`;
  if (position.length > 2 + Number(hasHeights) + Number(hasHeights && hasMeasures)) {
    throw wrongGeometry(
      `có điểm ${place} với nhiều số hơn lớp giữ được: lớp này ghi ${ordinates}`,
      `has the position ${place}, which has more numbers than the layer holds: it holds ${ordinates}`,
    );
  }
  if (hasHeights && (z ?? null) === null) {
    throw wrongGeometry(
      `có điểm ${place} không có độ cao: lớp này ghi độ cao, điểm mới phải có số thứ ba`,
      `has the position ${place} without a height: the layer has heights, and a new position needs a third number`,
    );
  }
  if (hasMeasures && (m ?? null) === null) {
    throw wrongGeometry(
      `có điểm mới ${place}: lớp này ghi số đo M mà GeoJSON không ghi được, nên chỉ giữ được các điểm đã có`,
      `has the new position ${place}: the layer has measures (M), which GeoJSON cannot say, so only positions that are there can stay`,
    );
  }
  return [...(hasHeights ? [z as number] : []), ...(hasMeasures ? [m as number] : [])];
}

const WRITABLE = /^(GEOMETRY|(MULTI)?(POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)$/;

function requireGeometryType(type: string, geometry: Geometry): void {
  const given = geometry.type.toUpperCase();
  if (!WRITABLE.test(type)) {
    throw wrongGeometry(
      `không đổi được: lớp có hình học ${type} mà GeoJSON không ghi được; hãy gửi lại đúng như đã đọc, hoặc không ghi`,
      `cannot be changed: the layer has geometries of type ${type}, which GeoJSON cannot write; send it as it was read, or leave it out`,
    );
  }
  if (type === 'GEOMETRY' || given === type || `MULTI${given}` === type) return;
  const [single, multiple] = [type.replace('MULTI', ''), type];
  throw wrongGeometry(
    `phải là ${type.startsWith('MULTI') ? `${single} hoặc ${multiple}` : type}, không phải ${given}`,
    `must be ${type.startsWith('MULTI') ? `a ${single} or ${multiple}` : `a ${type}`}, not a ${given}`,
  );
}

function promote(type: string, geometry: Geometry): Geometry {
  if (geometry.type === 'GeometryCollection' || `MULTI${geometry.type.toUpperCase()}` !== type) return geometry;
  return { type: `Multi${geometry.type}`, coordinates: [geometry.coordinates] } as Geometry;
}

/** @param suffix `Z`, `M`, `ZM` or empty */
function wellKnownText(geometry: Geometry, suffix: string): string {
  const tag = `${geometry.type.toUpperCase()} ${suffix}`;
  if (geometry.type === 'GeometryCollection') {
    return `${tag}(${geometry.geometries.map((each) => wellKnownText(each, suffix)).join(',')})`;
  }
  return `${tag}${geometry.type === 'Point' ? `(${geometry.coordinates.join(' ')})` : listText(geometry.coordinates)}`;
}

function listText(coordinates: unknown): string {
  const list = coordinates as readonly unknown[];
  return typeof list[0] === 'number' ? list.join(' ') : `(${list.map(listText).join(',')})`;
}

/** Returns positions as EWKT, with heights if all have one. Between two ellipsoids the shift depends on the height. */
export function pointsText(positions: readonly Position[], srid: number): string {
  const isHigh = positions.every((position) => position.length > 2);
  const points = positions.map((position) => position.slice(0, isHigh ? 3 : 2).join(' '));
  return `SRID=${srid};MULTIPOINT ${isHigh ? 'Z' : ''}(${points.join(',')})`;
}
