import { CRS84, type Crs, epsgUri, parseCrs, SUPPORTED_CRS, unknownCrs } from '../../geo/crs.ts';

/** A coordinate system as a request named it: the name decides which axis comes first. */
export interface NamedCrs {
  readonly crs: Crs;
  /** What geometries of the answer say in `srsName`. */
  readonly name: string;
  readonly isNorthFirst: boolean;
}

const WGS84 = SUPPORTED_CRS.find(({ uri }) => uri === epsgUri(4326)) ?? CRS84;

/**
 * `urn:ogc:def:crs:EPSG::4326` and its URI have the axes of the EPSG register (latitude first), `EPSG:4326` and
 * `http://www.opengis.net/gml/srs/epsg.xml#4326` have the east first, as before WFS 1.1.0.
 * @throws Problem unknown-crs
 */
export function readCrsName(text: string): NamedCrs {
  const name = text.trim();
  const legacy = /^http:\/\/www\.opengis\.net\/gml\/srs\/epsg\.xml#(\d{4,6})$/i.exec(name)?.[1];
  const crs = parseCrs(legacy ?? name);
  if (!crs) throw unknownCrs(name);
  const isShort = legacy !== undefined || /^(EPSG:)?\d+$/i.test(name);
  return { crs, name, isNorthFirst: !isShort && crs.axes === 'north-east' };
}

/** The system a layer is served in where none is asked for: the one it is stored in, WGS 84 where requests cannot name that. */
export function defaultCrs(srid: number): Crs {
  return SUPPORTED_CRS.find((crs) => crs.srid === srid && crs !== CRS84) ?? WGS84;
}

/** `urn:ogc:def:crs:EPSG::9210` */
export function urnOf(crs: Crs): string {
  return crs === CRS84 ? 'urn:ogc:def:crs:OGC:1.3:CRS84' : `urn:ogc:def:crs:EPSG::${crs.uri.split('/').pop()}`;
}

/** The name of a layer's own system: a URN, and in WFS 1.0.0 `EPSG:9210`, east first. */
export function defaultCrsName(srid: number, isShort: boolean): NamedCrs {
  const crs = defaultCrs(srid);
  return readCrsName(isShort ? `EPSG:${crs.uri.split('/').pop()}` : urnOf(crs));
}

/** What each layer is served in, its own system apart. */
export function otherCrs(own: Crs): readonly Crs[] {
  return SUPPORTED_CRS.filter((crs) => crs !== own);
}
