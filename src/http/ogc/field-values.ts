import type { Field, FieldType, Layer } from '../../catalog/layer.ts';
import { invalidParameter, Problem, type Text } from '../../errors.ts';
import type { ItemsFilter } from '../../features/items-query.ts';
import { type JsonSchema, readDecimal, repeatedParameter } from '../parameters.ts';
import { isTime, readStart } from './datetime.ts';
import { TYPE_SCHEMAS } from './field-schema.ts';

/** How the value of a field is written in a query; undefined: cannot be asked for. */
interface ValueReader {
  readonly expected: Text;
  readonly read: (text: string) => string | undefined;
}

const MAX_INT8 = 2n ** 63n;

const READERS: Partial<Record<FieldType, ValueReader>> = {
  string: {
    expected: { vi: 'chữ', en: 'text' },
    read: (text) => (text.includes('\0') ? undefined : text),
  },
  integer: {
    expected: { vi: 'số nguyên', en: 'a whole number' },
    read: (text) => {
      if (!/^-?\d{1,19}$/.test(text)) return undefined;
      return BigInt(text) >= -MAX_INT8 && BigInt(text) < MAX_INT8 ? text : undefined;
    },
  },
  number: {
    expected: { vi: 'số, dấu thập phân là dấu chấm', en: 'a number' },
    read: (text) => (readDecimal(text) === undefined ? undefined : text),
  },
  boolean: {
    expected: { vi: 'true hoặc false', en: 'true or false' },
    read: (text) => (text === 'true' || text === 'false' ? text : undefined),
  },
  date: {
    expected: { vi: 'ngày, như 2025-07-01', en: 'a date such as 2025-07-01' },
    read: (text) => (text.length === 10 && isTime(text) ? text : undefined),
  },
  datetime: {
    expected: { vi: 'thời điểm, như 2025-07-01T00:00:00Z', en: 'a time such as 2025-07-01T00:00:00Z' },
    read: (text) => readStart(text.toUpperCase()),
  },
};

/** The fields that a query can name, with the schema of their values. */
export function queryableFields(
  { fields }: Layer,
  reserved: readonly string[],
): { field: Field; schema: JsonSchema }[] {
  return fields.flatMap((field) => {
    const canBeNamed = READERS[field.type] && !reserved.includes(field.name);
    return canBeNamed ? [{ field, schema: TYPE_SCHEMAS[field.type] }] : [];
  });
}

/**
 * The conditions `field=value` of a query.
 * @param reserved parameters with a meaning of their own, read elsewhere
 * @throws Problem for what names no field of the layer, is given twice, or is no value of the field
 */
export function readFieldValues(
  layer: Layer,
  query: Readonly<Record<string, unknown>>,
  reserved: readonly string[],
): ItemsFilter['equals'] {
  const known = new Map(queryableFields(layer, reserved).map(({ field }) => [field.name, field]));
  return Object.entries(query).flatMap(([name, given]) => {
    if (reserved.includes(name)) return [];
    const field = known.get(name);
    if (!field) throw unknownField(name, [...reserved, ...known.keys()]);
    if (typeof given !== 'string') throw repeatedParameter(name);
    const reader = READERS[field.type];
    const value = reader?.read(given);
    if (value === undefined) throw invalidParameter(name, reader?.expected ?? { vi: 'chữ', en: 'text' });
    return [{ field, value }];
  });
}

function unknownField(name: string, known: readonly string[]): Problem {
  const shown = name.slice(0, 60);
  return new Problem(
    'unknown-parameter',
    {
      vi: `Lớp này không có tham số hay trường "${shown}". Dùng được: ${known.join(', ')}.`,
      en: `There is no parameter or field "${shown}" here. Known: ${known.join(', ')}.`,
    },
    { parameter: shown, known },
  );
}
