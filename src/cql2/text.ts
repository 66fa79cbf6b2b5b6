import type { Position } from 'geojson';
import type { Node } from 'ohm-js';
import type { Problem } from '../errors.ts';
import {
  ARRAY_OPERATORS,
  type ArithmeticOperator,
  type Comparison,
  type Expression,
  type IntervalEnd,
  type Operand,
  SPATIAL_OPERATORS,
  TEMPORAL_OPERATORS,
} from './expression.ts';
import { CQL2 } from './grammar.ts';
import {
  MAX_DEPTH,
  MAX_LIST,
  readBBox,
  readDate,
  readGeometryLiteral,
  readIntervalEnd,
  readText,
  readTimestamp,
  wrongFilter,
} from './literal.ts';

/** What a URL can hold; parsed in 40 ms. */
const MAX_LENGTH = 16_384;
/**
 * A filter in CQL2 text as an expression.
 * @throws Problem invalid-parameter that says where the text stops being CQL2, and what could stand there
 */
export function parseCql2Text(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw wrongFilter(`chữ không quá ${MAX_LENGTH} ký tự`, `text of at most ${MAX_LENGTH} characters`);
  }
  requireShallow(text);
  try {
    const match = CQL2.match(text);
    if (match.failed()) throw notCql2(text, match.getRightmostFailurePosition(), match.shortMessage ?? '');
    return SEMANTICS(match).expression() as Expression;
  } catch (error) {
    // A sum of thousands: recursion went deeper than the stack.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

/** What takes the parser long, and no one writes: parentheses and signs within each other. */
function requireShallow(text: string): void {
  let depth = 0;
  for (const [token, prefixes] of text.matchAll(/'(?:''|\\'|[^'])*'|"[^"]*"|((?:(?:[-+]|\bnot\b)\s*)+)|[()]/gi)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    if (depth + (prefixes?.trim().split(/\s+|(?=[-+])/).length ?? 0) > MAX_DEPTH) throw tooDeep();
  }
}

function tooDeep(): Problem {
  return wrongFilter(`không sâu quá ${MAX_DEPTH} tầng`, `at most ${MAX_DEPTH} levels deep`);
}

function notCql2(text: string, position: number, message: string): Problem {
  const rest = text.slice(position, position + 20);
  const expected = /expected (.*)$/s.exec(message)?.[1] ?? 'CQL2';
  const where =
    rest === ''
      ? ['ở cuối', 'at its end']
      : [`ở ký tự ${position + 1} ("${rest}")`, `at character ${position + 1} ("${rest}")`];
  return wrongFilter(`CQL2: ${where[0]} phải là ${expected}`, `CQL2 text: ${where[1]} expected ${expected}`);
}

const negative = (operand: Operand): Operand =>
  operand.kind === 'literal' && typeof operand.value === 'number'
    ? { kind: 'literal', value: -operand.value }
    : { kind: 'arithmetic', op: '*', left: { kind: 'literal', value: -1 }, right: operand };

const arithmetic =
  (op: ArithmeticOperator) =>
  (left: Node, _: Node, right: Node): Operand => ({
    kind: 'arithmetic',
    op,
    left: left.operand(),
    right: right.operand(),
  });

/** `a [NOT] …`: the predicate, denied where NOT is there. */
const perhapsNot = (not: Node, expression: Expression): Expression =>
  not.numChildren > 0 ? { kind: 'not', arg: expression } : expression;

const several = (kind: 'and' | 'or', first: Node, rest: Node): Expression =>
  rest.numChildren === 0
    ? first.expression()
    : { kind, args: [first, ...rest.children].map((each) => each.expression() as Expression) };

/** An operator by its name in whatever case; as the standard writes it. */
function operatorOf<T extends string>(operators: readonly T[], node: Node): T {
  const name = node.sourceString.toLowerCase();
  const found = operators.find((operator) => operator.toLowerCase() === name);
  if (found) return found;
  throw wrongFilter(
    `một trong ${operators.join(', ')} (không có "${name.slice(0, 40)}")`,
    `one of ${operators.join(', ')} (there is no "${name.slice(0, 40)}")`,
  );
}

const binary =
  <K extends 'spatial' | 'temporal' | 'array'>(kind: K, operators: readonly string[]) =>
  (op: Node, _open: Node, left: Node, _comma: Node, right: Node, _close: Node): Expression =>
    ({ kind, op: operatorOf(operators, op), left: left.operand(), right: right.operand() }) as Expression;

const listOf = (list: Node): Operand[] => list.asIteration().children.map((each) => each.operand() as Operand);
const shapesOf = (list: Node): unknown[] => list.asIteration().children.map((each) => each.coordinates() as unknown);

const SEMANTICS = CQL2.createSemantics()
  .addOperation<Expression>('expression', {
    BooleanExpression: (first, _or, rest) => several('or', first, rest),
    BooleanTerm: (first, _and, rest) => several('and', first, rest),
    BooleanFactor_not: (_not, factor) => ({ kind: 'not', arg: factor.expression() }),
    BooleanFactor_group: (_open, expression, _close) => expression.expression(),
    BooleanFactor_holds: (value) => ({ kind: 'holds', value: value.operand() }),
    Predicate_spatial: binary('spatial', SPATIAL_OPERATORS),
    Predicate_temporal: binary('temporal', TEMPORAL_OPERATORS),
    Predicate_array: binary('array', ARRAY_OPERATORS),
    Predicate_compare: (left, op, right) => ({
      kind: 'compare',
      op: op.sourceString as Comparison,
      left: left.operand(),
      right: right.operand(),
    }),
    Predicate_like: (value, not, _like, pattern) =>
      perhapsNot(not, { kind: 'like', value: value.operand(), pattern: pattern.operand() }),
    Predicate_between: (value, not, _between, low, _and, high) =>
      perhapsNot(not, { kind: 'between', value: value.operand(), low: low.operand(), high: high.operand() }),
    Predicate_in: (value, not, _in, _open, list, _close) =>
      perhapsNot(not, { kind: 'in', value: value.operand(), list: requireList(listOf(list)) }),
    Predicate_isNull: (value, _is, not, _null) => perhapsNot(not, { kind: 'isNull', value: value.operand() }),
  })
  .addOperation<Operand>('operand', {
    Sum_plus: arithmetic('+'),
    Sum_minus: arithmetic('-'),
    Product_times: arithmetic('*'),
    Product_over: arithmetic('/'),
    Product_modulo: arithmetic('%'),
    Product_div: arithmetic('div'),
    Power_power: arithmetic('^'),
    Factor_negative: (_minus, factor) => negative(factor.operand()),
    Factor_positive: (_plus, factor) => factor.operand(),
    Factor_group: (_open, operand, _close) => operand.operand(),
    Instant: (kind, _open, text, _close) =>
      /^date$/i.test(kind.sourceString) ? readDate(textOf(text)) : readTimestamp(textOf(text)),
    Interval: (_interval, _open, start, _comma, end, _close) => ({
      kind: 'interval',
      start: start.end(),
      end: end.end(),
    }),
    Fold: (kind, _open, arg, _close) => ({
      kind: kind.sourceString.toLowerCase() as 'casei' | 'accenti',
      arg: arg.operand(),
    }),
    Call: (name, _open, args, _close) => ({ kind: 'call', name: name.sourceString, args: listOf(args) }),
    List: (_open, list, _close) => ({ kind: 'list', items: requireList(listOf(list)) }),
    Property_quoted: (name) => ({
      kind: 'property',
      name: readText(name.sourceString.slice(1, -1).replaceAll('""', '"')),
    }),
    Property_bare: (name) => ({ kind: 'property', name: name.sourceString }),
    Text: (text) => ({ kind: 'literal', value: readText(textOf(text)) }),
    Number: (number) => ({ kind: 'literal', value: numberOf(number) }),
    Boolean: (value) => ({ kind: 'literal', value: /^true$/i.test(value.sourceString) }),
    Bbox: (_bbox, _open, numbers, _close) => readBBox(shapesOf(numbers)),
    Collection(_name, _open, _shapes, _close) {
      return readGeometryLiteral(this.geometry());
    },
    Shape: (shape) => readGeometryLiteral(shape.geometry()),
  })
  .addOperation<IntervalEnd>('end', {
    IntervalEnd_text: (text) => readIntervalEnd(textOf(text)),
    IntervalEnd: (end) => (end.ctorName === 'IntervalEnd_text' ? end.end() : end.operand()),
  })
  .addOperation<object>('geometry', {
    Collection: (_name, _open, shapes, _close) => ({
      type: 'GeometryCollection',
      geometries: shapes.asIteration().children.map((each) => each.geometry() as unknown),
    }),
    Shape_point: (_name, _dimension, positions) => ({ type: 'Point', coordinates: only(positions.coordinates()) }),
    Shape_points: (_name, _dimension, _open, points, _close) => ({
      type: 'MultiPoint',
      coordinates: shapesOf(points).map((each) => only(each as Position[])),
    }),
    Shape_plainPoints: (_name, _dimension, positions) => ({ type: 'MultiPoint', coordinates: positions.coordinates() }),
    Shape_line: (_name, _dimension, positions) => ({ type: 'LineString', coordinates: positions.coordinates() }),
    Shape_lines: (name, _dimension, lines) => ({
      type: /^polygon$/i.test(name.sourceString) ? 'Polygon' : 'MultiLineString',
      coordinates: lines.coordinates(),
    }),
    Shape_polygons: (_name, _dimension, _open, polygons, _close) => ({
      type: 'MultiPolygon',
      coordinates: shapesOf(polygons),
    }),
  })
  .addOperation<unknown>('coordinates', {
    Lines: (_open, lines, _close) => shapesOf(lines),
    Positions: (_open, positions, _close) => shapesOf(positions),
    Position: (x, y, z, m) => [x, y, ...z.children, ...m.children].map((each) => each.coordinates() as number),
    SignedNumber: (number) => numberOf(number),
  });

function textOf(text: Node): string {
  return text.sourceString.slice(1, -1).replaceAll("''", "'").replaceAll("\\'", "'");
}

function numberOf(number: Node): number {
  const value = Number(number.sourceString);
  if (Number.isFinite(value)) return value;
  throw wrongFilter('số nhỏ hơn 1.8e308', 'numbers below 1.8e308');
}

function only(positions: readonly Position[]): Position {
  if (positions.length === 1 && positions[0]) return positions[0];
  throw wrongFilter('POINT có một vị trí', 'a POINT of one position');
}

function requireList(items: Operand[]): Operand[] {
  if (items.length >= 1 && items.length <= MAX_LIST) return items;
  throw wrongFilter(`danh sách từ 1 đến ${MAX_LIST} giá trị`, `a list of 1 to ${MAX_LIST} values`);
}
