import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import { BootError } from '../../src/lib/errors.ts';
import { checkDrawable } from '../../src/raster/drawable.ts';
import { loadStyles, type Styles } from '../../src/styles/sheet.ts';

const styles = loadStyles(['base', 'land', 'environment', 'quality']);

function withLayer(layer: unknown): Styles {
  const base = styles.get('base');
  if (!base) throw new Error('no style');
  return new Map([['base', { ...base, layers: [layer as LayerSpecification] }]]);
}

const road = { id: 'road', type: 'line', source: 'base', 'source-layer': 'base.road' };

describe('what pictures cannot show', () => {
  it('is nothing of our own styles', () => {
    expect(() => checkDrawable(styles)).not.toThrow();
  });

  it.each([
    [{ ...road, paint: { 'line-blur': 2 } }, /Style "base": layer "road" .* line-blur is not drawn/],
    [{ ...road, type: 'heatmap' }, /layers of type heatmap are not drawn/],
    [{ ...road, type: 'symbol', layout: { 'text-field': 'a', 'text-font': ['Arial'] } }, /text-font can only be/],
    [
      { ...road, type: 'symbol', layout: { 'symbol-placement': 'line-center' } },
      /symbol-placement can only be point or line/,
    ],
    [{ ...road, type: 'symbol', layout: { 'symbol-placement': 'line', 'icon-image': 'arrow' } }, /signs along lines/],
    [
      { ...road, paint: { 'line-width': ['no-such-expression'] } },
      /not a style of MapLibre: layers\[0\]\.paint\.line-width: number expected/,
    ],
  ])('stops the start: %j', (layer, message) => {
    expect(() => checkDrawable(withLayer(layer))).toThrow(BootError);
    expect(() => checkDrawable(withLayer(layer))).toThrow(message);
  });
});
