import type { Geometry, Position } from 'geojson';
import { type BBox, boxGeometry } from '../../geo/bbox.ts';
import { geometrySchema, requireFewVertices } from '../../geo/geojson.ts';
import { exception } from '../ows/exception.ts';
import { attributeOf, childOf, type XmlElement } from '../ows/xml-reader.ts';
import { type NamedCrs, readCrsName } from './crs-name.ts';

/** A geometry of a request: GeoJSON with east first, in its own CRS. */
export interface GmlGeometry {
  readonly geometry: Geometry;
  /** undefined: it names none, and is in the layer's CRS. */
  readonly crs: NamedCrs | undefined;
}

/** Supported elements of GML 2, 3.1 and 3.2, with their GeoJSON types. */
const GEOMETRY_TYPES: Readonly<Record<string, Geometry['type']>> = {
  Point: 'Point',
  LineString: 'LineString',
  LinearRing: 'LineString',
  Curve: 'LineString',
  Polygon: 'Polygon',
  Surface: 'Polygon',
  Envelope: 'Polygon',
  Box: 'Polygon',
  MultiPoint: 'MultiPoint',
  MultiLineString: 'MultiLineString',
  MultiCurve: 'MultiLineString',
  MultiPolygon: 'MultiPolygon',
  MultiSurface: 'MultiPolygon',
  MultiGeometry: 'GeometryCollection',
};

export function isGmlGeometry({ name }: XmlElement): boolean {
  return Object.hasOwn(GEOMETRY_TYPES, name);
}

/**
 * Parses a geometry of a filter or of a feature.
 * @param fallback the CRS of geometries that name none
 * @param isEastFirst whatever the name of the CRS
 * @throws Problem InvalidParameterValue for an invalid geometry, unknown-crs
 */
export function readGmlGeometry(element: XmlElement, fallback: NamedCrs, isEastFirst = false): GmlGeometry {
  const name = srsNameOf(element);
  const crs = name === undefined ? undefined : readCrsName(name);
  const given = readElement(element, !isEastFirst && (crs ?? fallback).isNorthFirst);
  requireFewVertices(given, element.name);
  const geometry = geometrySchema.safeParse(given);
  if (!geometry.success) throw wrongGml(element.name);
  return { geometry: geometry.data as Geometry, crs };
}

