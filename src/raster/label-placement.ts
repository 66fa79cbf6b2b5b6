import RBush from 'rbush';
import { TILE_EXTENT } from '../geo/tile.ts';
import type { LayerAt } from './compiled-style.ts';
import type { Point } from './decoded-tile.ts';
import type { Glyph, GlyphPlace } from './font.ts';
import { BASELINE } from './font.ts';
import { lengthsOf, pointAt } from './line-anchors.ts';
import type { PixelBox } from './paths.ts';
import type { Pictures } from './pictures.ts';
import type { MapSymbol } from './symbols.ts';
import type { ShapedText } from './text-shape.ts';
import type { TilePlace } from './view.ts';

/** A placed symbol, in map pixels. */
export interface PlacedSymbol {
  readonly symbol: MapSymbol;
  readonly y: number;
  readonly icon:
    | {
        readonly name: string;
        readonly x: number;
        readonly y: number;
        readonly scale: number;
        readonly box: PixelBox | undefined;
      }
    | undefined;
  readonly text: { readonly glyphs: readonly PlacedGlyph[] } | undefined;
}

export interface PlacedGlyph extends GlyphPlace {
  readonly glyph: Glyph;
}

interface TextPlace {
  readonly glyphs: readonly PlacedGlyph[];
  readonly boxes: readonly PixelBox[];
  /** Bounds of the text alone, without its padding. */
  readonly bounds: PixelBox;
}

/** MapLibre measures radial offsets from the letters instead of the text line: 7/24 of the font size. */
const LEADING = 7 / 24;

/** Prevents labels from overlapping: the first to come takes the place. */
export class LabelPlacement {
  readonly #taken = new RBush<{ minX: number; minY: number; maxX: number; maxY: number }>();
  readonly #pictures: Pictures;

  constructor(pictures: Pictures) {
    this.#pictures = pictures;
  }

  place(layer: LayerAt, symbol: MapSymbol, tile: TilePlace): PlacedSymbol | undefined {
    const at = {
      x: tile.x + (symbol.anchor.x / TILE_EXTENT) * tile.width,
      y: tile.y + (symbol.anchor.y / TILE_EXTENT) * tile.height,
    };
    const rules = placementRules(layer);
    const text = this.#placeText(layer, symbol, { tile, at, isFree: rules.textOverlaps });
    const icon = this.#placeIcon(layer, symbol, at, text?.place);
    const isIconFree = !icon || rules.iconOverlaps || this.#isFree(icon.boxes);
    let showsText = text?.isFree === true;
    let showsIcon = icon !== undefined && isIconFree;
    if (text && icon) {
      const both = showsText && showsIcon;
      if (!rules.isIconOptional) showsText = both;
      if (!rules.isTextOptional) showsIcon = both;
    }
    // If no place on the line fits the text, its sign is dropped too, unless the text is optional.
    if (symbol.text && !text && !rules.isTextOptional) showsIcon = false;
    if (!showsText && !showsIcon) return undefined;
    if (text && showsText && !rules.isTextIgnored) this.#take(text.place.boxes);
    if (icon && showsIcon && !rules.isIconIgnored) this.#take(icon.boxes);
    return {
      symbol,
      y: at.y,
      icon: icon && showsIcon ? icon.sign : undefined,
      text: text && showsText ? { glyphs: text.place.glyphs } : undefined,
    };
  }

