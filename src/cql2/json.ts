import { isObject } from '../lib/shape.ts';
import {
  ARITHMETIC,
  ARRAY_OPERATORS,
  type ArithmeticOperator,
  COMPARISONS,
  type Expression,
  type IntervalEnd,
  type Operand,
  SPATIAL_OPERATORS,
  TEMPORAL_OPERATORS,
} from './expression.ts';
import {
  MAX_CONDITION_DEPTH,
  MAX_LIST,
  MAX_NODES,
  readBBox,
  readDate,
  readGeometryLiteral,
  readIntervalEnd,
  readText,
  readTimestamp,
  wrongFilter,
} from './literal.ts';

type Args = readonly unknown[];

/** Depth of the reader, and the nodes that it may still read. */
interface ReaderState {
  readonly depth: number;
  readonly budget: { nodes: number };
}

type OperationReader = (args: Args, state: ReaderState) => Expression;

/**
 * Parses a filter in CQL2 JSON.
 * @throws Problem invalid-parameter that says what would be right
 */
export function parseCql2Json(value: unknown): Expression {
  return readExpression(value, { depth: 0, budget: { nodes: MAX_NODES } });
}

const pair = (op: string, args: Args, state: ReaderState): { left: Operand; right: Operand } => {
  const [left, right] = arity(args, op, 2);
  return { left: readJsonOperand(left, state), right: readJsonOperand(right, state) };
};

const several =
  (kind: 'and' | 'or'): OperationReader =>
  (args, state) => {
    if (args.length < 2) throw wrongFilter(`args của "${kind}" có ít nhất 2 phần tử`, `at least 2 args for "${kind}"`);
    return { kind, args: args.map((arg) => readExpression(arg, state)) };
  };

const OPERATORS: Readonly<Record<string, OperationReader>> = {
  and: several('and'),
  or: several('or'),
  not: (args, state) => ({ kind: 'not', arg: readExpression(arity(args, 'not', 1)[0], state) }),
  between: (args, state) => {
    const [value, low, high] = arity(args, 'between', 3).map((arg) => readJsonOperand(arg, state));
    return { kind: 'between', value: value as Operand, low: low as Operand, high: high as Operand };
  },
  in: (args, state) => {
    const [value, list] = arity(args, 'in', 2);
    if (!Array.isArray(list)) throw wrongList('"in"');
    return { kind: 'in', value: readJsonOperand(value, state), list: readOperands(list, state) };
  },
  like: (args, state) => {
    const { left, right } = pair('like', args, state);
    return { kind: 'like', value: left, pattern: right };
  },
  isNull: (args, state) => ({ kind: 'isNull', value: readJsonOperand(arity(args, 'isNull', 1)[0], state) }),
  ...each(COMPARISONS, (op) => (args, state) => ({ kind: 'compare', op, ...pair(op, args, state) })),
  ...each(SPATIAL_OPERATORS, (op) => (args, state) => ({ kind: 'spatial', op, ...pair(op, args, state) })),
  ...each(TEMPORAL_OPERATORS, (op) => (args, state) => ({ kind: 'temporal', op, ...pair(op, args, state) })),
  ...each(ARRAY_OPERATORS, (op) => (args, state) => ({ kind: 'array', op, ...pair(op, args, state) })),
};

function each<T extends string>(
  operators: readonly T[],
  reader: (op: T) => OperationReader,
): Record<string, OperationReader> {
  return Object.fromEntries(operators.map((op) => [op, reader(op)]));
}

function readExpression(value: unknown, state: ReaderState): Expression {
  const inside = deeper(state, MAX_CONDITION_DEPTH);
  const { op, args } = isObject(value) ? value : {};
  const read = typeof op === 'string' && Object.hasOwn(OPERATORS, op) ? OPERATORS[op] : undefined;
  if (read && Array.isArray(args)) return read(args, inside);
  const isValue = typeof value === 'boolean' || (isObject(value) && typeof value.property === 'string');
  if (isValue || (typeof op === 'string' && Array.isArray(args))) {
    return { kind: 'holds', value: readJsonOperand(value, inside) };
  }
  const known = Object.keys(OPERATORS).join(', ');
  throw wrongFilter(
    `{"op": ..., "args": [...]} với op là một trong: ${known}`,
    `{"op": ..., "args": [...]}, op one of: ${known}`,
  );
}

