import { CRS84, type Crs, meridianOf, parseCrs, SUPPORTED_CRS, shortCrsName } from '../../geo/crs.ts';
import { lonLatToMercator, mercatorToLonLat } from '../../geo/tile.ts';
import { vn2000ToWgs84 } from '../../geo/vn2000.ts';
import type { ToMercator } from '../../raster/warp.ts';

/** CRSs of maps: degrees, Web Mercator and the VN-2000 zones. */
export const MAP_CRS: readonly Crs[] = SUPPORTED_CRS.filter(
  ({ srid }) => srid === 4326 || srid === 3857 || meridianOf(srid) !== undefined,
);

/** Returns the name in WMS: CRS84 is `CRS:84`. */
export function mapCrsName(crs: Crs): string {
  return crs === CRS84 ? 'CRS:84' : shortCrsName(crs);
}

export function readMapCrs(name: string): Crs | undefined {
  const crs = /^CRS:84$/i.test(name) ? CRS84 : parseCrs(name);
  return crs && MAP_CRS.includes(crs) ? crs : undefined;
}

/** Returns the conversion to EPSG:3857; undefined for EPSG:3857 itself. x is east, whatever the axis order. */
export function mercatorOf({ srid }: Crs): ToMercator | undefined {
  if (srid === 3857) return undefined;
  const lonLat = lonLatOf(srid);
  return (x, y) => lonLatToMercator(...lonLat(x, y));
}

/** Returns the conversion of a map's CRS, x eastwards, to longitude and latitude. */
export function lonLatOf(srid: number): (x: number, y: number) => readonly [lon: number, lat: number] {
  if (srid === 3857) return mercatorToLonLat;
  const meridian = meridianOf(srid);
  return meridian === undefined ? (lon, lat) => [lon, lat] : (x, y) => vn2000ToWgs84([x, y], meridian);
}
