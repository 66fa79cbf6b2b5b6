import { Color } from '@maplibre/maplibre-gl-style-spec';
import { type Xml, xml } from '../../lib/xml.ts';
import { valueAt } from './curve.ts';
import { inGroups, type SymbolizedLayer } from './drawing.ts';
import type { Symbolizer } from './symbolizer.ts';
import { USUAL_ZOOM } from './units.ts';

/** Styles of a KML, and the choice among them. */
export interface KmlStyling {
  readonly styles: readonly Xml[];
  /** Field whose value chooses the style; undefined: all have the same. */
  readonly field: string | undefined;
  /** Returns the id of the style; undefined if nothing is drawn in a colour. */
  readonly idOf: (value: string | null) => string | undefined;
}

type Painted = Extract<Symbolizer, { readonly kind: 'fill' | 'line' | 'circle' }>;

const KINDS = ['fill', 'circle', 'line'] as const;

/**
 * Returns the colours of a layer as KML styles (OGC 12-007r2 §12). An area, or else a point or a line, is coloured by
 * the values of one field; the outline of areas is that of the first line.
 * @param drawings of that layer alone, from below
 */
export function kmlStyling(drawings: readonly SymbolizedLayer[]): KmlStyling {
  const paintedAs = (kind: Painted['kind']) => drawings.filter(({ symbolizer }) => symbolizer.kind === kind);
  const kind = KINDS.find((each) => paintedAs(each).length);
  const [group = []] = kind === undefined ? [] : inGroups(paintedAs(kind));
  const outline = kind === 'fill' ? paintedAs('line')[0]?.symbolizer : undefined;
  const choices = group.map((drawing) => ({ drawing, choice: choiceOf(drawing.branch?.when) }));
  const field = choices.find(({ choice }) => choice)?.choice?.field;
  const ids = new Map<string, string>();
  for (const [index, { choice }] of choices.entries()) {
    if (choice?.field === field) for (const value of choice?.values ?? []) ids.set(value, kmlStyleId(index));
  }
  const other = group.length
    ? kmlStyleId(
        Math.max(
          0,
          group.findIndex(({ branch }) => branch?.when === 'else'),
        ),
      )
    : undefined;
  return {
    styles: group.map(({ symbolizer }, index) => kmlStyle(kmlStyleId(index), [symbolizer, outline])),
    field,
    idOf: (value) => (value === null ? undefined : ids.get(value)) ?? other,
  };
}

const kmlStyleId = (index: number) => `style-${index}`;

/** Reads `["==", ["get", field], value]` and `["in", ["get", field], ["literal", values]]`. */
function choiceOf(when: unknown): { readonly field: string; readonly values: readonly string[] } | undefined {
  const [operator, input, given] = Array.isArray(when) ? when : [];
  if (!Array.isArray(input) || input[0] !== 'get' || (operator !== '==' && operator !== 'in')) return undefined;
  const values: unknown = operator === '==' ? [given] : (given as readonly unknown[])[1];
  return { field: String(input[1]), values: Array.isArray(values) ? values.map(String) : [] };
}

function kmlStyle(id: string, symbolizers: readonly (Symbolizer | undefined)[]): Xml {
  const part = <K extends Painted['kind']>(kind: K) =>
    symbolizers.find((each): each is Extract<Painted, { kind: K }> => each?.kind === kind);
  const [circle, line, fill] = [part('circle'), part('line'), part('fill')];
  return xml`<Style id="${id}">${circle && xml`<IconStyle>${kmlColour(circle)}</IconStyle>`}${
    line && xml`<LineStyle>${kmlColour(line)}<width>${valueAt(line.width, USUAL_ZOOM)}</width></LineStyle>`
  }${fill && xml`<PolyStyle>${kmlColour(fill)}</PolyStyle>`}</Style>\n`;
}

/** Returns a colour as KML writes it: hexadecimal opacity, blue, green, red. */
function kmlColour({ colour, opacity }: Painted): Xml {
  const text = typeof colour === 'string' ? colour : colour?.findLast((part) => typeof part === 'string');
  const [r, g, b, a] = (Color.parse(String(text ?? 'transparent')) ?? Color.transparent).rgb;
  const bytes = [a * valueAt(opacity, USUAL_ZOOM), b, g, r].map((part) =>
    Math.round(part * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return xml`<color>${bytes.join('')}</color>`;
}
