import { type LayerSpecification, validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { BootError } from '../lib/errors.ts';
import type { Styles } from '../styles/sheet.ts';
import { DRAWN } from './drawn-properties.ts';
import { FONT_NAME } from './font.ts';

/** The only values that are drawn, for properties with a partial implementation. */
const DRAWN_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'symbol-placement': ['point', 'line'],
  'icon-text-fit': ['none', 'both'],
  'icon-rotation-alignment': ['auto', 'viewport'],
  'text-rotation-alignment': ['auto', 'viewport'],
};

/**
 * Checks that pictures can show all that the styles contain.
 * @throws BootError with the style, layer and property that would be omitted or drawn wrong
 */
export function checkDrawable(styles: Styles): void {
  for (const [id, style] of styles) {
    const [wrong] = validateStyleMin(style).filter(({ message }) => message.startsWith('layers'));
    if (wrong) throw new BootError(`Style "${id}" is not a style of MapLibre: ${wrong.message}.`);
    for (const layer of style.layers) {
      const fault = drawingFault(layer);
      if (fault) throw new BootError(`Style "${id}": layer "${layer.id}" cannot be drawn as a picture: ${fault}.`);
    }
  }
}

function drawingFault(layer: LayerSpecification): string | undefined {
  if (!(layer.type in DRAWN)) return `layers of type ${layer.type} are not drawn`;
  for (const group of ['layout', 'paint'] as const) {
    const drawn: readonly string[] = DRAWN[layer.type as keyof typeof DRAWN][group];
    for (const [name, value] of Object.entries(layer[group] ?? {})) {
      if (name === 'visibility') continue;
      if (!drawn.includes(name)) return `${name} is not drawn`;
      const values = DRAWN_VALUES[name];
      if (values && !values.includes(value)) return `${name} can only be ${values.join(' or ')}`;
    }
  }
  return layer.type === 'symbol' ? faultOfSymbol(layer) : undefined;
}

function faultOfSymbol(layer: Extract<LayerSpecification, { type: 'symbol' }>): string | undefined {
  const layout = layer.layout ?? {};
  const font = layout['text-font'];
  if (layout['text-field'] !== undefined && JSON.stringify(font) !== JSON.stringify([FONT_NAME])) {
    return `text-font can only be ["${FONT_NAME}"]`;
  }
  const follows = layout['symbol-placement'] === 'line' && layout['icon-image'] !== undefined;
  if (follows && layout['icon-rotation-alignment'] !== 'viewport')
    return 'signs along lines must have icon-rotation-alignment viewport';
  if (/"(text-font|text-color|vertical-align)":|\["image"/.test(JSON.stringify(layout['text-field'] ?? ''))) {
    return 'in text-field only font-scale can change from part to part';
  }
  return undefined;
}
