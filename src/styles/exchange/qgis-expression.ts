import type { Curve } from './curve.ts';
import type { Colour } from './symbolizer.ts';
import { QGIS_SCALE_0 } from './units.ts';

/** Kind of layer for an expression: tiles know their zoom, feature layers the scale of the map. */
export type ZoomVariable = 'tile' | 'feature';

const ZOOM_VARIABLES: Record<ZoomVariable, string> = {
  tile: '@vector_tile_zoom',
  feature: `log(2, ${Math.round(QGIS_SCALE_0)} / @map_scale)`,
};

export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function quotedField(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}

type ExpressionWriter = (...operands: readonly unknown[]) => string;

const infix =
  (operator: string): ExpressionWriter =>
  (a, b) =>
    `${qgisExpression(a)} ${operator} ${qgisExpression(b)}`;
const joinedExpression =
  (operator: string): ExpressionWriter =>
  (...operands) =>
    operands.map((each) => `(${qgisExpression(each)})`).join(` ${operator} `);

/** Operators of MapLibre as expressions of QGIS. */
const OPERATORS: Readonly<Record<string, ExpressionWriter>> = {
  get: quotedField,
  has: (name) => `${quotedField(name)} IS NOT NULL`,
  '!': (operand) => `NOT coalesce(${qgisExpression(operand)}, false)`,
  '==': infix('='),
  '!=': (a, b) => `${qgisExpression(a)} IS NOT ${qgisExpression(b)}`,
  '>': infix('>'),
  '>=': infix('>='),
  '<': infix('<'),
  '<=': infix('<='),
  all: joinedExpression('AND'),
  any: joinedExpression('OR'),
  in: (input, list) => `${qgisExpression(input)} IN (${literalsOf(list).join(', ')})`,
  case: (...operands) => caseOf(operands),
  coalesce: (...operands) => `coalesce(${operands.map(qgisExpression).join(', ')})`,
  concat: (...operands) => `concat(${operands.map(qgisExpression).join(', ')})`,
  format: (...operands) =>
    `concat(${operands
      .filter((_, index) => index % 2 === 0)
      .map(qgisExpression)
      .join(', ')})`,
  'to-string': (operand) => `to_string(${qgisExpression(operand)})`,
  'number-format': (operand, options) => {
    const { 'max-fraction-digits': digits = 0, locale = 'vi' } = options as Record<string, string | number>;
    return `format_number(${qgisExpression(operand)}, ${digits}, language:=${quoted(String(locale))})`;
  },
};

/**
 * Converts an expression of MapLibre to one of QGIS. A missing field is NULL, as in MapLibre's `get`.
 * @throws Error for an operator that none of our styles uses: a test converts them all
 */
export function qgisExpression(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (!Array.isArray(value)) return value === null ? 'NULL' : String(value);
  const [operator, ...operands] = value as [string, ...unknown[]];
  const write = OPERATORS[operator];
  if (!write) throw new Error(`QGIS has no word for "${operator}"`);
  return write(...operands);
}

function literalsOf(list: unknown): string[] {
  const [operator, values] = list as [string, readonly unknown[]];
  if (operator !== 'literal') throw new Error('"in" takes a literal list');
  return values.map(qgisExpression);
}

function caseOf(operands: readonly unknown[]): string {
  const whens = operands
    .slice(0, -1)
    .flatMap((condition, index) =>
      index % 2 ? [] : [`WHEN ${qgisExpression(condition)} THEN ${qgisExpression(operands[index + 1])}`],
    );
  return `CASE ${whens.join(' ')} ELSE ${qgisExpression(operands.at(-1))} END`;
}

/** Returns a colour that depends on attributes as an expression; undefined for a constant. */
export function colourExpression(colour: Colour): string | undefined {
  if (typeof colour === 'string') return undefined;
  const [operator, ...candidates] = colour;
  if (operator !== 'to-color') return qgisExpression(colour);
  return `coalesce(${candidates.map(qgisExpression).join(', ')})`;
}

/** Returns a curve as a QGIS expression of the zoom; undefined for a constant. */
export function curveExpression(curve: Curve, variable: ZoomVariable): string | undefined {
  if (typeof curve === 'number') return undefined;
  const { stops, base, isStep } = curve;
  const zoom = ZOOM_VARIABLES[variable];
  const pieces = stops.slice(0, -1).map(([from, low], index) => {
    const [to, high] = stops[index + 1] as readonly [number, number];
    if (isStep) return `WHEN ${zoom} < ${to} THEN ${low}`;
    const range = `${zoom}, ${from}, ${to}, ${low}, ${high}`;
    return `WHEN ${zoom} < ${to} THEN ${base === 1 ? `scale_linear(${range})` : `scale_exp(${range}, ${base})`}`;
  });
  // Without a scale, QGIS falls back to the symbol's own value.
  return `CASE WHEN ${zoom} IS NULL THEN NULL ${pieces.join(' ')} ELSE ${stops.at(-1)?.[1]} END`;
}
