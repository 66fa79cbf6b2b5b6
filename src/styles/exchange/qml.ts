import type { Layer } from '../../catalog/layer.ts';
import type { Dimension } from '../../geometry/column.ts';
import type { Language } from '../../lib/errors.ts';
import { type Xml, type XmlContent, xml } from '../../lib/xml.ts';
import { inGroups, type SymbolizedLayer } from './drawing.ts';
import { qgisExpression, type ZoomVariable } from './qgis-expression.ts';
import { qgisLabel } from './qgis-label.ts';
import { type DrawnSymbolizer, qgisColour, qgisSymbol, type SymbolType } from './qgis-symbol.ts';
import type { TextSymbolizer } from './symbolizer.ts';
import { QGIS_SCALE_0, scaleAt, USUAL_ZOOM } from './units.ts';

/** Geometry types of QGIS. */
const GEOMETRY: Record<SymbolType, number> = { marker: 0, line: 1, fill: 2 };
const SYMBOL_TYPES: Record<Exclude<Dimension, 'mixed'>, SymbolType> = {
  point: 'marker',
  line: 'line',
  polygon: 'fill',
};

type Drawn<S> = SymbolizedLayer & { readonly symbolizer: S };

interface Split {
  readonly shapes: readonly Drawn<DrawnSymbolizer>[];
  readonly texts: readonly Drawn<TextSymbolizer>[];
}

function split(drawings: readonly SymbolizedLayer[]): Split {
  const isText = (each: SymbolizedLayer): each is Drawn<TextSymbolizer> => each.symbolizer.kind === 'text';
  return {
    texts: drawings.filter(isText),
    shapes: drawings.filter((each): each is Drawn<DrawnSymbolizer> => !isText(each)),
  };
}

/** Returns the type of a symbol. If a layer's rows differ in dimension, the symbolizer decides. */
function symbolType(dimension: Dimension, { symbolizer }: SymbolizedLayer): SymbolType {
  if (dimension !== 'mixed') return SYMBOL_TYPES[dimension];
  return symbolizer.kind === 'fill' || symbolizer.kind === 'line' ? symbolizer.kind : 'marker';
}

function usualZoom({ from, to }: SymbolizedLayer): number {
  return Math.min(to, Math.max(from, USUAL_ZOOM));
}

/** Returns the label priority. A label that MapLibre places first gives way last. */
function priorityOf(index: number, count: number): number {
  return count > 1 ? Math.round((10 * index) / (count - 1)) : 5;
}

function symbolOf(
  drawing: Drawn<DrawnSymbolizer>,
  name: number,
  kind: { type: SymbolType; variable: ZoomVariable },
): Xml {
  return qgisSymbol(drawing.symbolizer, { ...kind, zoom: usualZoom(drawing), pass: name, name: String(name) });
}

function expressionOf(filter: unknown): string {
  return filter === undefined ? '' : qgisExpression(filter);
}

/**
 * Returns renderer and labels of a feature layer: a rule for each drawing, in drawing order. Branches of one layer are
 * rules beneath one with their common filter.
 * @param drawings of that layer alone, from below
 */
export function featureSymbology({ geometry }: Layer, drawings: readonly SymbolizedLayer[], language: Language): Xml {
  const { shapes, texts } = split(drawings);
  const kindOf = (drawing: SymbolizedLayer) => ({
    type: symbolType(geometry.dimension, drawing),
    variable: 'feature' as const,
  });
  return xml`<renderer-v2 type="RuleRenderer" symbollevels="1" forceraster="0" enableorderby="0">
    <rules key="rules">${inGroups(shapes).map((group) => qmlRules(group, shapes, language))}</rules>
    <symbols>${shapes.map((each, index) => symbolOf(each, index, kindOf(each)))}</symbols>
  </renderer-v2>
  <labeling type="rule-based"><rules key="labels">${texts.map(
    (each, index) => xml`
    <rule key="label ${index}" filter="${expressionOf(each.filter)}" ${scales(each)} active="${each.isOn ? 1 : 0}">${qgisLabel(
      each.symbolizer,
      { ...kindOf(each), zoom: usualZoom(each), priority: priorityOf(index, texts.length) },
    )}</rule>`,
  )}</rules></labeling>`;
}

