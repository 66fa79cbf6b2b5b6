import type { Geometry, Position } from 'geojson';

/**
 * Sides of one piece of a line. The buffer of the whole is the union of those of its pieces. GEOS takes 60 times as
 * long for a line of 25 near sides at once, and minutes for one of 5000.
 */
const SIDES = 8;
/** An area of fewer vertices is one piece. */
const SMALL_AREA = 100;

/** A part of a geometry. A `whole` area is part of the buffer itself; its edge is buffered in other pieces. */
export interface Part {
  readonly geometry: Geometry;
  readonly isWhole: boolean;
}

/** Splits a geometry into parts whose buffers together are its buffer. Each is small enough for one statement. */
export function partsOf(geometry: Geometry): Part[] {
  switch (geometry.type) {
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => apart({ type: 'Point', coordinates }));
    case 'LineString':
      return runsOf(geometry.coordinates);
    case 'MultiLineString':
      return geometry.coordinates.flatMap(runsOf);
    case 'Polygon':
      return areaParts(geometry.coordinates);
    case 'MultiPolygon':
      return geometry.coordinates.flatMap(areaParts);
    case 'GeometryCollection':
      return geometry.geometries.flatMap(partsOf);
    default:
      return [apart(geometry)];
  }
}

function areaParts(coordinates: Position[][]): Part[] {
  const area: Geometry = { type: 'Polygon', coordinates };
  if (coordinates.reduce((sum, { length }) => sum + length, 0) <= SMALL_AREA) return [apart(area)];
  return [{ geometry: area, isWhole: true }, ...coordinates.flatMap(runsOf)];
}

function runsOf(line: readonly Position[]): Part[] {
  const runs: Part[] = [];
  // Each starts where the previous one ended.
  for (let at = 0; at < line.length - 1; at += SIDES) {
    runs.push(apart({ type: 'LineString', coordinates: line.slice(at, at + SIDES + 1) }));
  }
  return runs;
}

function apart(geometry: Geometry): Part {
  return { geometry, isWhole: false };
}
