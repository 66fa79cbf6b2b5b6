import type { Map as MapView } from 'maplibre-gl';
import { type EastNorth, vn2000ToWgs84, wgs84ToVn2000 } from '../geo/vn2000.ts';
import { formatLonLat, formatNumber } from './format.ts';
import { language, onLanguage } from './i18n.ts';
import type { LonLat } from './link.ts';

/** Central meridian in degrees of the zone of the province. */
export function meridian(): number {
  return Number(document.body.dataset.meridian);
}

/** Converts degrees to metres of VN-2000 in the zone of the province, easting first. */
export function toMetres(position: LonLat): EastNorth {
  return wgs84ToVn2000(position, meridian());
}

/** Converts metres of VN-2000 in the zone of the province, easting first, to degrees. */
export function fromMetres(position: EastNorth): LonLat {
  return vn2000ToWgs84(position, meridian());
}

/** Writes a place in VN-2000: X is the northing and Y the easting, as on Vietnamese documents. */
export function vn2000Of(place: LonLat): string {
  const [east, north] = toMetres(place);
  return `X ${formatNumber(north, language(), 2)}  Y ${formatNumber(east, language(), 2)}`;
}

/** Writes a place in degrees of WGS 84, longitude first. */
export function degreesOf([lon, lat]: LonLat): string {
  return formatLonLat(lon, lat, language());
}

/** Shows the coordinates of the pointer (on a phone: of the middle of the map). */
export function showPosition(map: MapView, output: HTMLElement): void {
  let shown: { lng: number; lat: number } = map.getCenter();
  const write = (place = shown): void => {
    shown = place;
    const at = [place.lng, place.lat] as const;
    output.textContent = `VN-2000  ${vn2000Of(at)}  ·  ${degreesOf(at)}`;
  };
  map.on('mousemove', ({ lngLat }) => write(lngLat));
  map.on('move', () => write(map.getCenter()));
  onLanguage(() => write());
  write();
}
