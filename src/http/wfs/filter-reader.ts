import type { Layer } from '../../catalog/layer.ts';
import type { Comparison, Expression, Operand, SpatialOperator } from '../../cql2/expression.ts';
import { TYPE_PREFIX } from '../layers/type-name.ts';
import { attributeOf, childOf, type XmlElement } from '../ows/xml-reader.ts';
import {
  type FilterState,
  fieldOf,
  isValueReference,
  readOperand,
  unsupported,
  wrongFesFilter,
} from './filter-operands.ts';
import { readFilterGeometry, readNear } from './filter-places.ts';
import { readTemporal } from './filter-times.ts';
import { likePattern } from './like-pattern.ts';
import { WFS_NAMESPACE } from './names.ts';

/** Prefixes that filters in URLs use without binding them. */
export const FILTER_BINDINGS = {
  fes: 'http://www.opengis.net/fes/2.0',
  ogc: 'http://www.opengis.net/ogc',
  gml: 'http://www.opengis.net/gml',
  [TYPE_PREFIX]: WFS_NAMESPACE,
};

const MAX_CONDITIONS = 500;

/** Content of a filter: names of features, or a condition. */
export interface ReadFilter {
  readonly resourceIds: readonly string[];
  readonly expression: Expression | undefined;
}

/** Returns the names of resources, if a filter has nothing else: FES 2.0 `ResourceId`, and its predecessors. */
export function readResourceIds(filter: XmlElement): string[] {
  return filter.children.flatMap((child) => {
    const name = { ResourceId: 'rid', FeatureId: 'fid', GmlObjectId: 'id' }[child.name];
    return name === undefined ? [] : (attributeOf(child, name) ?? []);
  });
}

/**
 * Returns the condition of a Filter of FES 2.0 or Filter Encoding 1.x on a layer.
 * @returns undefined if it only names resources
 * @throws Problem InvalidParameterValue or OptionNotSupported that says what would be right
 */
export function readFesFilter(
  filter: XmlElement,
  layer: Layer,
  { isShort }: { isShort: boolean },
): Expression | undefined {
  if (readResourceIds(filter).length === filter.children.length && filter.children.length > 0) return undefined;
  const [condition, ...rest] = filter.children;
  if (filter.name !== 'Filter' || !condition || rest.length > 0) {
    throw wrongFesFilter('một Filter có một điều kiện', 'a Filter with one condition');
  }
  return readCondition(condition, { layer, isShort, nodes: 0 });
}

const COMPARISON_ELEMENTS: Readonly<Record<string, Comparison>> = {
  PropertyIsEqualTo: '=',
  PropertyIsNotEqualTo: '<>',
  PropertyIsLessThan: '<',
  PropertyIsLessThanOrEqualTo: '<=',
  PropertyIsGreaterThan: '>',
  PropertyIsGreaterThanOrEqualTo: '>=',
};
const SPATIAL: Readonly<Record<string, SpatialOperator>> = {
  BBOX: 's_intersects',
  Intersects: 's_intersects',
  Intersect: 's_intersects',
  Disjoint: 's_disjoint',
  Equals: 's_equals',
  Touches: 's_touches',
  Crosses: 's_crosses',
  Within: 's_within',
  Contains: 's_contains',
  Overlaps: 's_overlaps',
};

