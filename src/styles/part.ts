import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Layer } from '../catalog/layer.ts';
import { plainStyle } from './plain-style.ts';
import { drawnLayers, type Sheet, type Styles } from './sheet.ts';

/** Returns the styles that draw a layer of the catalog, that of its own theme first. */
export function stylesOf(styles: Styles, layer: string): readonly (readonly [string, Sheet])[] {
  const drawing = [...styles].filter(([, style]) => drawnLayers(style).includes(layer));
  // A style joins themes: one with fewer themes is nearer to the layer's own.
  return drawing.sort(([, a], [, b]) => a.metadata.themes.length - b.metadata.themes.length);
}

/** Returns the default style of a layer: the nearest that draws it, or else a plain one. */
export function defaultStyle(styles: Styles, layer: Layer): Sheet {
  return stylesOf(styles, layer.id)[0]?.[1] ?? plainStyle(layer);
}

/** Returns the part of a style that draws one layer of the catalog, all of it visible, without a background. */
export function layerPart(style: Sheet, layer: string): Sheet {
  const layers = style.layers.filter((each) => 'source-layer' in each && each['source-layer'] === layer);
  const names = new Set(
    layers.flatMap((each) => ('source' in each && typeof each.source === 'string' ? each.source : [])),
  );
  const url = `/xyz/${encodeURIComponent(layer)}/tilejson.json`;
  return {
    ...style,
    sources: Object.fromEntries([...names].map((name) => [name, { type: 'vector', url }])),
    layers: layers.map(switchedOn),
  };
}

/** Returns the layer, visible even if its style hides it. */
export function switchedOn(layer: LayerSpecification): LayerSpecification {
  return { ...layer, layout: { ...layer.layout, visibility: 'visible' } } as LayerSpecification;
}
