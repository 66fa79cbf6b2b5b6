/** Renders tiles in a style as one SVG. It is pure: the thread reads nothing but the font and the signs. */
import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { HALF_WORLD, type TileAddress } from '../geo/tile.ts';
import { roundToHundredth } from '../lib/number.ts';
import { attributionSvg } from './attribution.ts';
import { type CompiledLayer, compileLayers, type LayerAt } from './compiled-style.ts';
import { type DecodedTile, decodeTile } from './decoded-tile.ts';
import { outline } from './font.ts';
import { LabelPlacement, type PlacedSymbol } from './label-placement.ts';
import { drawOverlay, type Overlay } from './overlay.ts';
import type { PixelBox } from './paths.ts';
import { Pictures } from './pictures.ts';
import { type Canvas, drawAreas, drawBackground, drawCircles, drawLines, type PlacedFeature, paint } from './shapes.ts';
import { cachedSymbols, type MapSymbol } from './symbols.ts';
import { type PictureView, type TilePlace, tilePlaceOf, zoomOf } from './view.ts';

export interface DrawingTile {
  readonly source: string;
  readonly address: TileAddress;
  readonly digest: string;
  readonly body: Uint8Array;
}

export interface Drawing {
  /** Identifies the layers below, so that they are compiled once. */
  readonly styleKey: string;
  readonly layers: readonly LayerSpecification[];
  readonly view: PictureView;
  readonly tiles: readonly DrawingTile[];
  readonly isTransparent: boolean;
  readonly overlay: Overlay | undefined;
  readonly attribution: string | undefined;
}

/** Pixels around the picture in which labels are placed as well. They may reach into it, or displace labels in it. */
export const LABEL_MARGIN = 192;

interface PlacedTile extends DrawingTile {
  readonly tile: DecodedTile;
  readonly place: TilePlace;
  readonly clip: PixelBox;
  /** True if part of the tile is in the picture itself, and not only in the margin for labels. */
  readonly isSeen: boolean;
}

/** Compiled layers by style key; a server has four styles. */
const compiled = new Map<string, CompiledLayer[]>();
const MOST_STYLES = 32;

export function drawMap(drawing: Drawing): string {
  const { view } = drawing;
  const zoom = zoomOf(view);
  const layers = layersOf(drawing).filter((layer) => layer.isShownAt(zoom));
  const tiles = placeTiles(drawing);
  const pictures = new Pictures(worldOrigin(view));
  const canvas: Canvas = { width: view.width, height: view.height, pictures };
  const labels = drawLabels(layers, { zoom, tiles, canvas, styleKey: drawing.styleKey });
  const body = layers.map((layer) => {
    if (layer.type === 'symbol') return labels.get(layer.id) ?? '';
    if (layer.type === 'background' && drawing.isTransparent) return '';
    return drawShapes(layer, layer.at(zoom), { tiles, canvas });
  });
  if (drawing.overlay) body.push(drawOverlay(drawing.overlay, view));
  if (drawing.attribution) body.push(attributionSvg(drawing.attribution, view));
  return svgOf(view, pictures.toDefs() + body.join(''));
}

/** Returns the SVG document of a body in map pixels, in the size of the picture. */
export function svgOf({ width, height, scale }: Pick<PictureView, 'width' | 'height' | 'scale'>, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
}

function layersOf({ styleKey, layers }: Drawing): CompiledLayer[] {
  const known = compiled.get(styleKey) ?? compileLayers(layers);
  if (compiled.size >= MOST_STYLES) compiled.clear();
  compiled.set(styleKey, known);
  return known;
}

function placeTiles({ tiles, view }: Drawing): PlacedTile[] {
  const seen = new Set<string>();
  const placed = tiles.map((each) => {
    const place = tilePlaceOf(each.address, view);
    // A tile that only touches the picture shows nothing in it.
    const isSeen =
      place.x < view.width - 0.01 &&
      place.y < view.height - 0.01 &&
      place.x + place.width > 0.01 &&
      place.y + place.height > 0.01;
    if (isSeen) seen.add(`${each.source} ${each.address.x} ${each.address.y}`);
    return { ...each, tile: decodeTile(each.digest, each.body), place, isSeen };
  });
  return placed.map((each) => ({ ...each, clip: clipOf(each, seen) }));
}

/** Returns the tile's own box, unbounded on sides without a neighbour in the drawing. */
function clipOf({ source, address: { x, y }, place }: Omit<PlacedTile, 'clip'>, seen: ReadonlySet<string>): PixelBox {
  const has = (dx: number, dy: number) => seen.has(`${source} ${x + dx} ${y + dy}`);
  return [
    has(-1, 0) ? place.x : Number.NEGATIVE_INFINITY,
    has(0, -1) ? place.y : Number.NEGATIVE_INFINITY,
    has(1, 0) ? place.x + place.width : Number.POSITIVE_INFINITY,
    has(0, 1) ? place.y + place.height : Number.POSITIVE_INFINITY,
  ];
}