  #placeText(
    layer: LayerAt,
    symbol: MapSymbol,
    { tile, at, isFree }: { tile: TilePlace; at: Point; isFree: boolean },
  ): { place: TextPlace; isFree: boolean } | undefined {
    if (!symbol.text) return undefined;
    if (symbol.line) {
      const place = alongLine(layer, symbol, tile);
      return place && { place, isFree: isFree || this.#isFree(place.boxes) };
    }
    const places = aboutPoint(layer, symbol, symbol.text, at);
    const free = places.find((place) => this.#isFree(place.boxes));
    return { place: free ?? (places[0] as TextPlace), isFree: isFree || free !== undefined };
  }

  #placeIcon(layer: LayerAt, { icon: name, feature }: MapSymbol, at: Point, text: TextPlace | undefined) {
    const size = this.#pictures.size(name);
    if (!size) return undefined;
    const padding = paddingOf(layer.layout('icon-padding', feature));
    if (layer.layout('icon-text-fit', feature) !== 'none' && text) {
      const margins = this.#pictures.margins(name);
      const box: PixelBox = [
        text.bounds[0] - margins[0],
        text.bounds[1] - margins[1],
        text.bounds[2] + margins[2],
        text.bounds[3] + margins[3],
      ];
      return { sign: { name, ...at, scale: 1, box }, boxes: [grow(box, padding)] };
    }
    const scale = layer.value<number>('icon-size', feature);
    const [dx, dy] = layer.layout<readonly [number, number]>('icon-offset', feature);
    const [right, bottom] = alignment(layer.layout('icon-anchor', feature));
    const x = at.x + dx * scale + (0.5 - right) * size.width * scale;
    const y = at.y + dy * scale + (0.5 - bottom) * size.height * scale;
    const [w, h] = [(size.width * scale) / 2, (size.height * scale) / 2];
    return { sign: { name, x, y, scale, box: undefined }, boxes: [grow([x - w, y - h, x + w, y + h], padding)] };
  }

  #isFree(boxes: readonly PixelBox[]): boolean {
    return !boxes.some(([minX, minY, maxX, maxY]) => this.#taken.collides({ minX, minY, maxX, maxY }));
  }

  #take(boxes: readonly PixelBox[]): void {
    for (const [minX, minY, maxX, maxY] of boxes) this.#taken.insert({ minX, minY, maxX, maxY });
  }
}

function placementRules(layer: LayerAt) {
  return {
    textOverlaps: layer.layout<boolean>('text-allow-overlap'),
    iconOverlaps: layer.layout<boolean>('icon-allow-overlap'),
    isTextOptional: layer.layout<boolean>('text-optional'),
    isIconOptional: layer.layout<boolean>('icon-optional'),
    isTextIgnored: layer.layout<boolean>('text-ignore-placement'),
    isIconIgnored: layer.layout<boolean>('icon-ignore-placement'),
  };
}

/** Returns the candidate places of a text around a point, best first. */
function aboutPoint(layer: LayerAt, { feature }: MapSymbol, text: ShapedText, at: Point): TextPlace[] {
  const size = layer.value<number>('text-size', feature);
  const padding = layer.value<number>('text-padding', feature);
  return anchorsFor(layer, feature).map(({ anchor, offset }) => {
    const [right, bottom] = alignment(anchor);
    const x = at.x + (0.5 - right) * text.width * size + offset[0] * size;
    const y = at.y + (0.5 - bottom) * text.height * size + offset[1] * size;
    const [w, h] = [(text.width * size) / 2, (text.height * size) / 2];
    const bounds: PixelBox = [x - w, y - h, x + w, y + h];
    const glyphs = text.glyphs.map(({ glyph, scale, ...glyphAt }) => ({
      glyph,
      x: x + glyphAt.x * size,
      y: y + glyphAt.y * size,
      size: size * scale,
      angle: 0,
    }));
    return { glyphs, bounds, boxes: [grow(bounds, [padding, padding, padding, padding])] };
  });
}

function anchorsFor(
  layer: LayerAt,
  feature: MapSymbol['feature'],
): { anchor: string; offset: readonly [number, number] }[] {
  const radius = layer.isGiven('text-radial-offset') ? layer.layout<number>('text-radial-offset', feature) : 0;
  if (layer.isGiven('text-variable-anchor')) {
    const anchors = layer.layout<readonly string[]>('text-variable-anchor', feature);
    return anchors.map((anchor) => ({ anchor, offset: labelOffset(anchor, radius) }));
  }
  const anchor = layer.layout<string>('text-anchor', feature);
  if (radius) return [{ anchor, offset: labelOffset(anchor, radius) }];
  return [{ anchor, offset: layer.layout<readonly [number, number]>('text-offset', feature) }];
}

