import type { Field, Layer } from '../../../catalog/layer.ts';
import type { Comparison, Expression, GeometryLiteral, Operand, SpatialOperator } from '../../../cql2/expression.ts';
import { exception } from '../exception.ts';
import { attributeOf, childOf, type XmlElement } from '../xml-reader.ts';
import { defaultCrsName } from './crs-name.ts';
import { isGmlGeometry, readGmlGeometry } from './gml-reader.ts';
import { LITERAL_READERS } from './literals.ts';
import { localName, NAMESPACE, PREFIX } from './names.ts';

/** Prefixes that filters in URLs use without binding them. */
export const FILTER_BINDINGS = {
  fes: 'http://www.opengis.net/fes/2.0',
  ogc: 'http://www.opengis.net/ogc',
  gml: 'http://www.opengis.net/gml',
  [PREFIX]: NAMESPACE,
};

const MAX_NODES = 500;

/** What a filter asks for: features that are named, or a condition. */
export interface ReadFilter {
  readonly resourceIds: readonly string[];
  readonly expression: Expression | undefined;
}

interface State {
  readonly layer: Layer;
  /** Whether coordinates in the layer's own system are east first, as in WFS 1.0.0. */
  readonly isShort: boolean;
  nodes: number;
}

/** Names of resources in a filter that has nothing else: FES 2.0 `ResourceId`, and what it was before. */
export function readResourceIds(filter: XmlElement): string[] {
  return filter.children.flatMap((child) => {
    const name = { ResourceId: 'rid', FeatureId: 'fid', GmlObjectId: 'id' }[child.name];
    return name === undefined ? [] : (attributeOf(child, name) ?? []);
  });
}

/**
 * The condition of a Filter of FES 2.0 or Filter Encoding 1.x, about a layer.
 * @returns undefined where it only names resources
 * @throws Problem InvalidParameterValue or OptionNotSupported that says what would be right
 */
