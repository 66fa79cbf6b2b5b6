import type { FieldType } from '../../catalog/layer.ts';
import { invalidParameter, type Text } from '../../lib/errors.ts';
import { readDecimal, repeatedParameter } from '../kit/parameters.ts';
import { isTime, readInstant } from './datetime.ts';

/** Parser for values of a type in a query. */
interface ValueReader {
  readonly expected: Text;
  /** Returns the value for PostgreSQL; undefined if it is not of the type. */
  readonly read: (text: string) => string | undefined;
}

const MAX_INT8 = 2n ** 63n;

const PARAMETER_READERS: Partial<Record<FieldType, ValueReader>> = {
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
    read: (text) => readInstant(text.toUpperCase()),
  },
};

/** Returns true if a query can hold values of the type, which JSON cannot be. */
export function canBeGiven(type: FieldType): boolean {
  return PARAMETER_READERS[type] !== undefined;
}

/**
 * Returns the value of a query parameter for PostgreSQL.
 * @param given as Express parses it: an array if repeated
 * @throws Problem if it is repeated, or not of the type
 */
export function readQueryValue(name: string, type: FieldType, given: unknown): string {
  if (typeof given !== 'string') throw repeatedParameter(name);
  const reader = PARAMETER_READERS[type];
  const value = reader?.read(given);
  if (value === undefined) throw invalidParameter(name, reader?.expected ?? { vi: 'chữ', en: 'text' });
  return value;
}

/** Returns the valid values of a type, as an end of "must be …". Only for types that {@link canBeGiven}. */
export function expectedOf(type: FieldType): Text {
  return PARAMETER_READERS[type]?.expected ?? { vi: 'chữ', en: 'text' };
}