/** Returns the name of the CRS, given by the geometry or by its content. */
function srsNameOf(element: XmlElement): string | undefined {
  const own = attributeOf(element, 'srsName');
  if (own !== undefined) return own;
  for (const child of element.children) {
    const inner = srsNameOf(child);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function readElement(element: XmlElement, isNorthFirst: boolean): Geometry {
  const type = GEOMETRY_TYPES[element.name];
  switch (type) {
    case 'Point':
      return { type, coordinates: readPositionList(element, isNorthFirst)[0] ?? [] };
    case 'LineString':
      return { type, coordinates: curveOf(element, isNorthFirst) };
    case 'Polygon':
      if (element.name === 'Envelope' || element.name === 'Box')
        return boxGeometry(readEnvelope(element, isNorthFirst));
      return { type, coordinates: readGmlRings(element, isNorthFirst) };
    case undefined:
      throw wrongGml(element.name);
    default:
      return joinMembers(
        type,
        memberGeometries(element).map((member) => readElement(member, isNorthFirst)),
      );
  }
}

function joinMembers(type: Geometry['type'], parts: readonly Geometry[]): Geometry {
  if (type === 'GeometryCollection') return { type, geometries: [...parts] };
  return { type, coordinates: parts.map((part) => 'coordinates' in part && part.coordinates) } as Geometry;
}

/** Returns the geometries in `pointMember`, `surfaceMembers`, …. */
function memberGeometries({ children }: XmlElement): XmlElement[] {
  return children.filter(({ name }) => /Members?$/.test(name)).flatMap((member) => member.children);
}

function curveOf(element: XmlElement, isNorthFirst: boolean): Position[] {
  const segments = childOf(element, 'segments')?.children;
  if (!segments) return readPositionList(element, isNorthFirst);
  const pieces = segments.map((segment) => {
    if (segment.name !== 'LineStringSegment') throw wrongGml(segment.name);
    return readPositionList(segment, isNorthFirst);
  });
  // Each segment starts where the previous one ended.
  return pieces.flatMap((piece, index) => (index ? piece.slice(1) : piece));
}

function readGmlRings(element: XmlElement, isNorthFirst: boolean): Position[][] {
  const patch = childOf(element, 'patches', 'polygonPatches')?.children;
  if (patch && patch.length !== 1) throw wrongGml(element.name);
  const boundaries = (patch?.[0] ?? element).children.filter(({ name }) =>
    ['exterior', 'interior', 'outerBoundaryIs', 'innerBoundaryIs'].includes(name),
  );
  return boundaries.map((boundary) => {
    const ring = boundary.children[0];
    if (!ring) throw wrongGml(boundary.name);
    const curves = ring.name === 'Ring' ? memberGeometries(ring) : [ring];
    return curves
      .map((curve) => curveOf(curve, isNorthFirst))
      .flatMap((piece, index) => (index ? piece.slice(1) : piece));
  });
}

function readEnvelope(element: XmlElement, isNorthFirst: boolean): BBox {
  const corners = ['lowerCorner', 'upperCorner'].flatMap((name) => {
    const corner = childOf(element, name);
    return corner ? pairUp(parseNumbers(corner.text, /\s+/), 2, isNorthFirst) : [];
  });
  const [low, high] = corners.length === 2 ? corners : readPositionList(element, isNorthFirst);
  const [west, south] = low ?? [];
  const [east, north] = high ?? [];
  if (west === undefined || south === undefined || east === undefined || north === undefined || !(south <= north)) {
    throw wrongGml(element.name);
  }
  return [west, south, east, north];
}

/** Parses `posList`, `pos`, `pointProperty` and `coord`s, and the `coordinates` of GML 2. */
function readPositionList(element: XmlElement, isNorthFirst: boolean): Position[] {
  const dimension = Number(attributeOf(element, 'srsDimension') ?? 2);
  return element.children.flatMap((child) => {
    requireFewNumbers(child);
    const own = Number(attributeOf(child, 'srsDimension') ?? dimension);
    switch (child.name) {
      case 'pos':
        return [pairUp(parseNumbers(child.text, /\s+/), 2, isNorthFirst)[0] ?? []];
      case 'posList':
        return pairUp(parseNumbers(child.text, /\s+/), own === 3 ? 3 : 2, isNorthFirst);
      case 'coordinates':
        return readTuples(child, isNorthFirst);
      case 'coord':
        return pairUp(
          ['X', 'Y'].flatMap((axis) => parseNumbers(childOf(child, axis)?.text ?? '', /\s+/)),
          2,
          isNorthFirst,
        );
      case 'pointProperty':
      case 'pointRep':
        return child.children.flatMap((point) => readPositionList(point, isNorthFirst));
      default:
        return [];
    }
  });
}

/** Parses GML 2: tuples separated by `ts` (a blank), ordinates by `cs` (a comma). */
function readTuples(element: XmlElement, isNorthFirst: boolean): Position[] {
  const between = attributeOf(element, 'cs') ?? ',';
  const tuples = element.text.trim().split(attributeOf(element, 'ts')?.trim() || /\s+/);
  return tuples.flatMap((tuple) => pairUp(parseNumbers(tuple, between), 2, isNorthFirst).slice(0, 1));
}

/** Most blanks in a list of positions, counted before it is split. 2 MB of digits take 0.3 s. */
const MAX_BLANKS = 300_000;

/** @throws Problem InvalidParameterValue */
function requireFewNumbers({ name, text }: XmlElement): void {
  let blanks = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) <= BLANK) blanks++;
  if (blanks <= MAX_BLANKS) return;
  throw exception('InvalidParameterValue', 'filter', {
    vi: `${name} có hơn ${MAX_BLANKS} số; hãy đơn giản hóa hoặc chia nhỏ hình học.`,
    en: `${name} has more than ${MAX_BLANKS} numbers; simplify or split the geometry.`,
  });
}

const BLANK = 32;

function parseNumbers(text: string, separator: RegExp | string): number[] {
  const numbers = text
    .trim()
    .split(separator)
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!numbers.every(Number.isFinite)) throw wrongGml(text.slice(0, 40));
  return numbers;
}

/** Returns positions of two ordinates, east first, from numbers of `dimension` ordinates each. */
function pairUp(numbers: readonly number[], dimension: 2 | 3, isNorthFirst: boolean): Position[] {
  const positions: Position[] = [];
  for (let at = 0; at + 1 < numbers.length; at += dimension) {
    const [first = 0, second = 0] = numbers.slice(at, at + 2);
    positions.push(isNorthFirst ? [second, first] : [first, second]);
  }
  return positions;
}

function wrongGml(what: string) {
  return exception('InvalidParameterValue', 'filter', {
    vi: `"${what}" không phải hình học GML dùng được ở đây: Point, LineString, Curve, Polygon, Surface, Envelope và Multi* của chúng, cạnh thẳng, đủ tọa độ.`,
    en: `"${what}" is no GML geometry that is read here: Point, LineString, Curve, Polygon, Surface, Envelope and their Multi*, with straight edges and all of their coordinates.`,
  });
}
