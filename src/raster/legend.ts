import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Text } from '../lib/errors.ts';
import { roundToHundredth } from '../lib/number.ts';
import type { LayerMetadata, LegendEntry } from '../styles/sheet.ts';
import { CompiledLayer, type LayerAt } from './compiled-style.ts';
import { svgOf } from './drawing.ts';
import { Pictures } from './pictures.ts';
import { drawAreas, drawLines, type PlacedFeature, paint } from './shapes.ts';
import { drawText, shapeText } from './text-shape.ts';
import type { PixelRatio } from './view.ts';

export interface LegendDrawing {
  /** Every layer of the style, because the casing of a line need not be among the layers shown. */
  readonly layers: readonly LayerSpecification[];
  /** Ids of the layers whose entries are listed. */
  readonly shown: readonly string[];
  readonly groups: readonly (Text & { readonly id: string })[];
  readonly language: keyof Text;
  readonly scale: PixelRatio;
}

const ROW_HEIGHT = 22;
const SWATCH = { width: 28, height: 14 };
const LEFT = 10;
const FONT_SIZE = 12;
/** A zoom at which every layer has its full width. Signs are drawn at their own size. */
const LEGEND_ZOOM = 15;

const LINE = { type: 2 as const, properties: {} };

interface LegendRow {
  readonly text: string;
  /** undefined for a heading. */
  readonly swatch: ((x: number, y: number) => string) | undefined;
}

/** Renders the legend: groups of the style as headings, and below them the meaning of colours and signs. */
export function drawLegend(drawing: LegendDrawing): string {
  const pictures = new Pictures([0, 0]);
  const rows = drawing.groups.flatMap((group) => {
    const entries = drawing.layers.flatMap((layer) => entriesOf(layer, drawing, { group: group.id, pictures }));
    return entries.length ? [{ text: group[drawing.language], swatch: undefined }, ...entries] : [];
  });
  const texts = rows.map((row) => shapeLegendText(row.text, row.swatch ? 1 : 1.1));
  const indent = LEFT + SWATCH.width + 8;
  const width = Math.ceil(
    Math.max(
      120,
      ...texts.map((text, index) => (rows[index]?.swatch ? indent : LEFT) + (text?.width ?? 0) * FONT_SIZE),
    ) + LEFT,
  );
  const body = rows.map(({ swatch }, index) => {
    const y = 8 + index * ROW_HEIGHT + ROW_HEIGHT / 2;
    const text = texts[index];
    const left = swatch ? indent : LEFT;
    const label = text ? drawText(text, left + (text.width * FONT_SIZE) / 2, y, FONT_SIZE) : '';
    return `${swatch?.(LEFT, y - SWATCH.height / 2) ?? ''}<path fill="${swatch ? '#333333' : '#111111'}" d="${label}"/>`;
  });
  const height = rows.length * ROW_HEIGHT + 16;
  const paper = `<rect width="${width}" height="${height}" fill="#ffffff"/>`;
  return svgOf({ width, height, scale: drawing.scale }, pictures.toDefs() + paper + body.join(''));
}

function shapeLegendText(text: string, scale: number) {
  return shapeText([{ text, scale }], {
    maxWidth: Number.POSITIVE_INFINITY,
    lineHeight: 1.2,
    letterSpacing: 0,
    justify: 'left',
  });
}

interface LegendSection {
  readonly group: string;
  readonly pictures: Pictures;
}

function entriesOf(layer: LayerSpecification, drawing: LegendDrawing, { group, pictures }: LegendSection): LegendRow[] {
  const metadata = (layer.metadata ?? {}) as LayerMetadata & { casing?: string; outline?: string };
  if (metadata.group !== group || !drawing.shown.includes(layer.id)) return [];
  const text = metadata[drawing.language];
  const own = text ? [{ text, swatch: sampleSwatch(layer, drawing, pictures) }] : [];
  const listed = (metadata.legend ?? []).map((entry) => ({
    text:
      entry.value && layer.type === 'fill' ? `${entry.value} · ${entry[drawing.language]}` : entry[drawing.language],
    swatch: entrySwatch(entry, layer, pictures),
  }));
  return [...own, ...listed];
}

