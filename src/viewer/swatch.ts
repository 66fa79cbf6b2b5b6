import type { LayerSpecification } from 'maplibre-gl';
import { element } from './dom.ts';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The sprite sheet at pixel ratio 2, and the place of each picture on it. */
export interface SymbolSheet {
  readonly url: string;
  readonly index: Readonly<Record<string, Place>>;
  readonly width: number;
}

export async function loadSprite(base: string): Promise<SymbolSheet> {
  const index = (await (await fetch(`${base}@2x.json`)).json()) as Record<string, Place>;
  const width = Math.max(...Object.values(index).map((place) => place.x + place.width)) + 2;
  return { url: `${base}@2x.png`, index, width };
}

export function iconSwatch(name: string, sprite: SymbolSheet): HTMLElement {
  const swatch = element('span', { class: 'swatch icon' });
  const place = sprite.index[name];
  if (!place) return swatch;
  const picture = element('span', {});
  Object.assign(picture.style, {
    display: 'block',
    width: `${place.width / 2}px`,
    height: `${place.height / 2}px`,
    background: `url("${sprite.url}") -${place.x / 2}px -${place.y / 2}px / ${sprite.width / 2}px auto no-repeat`,
  });
  swatch.append(picture);
  return swatch;
}

/** Renders a sample of a layer. `under` is the wider line beneath it, if there is one. */
export function layerSwatch(
  layer: LayerSpecification,
  under: LayerSpecification | undefined,
  sprite: SymbolSheet,
): HTMLElement {
  if (layer.type === 'line') return lineSwatch(layer, under?.type === 'line' ? under : undefined);
  const swatch = element('span', { class: layer.type === 'circle' ? 'swatch round' : 'swatch' });
  if (layer.type === 'circle') {
    swatch.style.background = 'none';
    swatch.style.border = `2px solid ${colour(layer.paint?.['circle-stroke-color'])}`;
  }
  if (layer.type === 'symbol') {
    const icon = constant(layer.layout?.['icon-image']);
    if (typeof icon === 'string' && sprite.index[icon]) return iconSwatch(icon, sprite);
    swatch.className = 'swatch letters';
    swatch.textContent = 'Aa';
    swatch.style.color = colour(layer.paint?.['text-color']);
  }
  if (layer.type === 'fill') fillSwatch(swatch, layer, sprite);
  return swatch;
}

/** Renders a sample of a layer in one colour. */
export function plainSwatch(colour: string): HTMLElement {
  const swatch = element('span', { class: 'swatch' });
  swatch.style.borderColor = colour;
  swatch.style.background = `color-mix(in srgb, ${colour} 30%, white)`;
  return swatch;
}

function fillSwatch(
  swatch: HTMLElement,
  layer: Extract<LayerSpecification, { type: 'fill' }>,
  sprite: SymbolSheet,
): void {
  const pattern = constant(layer.paint?.['fill-pattern']);
  const outline =
    (layer.metadata as { outline?: string } | undefined)?.outline ?? constant(layer.paint?.['fill-outline-color']);
  if (typeof outline === 'string') swatch.style.borderColor = outline;
  if (typeof pattern === 'string') swatch.append(tiled(pattern, sprite));
  else swatch.style.background = colour(layer.paint?.['fill-color']);
}

/** Renders a pattern repeated over the sample. */
function tiled(name: string, sprite: SymbolSheet): HTMLElement {
  const one = sprite.index[name];
  const box = element('span', { class: 'tiled' });
  for (let count = 0; one && count < 12; count += 1) box.append(iconSwatch(name, sprite).firstChild as Node);
  return box;
}

function lineSwatch(
  line: Extract<LayerSpecification, { type: 'line' }>,
  casing: Extract<LayerSpecification, { type: 'line' }> | undefined,
): HTMLElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 26 14');
  const stroke = (layer: typeof line, width: number): void => {
    const path = document.createElementNS(namespace, 'path');
    const dashes = layer.paint?.['line-dasharray'];
    path.setAttribute('d', 'M1 7h24');
    path.setAttribute('stroke', colour(layer.paint?.['line-color']));
    path.setAttribute('stroke-width', String(width));
    path.setAttribute('stroke-opacity', String(constant(layer.paint?.['line-opacity']) ?? 1));
    if (Array.isArray(dashes))
      path.setAttribute('stroke-dasharray', (dashes as number[]).map((dash) => dash * Math.min(width, 1.6)).join(' '));
    svg.append(path);
  };
  if (casing) stroke(casing, 6);
  stroke(line, casing ? 3.6 : 1.8);
  return element('span', { class: 'swatch line' }, svg);
}

function colour(value: unknown): string {
  const found = constant(value);
  return typeof found === 'string' ? found : '#888888';
}

/** Returns one value of a property that depends on the zoom: the last of `interpolate`, the first of `step`. */
function constant(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [operator] = value;
  if (operator === 'interpolate') return constant(value.at(-1));
  return operator === 'step' ? constant(value[2]) : undefined;
}