export function readFilter(
  filter: XmlElement,
  layer: Layer,
  { isShort }: { isShort: boolean },
): Expression | undefined {
  if (readResourceIds(filter).length === filter.children.length && filter.children.length > 0) return undefined;
  const [condition, ...rest] = filter.children;
  if (filter.name !== 'Filter' || !condition || rest.length > 0) {
    throw wrongFilter('một Filter có một điều kiện', 'a Filter with one condition');
  }
  return readCondition(condition, { layer, isShort, nodes: 0 });
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
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

function readCondition(element: XmlElement, state: State): Expression {
  if (++state.nodes > MAX_NODES) {
    throw wrongFilter(`nhiều nhất ${MAX_NODES} điều kiện`, `at most ${MAX_NODES} conditions`);
  }
  const { name } = element;
  const comparison = COMPARISONS[name];
  if (comparison) return readComparison(element, comparison, state);
  const spatial = SPATIAL[name];
  if (spatial) {
    const left: Operand = { kind: 'property', name: state.layer.geometry.column };
    return { kind: 'spatial', op: spatial, left, right: readPlace(element, spatial, state) };
  }
  switch (name) {
    case 'And':
    case 'Or':
      return { kind: name === 'And' ? 'and' : 'or', args: readAll(element, state) };
    case 'Not':
      return { kind: 'not', arg: readCondition(only(element), state) };
    case 'PropertyIsBetween':
      return readBetween(element, state);
    case 'PropertyIsLike':
      return readLike(element, state);
    case 'PropertyIsNull':
    case 'PropertyIsNil':
      return { kind: 'isNull', value: { kind: 'property', name: fieldOf(only(element), state).name } };
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

function readAll(element: XmlElement, state: State): Expression[] {
  if (element.children.length < 1)
    throw wrongFilter(`điều kiện trong ${element.name}`, `conditions in ${element.name}`);
  return element.children.map((child) => readCondition(child, state));
}

function only(element: XmlElement): XmlElement {
  const [child, ...rest] = element.children;
  if (child && rest.length === 0) return child;
  throw wrongFilter(`một phần tử trong ${element.name}`, `one element in ${element.name}`);
}

function isReference({ name }: XmlElement): boolean {
  return name === 'ValueReference' || name === 'PropertyName';
}

/** The last step of a path: `diaba:land.parcel/diaba:sheet`, `sheet`. */
export function referenceName(text: string): string {
  const step = text.trim().split('/').pop() ?? '';
  return localName(step.replace(/\[\d+\]$/, ''));
}

function fieldOf(element: XmlElement, { layer }: State): Field {
  if (!isReference(element)) throw unsupported(element.name);
  const name = referenceName(element.text);
  const field = layer.fields.find((each) => each.name === name);
  if (field && field.type !== 'json') return field;
  const known = layer.fields.filter(({ type }) => type !== 'json').map((each) => each.name);
  throw wrongFilter(`thuộc tính của lớp: ${known.join(', ')}`, `properties of the layer: ${known.join(', ')}`);
}

/** Two operands, of which one is a property; the other is read as its type has it. */
function readComparison(element: XmlElement, op: Comparison, state: State): Expression {
  const [left, right, ...rest] = element.children;
  if (!left || !right || rest.length > 0) {
    throw wrongFilter(`hai toán hạng trong ${element.name}`, `two operands in ${element.name}`);
  }
  const reference = [left, right].find(isReference);
  if (!reference) throw wrongFilter('một ValueReference trong mỗi phép', 'a ValueReference in each operation');
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

function readOperand(element: XmlElement, field: Field, state: State): Operand {
  if (isReference(element)) return { kind: 'property', name: fieldOf(element, state).name };
  if (element.name !== 'Literal') throw unsupported(element.name);
  return readLiteral(element.text, field);
}

function readLiteral(text: string, field: Field): Operand {
  const reader = LITERAL_READERS[field.type];
  const operand = reader?.read(text);
  if (reader && operand) return operand;
  throw wrongFilter(`"${field.name}" với ${reader?.vi ?? 'chữ'}`, `"${field.name}" with ${reader?.en ?? 'text'}`);
}

function readBetween(element: XmlElement, state: State): Expression {
  const [value, low, high] = [
    element.children.find(isReference),
    childOf(element, 'LowerBoundary'),
    childOf(element, 'UpperBoundary'),
  ];
  if (!value || !low || !high) {
    throw wrongFilter(
      'ValueReference, LowerBoundary và UpperBoundary',
      'a ValueReference, a LowerBoundary and an UpperBoundary',
    );
  }
  const field = fieldOf(value, state);
  return {
    kind: 'between',
    value: { kind: 'property', name: field.name },
    low: readOperand(only(low), field, state),
    high: readOperand(only(high), field, state),
  };
}

function readLike(element: XmlElement, state: State): Expression {
  const reference = element.children.find(isReference);
  const literal = childOf(element, 'Literal');
  if (!reference || !literal) throw wrongFilter('ValueReference và Literal', 'a ValueReference and a Literal');
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

/** A pattern in the words of CQL2: `%` any text, `_` one character, `\` before what means itself. */
export function likePattern(text: string, { any, one, quote }: { any: string; one: string; quote: string }): string {
  let pattern = '';
  for (let at = 0; at < text.length; ) {
    const startsWith = (part: string) => part !== '' && text.startsWith(part, at);
    if (startsWith(quote) && at + quote.length < text.length) {
      at += quote.length;
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      pattern += /[%_\\]/.test(character) ? `\\${character}` : character;
      at += character.length;
    } else if (startsWith(any)) {
      pattern += '%';
      at += any.length;
    } else if (startsWith(one)) {
      pattern += '_';
      at += one.length;
    } else {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      pattern += /[%_\\]/.test(character) ? `\\${character}` : character;
      at += character.length;
    }
  }
  return pattern;
}

function readPlace(element: XmlElement, op: SpatialOperator | 'near', { layer, isShort }: State): GeometryLiteral {
  const reference = element.children.find(isReference);
  const { column, srid } = layer.geometry;
  if (reference && ![column, 'geometry', ''].includes(referenceName(reference.text))) {
    throw wrongFilter(`${element.name} với thuộc tính "${column}"`, `${element.name} with the property "${column}"`);
  }
  const shape = element.children.find(isGmlGeometry);
  if (!shape) throw wrongFilter(`hình học GML trong ${element.name}`, `a GML geometry in ${element.name}`);
  const own = defaultCrsName(srid, isShort);
  const { geometry, crs } = readGmlGeometry(shape, own);
  if (geometry.type === 'GeometryCollection' && !['s_intersects', 's_disjoint', 'near'].includes(op)) {
    throw wrongFilter(`${element.name} với hình học đơn loại`, `${element.name} with a geometry of one kind`);
  }
  return { kind: 'geometry', geometry, srid: (crs ?? own).crs.srid };
}

const METRES: Readonly<Record<string, number>> = {
  m: 1,
  metre: 1,
  metres: 1,
  meter: 1,
  meters: 1,
  km: 1000,
  kilometer: 1000,
  kilometers: 1000,
  kilometre: 1000,
  'urn:ogc:def:uom:epsg::9001': 1,
};
const MAX_METRES = 1_000_000;

function readNear(element: XmlElement, state: State): Expression {
  const distance = childOf(element, 'Distance');
  const unit = (
    attributeOf(distance ?? element, 'uom') ??
    attributeOf(distance ?? element, 'units') ??
    'm'
  ).toLowerCase();
  const metres = Number(distance?.text.trim() || Number.NaN) * (METRES[unit] ?? Number.NaN);
  if (!(metres >= 0 && metres <= MAX_METRES)) {
    throw wrongFilter(
      `Distance từ 0 đến ${MAX_METRES} m, uom="m" hoặc "km"`,
      `a Distance of 0 to ${MAX_METRES} m, uom="m" or "km"`,
    );
  }
  return { kind: 'near', metres, place: readPlace(element, 'near', state) };
}

/** A time or a period: after its end, before its beginning, between the two, the same. */
function readTemporal(element: XmlElement, state: State): Expression {
  const reference = element.children.find(isReference);
  const time = element.children.find((child) => !isReference(child));
  if (!reference || !time) throw wrongFilter('ValueReference và thời gian', 'a ValueReference and a time');
  const field = fieldOf(reference, state);
  if (field.type !== 'date' && field.type !== 'datetime') {
    throw wrongFilter(`${element.name} với thuộc tính ngày giờ`, `${element.name} with a date or time property`);
  }
  const [begin = '', end = ''] = periodOf(time);
  const compare = (op: Comparison, text: string): Expression => ({
    kind: 'compare',
    op,
    left: { kind: 'property', name: field.name },
    right: readLiteral(text, field),
  });
  if (element.name === 'After') return compare('>', end);
  if (element.name === 'Before') return compare('<', begin);
  if (element.name === 'TEquals') return { kind: 'and', args: [compare('>=', begin), compare('<=', end)] };
  return { kind: 'and', args: [compare('>', begin), compare('<', end)] };
}

/** Begin and end; of a moment, twice the same. */
function periodOf(element: XmlElement): string[] {
  if (element.name === 'TimePeriod') {
    return ['begin', 'end'].map((end) => {
      const position = childOf(element, `${end}Position`) ?? childOf(element, end);
      return position ? deepText(position) : '';
    });
  }
  const text = deepText(element);
  return [text, text];
}

function deepText({ text, children }: XmlElement): string {
  return text.trim() || children.map(deepText).join('');
}

function wrongFilter(vi: string, en: string) {
  return exception('InvalidParameterValue', 'filter', {
    vi: `Bộ lọc phải có ${vi}.`,
    en: `The filter must have ${en}.`,
  });
}

function unsupported(name: string) {
  return exception('OptionNotSupported', 'filter', {
    vi: `Bộ lọc ở đây không dùng "${name.slice(0, 60)}"; các phép dùng được ghi trong Filter_Capabilities.`,
    en: `Filters here have no "${name.slice(0, 60)}"; Filter_Capabilities lists what they have.`,
  });
}
