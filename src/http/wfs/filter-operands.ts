import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import type { Operand } from '../../cql2/expression.ts';
import { exception } from '../ows/exception.ts';
import type { XmlElement } from '../ows/xml-reader.ts';
import { LITERAL_READERS } from './literals.ts';
import { localName } from './names.ts';

/** State of the filter parser. */
export interface FilterState {
  readonly layer: Layer;
  /** True if coordinates in the layer's own CRS are east first, as in WFS 1.0.0. */
  readonly isShort: boolean;
  nodes: number;
}

export function isValueReference({ name }: XmlElement): boolean {
  return name === 'ValueReference' || name === 'PropertyName';
}

/** Returns the last step of a path: `diaba:land.parcel/diaba:sheet` gives `sheet`. */
export function referenceName(text: string): string {
  const step = text.trim().split('/').pop() ?? '';
  return localName(step.replace(/\[\d+\]$/, ''));
}

export function fieldOf(element: XmlElement, { layer }: FilterState): Field {
  if (!isValueReference(element)) throw unsupported(element.name);
  const name = referenceName(element.text);
  const field = fieldNamed(layer.fields, name);
  if (field && field.type !== 'json') return field;
  const known = layer.fields.filter(({ type }) => type !== 'json').map((each) => each.name);
  throw wrongFesFilter(`thuộc tính của lớp: ${known.join(', ')}`, `properties of the layer: ${known.join(', ')}`);
}

export function readOperand(element: XmlElement, field: Field, state: FilterState): Operand {
  if (isValueReference(element)) return { kind: 'property', name: fieldOf(element, state).name };
  if (element.name !== 'Literal') throw unsupported(element.name);
  return readLiteral(element.text, field);
}

export function readLiteral(text: string, field: Field): Operand {
  const reader = LITERAL_READERS[field.type];
  const operand = reader?.read(text);
  if (reader && operand) return operand;
  throw wrongFesFilter(`"${field.name}" với ${reader?.vi ?? 'chữ'}`, `"${field.name}" with ${reader?.en ?? 'text'}`);
}

export function wrongFesFilter(vi: string, en: string) {
  return exception('InvalidParameterValue', 'filter', {
    vi: `Bộ lọc phải có ${vi}.`,
    en: `The filter must have ${en}.`,
  });
}

export function unsupported(name: string) {
  return exception('OptionNotSupported', 'filter', {
    vi: `Bộ lọc ở đây không dùng "${name.slice(0, 60)}"; các phép dùng được ghi trong Filter_Capabilities.`,
    en: `Filters here have no "${name.slice(0, 60)}"; Filter_Capabilities lists what they have.`,
  });
}
