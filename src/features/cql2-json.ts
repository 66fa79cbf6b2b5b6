import { coordAll } from '@turf/meta';
import { invalidParameter, type Problem } from '../errors.ts';
import { readGeometry } from '../geo/geojson.ts';
import { isObject } from '../shape.ts';
import type { Comparison, Expression, Operand } from './expression.ts';

/** Deeper nesting than any form builds; bounds the recursion. */
const MAX_DEPTH = 20;
const MAX_NODES = 500;
const MAX_LIST = 1000;
const MAX_TEXT = 1000;
const MAX_VERTICES = 5000;

type Args = readonly unknown[];
type Reader = (args: Args, state: State) => Expression;

interface State {
  readonly depth: number;
  readonly budget: { nodes: number };
}

/**
 * A filter in CQL2 JSON as an expression: and, or, not, the six comparisons, between, in, like, isNull, s_intersects.
 * @throws Problem invalid-parameter that says what would be right
 */
export function parseCql2Json(value: unknown): Expression {
  return readExpression(value, { depth: 0, budget: { nodes: MAX_NODES } });
}

const compare =
  (op: Comparison): Reader =>
  (args) => {
    const [left, right] = arity(args, op, 2);
    return { kind: 'compare', op, left: readOperand(left), right: readOperand(right) };
  };

const several =
  (kind: 'and' | 'or'): Reader =>
  (args, state) => {
    if (args.length < 2) throw wrongFilter(`args của "${kind}" có ít nhất 2 phần tử`, `at least 2 args for "${kind}"`);
    return { kind, args: args.map((arg) => readExpression(arg, state)) };
  };

const OPERATORS: Readonly<Record<string, Reader>> = {
  and: several('and'),
  or: several('or'),
  not: (args, state) => ({ kind: 'not', arg: readExpression(arity(args, 'not', 1)[0], state) }),
  '=': compare('='),
  '<>': compare('<>'),
  '<': compare('<'),
  '<=': compare('<='),
  '>': compare('>'),
  '>=': compare('>='),
  between: (args) => {
    const [value, low, high] = arity(args, 'between', 3).map(readOperand) as [Operand, Operand, Operand];
    return { kind: 'between', value, low, high };
  },
  in: (args) => {
    const [value, list] = arity(args, 'in', 2);
    if (!Array.isArray(list) || list.length === 0 || list.length > MAX_LIST) {
      throw wrongFilter(
        `"in" có danh sách từ 1 đến ${MAX_LIST} giá trị`,
        `"in" with a list of 1 to ${MAX_LIST} values`,
      );
    }
    return { kind: 'in', value: readOperand(value), list: list.map(readOperand) };
  },
  like: (args) => {
    const [value, pattern] = arity(args, 'like', 2);
    if (typeof pattern !== 'string') throw wrongFilter('"like" có mẫu là chữ', '"like" with a pattern that is text');
    return { kind: 'like', value: readOperand(value), pattern: readText(pattern) };
  },
  isNull: (args) => ({ kind: 'isNull', value: readOperand(arity(args, 'isNull', 1)[0]) }),
  s_intersects: readIntersects,
};

function readExpression(value: unknown, { depth, budget }: State): Expression {
  if (depth > MAX_DEPTH || --budget.nodes < 0) {
    throw wrongFilter(
      `không sâu quá ${MAX_DEPTH} tầng và không quá ${MAX_NODES} phép`,
      `at most ${MAX_DEPTH} levels deep and of at most ${MAX_NODES} operations`,
    );
  }
  const { op, args } = isObject(value) ? value : {};
  const read = typeof op === 'string' && Object.hasOwn(OPERATORS, op) ? OPERATORS[op] : undefined;
  if (!read || !Array.isArray(args)) {
    const known = Object.keys(OPERATORS).join(', ');
    throw wrongFilter(
      `{"op": ..., "args": [...]} với op là một trong: ${known}`,
      `{"op": ..., "args": [...]}, op one of: ${known}`,
    );
  }
  return read(args, { depth: depth + 1, budget });
}

