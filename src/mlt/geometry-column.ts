import type { Bytes } from './bytes.ts';
import { type DrawnShape, type GeometryType, MLT_GEOMETRY } from './shapes.ts';
import { STREAM, writeIntegers, writeVertices } from './streams.ts';

interface Lengths {
  /** Parts of each geometry of several parts. */
  readonly geometries: number[];
  /** Rings of each polygon, or vertices of each line where the layer has no polygon. */
  readonly parts: number[];
  /** Vertices of each ring, and of each line where the layer has polygons. */
  readonly rings: number[];
}

/**
 * Writes the geometries of a layer: their types, the lengths of what they consist of, and all vertices. Which lengths
 * there are depends on the types in the layer.
 */
export function writeGeometries(out: Bytes, shapes: readonly DrawnShape[]): void {
  const types = shapes.map(({ type }) => type);
  const hasPolygons = types.some(isPolygonal);
  const lengths: Lengths = { geometries: [], parts: [], rings: [] };
  for (const shape of shapes) addLengths(lengths, shape, hasPolygons);
  const { geometries, parts, rings } = lengths;
  const { coordinates, indexes } = shared(allCoordinates(shapes));
  out.varint(2 + [geometries, parts, rings, indexes].filter(({ length }) => length > 0).length);
  writeIntegers(out, STREAM.geometryTypes, types);
  if (geometries.length > 0) writeIntegers(out, STREAM.geometries, geometries);
  if (parts.length > 0) writeIntegers(out, STREAM.parts, parts);
  if (rings.length > 0) writeIntegers(out, STREAM.rings, rings);
  if (indexes.length > 0) writeIntegers(out, STREAM.vertexIndexes, indexes);
  writeVertices(out, coordinates);
}

/**
 * Part of the vertices from which on all are written, also those that occur twice. Parcels share half of theirs: with
 * each written once, a gzipped tile at zoom 15 has 57 KB instead of 66. At two thirds both take the same.
 */
const SHARED_BELOW = 0.7;
/** Bound of the coordinates that one number can hold in pairs. */
const PAIRED_BELOW = 2 ** 20;

interface Vertices {
  readonly coordinates: Int32Array;
  /** For each vertex of the layer, its place in `coordinates`; empty: they are all there, in order. */
  readonly indexes: readonly number[];
}

/** Returns each vertex once, in the order of appearance, if enough of them occur several times. */
function shared(all: Int32Array): Vertices {
  const places = new Map<number, number>();
  const indexes: number[] = [];
  const once: number[] = [];
  for (let at = 0; at < all.length; at += 2) {
    const [x = 0, y = 0] = [all[at], all[at + 1]];
    if (Math.max(Math.abs(x), Math.abs(y)) >= PAIRED_BELOW) return { coordinates: all, indexes: [] };
    const key = x * 2 * PAIRED_BELOW + y;
    let place = places.get(key);
    if (place === undefined) {
      place = places.size;
      places.set(key, place);
      once.push(x, y);
    }
    indexes.push(place);
  }
  return once.length < SHARED_BELOW * all.length
    ? { coordinates: Int32Array.from(once), indexes }
    : { coordinates: all, indexes: [] };
}

function allCoordinates(shapes: readonly DrawnShape[]): Int32Array {
  const all = new Int32Array(shapes.reduce((sum, { coordinates }) => sum + coordinates.length, 0));
  let at = 0;
  for (const { coordinates } of shapes) {
    all.set(coordinates, at);
    at += coordinates.length;
  }
  return all;
}

function addLengths({ geometries, parts, rings }: Lengths, shape: DrawnShape, hasPolygons: boolean): void {
  const isPolygon = isPolygonal(shape.type);
  if (shape.type >= MLT_GEOMETRY.multiPoint) geometries.push((isPolygon ? shape.rings : shape.lengths).length);
  if (isPolygon) for (const count of shape.rings) parts.push(count);
  if (!isPolygon && !isLineal(shape.type)) return;
  const vertices = hasPolygons ? rings : parts;
  for (const count of shape.lengths) vertices.push(count);
}

function isPolygonal(type: GeometryType): boolean {
  return type === MLT_GEOMETRY.polygon || type === MLT_GEOMETRY.multiPolygon;
}

function isLineal(type: GeometryType): boolean {
  return type === MLT_GEOMETRY.line || type === MLT_GEOMETRY.multiLine;
}
