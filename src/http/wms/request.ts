import type { Principal } from '../../access/principal.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Crs } from '../../geo/crs.ts';
import { type MapLayer, mapOfLayers, mapOfStyle } from '../../raster/map-layer.ts';
import type { Services } from '../../services.ts';
import { defaultStyle } from '../../styles/part.ts';
import { exception } from '../ows/exception.ts';
import type { Expected, OwsQuery } from '../ows/key-values.ts';
import { boundsParameter, MAX_WMS_LAYERS, WMS_PARAMETERS } from './parameters.ts';

export type WmsVersion = '1.3.0' | '1.1.1';

/** A layer of the service: a style of the map, or a layer of the catalog in the nearest style that draws it. */
export interface NamedMap extends MapLayer {
  readonly name: string;
}

/** The extent of a map, and its size in pixels. */
export interface MapWindow {
  readonly crs: Crs;
  /** In the CRS, x eastwards, whatever its axis order. */
  readonly bounds: BBox;
  readonly width: number;
  readonly height: number;
}

/** Returns a map that the principal may see; styles take precedence. */
export function findMap({ styles, catalogFor }: Services, name: string, principal: Principal): NamedMap | undefined {
  const style = styles.get(name);
  if (style) return { name, ...mapOfStyle(style, catalogFor(principal)) };
  const layer = catalogFor(principal).find(name);
  return layer && { name, ...mapOfLayers([layer], defaultStyle(styles, layer)) };
}

/** @throws Problem LayerNotDefined */
export function readMapLayers(parameter: string, text: string, services: Services, principal: Principal): NamedMap[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length > MAX_WMS_LAYERS) {
    throw exception('InvalidParameterValue', parameter, {
      vi: `${parameter} có nhiều nhất ${MAX_WMS_LAYERS} lớp.`,
      en: `${parameter} has at most ${MAX_WMS_LAYERS} layers.`,
    });
  }
  return names.map((name) => {
    const layer = findMap(services, name, principal);
    if (layer) return layer;
    throw exception('LayerNotDefined', parameter, {
      vi: `Không có lớp "${name.slice(0, 80)}". Các lớp: xem GetCapabilities.`,
      en: `There is no layer "${name.slice(0, 80)}". They are listed in GetCapabilities.`,
    });
  });
}

const VERSION_NUMBER: Expected<readonly number[]> = {
  vi: 'số phiên bản như 1.3.0',
  en: 'the number of a version such as 1.3.0',
  schema: { type: 'string' },
  read: (text) => (/^\d{1,3}(\.\d{1,3}){1,2}$/.test(text) ? text.split('.').map(Number) : undefined),
};

/**
 * Returns the version to describe: the highest not above the requested one, else the lowest (OGC 06-042, 6.2.4).
 * @throws Problem for an invalid version
 */
export function negotiateVersion(given: OwsQuery): WmsVersion {
  const [major = 0, minor = 0] = given.optional('VERSION', VERSION_NUMBER, [1, 3, 0]);
  return major > 1 || (major === 1 && minor >= 3) ? '1.3.0' : '1.1.1';
}

/** @throws Problem for a missing or invalid parameter */
export function readWindow(given: OwsQuery, version: WmsVersion): MapWindow {
  const isOld = version === '1.1.1';
  const crs = isOld ? given.require('SRS', WMS_PARAMETERS.SRS) : given.require('CRS', WMS_PARAMETERS.CRS);
  // 1.1.1 has x first in every CRS; 1.3.0 follows the axis order of the CRS.
  const bounds = given.require('BBOX', boundsParameter(!isOld && crs.axes === 'north-east'));
  const width = given.require('WIDTH', WMS_PARAMETERS.WIDTH);
  return { crs, bounds, width, height: given.require('HEIGHT', WMS_PARAMETERS.HEIGHT) };
}