function readOperand(value: unknown): Operand {
  if (typeof value === 'string') return { kind: 'literal', value: readText(value) };
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return { kind: 'literal', value };
  }
  if (isObject(value)) {
    if (typeof value.property === 'string') return { kind: 'property', name: value.property };
    if (typeof value.date === 'string') return readDate(value.date);
    if (typeof value.timestamp === 'string') return readTimestamp(value.timestamp);
  }
  throw wrongFilter(
    'giá trị là chữ, số, true/false, {"property": ...}, {"date": "2026-01-31"} hoặc {"timestamp": "2026-01-31T00:00:00Z"}',
    'values that are text, numbers, true/false, {"property": ...}, {"date": "2026-01-31"} or {"timestamp": "2026-01-31T00:00:00Z"}',
  );
}

function readIntersects(args: Args): Expression {
  const pair = arity(args, 's_intersects', 2);
  const property = pair
    .map((arg) => (isObject(arg) ? arg.property : undefined))
    .find((name) => typeof name === 'string');
  const literal = pair.find((arg) => isObject(arg) && typeof arg.property !== 'string');
  if (typeof property !== 'string' || literal === undefined) {
    throw wrongFilter(
      's_intersects của một thuộc tính hình học và một hình học GeoJSON',
      's_intersects of a geometry property and a GeoJSON geometry',
    );
  }
  const geometry = readGeometry(literal, 'filter');
  if (geometry.type === 'GeometryCollection') throw wrongFilter('một hình học đơn loại', 'a geometry of one type');
  let vertices = 0;
  for (const [lon = 0, lat = 0] of coordAll(geometry)) {
    if (++vertices > MAX_VERTICES)
      throw wrongFilter(`hình học không quá ${MAX_VERTICES} đỉnh`, `a geometry of at most ${MAX_VERTICES} vertices`);
    if (Math.abs(lon) > 180 || Math.abs(lat) > 90) {
      throw wrongFilter(
        `hình học bằng độ, kinh độ trước (ở đây có [${lon}, ${lat}])`,
        `a geometry in degrees, longitude first (here is [${lon}, ${lat}])`,
      );
    }
  }
  return { kind: 'intersects', property, geometry };
}

/** @throws Problem where the day is not in the calendar */
export function readDate(text: string): Operand {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!time || Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== text || text.startsWith('0000')) {
    throw wrongFilter(
      `ngày như 2026-01-31 (ở đây là "${text.slice(0, 40)}")`,
      `dates such as 2026-01-31 (here is "${text.slice(0, 40)}")`,
    );
  }
  return { kind: 'date', text };
}

/** @throws Problem where it is not RFC 3339 */
export function readTimestamp(text: string): Operand {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? new Date(text)
    : undefined;
  if (!time || Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1) {
    throw wrongFilter(
      `thời điểm như 2026-01-31T07:00:00Z (ở đây là "${text.slice(0, 40)}")`,
      `timestamps such as 2026-01-31T07:00:00Z (here is "${text.slice(0, 40)}")`,
    );
  }
  return { kind: 'timestamp', text: time.toISOString() };
}

/** PostgreSQL has no text with U+0000 in it. */
function readText(text: string): string {
  if (text.length > MAX_TEXT || text.includes('\0')) {
    throw wrongFilter(
      `chữ không quá ${MAX_TEXT} ký tự, không có U+0000`,
      `text of at most ${MAX_TEXT} characters, without U+0000`,
    );
  }
  return text;
}

function arity(args: Args, op: string, length: number): Args {
  if (args.length === length) return args;
  throw wrongFilter(
    `"${op}" có ${length} args (ở đây ${args.length})`,
    `"${op}" with ${length} args (here ${args.length})`,
  );
}

/** @param vi what belongs to a right filter; @param en the same, as an end of "must be …" */
export function wrongFilter(vi: string, en: string): Problem {
  return invalidParameter('filter', { vi: `bộ lọc đúng: ${vi}`, en });
}
