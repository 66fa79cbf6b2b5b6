import { fittingPoints, guessSrid, type UnderstoodPoint } from '../geo/axis-order.ts';
import { type Crs, crsOfSrid, meridianOf, SUPPORTED_CRS } from '../geo/crs.ts';
import type { CornerList } from './corner-list.ts';
import type { NamedSystem } from './named-system.ts';

/** SRIDs of the UTM zones of Vietnam, by central meridian. */
const UTM: Readonly<Record<'vn2000' | 'wgs84', Readonly<Record<number, number>>>> = {
  vn2000: { 105: 3405, 111: 3406 },
  wgs84: { 105: 32648, 111: 32649 },
};
/** Longitude and latitude of VN-2000, which are 200 m off those of WGS 84. */
const VN2000_DEGREES = 4756;

interface WrittenPair {
  readonly first: number;
  readonly second: number;
  readonly system: NamedSystem;
}

/**
 * Returns the system of a pair or list: the one that it names, else by the size of its numbers.
 * @param homeSrid VN-2000 zone of the province
 * @returns undefined for a name that no system has
 */
export function crsFor({ first, second, system }: WrittenPair, homeSrid: number): Crs | undefined {
  const { srid, meridian, datum, isUtm } = system;
  if (srid !== undefined) return crsOfSrid(srid);
  const guessed = guessSrid(first, second, homeSrid);
  if (guessed === 4326) return crsOfSrid(datum === 'vn2000' ? VN2000_DEGREES : guessed);
  // Metres of WGS 84 are those of UTM.
  if (isUtm || datum === 'wgs84') return crsOfSrid(UTM[datum ?? 'vn2000'][meridian ?? 105] ?? 0);
  if (meridian === undefined) return crsOfSrid(guessed);
  return SUPPORTED_CRS.find((crs) => Math.abs((meridianOf(crs.srid) ?? 0) - meridian) < 0.01);
}

/** Corners in the order as written, read with one order of axes. */
export interface PlacedCorners {
  readonly order: UnderstoodPoint['order'];
  readonly eastings: readonly number[];
  readonly northings: readonly number[];
}

/** Returns the corners in the order of axes in which all of them lie in Vietnam; undefined if there is none. */
export function placeCorners({ corners }: Pick<CornerList, 'corners'>, crs: Crs): PlacedCorners | undefined {
  const readings = corners.map(([first, second]) => fittingPoints(first, second, crs));
  const order = (['north-east', 'east-north'] as const)
    .map((each) => ({ each, likely: readings.filter(([point]) => point?.order === each).length }))
    .sort((a, b) => b.likely - a.likely)[0]?.each as UnderstoodPoint['order'];
  const points = readings.map((fitting) => fitting.find((point) => point.order === order));
  if (points.some((point) => point === undefined)) return undefined;
  return {
    order,
    eastings: points.map((point) => point?.easting ?? 0),
    northings: points.map((point) => point?.northing ?? 0),
  };
}