function labelOffset(anchor: string, radius: number): readonly [number, number] {
  const [right, bottom] = alignment(anchor);
  const reach = right !== 0.5 && bottom !== 0.5 ? radius / Math.SQRT2 : radius;
  const x = (0.5 - right) * 2 * reach;
  return [x, bottom === 0.5 ? 0 : (0.5 - bottom) * 2 * (reach - LEADING)];
}

/** Splits an anchor such as `top-left` into the shares of the box that lie before the point, across and down. */
function alignment(anchor: string): readonly [right: number, bottom: number] {
  const right = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? 1 : 0.5;
  const bottom = anchor.startsWith('top') ? 0 : anchor.startsWith('bottom') ? 1 : 0.5;
  return [right, bottom];
}

/** Sets letters along a line, readable from left to right. Returns undefined if the line is too short. */
function alongLine(layer: LayerAt, { feature, text, line }: MapSymbol, tile: TilePlace): TextPlace | undefined {
  if (!text || !line) return undefined;
  const size = layer.value<number>('text-size', feature);
  const padding = layer.value<number>('text-padding', feature);
  const scale = tile.width / TILE_EXTENT;
  const points = line.points.map(({ x, y }) => ({
    x: tile.x + x * scale,
    y: tile.y + (y / TILE_EXTENT) * tile.height,
  }));
  const lengths = lengthsOf(points);
  // Pixels need not be square, but the share of the line's length is the same.
  const middle = (line.distance / (lengthsOf(line.points).at(-1) || 1)) * (lengths.at(-1) ?? 0);
  const half = (text.width * size) / 2;
  if (middle - half < 0 || middle + half > (lengths.at(-1) ?? 0)) return undefined;
  const start = pointAt(points, lengths, middle - half);
  const end = pointAt(points, lengths, middle + half);
  const direction = end.x >= start.x ? 1 : -1;
  const at = (offset: number) => pointAt(points, lengths, middle + direction * offset);
  const glyphs = text.glyphs.map(({ glyph, x, y, scale: letterScale }) => {
    const [from, to] = [at(x * size), at((x + glyph.advance * letterScale) * size)];
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    // From the line down to the baseline, perpendicular to the letter's direction.
    const foot = y * size;
    return {
      glyph,
      size: size * letterScale,
      angle,
      x: from.x - Math.sin(angle) * foot,
      y: from.y + Math.cos(angle) * foot,
    };
  });
  const reach = Math.max((text.height * size) / 2, 5) + padding;
  return { glyphs, boxes: boxesAlong(at, half, reach), bounds: [start.x, start.y, end.x, end.y] };
}

/** Returns squares that cover a text along its line. */
function boxesAlong(at: (offset: number) => Point, half: number, reach: number): PixelBox[] {
  const count = Math.max(1, Math.ceil(half / reach));
  return Array.from({ length: count * 2 + 1 }, (_, index) => {
    const { x, y } = at(((index - count) / count) * Math.max(0, half - BASELINE * reach));
    return [x - reach, y - reach, x + reach, y + reach] as const;
  });
}

/** Returns the padding in the order of CSS: top, right, bottom, left. */
function paddingOf(value: { readonly values: readonly number[] } | number): readonly [number, number, number, number] {
  if (typeof value === 'number') return [value, value, value, value];
  const [top = 0, right = top, bottom = top, left = right] = value.values;
  return [top, right, bottom, left];
}

function grow(box: PixelBox, [top, right, bottom, left]: readonly [number, number, number, number]): PixelBox {
  return [box[0] - left, box[1] - top, box[2] + right, box[3] + bottom];
}
