import type { BBox } from '../../geo/bbox.ts';
import type { Crs } from '../../geo/crs.ts';
import { invalidParameter, type Text } from '../../lib/errors.ts';
import { crs84Parameter, type Parameter, readDecimal } from '../kit/parameters.ts';

const FOUR: Text = {
  vi: 'bốn số "tây,nam,đông,bắc" (hoặc sáu số có độ cao)',
  en: 'four numbers "west,south,east,north" (or six with heights)',
};
const DEGREES: Text = {
  vi: `${FOUR.vi} theo độ: kinh độ từ -180 đến 180, vĩ độ từ -90 đến 90, nam ≤ bắc; EPSG:4326 và EPSG:4756 ghi vĩ độ trước`,
  en: `${FOUR.en} in degrees: longitudes from -180 to 180, latitudes from -90 to 90, south ≤ north; EPSG:4326 and EPSG:4756 have latitudes first`,
};
const METRES: Text = {
  vi: `${FOUR.vi} theo mét, tây ≤ đông, nam ≤ bắc`,
  en: `${FOUR.en} in metres, west ≤ east, south ≤ north`,
};

/** The numbers as given; `bbox-crs` gives their meaning. */
export const bboxParameter: Parameter<readonly number[]> = {
  description: {
    vi: 'Khung "tây,nam,đông,bắc", kinh vĩ độ CRS84 nếu không có bbox-crs',
    en: 'Box "west,south,east,north", in CRS84 where there is no bbox-crs',
  },
  // The official tests require this form. The parser rejects five numbers.
  schema: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
  expected: DEGREES,
  read: (value) => {
    const numbers = value.split(',').map((part) => readDecimal(part.trim()) ?? Number.NaN);
    const isBox = (numbers.length === 4 || numbers.length === 6) && !numbers.some(Number.isNaN);
    return isBox ? numbers : undefined;
  },
};

export const bboxCrsParameter = crs84Parameter({ vi: 'Hệ tọa độ của bbox', en: 'Coordinate reference system of bbox' });

/**
 * Returns boxes, easting or longitude first. In degrees a box may cross the antimeridian: its west lies east of its
 * east, and it becomes two.
 * @throws Problem for a box outside of the CRS
 */
export function readBoxes(numbers: readonly number[], { axes, unit }: Crs): BBox[] {
  const corners = numbers.length === 6 ? numbers.filter((_, index) => index % 3 !== 2) : numbers;
  const [a = 0, b = 0, c = 0, d = 0] = corners;
  const [west, south, east, north]: BBox = axes === 'east-north' ? [a, b, c, d] : [b, a, d, c];
  const isOnEarth = Math.max(Math.abs(west), Math.abs(east)) <= 180 && Math.max(Math.abs(south), Math.abs(north)) <= 90;
  if (south > north || (unit === 'degree' ? !isOnEarth : west > east)) {
    throw invalidParameter('bbox', unit === 'degree' ? DEGREES : METRES);
  }
  if (west <= east) return [[west, south, east, north]];
  return [
    [west, south, 180, north],
    [-180, south, east, north],
  ];
}
