import type { BBox } from '../../../geo/bbox.ts';
import { type Problem, type Text, wrongParameter } from '../../../lib/errors.ts';
import { fold } from '../../../lib/text.ts';
import { readWrittenNumber } from '../../../lib/written-number.ts';

type Role = 'wkt' | 'x' | 'y' | 'north' | 'east' | 'lon' | 'lat';

/** Names of columns without tone marks, without {@link NOISE} and without spaces. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  wkt: ['wkt', 'geom', 'geometry', 'thegeom', 'shape', 'hinhhoc', 'wktgeom', 'geomwkt'],
  x: ['x'],
  y: ['y'],
  north: ['north', 'northing', 'bac', 'xbac', 'n'],
  east: ['east', 'easting', 'dong', 'ydong', 'e'],
  lon: ['lon', 'lng', 'long', 'longitude', 'kinhdo'],
  lat: ['lat', 'latitude', 'vido'],
};
/** Words beside the name of a coordinate: "Tọa độ X (m)", "X_VN2000". */
const NOISE = /\b(toa do|toado|vn ?2000|wgs ?84|coordinates?|coord|m)\b/g;
/** A geometry as text (OGC 06-103r4 §7, with PostGIS's SRID), or as hexadecimal WKB. */
const WKT =
  /^(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON)\s*Z?M?\s*(\(|EMPTY)|^0[01][0-9a-f]{16,}$/i;

/** Indexes of the columns that give a row its place. */
export type PlaceColumns =
  | { readonly kind: 'wkt'; readonly column: number }
  | { readonly kind: 'pair'; readonly first: number; readonly second: number; readonly naming: PairNaming };

/** `x-y` says nothing on the order: X is the northing on Vietnamese documents, and the easting in a GIS. */
type PairNaming = 'x-y' | 'north-east' | 'lat-lon';

function roleOf(name: string): Role | undefined {
  const words = fold(name)
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(NOISE, ' ')
    .replaceAll(' ', '');
  return (Object.keys(NAMES) as Role[]).find((role) => NAMES[role].includes(words));
}

/**
 * Finds the columns that may give a row its place, the best first: a geometry, metres, then degrees.
 * @throws Problem if two columns have one role
 */
export function findPlaceColumns(names: readonly string[]): PlaceColumns[] {
  const roles = names.map(roleOf);
  const columnOf = (role: Role) => {
    const found = roles.flatMap((each, index) => (each === role ? [index] : []));
    if (found.length > 1 && role !== 'wkt') throw twoColumns(found.map((index) => names[index] ?? ''));
    return found[0] ?? -1;
  };
  const pairs: readonly (readonly [PairNaming, Role, Role])[] = [
    ['north-east', 'north', 'east'],
    ['x-y', 'x', 'y'],
    ['lat-lon', 'lat', 'lon'],
  ];
  const found = pairs.flatMap(([naming, one, other]): PlaceColumns[] => {
    if (!roles.includes(one) || !roles.includes(other)) return [];
    return [{ kind: 'pair', naming, first: columnOf(one), second: columnOf(other) }];
  });
  return roles.includes('wkt') ? [{ kind: 'wkt', column: columnOf('wkt') }, ...found] : found;
}

function twoColumns(names: readonly string[]): Problem {
  const list = names.join(', ');
  return wrongParameter('file', {
    vi: `Nhiều cột đều có thể là một tọa độ: ${list}. Hãy đổi tên để chỉ còn một.`,
    en: `Several columns can be one coordinate: ${list}. Rename them so that one is left.`,
  });
}

export function isWkt(text: string): boolean {
  return WKT.test(text.trim());
}

/** Returns the SRID before a geometry's text (EWKT). */
export function sridOfWkt(text: string): number | undefined {
  return Number(/^\s*SRID=(\d+);/i.exec(text)?.[1]) || undefined;
}

/** Returns the numbers of a geometry's text, x and y in turns; heights are left out. */
export function wktPositions(text: string): [x: number, y: number][] {
  return [...text.matchAll(/(-?[\d.]+(?:e[-+]?\d+)?)\s+(-?[\d.]+(?:e[-+]?\d+)?)[^,()]*/gi)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

/** Order of the two numbers of a pair. */
type PairOrder = 'north-first' | 'east-first';

/** Finds the order of the coordinates in a table, from the names of the columns and from all values. */
export class PairReader {
  readonly #naming: PairNaming;
  /** Numbers of the first rows in each order. */
  readonly #rows: Readonly<Record<PairOrder, number[]>> = { 'north-first': [], 'east-first': [] };

  constructor(naming: PairNaming) {
    this.#naming = naming;
  }

  see(first: number, second: number, row: number): void {
    const order = orderOf(first, second);
    if (order && this.#rows[order].length < 5) this.#rows[order].push(row);
  }

  /** @throws Problem if rows differ in their order, or if all values contradict the names */
  order(): PairOrder {
    const { 'north-first': north, 'east-first': east } = this.#rows;
    if (north.length && east.length) throw mixedOrder(north, east);
    if (this.#naming === 'x-y') return north.length ? 'north-first' : 'east-first';
    if (east.length) throw swappedNames(this.#naming);
    return 'north-first';
  }
}

/** Returns the order that a pair in Vietnam can have; undefined if both or none are possible. */
function orderOf(first: number, second: number): PairOrder | undefined {
  if (isNorthEast(first, second)) return 'north-first';
  return isNorthEast(second, first) ? 'east-first' : undefined;
}

/** True for latitude and longitude, or northing and easting of a zone, of a place in Vietnam or its sea. */
function isNorthEast(north: number, east: number): boolean {
  const isDegrees = north >= 4 && north <= 25 && east >= 100 && east <= 120;
  return isDegrees || (north > 800_000 && north < 2_800_000 && east > -200_000 && east < 1_200_000 && north > east);
}

function mixedOrder(north: readonly number[], east: readonly number[]): Problem {
  return wrongParameter('file', {
    vi: `Tọa độ không cùng thứ tự: dòng ${north.join(', ')} ghi bắc trước, dòng ${east.join(', ')} ghi đông trước. Hãy sửa cho thống nhất.`,
    en: `The order of the coordinates differs: rows ${north.join(', ')} have north first, rows ${east.join(', ')} east first. Make them alike.`,
  });
}

function swappedNames(naming: PairNaming): Problem {
  const [vi, en] =
    naming === 'lat-lon' ? ['vĩ độ và kinh độ', 'latitude and longitude'] : ['bắc và đông', 'north and east'];
  return wrongParameter('file', {
    vi: `Tên hai cột ${vi} bị đảo so với giá trị. Hãy đổi tên cho nhau.`,
    en: `The names of the columns of ${en} are swapped, by their values. Exchange the names.`,
  });
}

/** Returns the sentence on how a pair of columns was understood. */
export function pairNote(names: readonly [string, string], order: PairOrder): Text {
  const [north, east] = order === 'north-first' ? names : [names[1], names[0]];
  return {
    vi: `Tọa độ lấy từ cột "${north}" (bắc) và "${east}" (đông).`,
    en: `Coordinates are from columns "${north}" (north) and "${east}" (east).`,
  };
}

/** Reads a coordinate of a table. @returns undefined for text that is no number */
export function readTableCoordinate(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=\d)[ \u00a0](?=\d{3}(\D|$))/g, '');
  return /^-?\d+\.\d+$|^-?\d+$/.test(plain) ? Number(plain) : readWrittenNumber(plain);
}

export function isDegreeBox([minX, minY, maxX, maxY]: BBox): boolean {
  return minX >= -180 && maxX <= 180 && minY >= -90 && maxY <= 90;
}
