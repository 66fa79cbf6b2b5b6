import { Color } from '@maplibre/maplibre-gl-style-spec';
import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { XLINK_NAMESPACE, type Xml, type XmlContent, xml, xmlDocument } from '../../lib/xml.ts';
import { signsByName } from '../sprite.ts';
import { bendsOf, type Curve, valueAt } from './curve.ts';
import { inGroups, type SymbolizedLayer } from './drawing.ts';
import { ogcFilter } from './ogc-filter.ts';
import type { Anchor, Colour, Symbolizer, TextSymbolizer } from './symbolizer.ts';
import { OGC_SCALE_0, scaleAt } from './units.ts';

export interface SldOptions {
  readonly name: string;
  readonly title: string;
  readonly language: keyof Text;
  /** Returns the URL of a sign of the sprite, as SVG. */
  readonly signUrl: (name: string) => string;
}

/** The highest zoom in use. */
const LAST_ZOOM = 22;

/**
 * Returns a style as Styled Layer Descriptor 1.1 (OGC 05-078r4, 05-077r4). SLD has no curves, so each range of zooms
 * between two bends becomes a rule, with the value at its middle.
 * @param drawings from below
 */
export function sld(drawings: readonly SymbolizedLayer[], options: SldOptions): string {
  const layers = [...new Set(drawings.map(({ layer }) => layer))];
  return xmlDocument(xml`<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se"
  xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="${XLINK_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd">${layers.map(
    (layer) => xml`
  <NamedLayer><se:Name>${layer}</se:Name><UserStyle><se:Name>${options.name}</se:Name>
    <se:Description><se:Title>${options.title}</se:Title></se:Description>${inGroups(
      drawings.filter((each) => each.layer === layer && each.isOn),
    ).map(
      (group) => xml`
    <se:FeatureTypeStyle>${group.map((each) => rangesOf(each).map((range) => rule(each, range, options)))}</se:FeatureTypeStyle>`,
    )}
  </UserStyle></NamedLayer>`,
  )}
</StyledLayerDescriptor>`);
}

interface BendRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the zoom ranges of a drawing, split at the bends of its curves and at every whole zoom between them. */
function rangesOf({ from, to, symbolizer }: SymbolizedLayer): BendRange[] {
  const curves = Object.values(symbolizer).filter(
    (value): value is Curve => typeof value === 'object' && 'stops' in value,
  );
  const bends = curves.flatMap(bendsOf);
  if (!bends.length) return [{ from, to }];
  const [first, last] = [Math.min(...bends), Math.min(LAST_ZOOM, Math.max(...bends))];
  const whole = Array.from(
    { length: Math.max(0, Math.ceil(last) - Math.floor(first)) },
    (_, index) => Math.floor(first) + index,
  );
  const cuts = [...new Set([...whole, first, last])].filter((zoom) => zoom > from && zoom < to).sort((a, b) => a - b);
  return [from, ...cuts].map((start, index) => ({ from: start, to: cuts[index] ?? to }));
}

/** Beyond the last bend a curve is flat. */
function bendMiddle({ from, to }: BendRange): number {
  return (from + Math.min(to, LAST_ZOOM)) / 2;
}

function rule(drawing: SymbolizedLayer, range: BendRange, options: SldOptions): Xml {
  const { title, id } = drawing;
  const scale = (zoom: number) => scaleAt(OGC_SCALE_0, zoom);
  return xml`<se:Rule><se:Name>${id}</se:Name>${title && xml`<se:Description><se:Title>${title[options.language]}</se:Title></se:Description>`}
      ${filterXml(drawing)}
      ${range.to < LAST_ZOOM && xml`<se:MinScaleDenominator>${scale(range.to)}</se:MinScaleDenominator>`}
      ${range.from > 0 && xml`<se:MaxScaleDenominator>${scale(range.from)}</se:MaxScaleDenominator>`}
      ${symbolizerXml(drawing.symbolizer, bendMiddle(range), options)}</se:Rule>`;
}

/** Returns the filter of a rule. The fallback branch is an ElseFilter, which needs no list of the other conditions. */
function filterXml({ filter, branch }: SymbolizedLayer): XmlContent {
  if (branch?.when === 'else' && branch.filter === undefined) return xml`<se:ElseFilter/>`;
  return filter !== undefined && xml`<ogc:Filter>${ogcFilter(filter)}</ogc:Filter>`;
}

function symbolizerXml(symbolizer: Symbolizer, zoom: number, options: SldOptions): Xml {
  const at = (curve: Curve) => Math.round(valueAt(curve, zoom) * 1000) / 1000;
  switch (symbolizer.kind) {
    case 'fill': {
      const { colour, opacity, outline, pattern } = symbolizer;
      const painted =
        pattern === undefined ? sldFill(colour ?? 'transparent', at(opacity)) : graphicFill(pattern, options);
      return xml`<se:PolygonSymbolizer>${painted}${outline !== undefined && stroke({ colour: outline, width: 1, opacity: at(opacity) })}</se:PolygonSymbolizer>`;
    }
    case 'line': {
      const { colour, width, opacity, dashes, cap, join } = symbolizer;
      return xml`<se:LineSymbolizer>${stroke({ colour, width: at(width), opacity: at(opacity), dashes, cap, join })}</se:LineSymbolizer>`;
    }
    case 'circle': {
      const { colour, opacity, radius, strokeColour, strokeWidth } = symbolizer;
      return xml`<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName>${sldFill(colour, at(opacity))}${stroke(
        { colour: strokeColour, width: at(strokeWidth), opacity: 1 },
      )}</se:Mark><se:Size>${2 * at(radius) + at(strokeWidth)}</se:Size></se:Graphic></se:PointSymbolizer>`;
    }
    case 'icon':
      return xml`<se:PointSymbolizer>${graphic(symbolizer.image, at(symbolizer.scale), options)}</se:PointSymbolizer>`;
    default:
      return textXml(symbolizer, at);
  }
}