function entrySwatch(entry: LegendEntry, layer: LayerSpecification, pictures: Pictures) {
  return (x: number, y: number): string => {
    const [middle, centre] = [x + SWATCH.width / 2, y + SWATCH.height / 2];
    if (entry.icon) return sign(entry.icon, middle, centre, pictures);
    if (layer.type === 'circle') {
      return `<circle cx="${middle}" cy="${centre}" r="7" fill="${entry.colour}" stroke="#37424a" stroke-width="1"/>`;
    }
    return `<rect x="${x + 0.5}" y="${y + 0.5}" width="${SWATCH.width - 1}" height="${SWATCH.height - 1}" fill="${entry.colour}" stroke="#8a8178"/>`;
  };
}

function sign(name: string, x: number, y: number, pictures: Pictures): string {
  const size = pictures.size(name);
  return size ? pictures.sign(name, x, y, Math.min(1, (ROW_HEIGHT - 2) / size.height)) : '';
}

/** Renders a feature over the whole swatch, as the map does. */
function sampleSwatch(layer: LayerSpecification, { layers }: LegendDrawing, pictures: Pictures) {
  const { casing, outline } = (layer.metadata ?? {}) as { casing?: string; outline?: string };
  const under = layers.find(({ id }) => id === casing);
  return (x: number, y: number): string => {
    const at = new CompiledLayer(layer).at(LEGEND_ZOOM);
    if (layer.type === 'symbol') return symbolSwatch(at, x, y, pictures);
    if (layer.type === 'circle') return circleSwatch(at, x, y);
    const place = { x, y, width: SWATCH.width, height: SWATCH.height };
    const clip = [x, y, x + SWATCH.width, y + SWATCH.height] as const;
    const ring = [corner(0, 0), corner(4096, 0), corner(4096, 4096), corner(0, 4096)];
    if (layer.type === 'fill') {
      const feature = { type: 3 as const, properties: {}, geometry: [ring] };
      const area = drawAreas(at, [{ feature, place, clip }], { ...SWATCH, pictures });
      return (
        area +
        (outline
          ? `<rect x="${x}" y="${y}" width="${SWATCH.width}" height="${SWATCH.height}" fill="none" stroke="${outline}"/>`
          : '')
      );
    }
    const drawn = under ? [new CompiledLayer(under).at(LEGEND_ZOOM), at] : [at];
    return legendLine(drawn, { place, clip });
  };
}

/** Renders a line across the swatch, with its casing. Round ends must not reach into the words beside it. */
function legendLine(drawn: readonly LayerAt[], where: Pick<PlacedFeature, 'place' | 'clip'>): string {
  const end = Math.max(...drawn.map(capOf)) * (4096 / SWATCH.width);
  const feature = { ...LINE, geometry: [[corner(end, 2048), corner(4096 - end, 2048)]] };
  return drawn.map((layer) => drawLines(layer, [{ feature, ...where }])).join('');
}

/** Returns the length by which a line reaches beyond its ends, in pixels. */
function capOf(layer: LayerAt): number {
  return layer.layout('line-cap', LINE) === 'round' ? layer.value<number>('line-width', LINE) / 2 : 0;
}

function corner(x: number, y: number) {
  return { x, y };
}

function circleSwatch(at: LayerAt, x: number, y: number): string {
  const fill = paint('fill', at.value('circle-color')) || ' fill="none"';
  const stroke = paint('stroke', at.value('circle-stroke-color'));
  return `<circle cx="${x + SWATCH.width / 2}" cy="${y + SWATCH.height / 2}" r="7"${fill}${stroke} stroke-width="${roundToHundredth(at.value('circle-stroke-width'))}"/>`;
}

function symbolSwatch(at: LayerAt, x: number, y: number, pictures: Pictures): string {
  const [middle, centre] = [x + SWATCH.width / 2, y + SWATCH.height / 2];
  const icon = at.isGiven('icon-image') ? String(at.layout('icon-image', { type: 1, properties: {} }) ?? '') : '';
  if (pictures.has(icon)) return sign(icon, middle, centre, pictures);
  const text = shapeLegendText('Aa', 1);
  return text
    ? `<path${paint('fill', at.value('text-color', { type: 1, properties: {} }))} d="${drawText(text, middle, centre, FONT_SIZE)}"/>`
    : '';
}
