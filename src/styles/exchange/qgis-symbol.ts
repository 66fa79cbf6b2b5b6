import { Color } from '@maplibre/maplibre-gl-style-spec';
import { type Xml, type XmlContent, xml } from '../../lib/xml.ts';
import { type SignDrawing, signsByName } from '../sprite.ts';
import { type Curve, mapCurve, valueAt } from './curve.ts';
import { colourExpression, curveExpression, type ZoomVariable } from './qgis-expression.ts';
import type {
  CircleSymbolizer,
  Colour,
  FillSymbolizer,
  IconSymbolizer,
  LineSymbolizer,
  Symbolizer,
} from './symbolizer.ts';
import { MM_OF_PIXEL as MM } from './units.ts';

/** Symbol types of QGIS, one for each dimension of geometries. */
export type SymbolType = 'marker' | 'line' | 'fill';

/** Symbolizers that draw the features themselves; texts are labels. */
export type DrawnSymbolizer = Exclude<Symbolizer, { kind: 'text' }>;

export interface SymbolOptions {
  readonly type: SymbolType;
  readonly variable: ZoomVariable;
  /** Zoom at which a curve is evaluated if QGIS cannot compute it. */
  readonly zoom: number;
  /** Order among the symbols of the layer, from below. */
  readonly pass: number;
  readonly name: string;
}

/** One layer of a symbol: its class, its properties, and the data-defined ones. */
interface SymbolLayer {
  readonly class: string;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly computed: Readonly<Record<string, string | undefined>>;
  readonly inner?: Xml;
}

/** Returns a symbol of QGIS (`<symbol>` of QML) in millimetres, so that a print has the same sizes as a screen. */
export function qgisSymbol(symbolizer: DrawnSymbolizer, options: SymbolOptions): Xml {
  const { type, name, pass, variable, zoom } = options;
  const opacity = symbolizer.opacity;
  const layer = qgisSymbolLayer(symbolizer, options);
  const percent = curveExpression(
    mapCurve(opacity, (value) => value * 100),
    variable,
  );
  return xml`<symbol type="${type}" name="${name}" alpha="${valueAt(opacity, zoom)}" clip_to_extent="1" force_rhr="0">
    ${computedProperties({ alpha: percent })}
    <layer class="${layer.class}" pass="${pass}" enabled="1" locked="0">
      ${symbolProperties(layer.properties)}${computedProperties(layer.computed)}${layer.inner}
    </layer></symbol>`;
}

function qgisSymbolLayer(symbolizer: DrawnSymbolizer, options: SymbolOptions): SymbolLayer {
  switch (symbolizer.kind) {
    case 'fill':
      return symbolizer.pattern === undefined ? plainFill(symbolizer) : patternFill(symbolizer.pattern);
    case 'line':
      return lineLayer(symbolizer, options);
    default:
      return options.type === 'fill' ? centroidLayer(symbolizer, options) : markerLayer(symbolizer, options);
  }
}

function plainFill({ colour, outline }: FillSymbolizer): SymbolLayer {
  return {
    class: 'SimpleFill',
    properties: {
      ...colourOf('color', colour),
      style: 'solid',
      ...colourOf('outline_color', outline),
      outline_style: outline === undefined ? 'no' : 'solid',
      outline_width: MM,
      outline_width_unit: 'MM',
    },
    computed: { fillColor: colour && colourExpression(colour), outlineColor: outline && colourExpression(outline) },
  };
}

function patternFill(pattern: string): SymbolLayer {
  const sign = spriteSign(pattern);
  const none = xml`<symbol type="line" name="@0@0" alpha="1"><layer class="SimpleLine" pass="0" enabled="1" locked="0">
    ${symbolProperties({ line_style: 'no', line_width: 0 })}</layer></symbol>`;
  return {
    class: 'SVGFill',
    properties: { svgFile: embedded(sign), width: sign.width * MM, pattern_width_unit: 'MM' },
    computed: {},
    inner: none,
  };
}

function lineLayer(
  { colour, width, dashes, cap, join }: LineSymbolizer,
  { variable, zoom }: SymbolOptions,
): SymbolLayer {
  const millimetres = mapCurve(width, (pixels) => pixels * MM);
  const at = valueAt(millimetres, zoom);
  const computedWidth = curveExpression(millimetres, variable);
  const dash = (expression: string) =>
    `array_to_string(array_foreach(array(${dashes?.join(', ')}), @element * (${expression})), ';')`;
  return {
    class: 'SimpleLine',
    properties: {
      ...colourOf('line_color', colour),
      line_width: at,
      line_width_unit: 'MM',
      line_style: 'solid',
      capstyle: cap === 'butt' ? 'flat' : cap,
      joinstyle: join,
      use_custom_dash: dashes ? 1 : 0,
      ...(dashes && { customdash: dashes.map((length) => length * at).join(';'), customdash_unit: 'MM' }),
    },
    computed: {
      outlineColor: colourExpression(colour),
      outlineWidth: computedWidth,
      customDash: dashes && computedWidth && dash(computedWidth),
    },
  };
}

