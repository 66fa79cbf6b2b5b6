import { type Xml, xml } from '../../lib/xml.ts';
import { mapCurve, valueAt } from './curve.ts';
import { colourExpression, curveExpression, qgisExpression, type ZoomVariable } from './qgis-expression.ts';
import { computedOptions, embeddedSign, qgisColour, type SymbolType } from './qgis-symbol.ts';
import type { Anchor, TextSymbolizer } from './symbolizer.ts';
import { MM_OF_PIXEL as MM, POINTS_OF_PIXEL as POINTS } from './units.ts';

export interface LabelOptions {
  readonly type: SymbolType;
  readonly variable: ZoomVariable;
  readonly zoom: number;
  /** From 0 (first to give way) to 10. */
  readonly priority: number;
}

/** Average number of letters per em. QGIS breaks lines by a count of letters. */
const LETTERS_PER_EM = 1.9;

/** Values of `QgsPalLayerSettings`. */
const PLACEMENT = { overPoint: 1, curved: 3, horizontal: 4, ordered: 6 };
/** The quadrant around the point that holds the text, by the text's anchor. */
const QUADRANT: Record<Anchor, number> = { bottom: 1, right: 3, center: 4, left: 5, top: 7 };
const POSITION: Record<Anchor, string> = { top: 'B', bottom: 'T', left: 'R', right: 'L', center: 'O' };

/** Returns `<settings>` of a label in QML. */
export function qgisLabel(text: TextSymbolizer, options: LabelOptions): Xml {
  const { variable, zoom } = options;
  const points = mapCurve(text.size, (pixels) => pixels * POINTS);
  const computed = { Size: curveExpression(points, variable), Color: colourExpression(text.colour) };
  return xml`<settings calloutType="simple">
    <text-style fieldName="${qgisExpression(text.text)}" isExpression="1" fontFamily="Noto Sans" namedStyle="Regular"
      fontSize="${valueAt(points, zoom)}" fontSizeUnit="Point" textColor="${qgisColour(text.colour)}" textOpacity="1"
      fontLetterSpacing="${text.letterSpacing * valueAt(points, zoom)}" capitalization="${text.isUppercase ? 1 : 0}"
      multilineHeight="1" allowHtml="0" useSubstitutions="0">
      <families><family name="Noto Sans"/><family name="Open Sans"/><family name="DejaVu Sans"/></families>
      ${halo(text, zoom)}${shield(text)}
    </text-style>
    <text-format autoWrapLength="${text.placement === 'point' ? Math.round(text.maxWidth * LETTERS_PER_EM) : 0}"
      wrapChar="" useMaxLineLengthForAutoWrap="1" multilineAlign="1" plussign="0" formatNumbers="0"/>
    ${placement(text, options)}
    <rendering displayAll="${text.overlaps ? 1 : 0}" obstacle="0" drawLabels="1" scaleVisibility="0" fontLimitPixelSize="0"
      mergeLines="${text.placement === 'line' ? 1 : 0}" labelPerPart="0" upsidedownLabels="0" minFeatureSize="0" zIndex="0"/>
    <dd_properties>${computedOptions(computed)}</dd_properties>
  </settings>`;
}

function halo({ haloColour, haloWidth }: TextSymbolizer, zoom: number): Xml {
  const width = haloColour === undefined ? 0 : valueAt(haloWidth, zoom);
  return xml`<text-buffer bufferDraw="${width > 0 ? 1 : 0}" bufferSize="${width * MM}" bufferSizeUnits="MM"
    bufferColor="${qgisColour(haloColour ?? 'transparent')}" bufferOpacity="1" bufferJoinStyle="128"/>`;
}

/** Returns a picture that grows with the text. */
function shield({ shield: name }: TextSymbolizer): Xml | false {
  return (
    name !== undefined &&
    xml`<background shapeDraw="1" shapeType="4" shapeSVGFile="${embeddedSign(name)}" shapeSizeType="0" shapeSizeX="0.6"
      shapeSizeY="0.6" shapeSizeUnit="MM" shapeOpacity="1" shapeRotationType="0" shapeRotation="0"/>`
  );
}

function placement(text: TextSymbolizer, options: LabelOptions): Xml {
  const { placement: along, anchors, offset, size, spacing } = text;
  const { type, zoom, priority } = options;
  const [anchor = 'center'] = anchors;
  const em = valueAt(size, zoom) * MM;
  const kind = placementOf(text, type);
  return xml`<placement placement="${kind}" placementFlags="9" priority="${priority}" quadOffset="${QUADRANT[anchor]}"
    xOffset="${offset[0] * em}" yOffset="${offset[1] * em}" offsetUnits="MM" offsetType="1" dist="${Math.hypot(...offset) * em}" distUnits="MM"
    predefinedPositionOrder="${anchors.map((each) => POSITION[each]).join(',')}" centroidInside="1" fitInPolygonOnly="0"
    repeatDistance="${along === 'line' ? spacing * MM : 0}" repeatDistanceUnits="MM" maxCurvedCharAngleIn="35" maxCurvedCharAngleOut="-35"/>`;
}

function placementOf({ placement: along, anchors, shield }: TextSymbolizer, type: SymbolType): number {
  // Along a curve, each letter would get a shield of its own.
  if (shield !== undefined || type === 'fill') return PLACEMENT.horizontal;
  if (along === 'line') return PLACEMENT.curved;
  return anchors.length > 1 ? PLACEMENT.ordered : PLACEMENT.overPoint;
}