function worldOrigin({ bounds: [west, south, east, north], width, height }: PictureView): readonly [number, number] {
  return [((west + HALF_WORLD) / (east - west)) * width, ((HALF_WORLD - north) / (north - south)) * height];
}

interface PlacedScene {
  readonly tiles: readonly PlacedTile[];
  readonly canvas: Canvas;
}

function drawShapes(layer: CompiledLayer, at: LayerAt, { tiles, canvas }: PlacedScene): string {
  if (layer.type === 'background') return drawBackground(at, canvas);
  const features = placedFeatures(layer, at, tiles);
  if (layer.type === 'fill') return drawAreas(at, features, canvas);
  if (layer.type === 'line') return drawLines(at, features);
  return drawCircles(at, features, canvas);
}

function* placedFeatures(layer: CompiledLayer, at: LayerAt, tiles: readonly PlacedTile[]): Generator<PlacedFeature> {
  for (const { source, tile, place, clip, isSeen } of tiles) {
    // A circle may reach in from a neighbour; areas and lines are in the tile's own buffer.
    if (source !== layer.source || !(isSeen || layer.type === 'circle')) continue;
    for (const feature of tile.features(layer.sourceLayer)) {
      if (layer.type === 'circle' && !isInTile(feature.geometry[0]?.[0])) continue;
      if (at.has(feature)) yield { feature, place, clip };
    }
  }
}

function isInTile(point: { x: number; y: number } | undefined): boolean {
  return point !== undefined && point.x >= 0 && point.y >= 0 && point.x < 4096 && point.y < 4096;
}

interface LabelScene extends PlacedScene {
  readonly zoom: number;
  readonly styleKey: string;
}

/** Places labels of the top style layers first, as in MapLibre. */
function drawLabels(
  layers: readonly CompiledLayer[],
  { zoom, tiles, canvas, styleKey }: LabelScene,
): Map<string, string> {
  const placement = new LabelPlacement(canvas.pictures);
  const drawn = new Map<string, string>();
  for (const layer of layers.filter(({ type }) => type === 'symbol').reverse()) {
    const at = layer.at(zoom);
    const wanted = tiles
      .filter(({ source }) => source === layer.source)
      .flatMap(({ tile, place, address }) => {
        const key = `${styleKey} ${layer.id} ${zoom} ${address.x} ${address.y} ${address.z}`;
        const symbols = cachedSymbols(key, { layer: at, tile, sourceLayer: layer.sourceLayer, address });
        return symbols.filter((symbol) => isNear(symbol, place, canvas)).map((symbol) => ({ symbol, place }));
      })
      .sort((a, b) => a.symbol.sortKey - b.symbol.sortKey || a.symbol.lot - b.symbol.lot);
    const placed = wanted.flatMap(({ symbol, place }) => placement.place(at, symbol, place) ?? []);
    drawn.set(layer.id, drawSymbols(at, placed, canvas));
  }
  return drawn;
}

function isNear({ anchor }: MapSymbol, { x, y, width, height }: TilePlace, canvas: Canvas): boolean {
  const [px, py] = [x + (anchor.x / 4096) * width, y + (anchor.y / 4096) * height];
  return (
    px > -LABEL_MARGIN && py > -LABEL_MARGIN && px < canvas.width + LABEL_MARGIN && py < canvas.height + LABEL_MARGIN
  );
}

function drawSymbols(layer: LayerAt, placed: readonly PlacedSymbol[], { pictures }: Canvas): string {
  const ordered = layer.isGiven('symbol-sort-key') ? placed : [...placed].sort((a, b) => a.y - b.y);
  const icons = ordered.map(({ icon, symbol }) => {
    if (!icon) return '';
    const opacity = layer.value<number>('icon-opacity', symbol.feature);
    const sign = icon.box
      ? pictures.stretched(icon.name, icon.box)
      : pictures.sign(icon.name, icon.x, icon.y, icon.scale);
    return opacity < 1 ? `<g opacity="${roundToHundredth(opacity)}">${sign}</g>` : sign;
  });
  const texts = ordered.map(({ text, symbol: { feature } }) => {
    if (!text) return '';
    const opacity = layer.value<number>('text-opacity', feature);
    const halo = layer.value<number>('text-halo-width', feature);
    const stroke = halo > 0 ? paint('stroke', layer.value('text-halo-color', feature), opacity) : '';
    // The halo of a label lies under all of its letters.
    const under = stroke
      ? `${stroke} stroke-width="${roundToHundredth(halo * 2)}" stroke-linejoin="round" paint-order="stroke"`
      : '';
    const data = text.glyphs.map(({ glyph, ...place }) => outline(glyph, place)).join('');
    return `<path${paint('fill', layer.value('text-color', feature), opacity) || ' fill="none"'}${under} d="${data}"/>`;
  });
  return icons.join('') + texts.join('');
}
