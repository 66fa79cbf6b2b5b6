import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { requireLayer } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import type { Layer } from '../../catalog/layer.ts';
import { Problem, type Text } from '../../errors.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Crs } from '../../geo/crs.ts';
import type { StackLayer } from '../../raster/stack.ts';
import type { Services } from '../../services.ts';
import { stylesOf } from '../../styles/part.ts';
import { plainStyle } from '../../styles/plain-style.ts';
import { type StyleId, sourceLayers } from '../../styles/sheet.ts';
import { exception } from './exception.ts';
import type { KeyValues } from './key-values.ts';
import { boundsOf, MAX_LAYERS, WMS_PARAMETERS } from './wms-parameters.ts';

export type WmsVersion = '1.3.0' | '1.1.1';

/** A layer of the service: a style of the map, or a layer of the catalog in the nearest style that draws it. */
export interface MapLayer extends StackLayer {
  readonly name: string;
  readonly title: Text;
  /** What it shows, from below; not what the style has switched off. */
  readonly shown: readonly Layer[];
}

/** Which part of the earth a map shows, in how many pixels. */
export interface MapWindow {
  readonly crs: Crs;
  /** In the CRS, x eastwards whatever the order of its axes. */
  readonly bounds: BBox;
  readonly width: number;
  readonly height: number;
}

/** Every layer that there is for a principal: styles first. */
export function findMapLayer({ styles, catalog }: Services, name: string, principal: Principal): MapLayer | undefined {
  const layerOf = (id: string) => {
    try {
      return requireLayer(catalog.current(), id, principal);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  };
  const style = styles.get(name as StyleId);
  if (style) {
    const ids = Object.keys(style.sources).flatMap((source) => sourceLayers(style, source));
    const visible = new Set(
      style.layers.filter(isVisible).map((each) => 'source-layer' in each && each['source-layer']),
    );
    const shown = ids.filter((id) => visible.has(id)).flatMap((id) => layerOf(id) ?? []);
    return { name, title: style.metadata.title, style, only: undefined, shown };
  }
  const layer = layerOf(name);
  if (!layer) return undefined;
  const nearest = stylesOf(styles, name)[0]?.[1] ?? plainStyle(layer);
  return { name, title: layer.title, style: nearest, only: new Set([name]), shown: [layer] };
}

function isVisible({ layout }: LayerSpecification): boolean {
  return layout?.visibility !== 'none';
}

/** @throws Problem LayerNotDefined */
export function readLayers(parameter: string, text: string, services: Services, principal: Principal): MapLayer[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length > MAX_LAYERS) {
    throw exception('InvalidParameterValue', parameter, {
      vi: `${parameter} có nhiều nhất ${MAX_LAYERS} lớp.`,
      en: `${parameter} has at most ${MAX_LAYERS} layers.`,
    });
  }
  return names.map((name) => {
    const layer = findMapLayer(services, name, principal);
    if (layer) return layer;
    throw exception('LayerNotDefined', parameter, {
      vi: `Không có lớp "${name.slice(0, 80)}". Các lớp: xem GetCapabilities.`,
      en: `There is no layer "${name.slice(0, 80)}". They are listed in GetCapabilities.`,
    });
  });
}

/** @throws Problem for what is not there or cannot be drawn */
export function readWindow(given: KeyValues, version: WmsVersion): MapWindow {
  const isOld = version === '1.1.1';
  const crs = isOld ? given.require('SRS', WMS_PARAMETERS.SRS) : given.require('CRS', WMS_PARAMETERS.CRS);
  // 1.1.1 has x first in every system, 1.3.0 what the system itself has first.
  const bounds = given.require('BBOX', boundsOf(!isOld && crs.axes === 'north-east'));
  const width = given.require('WIDTH', WMS_PARAMETERS.WIDTH);
  return { crs, bounds, width, height: given.require('HEIGHT', WMS_PARAMETERS.HEIGHT) };
}
