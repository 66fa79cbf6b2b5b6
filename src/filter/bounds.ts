import type { Geometry } from 'geojson';
import type { Expression, GeometryLiteral, Operand, SpatialOperator } from '../cql2/expression.ts';
import { MAX_FILTER_VERTICES, MAX_NODES, MAX_TEXT, wrongFilter } from '../cql2/literal.ts';
import { countVertices, MAX_CROSSINGS, tangleOf } from '../geo/tangle.ts';
import { wrongParameter } from '../lib/errors.ts';

/**
 * Limits of one filter for every row. The slowest accepted filter takes 2 s for 20 000 parcels, measured by section
 * `hostile` of the bench.
 */
export const FILTER_LIMITS = {
  /** Comparisons, connectives, functions and arithmetic. */
  operations: MAX_NODES,
  depth: 60,
  /** CASEI, ACCENTI and A_... */
  folds: 10,
  spatial: 10,
  /** Values in all lists. */
  listed: 5000,
  vertices: MAX_FILTER_VERTICES,
  /**
   * Vertices of geometries that are compared with each row as a whole. Without an index of their sides they take 2 µs
   * each.
   */
  plainVertices: 250,
  text: MAX_TEXT,
  /**
   * Digits before and after the decimal point of numbers in arithmetic. A product has as many as all of its factors
   * together.
   */
  digits: 15,
  /** Microseconds a row for all {@link EFFORTS} together: 2 s for 20 000 rows. */
  effort: 90,
} as const;

/** Microseconds a row of each operation, on the slower engine, measured on 20 000 parcels. */
const EFFORTS = {
  operations: 0.06,
  patterns: 0.25,
  sums: 0.3,
  folds: 7.5,
  spatial: 1,
  vertices: 0.02,
  plainVertices: 0.2,
} as const;

/** Operators for which GEOS prepares the geometry once, with an index of its sides, for all rows. */
export const PREPARED: ReadonlySet<SpatialOperator> = new Set([
  's_intersects',
  's_disjoint',
  's_within',
  's_contains',
  's_equals',
]);

interface Tally {
  operations: number;
  folds: number;
  spatial: number;
  listed: number;
  vertices: number;
  plainVertices: number;
  effort: number;
  readonly geometries: Geometry[];
}

/**
 * Rejects a filter that is too expensive. PostGIS cannot do this: nothing cancels a statement once GEOS has begun.
 * @throws Problem invalid-parameter that gives the limit, the number found, and what would be right
 */
export function requireBounded(filter: Expression): void {
  const counts = { operations: 0, folds: 0, spatial: 0, listed: 0, vertices: 0, plainVertices: 0, effort: 0 };
  const tally: Tally = { ...counts, geometries: [] };
  addExpression(filter, tally, 0);
  requireSimple(tally.geometries);
}

function addExpression(filter: Expression, tally: Tally, depth: number): void {
  addCount(tally, 'operations', 1);
  requireShallow(depth);
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const arg of filter.args) addExpression(arg, tally, depth + 1);
      return;
    case 'not':
      addExpression(filter.arg, tally, depth + 1);
      return;
    case 'spatial':
      addCount(tally, 'spatial', 1);
      for (const side of [filter.left, filter.right]) addPlace(side, tally, PREPARED.has(filter.op));
      return;
    case 'near':
      addCount(tally, 'spatial', 1);
      addPlace(filter.place, tally, false);
      return;
    default:
      if (filter.kind === 'array') addCount(tally, 'folds', 1);
      if (filter.kind === 'like') addEffort(tally, EFFORTS.patterns);
      for (const operand of operandsOf(filter)) addOperand(operand, tally, depth + 1);
  }
}

type Simple = Exclude<Expression, { kind: 'and' | 'or' | 'not' | 'spatial' | 'near' }>;

function operandsOf(filter: Simple): readonly Operand[] {
  switch (filter.kind) {
    case 'between':
      return [filter.value, filter.low, filter.high];
    case 'in':
      return [filter.value, { kind: 'list', items: filter.list }];
    case 'like':
      return [filter.value, filter.pattern];
    case 'isNull':
    case 'holds':
      return [filter.value];
    default:
      return [filter.left, filter.right];
  }
}

function addOperand(operand: Operand, tally: Tally, depth: number): void {
  requireShallow(depth);
  switch (operand.kind) {
    case 'literal':
      if (typeof operand.value === 'string') requireShort(operand.value);
      return;
    case 'list':
      addCount(tally, 'listed', operand.items.length);
      for (const item of operand.items) addOperand(item, tally, depth + 1);
      return;
    case 'casei':
    case 'accenti':
      addCount(tally, 'folds', 1);
      addOperand(operand.arg, tally, depth + 1);
      return;
    case 'arithmetic':
      addCount(tally, 'operations', 1);
      addEffort(tally, EFFORTS.sums);
      for (const side of [operand.left, operand.right]) {
        requireFewDigits(side);
        addOperand(side, tally, depth + 1);
      }
      return;
    case 'geometry':
    case 'bbox':
      addPlace(operand, tally, true);
      return;
    default:
      return;
  }
}

