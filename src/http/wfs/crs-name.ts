import { CRS84, type Crs, epsgUri, parseCrs, SUPPORTED_CRS, unknownCrs } from '../../geo/crs.ts';

/** A CRS with the name in the request, which determines the axis order. */
export interface NamedCrs {
  readonly crs: Crs;
  /** Value of `srsName` in the answer's geometries. */
  readonly name: string;
  readonly isNorthFirst: boolean;
}

const WGS84 = SUPPORTED_CRS.find(({ uri }) => uri === epsgUri(4326)) ?? CRS84;

/**
 * Parses the name of a CRS. `urn:ogc:def:crs:EPSG::4326` and its URI have the axes of the EPSG register (latitude
 * first). `EPSG:4326` and `http://www.opengis.net/gml/srs/epsg.xml#4326` have the east first, as before WFS 1.1.0.
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

/** Returns the default CRS of a layer: the stored one, or WGS 84 if requests cannot name that. */
export function defaultCrs(srid: number): Crs {
  return SUPPORTED_CRS.find((crs) => crs.srid === srid && crs !== CRS84) ?? WGS84;
}

/** `urn:ogc:def:crs:EPSG::9210` */
export function urnOf(crs: Crs): string {
  return crs === CRS84 ? 'urn:ogc:def:crs:OGC:1.3:CRS84' : `urn:ogc:def:crs:EPSG::${crs.uri.split('/').pop()}`;
}

/** Returns the name of a layer's own CRS: a URN, and in WFS 1.0.0 `EPSG:9210`, east first. */
export function defaultCrsName(srid: number, isShort: boolean): NamedCrs {
  const crs = defaultCrs(srid);
  return readCrsName(isShort ? `EPSG:${crs.uri.split('/').pop()}` : urnOf(crs));
}

/** Returns the CRSs of each layer in addition to its own. */
export function otherCrs(own: Crs): readonly Crs[] {
  return SUPPORTED_CRS.filter((crs) => crs !== own);
}
