/** Shapes that cost GEOS most for their size, in longitude and latitude over the middle of the sample. */
import type { Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon, Position } from 'geojson';

const WEST = 106.45;
const SOUTH = 10.9;
const SIZE = 0.4;

/** Returns a position from shares of the width and the height. */
function at(x: number, y: number): Position {
  return [Number((WEST + x * SIZE).toFixed(6)), Number((SOUTH + y * SIZE).toFixed(6))];
}

function closed(ring: Position[]): Position[] {
  return [...ring, ring[0] as Position];
}

function square(x: number, y: number, size: number): Position[] {
  return box([x, y], [x + size, y + size]);
}

function box([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): Position[] {
  return closed([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)]);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/**
 * Returns a star in which every side crosses nearly every other.
 * @param corners an odd number
 */
export function star(corners: number): Polygon {
  const step = (corners - 1) / 2;
  const ring = times(corners, (index) => {
    const angle = (2 * Math.PI * ((index * step) % corners)) / corners;
    return at(0.5 + 0.5 * Math.cos(angle), 0.5 + 0.5 * Math.sin(angle));
  });
  return { type: 'Polygon', coordinates: [closed(ring)] };
}

export function circle(vertices: number): Polygon {
  const ring = times(vertices - 1, (index) => {
    const angle = (2 * Math.PI * index) / (vertices - 1);
    return at(0.5 + 0.5 * Math.cos(angle), 0.5 + 0.5 * Math.sin(angle));
  });
  return { type: 'Polygon', coordinates: [closed(ring)] };
}

/** Returns a comb with teeth as long as the shape, as many as its vertices allow. */
export function comb(vertices: number): Polygon {
  const teeth = Math.floor((vertices - 3) / 2);
  const points = times(2 * teeth, (index) => at(index / (2 * teeth), index % 2 ? 0.01 : 1));
  const filled = times(vertices - 3 - points.length, () => at(1, 0.5));
  return { type: 'Polygon', coordinates: [closed([...points, ...filled, at(1, 0), at(0, 0)])] };
}

/** Returns a line that runs from top to bottom and back. */
export function zigzag(vertices: number): LineString {
  return { type: 'LineString', coordinates: times(vertices, (index) => at(index / vertices, index % 2)) };
}

export function points(vertices: number): MultiPoint {
  return {
    type: 'MultiPoint',
    coordinates: times(vertices, (index) => at((index * 0.381966) % 1, (index * 0.618034) % 1)),
  };
}

/** Returns adjacent squares that share whole sides. */
export function tiles(count: number): MultiPolygon {
  const side = Math.ceil(Math.sqrt(count));
  return {
    type: 'MultiPolygon',
    coordinates: times(count, (index) => {
      const [x, y] = [index % side, Math.floor(index / side)];
      return [box([x / side, y / side], [(x + 1) / side, (y + 1) / side])];
    }),
  };
}

/** Returns nested squares. */
export function nested(count: number): MultiPolygon {
  return {
    type: 'MultiPolygon',
    coordinates: times(count, (index) => [
      square(index / (2.2 * count), index / (2.2 * count), 1 - index / (1.1 * count)),
    ]),
  };
}

/** Returns one line that crosses several others. */
export function crossed(crossings: number): MultiLineString {
  const across = times(crossings, (index) => [at(index / crossings, 0), at(index / crossings, 1)]);
  return { type: 'MultiLineString', coordinates: [[at(-0.01, 0.5), at(1.01, 0.5)], ...across] };
}

const METRES = [109_200, 110_600] as const;

/**
 * Returns the shape in VN-2000 (EPSG:9210), to some hundred metres. In the CRS of a layer its sides are not cut into
 * pieces.
 */
export function inMetres<G extends Exclude<Geometry, { type: 'GeometryCollection' }>>(geometry: G): G {
  const move = (list: unknown[]): unknown[] =>
    typeof list[0] === 'number'
      ? [500_000 + (list[0] - 105.75) * METRES[0], (list[1] as number) * METRES[1]]
      : list.map((each) => move(each as unknown[]));
  return { ...geometry, coordinates: move(geometry.coordinates) };
}

/** Returns the shape in GML 3.2, for WFS. */
export function toGml(geometry: Geometry, crs = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'): string {
  const name = `srsName="${crs}"`;
  const list = (line: readonly Position[]) => `<gml:posList>${line.flat().join(' ')}</gml:posList>`;
  const ring = (each: readonly Position[]) => `<gml:LinearRing>${list(each)}</gml:LinearRing>`;
  const polygon = ([outer = [], ...holes]: readonly Position[][], attributes = '') =>
    `<gml:Polygon ${attributes}><gml:exterior>${ring(outer)}</gml:exterior>${holes.map((hole) => `<gml:interior>${ring(hole)}</gml:interior>`).join('')}</gml:Polygon>`;
  const line = (each: readonly Position[], attributes = '') =>
    `<gml:LineString ${attributes}>${list(each)}</gml:LineString>`;
  switch (geometry.type) {
    case 'Polygon':
      return polygon(geometry.coordinates, name);
    case 'LineString':
      return line(geometry.coordinates, name);
    case 'MultiPolygon':
      return `<gml:MultiSurface ${name}>${geometry.coordinates.map((each) => `<gml:surfaceMember>${polygon(each)}</gml:surfaceMember>`).join('')}</gml:MultiSurface>`;
    case 'MultiLineString':
      return `<gml:MultiCurve ${name}>${geometry.coordinates.map((each) => `<gml:curveMember>${line(each)}</gml:curveMember>`).join('')}</gml:MultiCurve>`;
    case 'MultiPoint':
      return `<gml:MultiPoint ${name}>${geometry.coordinates.map((each) => `<gml:pointMember><gml:Point><gml:pos>${each.join(' ')}</gml:pos></gml:Point></gml:pointMember>`).join('')}</gml:MultiPoint>`;
    default:
      throw new Error(`no GML for ${geometry.type} here`);
  }
}