function markerLayer(symbolizer: CircleSymbolizer | IconSymbolizer, options: SymbolOptions): SymbolLayer {
  const { variable, zoom } = options;
  const sized = (curve: Curve) => ({ at: valueAt(curve, zoom), expression: curveExpression(curve, variable) });
  if (symbolizer.kind === 'icon') {
    const sign = spriteSign(symbolizer.image);
    const size = sized(mapCurve(symbolizer.scale, (scale) => sign.width * scale * MM));
    return {
      class: 'SvgMarker',
      properties: { name: embedded(sign), size: size.at, size_unit: 'MM', scale_method: 'diameter' },
      computed: { size: size.expression },
    };
  }
  const { colour, radius, strokeColour, strokeWidth } = symbolizer;
  // MapLibre draws the stroke around the circle, QGIS along its edge.
  const stroke = typeof strokeWidth === 'number' ? strokeWidth : valueAt(strokeWidth, zoom);
  const size = sized(mapCurve(radius, (pixels) => (2 * pixels + stroke) * MM));
  return {
    class: 'SimpleMarker',
    properties: {
      name: 'circle',
      ...colourOf('color', colour),
      ...colourOf('outline_color', strokeColour),
      outline_style: stroke > 0 ? 'solid' : 'no',
      outline_width: stroke * MM,
      outline_width_unit: 'MM',
      size: size.at,
      size_unit: 'MM',
      scale_method: 'diameter',
    },
    computed: {
      size: size.expression,
      fillColor: colourExpression(colour),
      outlineColor: colourExpression(strokeColour),
    },
  };
}

/** Returns a sign in the middle of an area. */
function centroidLayer(symbolizer: CircleSymbolizer | IconSymbolizer, options: SymbolOptions): SymbolLayer {
  return {
    class: 'CentroidFill',
    properties: { point_on_surface: 1, point_on_all_parts: 0, clip_points: 0 },
    computed: {},
    inner: qgisSymbol({ ...symbolizer, opacity: 1 }, { ...options, type: 'marker', name: '@0@0' }),
  };
}

function colourOf(name: string, colour: Colour | undefined): Record<string, string> {
  return { [name]: qgisColour(colour ?? 'transparent') };
}

/** Returns `r,g,b,a`, each 0-255. For a computed colour, that is its last constant. */
export function qgisColour(colour: Colour): string {
  const text = typeof colour === 'string' ? colour : colour.findLast((part) => typeof part === 'string');
  const parsed = Color.parse(String(text)) ?? Color.transparent;
  const [r, g, b, a] = parsed.rgb;
  return [r, g, b, a].map((part) => Math.round(part * 255)).join(',');
}

function symbolProperties(values: Readonly<Record<string, string | number>>): XmlContent {
  return Object.entries(values).map(
    ([name, value]) => xml`<prop k="${name}" v="${typeof value === 'number' ? roundedLength(value) : value}"/>`,
  );
}

function roundedLength(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Returns data-defined properties as a QGIS collection. */
export function computedOptions(expressions: Readonly<Record<string, string | undefined>>): Xml {
  const given = Object.entries(expressions).filter(([, expression]) => expression !== undefined);
  return xml`<Option type="Map"><Option name="name" type="QString" value=""/>
    <Option name="properties" type="Map">${given.map(
      ([name, expression]) => xml`<Option name="${name}" type="Map"><Option name="active" type="bool" value="true"/>
        <Option name="expression" type="QString" value="${expression}"/><Option name="type" type="int" value="3"/></Option>`,
    )}</Option><Option name="type" type="QString" value="collection"/></Option>`;
}

function computedProperties(expressions: Readonly<Record<string, string | undefined>>): Xml {
  return xml`<data_defined_properties>${computedOptions(expressions)}</data_defined_properties>`;
}

/**
 * Returns a sign of the sprite by its name.
 * @throws Error if there is none; a test checks the styles for it
 */
function spriteSign(name: string): SignDrawing {
  const sign = signsByName().get(name);
  if (!sign) throw new Error(`No drawing "${name}" in styles/sprites`);
  return sign;
}

/** Returns a picture as a name in which QGIS finds the picture itself. */
function embedded({ svg }: SignDrawing): string {
  return `base64:${Buffer.from(svg).toString('base64')}`;
}

/** Returns the name by which QGIS finds the picture behind a text. */
export function embeddedSign(name: string): string {
  return embedded(spriteSign(name));
}
