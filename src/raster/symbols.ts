/** Labels and signs of a tile, and their anchors. */
import { classifyRings, Formatted } from '@maplibre/maplibre-gl-style-spec';
import polylabel from 'polylabel';
import { TILE_EXTENT, TILE_PIXELS, type TileAddress } from '../geo/tile.ts';
import type { LayerAt } from './compiled-style.ts';
import type { DecodedFeature, DecodedTile, Point } from './decoded-tile.ts';
import { anchorsOf, type Line } from './line-anchors.ts';
import { clipLine } from './paths.ts';
import { type ShapedText, shapeText } from './text-shape.ts';

/** A candidate sign or label. */
export interface MapSymbol {
  readonly feature: DecodedFeature;
  readonly text: ShapedText | undefined;
  readonly icon: string;
  /** Tile units. */
  readonly anchor: Point;
  /** The line that the text follows, and the position of the text's middle on it; tile units. */
  readonly line: { readonly points: Line; readonly distance: number } | undefined;
  readonly sortKey: number;
  /** Orders symbols of equal rank: pseudo-random, but equal in every picture. */
  readonly lot: number;
}

/**
 * Returns the symbols of a layer in a tile. Their lots derive from text and place. Placed from west to east, each label
 * would depend on the previous one, and so on everything left of the picture.
 */
export function symbolsOf(layer: LayerAt, features: readonly DecodedFeature[], address: TileAddress): MapSymbol[] {
  const overscaling = 2 ** (Math.floor(layer.zoom) - address.z);
  const repeats = new Map<string, Point[]>();
  return features.flatMap((feature) => {
    if (!layer.has(feature)) return [];
    const text = symbolText(layer, feature);
    const icon = String(layer.layout<unknown>('icon-image', feature) ?? '');
    if (!text && !icon) return [];
    const sortKey = layer.isGiven('symbol-sort-key') ? layer.layout<number>('symbol-sort-key', feature) : 0;
    const isLine = layer.layout('symbol-placement') === 'line';
    const anchors = isLine
      ? lineSymbols(layer, feature, { text, overscaling, repeats })
      : pointSymbols(feature).map((anchor) => ({ anchor, line: undefined }));
    return anchors.map(({ anchor, line }) => {
      const place = [address.x * TILE_EXTENT + anchor.x, address.y * TILE_EXTENT + anchor.y].map(Math.round);
      return { feature, text, icon, anchor, line, sortKey, lot: drawLot(`${text?.text ?? icon} ${place}`) };
    });
  });
}

/** Returns the same as {@link symbolsOf}, cached with the tile at zooms that many request. */
export function cachedSymbols(
  key: string,
  {
    layer,
    tile,
    sourceLayer,
    address,
  }: { layer: LayerAt; tile: DecodedTile; sourceLayer: string; address: TileAddress },
): readonly MapSymbol[] {
  const cached = tile.notes.get(key) as readonly MapSymbol[] | undefined;
  const symbols = cached ?? symbolsOf(layer, tile.features(sourceLayer), address);
  if (Number.isInteger(layer.zoom)) tile.notes.set(key, symbols);
  return symbols;
}

function symbolText(layer: LayerAt, feature: DecodedFeature): ShapedText | undefined {
  // The specification's default, and a text without expressions, are plain strings.
  const field = layer.layout<Formatted | string>('text-field', feature);
  const transform = layer.layout<string>('text-transform', feature);
  const { sections: parts } = typeof field === 'string' ? Formatted.fromString(field) : field;
  const sections = parts.map(({ text, scale }) => ({ text: transformed(text, transform), scale: scale ?? 1 }));
  if (!sections.some(({ text }) => text.trim())) return undefined;
  const isLine = layer.layout('symbol-placement') === 'line';
  const justify = layer.layout<'auto' | 'left' | 'center' | 'right'>('text-justify', feature);
  return shapeText(sections, {
    maxWidth: isLine ? Number.POSITIVE_INFINITY : layer.layout<number>('text-max-width', feature),
    lineHeight: layer.layout<number>('text-line-height'),
    letterSpacing: layer.layout<number>('text-letter-spacing', feature),
    justify: justify === 'auto' ? alignedSide(layer.layout('text-anchor', feature)) : justify,
  });
}

