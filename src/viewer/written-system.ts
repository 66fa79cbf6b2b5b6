import { type EastNorth, type LonLat, vn2000ToWgs84 } from '../geo/vn2000.ts';

/** Converts a position of a file to degrees. */
export type ToDegrees = (position: EastNorth) => LonLat;

/** Scale of the zones for land. Those of 6° have another, and differ by that factor alone. */
const SCALE = 0.9999;
const EASTING = 500_000;

/**
 * Returns how positions become degrees, by their system as WKT (OGC 01-009 or 18-010), as a `.prj` or a GeoPackage has it.
 * @returns undefined for a system that is neither degrees of WGS 84 nor a zone of VN-2000; it would lie elsewhere
 */
export function systemOf(wkt: string): ToDegrees | undefined {
  const isVn2000 = /vn[-_ ]?2000|viet_?nam[-_ ]?2000/i.test(wkt);
  if (!/^\s*PROJ/i.test(wkt)) return !isVn2000 && /wgs[-_ ]?(19)?84/i.test(wkt) ? (position) => position : undefined;
  const meridian = parameter(wkt, 'central_meridian|longitude of natural origin');
  const scale = parameter(wkt, 'scale_factor|scale factor at natural origin');
  return isVn2000 && meridian !== undefined && scale ? zone(meridian, SCALE / scale) : undefined;
}

function zone(meridian: number, factor: number): ToDegrees {
  return ([east, north]) => vn2000ToWgs84([EASTING + (east - EASTING) * factor, north * factor], meridian);
}

function parameter(wkt: string, names: string): number | undefined {
  const found = new RegExp(`PARAMETER\\["(?:${names})",\\s*(-?[\\d.]+)`, 'i').exec(wkt)?.[1];
  return found === undefined ? undefined : Number(found);
}
