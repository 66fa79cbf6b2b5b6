import { Problem } from '../lib/errors.ts';
import type { BBox } from './bbox.ts';

/** A coordinate reference system that requests may name. */
export interface Crs {
  /** The SRID in PostGIS. CRS84 is 4326, since PostGIS puts longitude first in both. */
  readonly srid: number;
  /** The URI in OGC API documents. */
  readonly uri: string;
  readonly name: string;
  /** Order of the axes in a coordinate pair when the CRS is named by its URI. */
  readonly axes: 'east-north' | 'north-east';
  readonly unit: 'degree' | 'metre';
  /** Area in which the CRS is used: longitude and latitude, degrees. */
  readonly area: BBox;
}

/** Vietnam with its islands and its sea, longitude and latitude. Outside of it VN-2000 is not defined. */
export const VIETNAM: BBox = [100, 4, 120, 25];

/** [SRID, central meridian in degrees] of the VN-2000 TM-3 zones (k 0.9999, false easting 500 000 m). EPSG v12. */
const TM3_ZONES: readonly (readonly [srid: number, meridian: number])[] = [
  [5896, 102],
  [5897, 105],
  [5898, 108],
  [5899, 107.75],
  [9205, 103],
  [9206, 104],
  [9207, 104.5],
  [9208, 104.75],
  [9209, 105.5],
  [9210, 105.75],
  [9211, 106],
  [9212, 106.25],
  [9213, 106.5],
  [9214, 107],
  [9215, 107.25],
  [9216, 107.5],
  [9217, 108.25],
  [9218, 108.5],
];

/** Returns the URI of an EPSG code in OGC API documents. */
export function epsgUri(code: number): string {
  return `http://www.opengis.net/def/crs/EPSG/0/${code}`;
}

/** Formats a meridian in degrees and minutes, as Vietnamese documents write it: 105°45'. */
export function formatMeridian(degrees: number): string {
  const whole = Math.floor(degrees);
  return `${whole}°${String(Math.round((degrees - whole) * 60)).padStart(2, '0')}'`;
}

export const CRS84: Crs = {
  srid: 4326,
  uri: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  name: 'WGS 84 (longitude, latitude)',
  axes: 'east-north',
  unit: 'degree',
  area: [-180, -90, 180, 90],
};

/** Every CRS that a request may name, CRS84 first. */
export const SUPPORTED_CRS: readonly Crs[] = [
  CRS84,
  { ...CRS84, uri: epsgUri(4326), name: 'WGS 84 (latitude, longitude)', axes: 'north-east' },
  {
    srid: 3857,
    uri: epsgUri(3857),
    name: 'Web Mercator',
    axes: 'east-north',
    unit: 'metre',
    area: [-180, -85.06, 180, 85.06],
  },
  {
    srid: 4756,
    uri: epsgUri(4756),
    name: 'VN-2000 (latitude, longitude)',
    axes: 'north-east',
    unit: 'degree',
    area: VIETNAM,
  },
  { srid: 3405, uri: epsgUri(3405), name: 'VN-2000 / UTM 48N', axes: 'east-north', unit: 'metre', area: VIETNAM },
  { srid: 3406, uri: epsgUri(3406), name: 'VN-2000 / UTM 49N', axes: 'east-north', unit: 'metre', area: VIETNAM },
  {
    srid: 32648,
    uri: epsgUri(32648),
    name: 'WGS 84 / UTM 48N',
    axes: 'east-north',
    unit: 'metre',
    area: [96, 0, 114, 84],
  },
  {
    srid: 32649,
    uri: epsgUri(32649),
    name: 'WGS 84 / UTM 49N',
    axes: 'east-north',
    unit: 'metre',
    area: [102, 0, 120, 84],
  },
  ...TM3_ZONES.map(
    ([srid, meridian]): Crs => ({
      srid,
      uri: epsgUri(srid),
      name: `VN-2000 / TM-3 ${formatMeridian(meridian)}`,
      axes: 'east-north',
      unit: 'metre',
      area: VIETNAM,
    }),
  ),
];

/** Returns the short name that requests may use: `CRS84`, `EPSG:9210`. */
export function shortCrsName({ uri }: Crs): string {
  return uri === CRS84.uri ? 'CRS84' : `EPSG:${uri.split('/').pop()}`;
}

const EPSG_CODES = SUPPORTED_CRS.filter((crs) => crs !== CRS84).map(({ uri }) => uri.split('/').pop());

/** Pattern of the names in answers and of the short ones; URNs and other forms are read as well. */
export const CRS_PATTERN = `^(CRS84|http://www[.]opengis[.]net/def/crs/OGC/1[.]3/CRS84|(EPSG:|http://www[.]opengis[.]net/def/crs/EPSG/0/)(${EPSG_CODES.join('|')}))$`;