function transformed(text: string, transform: string): string {
  if (transform === 'uppercase') return text.toLocaleUpperCase('vi');
  return transform === 'lowercase' ? text.toLocaleLowerCase('vi') : text;
}

function alignedSide(anchor: string): 'left' | 'center' | 'right' {
  return anchor.endsWith('left') ? 'left' : anchor.endsWith('right') ? 'right' : 'center';
}

interface LineText {
  readonly text: ShapedText | undefined;
  readonly overscaling: number;
  /** Anchors of each text so far, so that it is not repeated close by. */
  readonly repeats: Map<string, Point[]>;
}

function lineSymbols(layer: LayerAt, feature: DecodedFeature, { text, overscaling, repeats }: LineText) {
  // MapLibre lays labels out at their size at zoom 18, so that their places do not change between zooms.
  const unit = TILE_EXTENT / (TILE_PIXELS * overscaling);
  const fontSize = layer.value<number>('text-size', feature, 18) * unit;
  const spacing = layer.layout<number>('symbol-spacing') * unit;
  const rules = {
    spacing,
    length: (text?.width ?? 0) * fontSize,
    fontSize,
    hasText: text !== undefined,
    maxAngle: (layer.layout<number>('text-max-angle') * Math.PI) / 180,
    overscaling,
    extent: TILE_EXTENT,
  };
  const follows = layer.layout('text-rotation-alignment') !== 'viewport';
  const lines = feature.type === 1 ? [] : feature.geometry;
  return lines.flatMap(cutToTile).flatMap((points) =>
    anchorsOf(points, rules).flatMap((anchor) => {
      if (text && isRepeated(repeats, text.text, anchor, spacing / 2)) return [];
      return [{ anchor, line: follows ? { points, distance: anchor.distance } : undefined }];
    }),
  );
}

function cutToTile(line: Line): Line[] {
  const parts = clipLine(
    line.map(({ x, y }) => [x, y] as const),
    [0, 0, TILE_EXTENT, TILE_EXTENT],
  );
  return parts.map((part) => part.map(([x, y]) => ({ x, y })));
}

function isRepeated(repeats: Map<string, Point[]>, text: string, { x, y }: Point, distance: number): boolean {
  const others = repeats.get(text) ?? [];
  if (others.some((other) => Math.hypot(other.x - x, other.y - y) < distance)) return true;
  repeats.set(text, [...others, { x, y }]);
  return false;
}

/** Points in a tile's buffer are left out; the neighbour labels them. */
function pointSymbols(feature: DecodedFeature): Point[] {
  const points =
    feature.type === 3
      ? middlesOf(feature)
      : feature.geometry.flatMap((part) => (feature.type === 1 ? part : part.slice(0, 1)));
  return points.filter(({ x, y }) => x >= 0 && y >= 0 && x < TILE_EXTENT && y < TILE_EXTENT);
}

/** Returns the point of each polygon that is farthest from its sides, to within 2 px. */
function middlesOf({ geometry }: DecodedFeature): Point[] {
  return classifyRings(geometry as never, 0).flatMap((rings) => {
    const outer = (rings as unknown as Point[][])[0] ?? [];
    const isNear = (axis: 'x' | 'y') =>
      Math.min(...outer.map((point) => point[axis])) < TILE_EXTENT &&
      Math.max(...outer.map((point) => point[axis])) >= 0;
    if (!isNear('x') || !isNear('y')) return [];
    const coordinates = (rings as unknown as Point[][]).map((ring) =>
      ring.map(({ x, y }) => [x, y] as [number, number]),
    );
    const [x = 0, y = 0] = polylabel(coordinates, 16);
    return [{ x, y }];
  });
}

/** Returns the 32-bit FNV-1a hash, with its low bits mixed so that neighbours get unrelated lots. */
function drawLot(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
