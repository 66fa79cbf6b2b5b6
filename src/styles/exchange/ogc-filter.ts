import { Xml, type XmlContent, xml } from '../../lib/xml.ts';

type FilterWriter = (...operands: readonly unknown[]) => Xml;

function filterElement(name: string, content: XmlContent): Xml {
  const tag = new Xml(`ogc:${name}`);
  return xml`<${tag}>${content}</${tag}>`;
}

const comparison =
  (name: string): FilterWriter =>
  (property, value) =>
    filterElement(name, [operand(property), operand(value)]);

/** A single operand is not joined. */
const joinedFilter =
  (name: string): FilterWriter =>
  (...operands) =>
    operands.length === 1 ? ogcFilter(operands[0]) : filterElement(name, operands.map(ogcFilter));

/** Operators of MapLibre as elements of Filter Encoding 1.1 (OGC 04-095). */
const OPERATORS: Readonly<Record<string, FilterWriter>> = {
  has: (name) => xml`<ogc:Not><ogc:PropertyIsNull>${operand(['get', name])}</ogc:PropertyIsNull></ogc:Not>`,
  '!': (condition) => negated(condition),
  '==': comparison('PropertyIsEqualTo'),
  '!=': comparison('PropertyIsNotEqualTo'),
  '>': comparison('PropertyIsGreaterThan'),
  '>=': comparison('PropertyIsGreaterThanOrEqualTo'),
  '<': comparison('PropertyIsLessThan'),
  '<=': comparison('PropertyIsLessThanOrEqualTo'),
  all: joinedFilter('And'),
  any: joinedFilter('Or'),
  in: (property, list) => joinedFilter('Or')(...literals(list).map((value) => ['==', property, value])),
};

/**
 * Converts a filter of MapLibre to the content of `ogc:Filter`.
 * @throws Error for an operator that none of our styles uses
 */
export function ogcFilter(expression: unknown): Xml {
  const [operator, ...operands] = expression as [string, ...unknown[]];
  const write = OPERATORS[operator];
  if (!write) throw new Error(`Filter Encoding has no word for "${operator}"`);
  return write(...operands);
}

function negated(condition: unknown): Xml {
  const [operator, name] = condition as [string, unknown];
  if (operator === 'has') return xml`<ogc:PropertyIsNull>${operand(['get', name])}</ogc:PropertyIsNull>`;
  return xml`<ogc:Not>${ogcFilter(condition)}</ogc:Not>`;
}

function operand(value: unknown): Xml {
  return Array.isArray(value)
    ? xml`<ogc:PropertyName>${String(value[1])}</ogc:PropertyName>`
    : xml`<ogc:Literal>${String(value)}</ogc:Literal>`;
}

function literals(list: unknown): readonly unknown[] {
  return (list as [string, readonly unknown[]])[1];
}