const BOX_VERTICES = 5;

function addPlace(operand: Operand, tally: Tally, isPrepared: boolean): void {
  if (operand.kind === 'property') return;
  const geometry = operand.kind === 'geometry' ? operand.geometry : undefined;
  const vertices = geometry ? countVertices(geometry) : BOX_VERTICES;
  addCount(tally, 'vertices', vertices);
  if (!isPrepared || (geometry && hasPoints(geometry))) addCount(tally, 'plainVertices', vertices);
  if (geometry) tally.geometries.push(geometry);
}

/** Returns true if the geometry has points, for which GEOS never builds an index. */
function hasPoints(geometry: GeometryLiteral['geometry']): boolean {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.some(hasPoints);
  return geometry.type === 'MultiPoint';
}

type Counted = Exclude<keyof Tally, 'geometries' | 'effort'>;

const COUNTED: Readonly<Record<Counted, readonly [vi: string, en: string]>> = {
  operations: ['phép', 'operations'],
  folds: ['phép CASEI, ACCENTI và A_...', 'operations CASEI, ACCENTI and A_...'],
  spatial: ['phép không gian', 'spatial operations'],
  listed: ['giá trị trong các danh sách', 'values in its lists'],
  vertices: ['đỉnh trong các hình học', 'vertices in its geometries'],
  plainVertices: [
    'đỉnh trong các hình học của S_TOUCHES, S_CROSSES, S_OVERLAPS, khoảng cách và MULTIPOINT (S_INTERSECTS, S_DISJOINT, S_WITHIN thì nhiều hơn)',
    'vertices in geometries of S_TOUCHES, S_CROSSES, S_OVERLAPS, of distances and of MULTIPOINTs (S_INTERSECTS, S_DISJOINT and S_WITHIN take more)',
  ],
};

function addCount(tally: Tally, what: Counted, count: number): void {
  tally[what] += count;
  if (tally[what] <= FILTER_LIMITS[what]) {
    if (what !== 'listed') addEffort(tally, count * EFFORTS[what]);
    return;
  }
  const [vi, en] = COUNTED[what];
  throw filterTooLarge(
    `có ${tally[what]} ${vi} trở lên; nhiều nhất là ${FILTER_LIMITS[what]}`,
    `has ${tally[what]} ${en} or more; the most is ${FILTER_LIMITS[what]}`,
  );
}

function addEffort(tally: Tally, microseconds: number): void {
  tally.effort += microseconds;
  if (tally.effort <= FILTER_LIMITS.effort) return;
  throw filterTooLarge(
    `đòi hỏi quá nhiều ở mỗi đối tượng (hơn ${FILTER_LIMITS.effort} µs); hãy bớt CASEI, ACCENTI, LIKE, phép tính hoặc đỉnh của hình học`,
    `asks too much of each feature (more than ${FILTER_LIMITS.effort} µs); use fewer CASEI, ACCENTI, LIKE, sums, or vertices of geometries`,
  );
}

function requireShallow(depth: number): void {
  if (depth <= FILTER_LIMITS.depth) return;
  throw filterTooLarge(`sâu hơn ${FILTER_LIMITS.depth} tầng`, `is more than ${FILTER_LIMITS.depth} levels deep`);
}

function requireShort(text: string): void {
  if (text.length <= FILTER_LIMITS.text) return;
  throw filterTooLarge(
    `có chữ dài ${text.length} ký tự; nhiều nhất là ${FILTER_LIMITS.text}`,
    `has a text of ${text.length} characters; the most is ${FILTER_LIMITS.text}`,
  );
}

function requireFewDigits(operand: Operand): void {
  if (operand.kind !== 'literal' || typeof operand.value !== 'number' || operand.value === 0) return;
  const size = Math.abs(operand.value);
  if (size < 10 ** FILTER_LIMITS.digits && size >= 10 ** -FILTER_LIMITS.digits) return;
  throw wrongFilter(
    `phép tính với số từ 1e-${FILTER_LIMITS.digits} đến 1e${FILTER_LIMITS.digits} (ở đây ${operand.value})`,
    `arithmetic with numbers from 1e-${FILTER_LIMITS.digits} to 1e${FILTER_LIMITS.digits} (here ${operand.value})`,
  );
}

function requireSimple(geometries: readonly Geometry[]): void {
  for (const geometry of geometries) {
    const tangle = tangleOf(geometry, Math.floor(MAX_CROSSINGS / geometries.length));
    if (tangle) throw filterTooLarge(`có hình học ${tangle.vi}`, `has a geometry that ${tangle.en}`);
  }
}

/** Builds the error from sentences about the filter, without their subject. */
function filterTooLarge(vi: string, en: string) {
  return wrongParameter('filter', { vi: `Bộ lọc ${vi}.`, en: `The filter ${en}.` });
}
