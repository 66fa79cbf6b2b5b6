/** Backgrounds, areas, lines and circles as SVG. */
import type { Color } from '@maplibre/maplibre-gl-style-spec';
import { roundToHundredth } from '../lib/number.ts';
import type { LayerAt } from './compiled-style.ts';
import type { DecodedFeature } from './decoded-tile.ts';
import { areaPath, linePath, type PixelBox } from './paths.ts';
import type { Pictures } from './pictures.ts';
import type { TilePlace } from './view.ts';

/** A feature, and the place of its tile in the view. */
export interface PlacedFeature {
  readonly feature: DecodedFeature;
  readonly place: TilePlace;
  /** Beyond it lines belong to another tile. */
  readonly clip: PixelBox;
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pictures: Pictures;
}

export function drawBackground(layer: LayerAt, { width, height }: Canvas): string {
  const fill = paint('fill', layer.value('background-color'), layer.value('background-opacity'));
  return fill ? `<rect width="${width}" height="${height}"${fill}/>` : '';
}

/** Draws areas of equal paint as one path. Where they overlap or meet, nothing is painted twice and no seam shows. */
export function drawAreas(layer: LayerAt, features: Iterable<PlacedFeature>, { pictures }: Canvas): string {
  const fills = new PathGroups();
  const outlines = new PathGroups();
  const hasOutline = layer.isGiven('fill-outline-color');
  const isSharp = layer.value<boolean>('fill-antialias');
  for (const { feature, place, clip } of features) {
    if (feature.type !== 3) continue;
    const opacity = layer.value<number>('fill-opacity', feature);
    const pattern = layer.isGiven('fill-pattern') ? String(layer.value('fill-pattern', feature) ?? '') : '';
    const fill = pattern
      ? pictures.has(pattern) && ` fill="${pictures.pattern(pattern)}"${opacityOf('fill', opacity)}`
      : paint('fill', layer.value('fill-color', feature), opacity);
    if (fill) fills.add(`${fill}${isSharp ? '' : ' shape-rendering="crispEdges"'}`, areaPath(feature.geometry, place));
    if (!hasOutline || !isSharp || pattern) continue;
    const stroke = paint('stroke', layer.value('fill-outline-color', feature), opacity);
    if (stroke) outlines.add(`${stroke} fill="none" stroke-width="1"`, linePath(closedGeometry(feature), place, clip));
  }
  return fills.toSvg() + outlines.toSvg();
}

export function drawLines(layer: LayerAt, features: Iterable<PlacedFeature>): string {
  const lines = new PathGroups();
  for (const { feature, place, clip } of features) {
    if (feature.type === 1) continue;
    const stroke = paint('stroke', layer.value('line-color', feature), layer.value('line-opacity', feature));
    const width = layer.value<number>('line-width', feature);
    if (!stroke || !(width > 0)) continue;
    const geometry = feature.type === 3 ? closedGeometry(feature) : feature.geometry;
    // Dashes start at the edge of the tile, wherever the picture ends.
    const within = layer.isGiven('line-dasharray') ? pixelBox(place) : clip;
    lines.add(
      `${stroke} stroke-width="${roundToHundredth(width)}"${dashes(layer, feature)}${lineEnds(layer, feature)} fill="none"`,
      linePath(geometry, place, within),
    );
  }
  return lines.toSvg();
}

export function drawCircles(layer: LayerAt, features: Iterable<PlacedFeature>, { width, height }: Canvas): string {
  let svg = '';
  for (const { feature, place } of features) {
    if (feature.type !== 1) continue;
    const radius = layer.value<number>('circle-radius', feature);
    const stroke = layer.value<number>('circle-stroke-width', feature);
    // MapLibre paints the stroke around the circle, SVG along its edge.
    const look = [
      paint('fill', layer.value('circle-color', feature), layer.value('circle-opacity', feature)) || ' fill="none"',
      stroke > 0
        ? `${paint('stroke', layer.value('circle-stroke-color', feature), layer.value('circle-stroke-opacity', feature))} stroke-width="${roundToHundredth(stroke)}"`
        : '',
    ].join('');
    for (const points of feature.geometry) {
      for (const point of points) {
        const [x, y] = [place.x + (point.x / 4096) * place.width, place.y + (point.y / 4096) * place.height];
        const reach = radius + stroke;
        if (x < -reach || y < -reach || x > width + reach || y > height + reach) continue;
        svg += `<circle cx="${roundToHundredth(x)}" cy="${roundToHundredth(y)}" r="${roundToHundredth(radius + stroke / 2)}"${look}/>`;
      }
    }
  }
  return svg;
}

/** Path data grouped by paint attributes, in order of first use. */
class PathGroups {
  readonly #data = new Map<string, string[]>();

  add(attributes: string, data: string): void {
    if (data === '') return;
    const list = this.#data.get(attributes);
    if (list) list.push(data);
    else this.#data.set(attributes, [data]);
  }

  toSvg(): string {
    return [...this.#data].map(([attributes, data]) => `<path${attributes} d="${data.join('')}"/>`).join('');
  }
}

function pixelBox({ x, y, width, height }: TilePlace): PixelBox {
  return [x, y, x + width, y + height];
}

function closedGeometry({ geometry }: DecodedFeature): DecodedFeature['geometry'] {
  return geometry.map((ring) => (ring[0] ? [...ring, ring[0]] : ring));
}

function dashes(layer: LayerAt, feature: DecodedFeature): string {
  if (!layer.isGiven('line-dasharray')) return '';
  // Dashes are multiples of the width at the whole zoom, so that they do not crawl while zooming.
  const width = layer.value<number>('line-width', feature, Math.floor(layer.zoom));
  const lengths = layer
    .value<readonly number[]>('line-dasharray', feature)
    .map((each) => roundToHundredth(each * width));
  return ` stroke-dasharray="${lengths.join(' ')}"`;
}

function lineEnds(layer: LayerAt, feature: DecodedFeature): string {
  const [cap, join] = [layer.layout<string>('line-cap', feature), layer.layout<string>('line-join', feature)];
  return `${cap === 'butt' ? '' : ` stroke-linecap="${cap}"`}${join === 'miter' ? ` stroke-miterlimit="${layer.layout<number>('line-miter-limit')}"` : ` stroke-linejoin="${join}"`}`;
}

/** Returns the attributes of a colour; empty if it is invisible. */
export function paint(attribute: 'fill' | 'stroke', colour: Color, opacity = 1): string {
  if (!colour || colour.a === 0 || opacity <= 0) return '';
  const [r, g, b, alpha] = colour.rgb;
  const hex = [r, g, b]
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('');
  return ` ${attribute}="#${hex}"${opacityOf(attribute, alpha * opacity)}`;
}

function opacityOf(attribute: 'fill' | 'stroke', opacity: number): string {
  return opacity < 1 ? ` ${attribute}-opacity="${Math.round(opacity * 1000) / 1000}"` : '';
}