function svgParameter(name: string, value: XmlContent): Xml {
  return xml`<se:SvgParameter name="${name}">${value}</se:SvgParameter>`;
}

/** Splits a CSS colour into six hex digits and an opacity. A colour from an attribute is that attribute. */
function colourParts(colour: Colour): { hex: XmlContent; alpha: number } {
  if (typeof colour !== 'string') {
    const source = colour.find((part) => Array.isArray(part) && part[0] === 'get') as [string, string] | undefined;
    return { hex: source && xml`<ogc:PropertyName>${source[1]}</ogc:PropertyName>`, alpha: 1 };
  }
  const [r, g, b, alpha] = (Color.parse(colour) ?? Color.transparent).rgb;
  const hex = [r, g, b]
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('');
  return { hex: `#${hex}`, alpha };
}

function sldFill(colour: Colour, opacity: number): Xml {
  const { hex, alpha } = colourParts(colour);
  return xml`<se:Fill>${svgParameter('fill', hex)}${svgParameter('fill-opacity', opacity * alpha)}</se:Fill>`;
}

interface Stroke {
  readonly colour: Colour;
  readonly width: number;
  readonly opacity: number;
  readonly dashes?: readonly number[] | undefined;
  readonly cap?: string;
  readonly join?: string;
}

function stroke({ colour, width, opacity, dashes, cap, join }: Stroke): Xml {
  const { hex, alpha } = colourParts(colour);
  return xml`<se:Stroke>${svgParameter('stroke', hex)}${svgParameter('stroke-opacity', opacity * alpha)}${svgParameter('stroke-width', width)}${
    join !== undefined && svgParameter('stroke-linejoin', join === 'miter' ? 'mitre' : join)
  }${cap !== undefined && svgParameter('stroke-linecap', cap)}${
    dashes && svgParameter('stroke-dasharray', dashes.map((length) => roundToHundredth(length * width)).join(' '))
  }</se:Stroke>`;
}

function graphic(name: string, scale: number, { signUrl }: SldOptions): Xml {
  const height = signsByName().get(name)?.height ?? 16;
  return xml`<se:Graphic><se:ExternalGraphic><se:OnlineResource xlink:type="simple" xlink:href="${signUrl(name)}"/>
    <se:Format>image/svg+xml</se:Format></se:ExternalGraphic><se:Size>${roundToHundredth(height * scale)}</se:Size></se:Graphic>`;
}

function graphicFill(name: string, options: SldOptions): Xml {
  return xml`<se:Fill><se:GraphicFill>${graphic(name, 1, options)}</se:GraphicFill></se:Fill>`;
}

/** Position of the point in the box of the text, from its left and from its bottom. */
const ANCHORS: Record<Anchor, readonly [number, number]> = {
  center: [0.5, 0.5],
  left: [0, 0.5],
  right: [1, 0.5],
  top: [0.5, 1],
  bottom: [0.5, 0],
};

function textXml(symbolizer: TextSymbolizer, at: (curve: Curve) => number): Xml {
  const { text, colour, size, haloColour, haloWidth, placement, anchors, offset, spacing } = symbolizer;
  const [x, y] = ANCHORS[anchors[0] ?? 'center'];
  const place =
    placement === 'line'
      ? xml`<se:LinePlacement><se:IsRepeated>true</se:IsRepeated><se:Gap>${spacing}</se:Gap></se:LinePlacement>`
      : xml`<se:PointPlacement><se:AnchorPoint><se:AnchorPointX>${x}</se:AnchorPointX><se:AnchorPointY>${y}</se:AnchorPointY></se:AnchorPoint>
        <se:Displacement><se:DisplacementX>${offset[0] * at(size)}</se:DisplacementX><se:DisplacementY>${-offset[1] * at(size)}</se:DisplacementY></se:Displacement></se:PointPlacement>`;
  return xml`<se:TextSymbolizer><se:Label>${sldLabel(text)}</se:Label>
      <se:Font>${svgParameter('font-family', 'Noto Sans')}${svgParameter('font-size', at(size))}</se:Font><se:LabelPlacement>${place}</se:LabelPlacement>
      ${haloColour !== undefined && xml`<se:Halo><se:Radius>${at(haloWidth)}</se:Radius>${sldFill(haloColour, 1)}</se:Halo>`}${sldFill(colour, 1)}</se:TextSymbolizer>`;
}

/**
 * Returns the attributes and literals of a text in sequence. SLD can neither format numbers nor evaluate conditions.
 */
function sldLabel(text: unknown): XmlContent {
  if (typeof text === 'string') return xml`<ogc:Literal>${text}</ogc:Literal>`;
  if (!Array.isArray(text)) return undefined;
  const [operator, ...operands] = text as [string, ...unknown[]];
  if (operator === 'get') return xml`<ogc:PropertyName>${String(operands[0])}</ogc:PropertyName>`;
  if (operator === 'format') return operands.filter((_, index) => index % 2 === 0).map(sldLabel);
  if (operator === 'case') return sldLabel(operands[1]);
  return operator === 'concat' ? operands.map(sldLabel) : sldLabel(operands[0]);
}