function readCondition(element: XmlElement, state: FilterState): Expression {
  if (++state.nodes > MAX_CONDITIONS) {
    throw wrongFesFilter(`nhiều nhất ${MAX_CONDITIONS} điều kiện`, `at most ${MAX_CONDITIONS} conditions`);
  }
  const { name } = element;
  const comparison = COMPARISON_ELEMENTS[name];
  if (comparison) return readComparison(element, comparison, state);
  const spatial = SPATIAL[name];
  if (spatial) {
    const left: Operand = { kind: 'property', name: state.layer.geometry.column };
    return { kind: 'spatial', op: spatial, left, right: readFilterGeometry(element, spatial, state) };
  }
  switch (name) {
    case 'And':
    case 'Or':
      return { kind: name === 'And' ? 'and' : 'or', args: readAll(element, state) };
    case 'Not':
      return { kind: 'not', arg: readCondition(onlyChild(element), state) };
    case 'PropertyIsBetween':
      return readBetween(element, state);
    case 'PropertyIsLike':
      return readLike(element, state);
    case 'PropertyIsNull':
    case 'PropertyIsNil':
      return { kind: 'isNull', value: { kind: 'property', name: fieldOf(onlyChild(element), state).name } };
    case 'DWithin':
      return readNear(element, state);
    case 'Beyond':
      return { kind: 'not', arg: readNear(element, state) };
    case 'After':
    case 'Before':
    case 'During':
    case 'TEquals':
      return readTemporal(element, state);
    default:
      throw unsupported(name);
  }
}

function readAll(element: XmlElement, state: FilterState): Expression[] {
  if (element.children.length < 1)
    throw wrongFesFilter(`điều kiện trong ${element.name}`, `conditions in ${element.name}`);
  return element.children.map((child) => readCondition(child, state));
}

function onlyChild(element: XmlElement): XmlElement {
  const [child, ...rest] = element.children;
  if (child && rest.length === 0) return child;
  throw wrongFesFilter(`một phần tử trong ${element.name}`, `one element in ${element.name}`);
}

/** Reads two operands, of which one is a property. The other is converted to its type. */
function readComparison(element: XmlElement, op: Comparison, state: FilterState): Expression {
  const [left, right, ...rest] = element.children;
  if (!left || !right || rest.length > 0) {
    throw wrongFesFilter(`hai toán hạng trong ${element.name}`, `two operands in ${element.name}`);
  }
  const reference = [left, right].find(isValueReference);
  if (!reference) throw wrongFesFilter('một ValueReference trong mỗi phép', 'a ValueReference in each operation');
  const field = fieldOf(reference, state);
  const fold = field.type === 'string' && ignoresCase(element) ? caseless : (operand: Operand) => operand;
  return {
    kind: 'compare',
    op,
    left: fold(readOperand(left, field, state)),
    right: fold(readOperand(right, field, state)),
  };
}

function ignoresCase(element: XmlElement): boolean {
  return attributeOf(element, 'matchCase') === 'false';
}

const caseless = (arg: Operand): Operand => ({ kind: 'casei', arg });

function readBetween(element: XmlElement, state: FilterState): Expression {
  const [value, low, high] = [
    element.children.find(isValueReference),
    childOf(element, 'LowerBoundary'),
    childOf(element, 'UpperBoundary'),
  ];
  if (!value || !low || !high) {
    throw wrongFesFilter(
      'ValueReference, LowerBoundary và UpperBoundary',
      'a ValueReference, a LowerBoundary and an UpperBoundary',
    );
  }
  const field = fieldOf(value, state);
  return {
    kind: 'between',
    value: { kind: 'property', name: field.name },
    low: readOperand(onlyChild(low), field, state),
    high: readOperand(onlyChild(high), field, state),
  };
}

function readLike(element: XmlElement, state: FilterState): Expression {
  const reference = element.children.find(isValueReference);
  const literal = childOf(element, 'Literal');
  if (!reference || !literal) throw wrongFesFilter('ValueReference và Literal', 'a ValueReference and a Literal');
  const value: Operand = { kind: 'property', name: fieldOf(reference, state).name };
  const pattern: Operand = {
    kind: 'literal',
    value: likePattern(literal.text, {
      any: attributeOf(element, 'wildCard') ?? '*',
      one: attributeOf(element, 'singleChar') ?? '.',
      quote: attributeOf(element, 'escapeChar') ?? attributeOf(element, 'escape') ?? '!',
    }),
  };
  return ignoresCase(element)
    ? { kind: 'like', value: caseless(value), pattern: caseless(pattern) }
    : { kind: 'like', value, pattern };
}