function readJsonOperand(value: unknown, state: ReaderState): Operand {
  // Values are nested deeper than the conditions that hold them.
  const inside = deeper(state, 2 * MAX_CONDITION_DEPTH);
  if (typeof value === 'string') return { kind: 'literal', value: readText(value) };
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    return { kind: 'literal', value };
  }
  if (Array.isArray(value)) return { kind: 'list', items: readOperands(value, inside) };
  const found = isObject(value) ? readObject(value, inside) : undefined;
  if (found) return found;
  throw wrongFilter(
    'giá trị là chữ, số, true/false, danh sách, hình học GeoJSON, {"property": ...}, {"date": "2026-01-31"}, {"timestamp": "2026-01-31T00:00:00Z"}, {"interval": [..., ...]} hoặc {"bbox": [...]}',
    'values that are text, numbers, true/false, lists, GeoJSON geometries, {"property": ...}, {"date": "2026-01-31"}, {"timestamp": "2026-01-31T00:00:00Z"}, {"interval": [..., ...]} or {"bbox": [...]}',
  );
}

function readObject(value: Record<string, unknown>, state: ReaderState): Operand | undefined {
  if (typeof value.property === 'string') return { kind: 'property', name: readText(value.property) };
  if (typeof value.date === 'string') return readDate(value.date);
  if (typeof value.timestamp === 'string') return readTimestamp(value.timestamp);
  if (Array.isArray(value.bbox) && value.type === undefined) return readBBox(value.bbox);
  if (Array.isArray(value.interval)) {
    const [start, end] = arity(value.interval, 'interval', 2).map((item) => readJsonEnd(item, state));
    return { kind: 'interval', start: start as IntervalEnd, end: end as IntervalEnd };
  }
  if (typeof value.op === 'string' && Array.isArray(value.args)) return readCall(value.op, value.args, state);
  return typeof value.type === 'string' ? readGeometryLiteral(value) : undefined;
}

function readCall(op: string, args: Args, state: ReaderState): Operand {
  if (op === 'casei' || op === 'accenti') return { kind: op, arg: readJsonOperand(arity(args, op, 1)[0], state) };
  if (ARITHMETIC.includes(op as ArithmeticOperator)) {
    return { kind: 'arithmetic', op: op as ArithmeticOperator, ...pair(op, args, state) };
  }
  return { kind: 'call', name: readText(op), args: args.map((arg) => readJsonOperand(arg, state)) };
}

function readJsonEnd(value: unknown, state: ReaderState): IntervalEnd {
  if (typeof value === 'string') return readIntervalEnd(value);
  const end = readJsonOperand(value, state);
  if (end.kind === 'property' || end.kind === 'date' || end.kind === 'timestamp' || end.kind === 'call') return end;
  throw wrongFilter(
    'đầu mút khoảng là ngày, thời điểm, thuộc tính hoặc ".."',
    'ends of intervals that are dates, timestamps, properties or ".."',
  );
}

function readOperands(list: Args, state: ReaderState): Operand[] {
  if (list.length === 0 || list.length > MAX_LIST) throw wrongList('');
  // A long list of values counts as one node.
  const inside = { depth: state.depth, budget: { nodes: state.budget.nodes + list.length } };
  return list.map((item) => readJsonOperand(item, inside));
}

function wrongList(op: string) {
  return wrongFilter(
    `${op} danh sách từ 1 đến ${MAX_LIST} giá trị`.trim(),
    `${op} with a list of 1 to ${MAX_LIST} values`.trim(),
  );
}

function deeper({ depth, budget }: ReaderState, most: number): ReaderState {
  if (depth <= most && --budget.nodes >= 0) return { depth: depth + 1, budget };
  throw wrongFilter(
    `không sâu quá ${MAX_CONDITION_DEPTH} tầng và không quá ${MAX_NODES} phép`,
    `at most ${MAX_CONDITION_DEPTH} levels deep and of at most ${MAX_NODES} operations`,
  );
}

function arity(args: Args, op: string, length: number): Args {
  if (args.length === length) return args;
  throw wrongFilter(
    `"${op}" có ${length} args (ở đây ${args.length})`,
    `"${op}" with ${length} args (here ${args.length})`,
  );
}