export function unknownCrs(name: string): Problem {
  const known = SUPPORTED_CRS.map(shortCrsName).join(', ');
  return new Problem('unknown-crs', {
    vi: `Không biết hệ tọa độ "${name.slice(0, 80)}". Các hệ dùng được: ${known}.`,
    en: `Unknown coordinate reference system "${name.slice(0, 80)}". Supported: ${known}.`,
  });
}

const PATTERNS = [
  /^(?:EPSG:)?(\d{4,6})$/i,
  /^https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[0-9.]+\/(\d{4,6})$/i,
  /^urn:ogc:def:crs:EPSG:[0-9.]*:(\d{4,6})$/i,
];

/**
 * Parses the name of a CRS: `EPSG:9210`, `9210`, `CRS84`, an OGC URI or a URN. Returns undefined if the CRS is not
 * supported.
 */
export function parseCrs(text: string): Crs | undefined {
  const name = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (/^(OGC:)?CRS84$/i.test(name) || /[/:]CRS84$/i.test(name)) return CRS84;
  const code = PATTERNS.map((pattern) => pattern.exec(name)?.[1]).find(Boolean);
  return code ? SUPPORTED_CRS.find((crs) => crs.uri === epsgUri(Number(code))) : undefined;
}

/**
 * Parses the name of a CRS, as {@link parseCrs}.
 * @throws Problem unknown-crs
 */
export function requireCrs(text: string): Crs {
  const crs = parseCrs(text);
  if (!crs) throw unknownCrs(text);
  return crs;
}

/** Returns the CRS of a table's SRID, with CRS84 for 4326. Returns undefined if the CRS is not supported. */
export function crsOfSrid(srid: number): Crs | undefined {
  return SUPPORTED_CRS.find((crs) => crs.srid === srid);
}

/**
 * Returns the range of valid coordinates in a CRS, easting or longitude first. It is generous, but PROJ can transform
 * all of it.
 */
export function coordinateRange({ srid, unit, area }: Crs): BBox {
  if (unit === 'degree') return area;
  if (srid === 3857) return [-20_037_508.35, -20_048_966.11, 20_037_508.35, 20_048_966.11];
  // Transverse Mercator, false easting 500 000 m. The area reaches 15° east of the westernmost meridian.
  return [-1_000_000, 0, 2_500_000, area === VIETNAM ? 2_900_000 : 9_400_000];
}

/** Returns the central meridian of a VN-2000 TM-3 zone in degrees; undefined for any other SRID. */
export function meridianOf(srid: number): number | undefined {
  return TM3_ZONES.find(([zone]) => zone === srid)?.[1];
}

/**
 * Returns the SRID of the VN-2000 zone in which to measure at a longitude. Within 1.5° of its meridian that is the
 * `home` zone (scale error below 0.01 %). Elsewhere it is the zone with the nearest meridian.
 */
export function measuringSrid(lon: number, home: number): number {
  const distance = (srid: number) => Math.abs((meridianOf(srid) ?? Number.POSITIVE_INFINITY) - lon);
  if (distance(home) <= 1.5) return home;
  return TM3_ZONES.map(([srid]) => srid).reduce((best, srid) => (distance(srid) < distance(best) ? srid : best), home);
}

/**
 * The world in degrees of another datum, which is at most 2 km off. At the very edges, a transformed box would be
 * turned inside out.
 */
export const OTHER_DEGREES: BBox = [-179.98, -89.98, 179.98, 89.98];

/** Degrees on either side of a UTM zone's meridian within which a transverse Mercator projection is sound. */
const UTM_REACH = 12;

/**
 * Returns the area in which a coordinate system is defined, in longitude and latitude. Far outside of it PROJ fails or
 * gives infinity. Returns undefined if the system is defined everywhere, or if its area is unknown.
 */
export function sridDomain(srid: number): BBox | undefined {
  const zone =
    srid >= 32601 && srid <= 32660 ? srid - 32600 : srid >= 32701 && srid <= 32760 ? srid - 32700 : undefined;
  if (zone !== undefined) {
    const meridian = zone * 6 - 183;
    return [
      Math.max(-180, meridian - UTM_REACH),
      srid < 32700 ? -1 : -85,
      Math.min(180, meridian + UTM_REACH),
      srid < 32700 ? 85 : 1,
    ];
  }
  const crs = SUPPORTED_CRS.find((each) => each.srid === srid);
  if (srid === CRS84.srid || srid === 3857) return undefined;
  return crs?.unit === 'degree' ? OTHER_DEGREES : crs?.area;
}
