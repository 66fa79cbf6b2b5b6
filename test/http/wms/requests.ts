import { lonLatBBoxToMercator } from '../../../src/geo/tile.ts';

/** Phú Lợi. */
export const BOX = [106.676, 10.982, 106.684, 10.99] as const;
const SIZE = 'WIDTH=300&HEIGHT=300';
export const MERCATOR = lonLatBBoxToMercator(BOX).join(',');
/** Returns the path of a GetMap request for 300 x 300 pixels. */
export const mapPath = (layers: string, where: string, rest = '') =>
  `/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${layers}&STYLES=&FORMAT=image/png&${SIZE}&${where}${rest}`;
export const MAP = mapPath('land', `CRS=EPSG:3857&BBOX=${MERCATOR}`);
export const MIDDLE = { left: 100, top: 100, width: 100, height: 100 };
export const INFO = MAP.replace('GetMap', 'GetFeatureInfo').replace('LAYERS=land', 'QUERY_LAYERS=land.parcel');

/** Returns the pixel of {@link MAP} in the middle of an area's first ring. */
export function pixelIn({ type, coordinates }: { type: string; coordinates: unknown[] }): [number, number] {
  const ring = (type === 'Polygon' ? coordinates[0] : (coordinates[0] as unknown[])[0]) as [number, number][];
  const mean = (axis: 0 | 1) => ring.slice(1).reduce((sum, corner) => sum + corner[axis], 0) / (ring.length - 1);
  const [west, south, east, north] = BOX;
  return [
    Math.floor(((mean(0) - west) / (east - west)) * 300),
    Math.floor(((north - mean(1)) / (north - south)) * 300),
  ];
}

/** Tells if a parcel has four corners, all of them on the map: the mean of them lies inside. */
export function isPlot({ geometry }: { geometry: { coordinates: number[][][][] } }): boolean {
  const [west, south, east, north] = BOX;
  const ring = geometry.coordinates[0]?.[0] ?? [];
  return ring.length === 5 && ring.every(([x = 0, y = 0]) => x > west && x < east && y > south && y < north);
}
