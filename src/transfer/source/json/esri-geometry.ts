import type { RawGeometry } from '../../../geo/wkb.ts';

type EsriPosition = readonly number[];
type EsriRing = readonly EsriPosition[];

/** Members of a geometry of Esri JSON (ArcGIS REST API, "Geometry objects"). */
interface EsriGeometry {
  readonly x?: unknown;
  readonly y?: unknown;
  readonly z?: unknown;
  readonly points?: unknown;
  readonly paths?: unknown;
  readonly rings?: unknown;
  readonly hasZ?: unknown;
  readonly hasM?: unknown;
}

/** Ordinates beside x and y in the lists of a file. */
export interface EsriDimensions {
  readonly hasZ: boolean;
  readonly hasM: boolean;
}

/**
 * Converts a geometry of Esri JSON to GeoJSON. Measures are left out. Curves and envelopes give a geometry of no type,
 * whose row is refused.
 * @returns null for an empty geometry
 */
export function fromEsriGeometry(geometry: EsriGeometry, common: EsriDimensions): RawGeometry | null {
  const hasZ = common.hasZ || geometry.hasZ === true;
  const hasM = common.hasM || geometry.hasM === true;
  // A third number is a height, unless the file has measures only.
  const flat = (list: unknown) => toPositions(list, hasM && !hasZ ? 2 : 3);
  if ('x' in geometry) return fromEsriPoint(geometry);
  if ('points' in geometry) return { type: 'MultiPoint', coordinates: flat(geometry.points) };
  if ('paths' in geometry) {
    const paths = esriList(geometry.paths).map(flat);
    if (!paths.length) return null;
    return paths.length === 1
      ? { type: 'LineString', coordinates: paths[0] }
      : { type: 'MultiLineString', coordinates: paths };
  }
  if (!('rings' in geometry)) return {};
  const polygons = nestRings(esriList(geometry.rings).map(flat));
  if (!polygons.length) return null;
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

/** An empty point has null or "NaN" as its x. */
function fromEsriPoint({ x, y, z }: EsriGeometry): RawGeometry | null {
  if (x === null || x === 'NaN') return null;
  return { type: 'Point', coordinates: typeof z === 'number' ? [x, y, z] : [x, y] };
}

const esriList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function toPositions(list: unknown, size: number): EsriPosition[] {
  return esriList(list).map((position) => esriList(position).slice(0, size) as EsriPosition);
}

/**
 * Joins rings to polygons, outer ring first. A ring inside an even number of others is an outer one, whatever its
 * direction, which some programs write wrongly.
 */
export function nestRings(rings: readonly EsriRing[]): EsriRing[][] {
  const boxes = rings.map(boxOfRing);
  const around = rings.map((ring, index) =>
    rings.flatMap((other, at) => (at !== index && liesInside(ring, other, [boxes[index]!, boxes[at]!]) ? [at] : [])),
  );
  const polygons = new Map(
    rings.flatMap((ring, index) => (around[index]!.length % 2 === 0 ? [[index, [ring]] as [number, EsriRing[]]] : [])),
  );
  rings.forEach((ring, index) => {
    if (polygons.has(index)) return;
    // The innermost of the rings around a hole has the most around itself.
    const parent = around[index]!.reduce((best, at) => (around[at]!.length > around[best]!.length ? at : best));
    polygons.get(parent)?.push(ring);
  });
  return [...polygons.values()];
}

type RingBox = readonly [minX: number, minY: number, maxX: number, maxY: number];

function boxOfRing(ring: EsriRing): RingBox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = Number.NaN, y = Number.NaN] of ring) {
    [minX, minY, maxX, maxY] = [Math.min(minX, x), Math.min(minY, y), Math.max(maxX, x), Math.max(maxY, y)];
  }
  return [minX, minY, maxX, maxY];
}

/** Returns true if the first vertex that is not on the other ring lies inside of it. */
function liesInside(ring: EsriRing, other: EsriRing, [box, outer]: readonly [RingBox, RingBox]): boolean {
  if (box[0] < outer[0] || box[1] < outer[1] || box[2] > outer[2] || box[3] > outer[3]) return false;
  for (const vertex of ring) {
    const side = sideOf(vertex, other);
    if (side !== 'on') return side === 'in';
  }
  return false;
}

/** Counts the sides of the ring to the east of the position. */
function sideOf([x = 0, y = 0]: EsriPosition, ring: EsriRing): 'in' | 'out' | 'on' {
  let isIn = false;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [ring[index]!, ring[index + 1]!];
    const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
    if (turn === 0 && x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2))
      return 'on';
    if (y1 > y !== y2 > y && turn > 0 === y2 > y1) isIn = !isIn;
  }
  return isIn ? 'in' : 'out';
}
