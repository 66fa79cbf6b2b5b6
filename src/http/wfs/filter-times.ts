import type { Comparison, Expression } from '../../cql2/expression.ts';
import { childOf, type XmlElement } from '../ows/xml-reader.ts';
import { type FilterState, fieldOf, isValueReference, readLiteral, wrongFesFilter } from './filter-operands.ts';

/** Compares with a time or a period: after its end, before its beginning, between the two, or equal. */
export function readTemporal(element: XmlElement, state: FilterState): Expression {
  const reference = element.children.find(isValueReference);
  const time = element.children.find((child) => !isValueReference(child));
  if (!reference || !time) throw wrongFesFilter('ValueReference và thời gian', 'a ValueReference and a time');
  const field = fieldOf(reference, state);
  if (field.type !== 'date' && field.type !== 'datetime') {
    throw wrongFesFilter(`${element.name} với thuộc tính ngày giờ`, `${element.name} with a date or time property`);
  }
  const [begin = '', end = ''] = periodTexts(time);
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

/** Returns begin and end; for an instant, both are equal. */
function periodTexts(element: XmlElement): string[] {
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