function scales({ from, to }: SymbolizedLayer): XmlContent {
  return xml`scalemaxdenom="${scaleAt(QGIS_SCALE_0, from)}" scalemindenom="${scaleAt(QGIS_SCALE_0, to)}"`;
}

function qmlRules(group: readonly SymbolizedLayer[], all: readonly SymbolizedLayer[], language: Language): XmlContent {
  const rule = (drawing: SymbolizedLayer, filter: string) => {
    const index = all.indexOf(drawing);
    return xml`
      <rule key="rule ${index}" symbol="${index}" label="${drawing.title?.[language] ?? ''}" filter="${filter}" ${scales(drawing)} checkstate="${drawing.isOn ? 1 : 0}"/>`;
  };
  const [first] = group;
  if (!first?.branch || group.length === 1) return group.map((each) => rule(each, expressionOf(each.filter)));
  return xml`
      <rule key="branches of ${first.branch.of}" label="${first.branch.title?.[language] ?? ''}" filter="${expressionOf(first.branch.filter)}" checkstate="${first.isOn ? 1 : 0}">${group.map(
        (each) => rule(each, each.branch?.when === 'else' ? 'ELSE' : expressionOf(each.branch?.when)),
      )}</rule>`;
}

export interface TileSymbologyOptions {
  readonly dimensionOf: (layer: string) => Dimension;
  readonly background: string | undefined;
  readonly language: Language;
}

/** Returns renderer and labels of a vector tile layer: a style for each drawing. */
export function tileSymbology(drawings: readonly SymbolizedLayer[], options: TileSymbologyOptions): Xml {
  const { dimensionOf, background, language } = options;
  const { shapes, texts } = split(drawings);
  const kindOf = (drawing: SymbolizedLayer) => ({
    type: symbolType(dimensionOf(drawing.layer), drawing),
    variable: 'tile' as const,
  });
  const attributes = (each: SymbolizedLayer): XmlContent =>
    xml`name="${each.title?.[language] ?? each.id}" layer="${each.layer}" geometry="${GEOMETRY[kindOf(each).type]}" expression="${expressionOf(each.filter)}"
      min-zoom="${each.from > 0 ? Math.floor(each.from) : -1}" max-zoom="${each.to < 24 ? Math.ceil(each.to) - 1 : -1}" enabled="${each.isOn ? 1 : 0}"`;
  return xml`<renderer type="basic"><styles>${background !== undefined && paper(background)}${shapes.map(
    (each) => xml`
    <style ${attributes(each)}><symbols>${symbolOf(each, 0, kindOf(each))}</symbols></style>`,
  )}</styles></renderer>
  <labeling type="basic"><styles>${texts.map(
    (each, index) => xml`
    <style ${attributes(each)}>${qgisLabel(each.symbolizer, { ...kindOf(each), zoom: usualZoom(each), priority: priorityOf(index, texts.length) })}</style>`,
  )}</styles></labeling>`;
}

/** Returns the background: QGIS draws a style of the layer `background` over each tile. */
function paper(colour: string): Xml {
  return xml`<style name="background" layer="background" geometry="2" expression="" min-zoom="-1" max-zoom="-1" enabled="1"><symbols>
    <symbol type="fill" name="0" alpha="1"><layer class="SimpleFill" pass="0" enabled="1" locked="0"><prop k="color" v="${qgisColour(colour)}"/>
    <prop k="style" v="solid"/><prop k="outline_style" v="no"/></layer></symbol></symbols></style>`;
}

/** Returns a style that QGIS loads into an existing layer (`.qml`). */
export function qml(symbology: Xml): string {
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n${xml`<qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="1">${symbology}</qgis>`.text}\n`;
}
