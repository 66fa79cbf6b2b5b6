import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { VisibleCatalog } from '../access/visible-catalog.ts';
import type { Layer } from '../catalog/layer.ts';
import type { Text } from '../lib/errors.ts';
import { drawnLayers, type Sheet } from '../styles/sheet.ts';
import type { StackLayer } from './stack.ts';

/** A single map, or one of a stack: a whole style, or layers of the catalog in a style. */
export interface MapLayer extends StackLayer {
  readonly title: Text;
  /** Layers shown, from below, without those that the style switches off. */
  readonly shown: readonly Layer[];
}

/** Returns the map of everything in a style that may be seen. */
export function mapOfStyle(style: Sheet, catalog: VisibleCatalog): MapLayer {
  const visible = new Set(style.layers.filter(isVisible).map((each) => 'source-layer' in each && each['source-layer']));
  const shown = drawnLayers(style)
    .filter((id) => visible.has(id))
    .flatMap((id) => catalog.find(id) ?? []);
  return { title: style.metadata.title, style, only: undefined, shown };
}

/** Returns the map of some layers of the catalog, in a style that draws them. */
export function mapOfLayers(layers: readonly Layer[], style: Sheet): MapLayer {
  const title = {
    vi: layers.map(({ title }) => title.vi).join(', '),
    en: layers.map(({ title }) => title.en).join(', '),
  };
  return { title, style, only: new Set(layers.map(({ id }) => id)), shown: layers };
}

function isVisible({ layout }: LayerSpecification): boolean {
  return layout?.visibility !== 'none';
}
